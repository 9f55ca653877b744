/** The world of a core module that the user named. */
import { UserError } from "../errors/user-error.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import { decodeComponentType } from "./component-type.js";
import type { World } from "./model.js";

/**
 * The world that the `component-type` section of `core` describes, or null when it has none.
 * @param path where the module, or the WIT, came from, for the message
 * @throws UserError for a section that is malformed, or holds what as-rill does not know
 */
export function moduleWorld(path: string, core: Uint8Array): World | null {
  try {
    return decodeComponentType(core);
  } catch (error) {
    if (!(error instanceof RangeError) && !(error instanceof WasmFormatError)) throw error;
    throw new UserError(
      `${path}: its types are damaged, or of a kind that as-rill does not know: ${error.message}`,
    );
  }
}
