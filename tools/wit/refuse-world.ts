/**
 * What wasm-tools embeds although no component can have it: refused here, with its
 * place, before a later stage stumbles on it.
 */
import { UserError } from "../errors/user-error.js";
import { MAX_FLAGS } from "./layout.js";
import type { World } from "./model.js";
import { type WitSource, placeOf } from "./wit-source.js";
import { type Token, witTokens } from "./wit-tokens.js";

/**
 * The names under which a core module exports what is its own: a sync function of
 * the world itself goes by its bare name.
 */
const MODULES_OWN = ["memory"];

/** @throws UserError for a function whose name the core module needs */
export function refuseTakenNames(source: WitSource, world: World): void {
  const taken = world.exports.functions.find(({ name, async }) => !async && MODULES_OWN.includes(name));
  if (taken === undefined) return;
  const tokens = witTokens(source.text);
  const at = tokens.findIndex(
    ({ text }, index) => text === taken.name && tokens[index - 1]?.text === "export",
  );
  throw new UserError(
    `${placed(source, tokens[at])}: the world ${world.id} exports a function ${taken.name}, the name by which its core module ` +
      "exports linear memory; give it another name, or export it from an interface",
  );
}

/** @throws UserError for a feature that nothing in the WIT stands behind */
export function refuseUnknownFeatures(source: WitSource, features: readonly string[]): void {
  const known = new Set([...gates(witTokens(source.text))]);
  const unknown = features.find((name) => !known.has(name));
  if (unknown === undefined) return;
  const path = source.parts[0]!.path;
  const has = known.size === 0 ? "it has none" : `it has ${[...known].sort().join(", ")}`;
  throw new UserError(`--features ${unknown}: ${path} has no such feature; ${has}`);
}

/** The names in `@unstable(feature = NAME)`. */
function gates(tokens: readonly Token[]): string[] {
  return tokens.flatMap(({ text }, index) => {
    const isGate = text === "feature" && tokens[index + 1]?.text === "=";
    return isGate ? [tokens[index + 2]?.text ?? ""] : [];
  });
}

/** @throws UserError for flags of more labels than a value holds */
export function refuseLongFlags(source: WitSource): void {
  const tokens = witTokens(source.text);
  for (const [index, { text }] of tokens.entries()) {
    if (text !== "flags" || tokens[index + 2]?.text !== "{") continue;
    const rest = tokens.slice(index + 3);
    const labels = rest.slice(
      0,
      Math.max(
        0,
        rest.findIndex((token) => token.text === "}"),
      ),
    );
    const count = labels.filter((token) => token.text !== ",").length;
    if (count <= MAX_FLAGS) continue;
    const name = tokens[index + 1]!;
    throw new UserError(
      `${placed(source, name)}: the flags ${name.text} have ${count} labels, and a component's have at most ` +
        `${MAX_FLAGS}; make two of them`,
    );
  }
}

function placed(source: WitSource, token: Token | undefined): string {
  return token ? placeOf(source, token.offset) : source.parts[0]!.path;
}
