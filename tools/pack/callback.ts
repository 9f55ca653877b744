/** Guests that give the processor back to their host while they wait. */
import { builtins, type ImportDescriptor } from "../c-host/descriptor.js";
import { PAUSE, WAIT } from "../compile/module-parts.js";
import { UserError } from "../errors/user-error.js";
import type { CoreModule } from "../wasm/core-module.js";
import { callbackName } from "../wit/canonical-names.js";
import { Op } from "../wasm/opcodes.js";

/** Whether `module` lifts `entry` (`IFACE#FUNC`) with a callback that does anything. */
export function isCalledBack(module: CoreModule, entry: string): boolean {
  const callback = module.exports.find((item) => item.name === callbackName(entry));
  if (callback === undefined) return false;
  const imported = module.imports.filter(({ kind }) => kind === "func").length;
  const body = module.code[callback.index - imported];
  // A guest that waits inside its call has a callback that nobody calls: a trap, and nothing else.
  return body === undefined || module.bytes[body.code] !== Op.UNREACHABLE;
}

const number = (name: string): number => builtins.indexOf(name);
const [READ, CANCEL_WRITE] = [number("read"), number("cancel-write")];
const WAITING = [number("waitable-set.wait"), number("thread.yield")];

/**
 * Whether a guest without a callback may wait inside of its call in this import: what `waits_inside` of
 * firmware/image_row.c goes by. tests/pipes/images.test.ts compares the two.
 */
export function mayWait({ builtin, async: isAsync }: Pick<ImportDescriptor, "builtin" | "async">): boolean {
  const copies = builtin >= READ && builtin <= CANCEL_WRITE;
  return WAITING.includes(builtin) || (copies && !isAsync);
}

/** Whether the function waits inside of its call: it has no callback, or one that nobody calls. */
export function waitsInside(module: CoreModule, entry: string): boolean {
  return (
    module.imports.some(({ field }) => field === WAIT || field === PAUSE) && !isCalledBack(module, entry)
  );
}

/** @throws UserError when `module` lifts `entry` with such a callback: for hosts that wait inside the call */
export function refuseCallback(module: CoreModule, entry: string, name: string): void {
  if (isCalledBack(module, entry))
    throw new UserError(
      `${name} waits by returning to its host, and here the host has it wait inside the call: build it with --wait wait`,
    );
}
