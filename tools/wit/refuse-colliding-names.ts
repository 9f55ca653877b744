/**
 * Names that WIT keeps apart and a component does not: it compares them without hyphens and in lower case
 * (the Component Model's "strongly-unique" names). wasm-tools embeds them, and refuses the component.
 */
import { UserError } from "../errors/user-error.js";
import type { FunctionType, Interface, ValueType, World, WorldItems } from "./model.js";
import { type WitSource, placeOf } from "./wit-source.js";
import { witTokens } from "./wit-tokens.js";

/** @throws UserError for two names in one scope that a component takes for one */
export function refuseCollidingNames(source: WitSource, world: World): void {
  for (const scope of scopesOf(world)) {
    const seen = new Map<string, string>();
    for (const name of scope) {
      const plain = name.replaceAll("-", "").toLowerCase();
      const earlier = seen.get(plain);
      if (earlier !== undefined && earlier !== name) {
        throw new UserError(
          `${placeOfPair(source, earlier, name)}: ${earlier} and ${name} are one name to a component, which ` +
            "tells names apart by neither hyphens nor case; give one of them another name",
        );
      }
      seen.set(plain, name);
    }
  }
}

function scopesOf(world: World): string[][] {
  return [...worldScopes(world.imports), ...worldScopes(world.exports)];
}

function worldScopes(items: WorldItems): string[][] {
  const { interfaces } = items;
  const plain = interfaces.filter(({ id }) => !id.includes(":")).map(({ id }) => id);
  return [[...plain, ...itemNames(items)], ...itemScopes(items), ...interfaces.flatMap(interfaceScopes)];
}

function interfaceScopes(items: Interface): string[][] {
  return [itemNames(items), ...itemScopes(items)];
}

type Items = Pick<Interface, "functions" | "types" | "resources">;

function itemNames({ functions, types, resources }: Items): string[] {
  return [
    ...types.flatMap(({ name }) => (name ? [name.name] : [])),
    ...resources.map(({ name }) => name),
    ...functions.filter(({ kind }) => kind === "freestanding").map(({ name }) => name),
  ];
}

function itemScopes({ functions, types, resources }: Items): string[][] {
  const members = resources.map(({ name }) =>
    functions
      .filter((func) => func.resource?.name === name && func.kind !== "constructor")
      .map(({ name: own }) => own),
  );
  return [...members, ...functions.map(paramNames), ...types.map(labelsOf)];
}

function paramNames({ params }: FunctionType): string[] {
  return params.map(({ name }) => name);
}

function labelsOf(type: ValueType): string[] {
  if (type.kind === "record") return type.fields.map(({ name }) => name);
  if (type.kind === "variant") return type.cases.map(({ name }) => name);
  return type.kind === "enum" || type.kind === "flags" ? [...type.labels] : [];
}

/** Of all places of the two names, those that stand nearest to each other are the two: told is the second. */
function placeOfPair(source: WitSource, first: string, second: string): string {
  const tokens = witTokens(source.text);
  let last: { text: string; index: number } | null = null;
  let best = { distance: Infinity, offset: 0 };
  for (const [index, { text, offset }] of tokens.entries()) {
    if (text !== first && text !== second) continue;
    const distance = last !== null && last.text !== text ? index - last.index : Infinity;
    if (distance < best.distance) best = { distance, offset };
    last = { text, index };
  }
  return placeOf(source, best.offset);
}
