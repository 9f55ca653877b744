/** From WIT text to a resolved world. */
import { embedWorld } from "./component.js";
import { EMPTY_MODULE, type Features } from "./wasm-tools.js";
import { moduleWorld } from "./module-world.js";
import { refuseCollidingNames } from "./refuse-colliding-names.js";
import { refuseLongFlags, refuseTakenNames, refuseUnknownFeatures } from "./refuse-world.js";
import { withDocs } from "./wit-docs.js";
import type { World } from "./model.js";
import { type WitSource, readWitSource } from "./wit-source.js";

/**
 * Resolves the world `world` of the WIT at `path`.
 * @param path  a .wit file, or the folder of a WIT package with its dependencies in `deps/`
 * @param world the world's name; needed when there are several
 * @param features active features; none when not given
 * @throws UserError with the place in the WIT
 */
export async function resolveWorld(path: string, world?: string, features?: Features): Promise<World> {
  const source = readWitSource(path);
  if (features !== undefined && features !== "all") refuseUnknownFeatures(source, features);
  const resolved = decode(await embedWorld(EMPTY_MODULE, path, world, features), path, source);
  if (!resolved) throw new Error("wasm-tools embedded no component-type section");
  refuseTakenNames(source, resolved);
  refuseCollidingNames(source, resolved);
  return withDocs(resolved, source.text);
}

/** @throws UserError for a kind of type that as-rill does not know */
function decode(module: Uint8Array, path: string, source: WitSource): World | null {
  try {
    return moduleWorld(path, module);
  } catch (error) {
    refuseLongFlags(source);
    throw error;
  }
}
