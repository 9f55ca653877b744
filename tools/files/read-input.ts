/** Reads a file that the user named. */
import { readFileSync, statSync } from "node:fs";
import { systemReason } from "../errors/system-error.js";
import { UserError } from "../errors/user-error.js";

/**
 * The bytes of the file `path`.
 * @param hint what to name instead, for the message
 * @throws UserError with the reason when it cannot be read, and for a device, which may never end
 */
export function readInput(path: string, hint?: string): Buffer {
  const refuse = (reason: string): never => {
    throw new UserError(`${path}: cannot be read: ${reason}${hint ? `; ${hint}` : ""}`);
  };
  try {
    if (!statSync(path).isCharacterDevice()) return readFileSync(path);
  } catch (error) {
    refuse(systemReason(error));
  }
  return refuse("it is a device, not a file");
}
