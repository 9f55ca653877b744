/** From WIT text to a resolved world. */
import { UserError } from "../errors/user-error.js";
import { EMPTY_MODULE, type Features, embedWorld } from "./component.js";
import { decodeComponentType } from "./component-type.js";
import { withDocs } from "./wit-docs.js";
import type { World } from "./model.js";
import { readWitSource } from "./wit-source.js";

/**
 * Resolves the world `world` of the WIT at `path`.
 * @param path  a .wit file, or the folder of a WIT package with its dependencies in `deps/`
 * @param world the world's name; needed when there are several
 * @param features active features; none when not given
 * @throws UserError with the place in the WIT
 */
export async function resolveWorld(path: string, world?: string, features?: Features): Promise<World> {
  const resolved = decode(await embedWorld(EMPTY_MODULE, path, world, features), path);
  if (!resolved) throw new Error("wasm-tools embedded no component-type section");
  return withDocs(resolved, readWitSource(path).text);
}

/** @throws UserError for a kind of type that as-rill does not know */
function decode(module: Uint8Array, path: string): World | null {
  try {
    return decodeComponentType(module);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UserError(`${path}: the WIT holds something that as-rill does not know: ${error.message}`);
  }
}
