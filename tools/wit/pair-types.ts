/**
 * The streams and futures both of whose ends a guest may hold, whether its world names their types or not:
 * those of numbers, and those without element type. `as-rill/pairs` has a class for each.
 *
 * A core module names a built-in after a function that has the type in its signature. These types have such
 * functions in an interface of their own. Nobody implements it, and nobody calls it: a component made of the
 * module has the types, and does not import the interface.
 *
 * Spec: CanonicalABI.md, `none_or_number_type`
 */
import { type CopyType, type CoreImport, coreImports } from "./core-names.js";
import type { FunctionType, Interface, ValueType, World } from "./model.js";
import { witType } from "./wit-type.js";

const PACKAGE = "as-rill:pairs";
const INTERFACE = "types";
const WORLD = "pairs";

/** Import module of the built-ins. */
export const PAIR_TYPES_ID = `${PACKAGE}/${INTERFACE}`;

const NUMBERS = ["u8", "s8", "u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"] as const;

/** Every such type: the streams, then the futures. */
export const pairTypes: readonly CopyType[] = (["stream", "future"] as const).flatMap((kind) =>
  [null, ...NUMBERS].map((number): CopyType => ({
    kind,
    element: number && ({ kind: number } as ValueType),
  })),
);

/** The function that has the type in its signature: `stream-u8`, or `stream` without element type. */
export function pairTypeName({ kind, element }: CopyType): string {
  return element === null ? kind : `${kind}-${element.kind}`;
}

/** The interface with a function for each. */
export const pairTypesInterface: Interface = {
  id: PAIR_TYPES_ID,
  types: [],
  resources: [],
  functions: pairTypes.map((type): FunctionType => ({
    name: pairTypeName(type),
    kind: "freestanding",
    async: false,
    params: [{ name: "end", type }],
    result: null,
  })),
};

/** A world that imports the interface, and nothing else. */
export const pairTypesWorld: World = {
  id: `${PACKAGE}/${WORLD}`,
  imports: { interfaces: [pairTypesInterface], functions: [], types: [], resources: [] },
  exports: { interfaces: [], functions: [], types: [], resources: [] },
};

/**
 * The same world as WIT, with some of the interface's functions.
 * @param names those that a module's built-ins are named after
 */
export function pairTypesWit(names: ReadonlySet<string>): string {
  const functions = pairTypes
    .filter((type) => names.has(pairTypeName(type)))
    .map((type) => `%${pairTypeName(type)}: func(end: ${witType(type)});`);
  return `package ${PACKAGE};\ninterface ${INTERFACE} { ${functions.join(" ")} }\nworld ${WORLD} { import ${INTERFACE}; }\n`;
}

/** Every core import that a guest of a world may have: the world's, and the built-ins on these types. */
export function guestImports(world: World): CoreImport[] {
  const own = coreImports(pairTypesWorld).filter(({ meaning }) => meaning.kind === "copy");
  return [...coreImports(world), ...own];
}
