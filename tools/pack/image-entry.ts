/** A function of a guest's that an image is for, among several of one instance those of resources, too. */
import { UserError } from "../errors/user-error.js";
import type { CoreModule } from "../wasm/core-module.js";
import { destructorExport } from "../wit/canonical-names.js";
import { exportedFunctions } from "../wit/exported-functions.js";
import type { FunctionType, World } from "../wit/model.js";
import { isCalledBack } from "./callback.js";
import { entryShape, type EntryShape } from "./entry-shape.js";
import { exportedFunction } from "./signature.js";

/** A function, and how it is called. */
export interface PackedEntry {
  /** `IFACE#FUNC`. */
  readonly entry: string;
  readonly func: FunctionType;
  readonly shape: EntryShape;
  /** It goes back to its host while it waits. */
  readonly isCallback: boolean;
}

/** The only function that is called. @throws UserError for one of a resource, or that a board cannot call */
export function onlyEntry(world: World, module: CoreModule, entry: string): PackedEntry {
  const func = exportedFunction(world, entry);
  return { entry, func, shape: entryShape(func), isCallback: isCalledBack(module, entry) };
}

/**
 * One of several: it may be of a resource of the guest's own, or end one.
 * @throws UserError for one that a board cannot call
 */
export function oneEntry(world: World, module: CoreModule, entry: string): PackedEntry {
  const func = exportedFunctions(world).get(entry) ?? destructor(world, entry);
  if (func === undefined) throw new UserError(`world ${world.id} exports no function ${entry}`);
  const shape = entryShape(func);
  return { entry, func, shape, isCallback: isCalledBack(module, entry) };
}

/** What ends the resources of the guest's own. */
export function destructors({ exports }: World, module: CoreModule): string[] {
  const exported = new Set(module.exports.map(({ name }) => name));
  return exports.interfaces
    .flatMap(({ id, resources }) => resources.map(({ name }) => destructorExport(id, name)))
    .filter((name) => exported.has(name));
}

/** What ends a resource, as a function of the number that stands for it in the guest. */
function destructor({ exports }: World, entry: string): FunctionType | undefined {
  const found = exports.interfaces.some(({ id, resources }) =>
    resources.some(({ name }) => destructorExport(id, name) === entry),
  );
  if (!found) return undefined;
  const self = { name: "self", type: { kind: "u32" } } as const;
  return { name: "drop", kind: "freestanding", async: false, params: [self], result: null };
}
