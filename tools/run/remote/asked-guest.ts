/** What of a guest in a program of this machine the computer must know to talk with it. */
import type { GuestDescriptor } from "../../c-host/descriptor.js";
import type { Asking } from "../../native/board-guest.js";
import { destructors, oneEntry, type PackedEntry } from "../../pack/image-entry.js";
import { packedFunctions } from "../../pack/image-functions.js";
import { readModule } from "../../wasm/read-module.js";
import type { World } from "../../wit/model.js";
import { stringEncodingOf } from "../../wit/string-encoding.js";
import type { PlannedCall } from "../calls/planned-call.js";

/** The functions that calls name, and those that end resources. */
export function calledEntries(
  core: Uint8Array,
  world: World,
  calls: readonly PlannedCall[],
): readonly [PackedEntry, ...PackedEntry[]] {
  const module = readModule(core);
  const called = calls.flatMap((one) => (one.kind === "call" ? one.call : []));
  const names = new Set([...called, ...destructors(world, module)]);
  // All streams are held here: none is fed beside what is said.
  const entries = [...names].map((name) => {
    const entry = oneEntry(world, module, name);
    return { ...entry, shape: { ...entry.shape, streams: [], paramCount: 0, answersValue: true } };
  });
  return entries as unknown as [PackedEntry, ...PackedEntry[]];
}

/**
 * What there is to know. A function is known by its place among the imports.
 * @param entry the function that is called first, or alone
 */
export function askedGuest(
  core: Uint8Array,
  descriptor: GuestDescriptor,
  { func, shape }: Pick<PackedEntry, "func" | "shape">,
  memory: number,
): Asking {
  return {
    ...{ func, shape, needs: { memory } },
    encoding: stringEncodingOf(core),
    functions: packedFunctions(descriptor).map((one) => ({ ...one, hash: one.index })),
    elements: [...descriptor.elements, null],
  };
}
