/**
 * Guests that give the processor back to their host while they wait: a board's
 * host waits inside the call instead.
 */
import { UserError } from "../errors/user-error.js";
import type { CoreModule } from "../wasm/core-module.js";
import { callbackName } from "../wit/canonical-names.js";
import { Op } from "../wasm/opcodes.js";

/** @throws UserError when `module` lifts `entry` (`IFACE#FUNC`) with a callback that does anything */
export function refuseCallback(module: CoreModule, entry: string, name: string): void {
  const callback = module.exports.find((item) => item.name === callbackName(entry));
  if (callback === undefined) return;
  const imported = module.imports.filter(({ kind }) => kind === "func").length;
  const body = module.code[callback.index - imported];
  // A guest that waits inside its call has a callback that nobody calls: a trap, and nothing else.
  if (body !== undefined && module.bytes[body.code] === Op.UNREACHABLE) return;
  throw new UserError(
    `${name} waits by returning to its host, and a board's host has it wait inside the call: build it with --wait wait`,
  );
}
