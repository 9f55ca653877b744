/**
 * C files compiled, each once for one text behind the preprocessor: firmware for other guests, with other
 * switches and stacks, has most of its files in common.
 */
import { createHash } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { must } from "./build-tool.js";
import { cached, cacheRoot } from "./cache.js";
import { compilerIdentity } from "./compiler-identity.js";

/** What the preprocessor has done with when it ends. */
const TO_THE_PREPROCESSOR = /^-(?:D|I|isystem)/;

/** @param flags of compiling alone @returns the objects' paths, in the order of `sources`: FOLDER-FILE.o */
export async function compiledObjects(
  gcc: string,
  flags: readonly string[],
  sources: readonly string[],
): Promise<string[]> {
  const others = flags.filter((flag) => !TO_THE_PREPROCESSOR.test(flag));
  const common = JSON.stringify([others, await compilerIdentity(gcc)]);
  const objects: string[] = [];
  for (const source of sources) {
    const text = await must(gcc, [...flags, "-E", "-P", source]);
    const name = `${basename(dirname(source))}-${basename(source, ".c")}.o`;
    const key = createHash("sha256").update(common).update(name).update(text).digest("hex").slice(0, 16);
    const compile = async (fresh: string): Promise<void> => {
      await mkdir(fresh, { recursive: true });
      await must(gcc, [...flags, "-c", source, "-o", join(fresh, name)]);
    };
    objects.push(join(await cached(key, compile, join(cacheRoot(), "objects")), name));
  }
  return objects;
}
