/** wasm-tools, compiled to WebAssembly: embeds a world in a core module, makes components. */
import { componentEmbed, componentNew, metadataAdd } from "#wasm-tools";
import { parseImportName } from "./canonical-names.js";
import { PAIR_TYPES_ID, pairTypesWit } from "./pair-types.js";
import { producers } from "./producers.js";
import { readWitSource } from "./wit-source.js";
import { explainWitError } from "./wit-error.js";
import { type Features, featureSet, messageOf } from "./wasm-tools.js";
import { UserError } from "../errors/user-error.js";

/**
 * Adds the `component-type` custom section of a world to a core module; strings
 * are UTF-16, as AssemblyScript's are.
 * @param witPath a .wit file, or the folder of a WIT package
 * @param world    the world's name; needed when there are several
 * @param features what of the WIT is active that stands behind `@unstable(feature = …)`
 * @throws UserError with the place in the WIT
 */
export async function embedWorld(
  core: Uint8Array,
  witPath: string,
  world?: string,
  features: Features = [],
): Promise<Uint8Array> {
  const source = readWitSource(witPath);
  try {
    return await componentEmbed({
      binary: core,
      witSource: source.text,
      stringEncoding: "utf16",
      features: featureSet(features),
      ...(world === undefined ? {} : { world: plainId(world) }),
    });
  } catch (error) {
    throw new UserError(await explainWitError(source, error, world, features));
  }
}

/**
 * Adds, in a `component-type` section of its own, what a module's built-ins of `as-rill/pairs` are named
 * after; nothing where it has none.
 */
export async function embedPairTypes(core: Uint8Array): Promise<Uint8Array> {
  const imports = WebAssembly.Module.imports(new WebAssembly.Module(core as Uint8Array<ArrayBuffer>));
  const names = imports
    .filter(({ module }) => module === PAIR_TYPES_ID)
    .map(({ name }) => parseImportName(name).subject ?? "");
  if (names.length === 0) return core;
  return componentEmbed({
    binary: core,
    witSource: pairTypesWit(new Set(names)),
    stringEncoding: "utf16",
    features: featureSet([]),
  });
}

/** A world's name as wasm-tools reads it whatever the name: `type` → `%type`, `a:b/type` → `a:b/%type`. */
function plainId(world: string): string {
  const at = world.lastIndexOf("/") + 1;
  return `${world.slice(0, at)}%${world.slice(at).replace(/^%/, "")}`;
}

/**
 * Makes a component of a core module with an embedded world; it says what made it.
 * @throws UserError when names or signatures do not fit the world
 */
export async function newComponent(core: Uint8Array): Promise<Uint8Array> {
  try {
    return await metadataAdd(await componentNew(core), producers());
  } catch (error) {
    throw new UserError(`the module does not fit its world: ${messageOf(error)}`);
  }
}
