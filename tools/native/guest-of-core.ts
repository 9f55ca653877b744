/** From a core module that `rill build` wrote to what its translation needs. */
import { builtins, GuestDescriptor } from "../c-host/descriptor.js";
import { UserError } from "../errors/user-error.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import { readModule } from "../wasm/read-module.js";
import type { World } from "../wit/model.js";
import { ENCODINGS, type StringEncoding, stringEncodingOf } from "../wit/string-encoding.js";
import { guestFiles, type GuestFiles, type NativeGuest } from "./guest-files.js";
import { GuestModule } from "./guest-module.js";

const C_ENCODINGS = ["RILL_UTF8", "RILL_UTF16", "RILL_LATIN1_UTF16"];
/** Switches of the host that a guest may need. */
export const FEATURES = ["LISTS", "CALLS", "TASKS"] as const;

/** A core module to translate. */
export interface CoreToTranslate {
  /** What errors call it. */
  readonly source: string;
  readonly core: Uint8Array;
  readonly world: World;
  /** A C identifier. */
  readonly name: string;
  /** What the guest knows of its imports and element types, when somebody has gathered it already. */
  readonly descriptor?: GuestDescriptor;
  /** How its strings are encoded, where `core` does not say so any more. */
  readonly encoding?: StringEncoding;
}

/** Switches of the host that a guest needs. */
export type Features = readonly (typeof FEATURES)[number][];

/**
 * The switches that the guest needs.
 * @param usesLists whether bindings of its world need RILL_WITH_LISTS, as for strings and lists
 * @param usesCalls whether they need RILL_WITH_CALLS
 */
export function featuresOf(descriptor: GuestDescriptor, usesLists = false, usesCalls = false): Features {
  const needed = new Set<string>(descriptor.imports.map(({ builtin }) => builtins[builtin]!));
  const has = (...names: readonly string[]): boolean => names.some((name) => needed.has(name));
  const lists = descriptor.types.some(({ holdsPointer }) => holdsPointer) || usesLists;
  const tasks =
    has(
      "task.cancel",
      "backpressure.inc",
      "backpressure.dec",
      "context.get",
      "context.set",
      "thread.yield",
    ) ||
    descriptor.imports.some(({ builtin, async }) => async && builtins[builtin]!.startsWith("waitable-set."));
  const calls = usesCalls || descriptor.imports.some(({ func }) => func?.async === true);
  const needs = { LISTS: lists, CALLS: calls, TASKS: tasks };
  return FEATURES.filter((feature) => needs[feature]);
}

/** Translates. @throws UserError for what is not translated, or is no module */
export function translateCore(
  { source, core, world, name, descriptor, encoding = stringEncodingOf(core) }: CoreToTranslate,
  features: Features | null,
  more: Partial<NativeGuest> = {},
): GuestFiles {
  const known = descriptor ?? new GuestDescriptor(core, world, true);
  try {
    return guestFiles({
      module: new GuestModule(readModule(core), source),
      name,
      imports: known.imports,
      types: known.types,
      features: features ?? featuresOf(known),
      encoding: C_ENCODINGS[ENCODINGS.indexOf(encoding)]!,
      ...more,
    });
  } catch (error) {
    if (error instanceof WasmFormatError) throw new UserError(`${source}: ${error.message}`);
    throw error;
  }
}
