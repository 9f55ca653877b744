/** Calls of the host's back into the guest, which no call instruction shows. */
import { REALLOC } from "../wit/canonical-names.js";
import type { FunctionInfo } from "../wasm/function-space.js";

/** `cabi_realloc`, called while the guest waits in an import. */
export interface Reentry {
  /** Index of the function that the host calls. It may not leave the guest in turn. */
  readonly target: number;
  /** The imports in which it does, by index. */
  readonly from: ReadonlySet<number>;
}

/** Whether the host may lower pointers while the guest is in this import. */
export type LowersPointers = (module: string, field: string) => boolean;

/** Where the host may call the guest's `cabi_realloc`; null for a guest without one. */
export function findReentry(
  functions: readonly FunctionInfo[],
  lowersPointers: LowersPointers,
): Reentry | null {
  const target = functions.find(({ exports }) => exports.includes(REALLOC))?.index;
  if (target === undefined) return null;
  const from = functions.filter(
    (info) => info.import && lowersPointers(info.import.module, info.import.field),
  );
  return { target, from: new Set(from.map(({ index }) => index)) };
}
