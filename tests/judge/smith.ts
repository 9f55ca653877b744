/** WIT packages that `wasm-tools wit-smith` makes: each number gives the same package on every machine. */
import { spawnSync } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * What may be in a package beside what is always in: all that is asynchronous, and lists of a fixed length.
 */
const FEATURES = ["--async", "--futures", "--streams", "--fixed-length-lists", "--world-include"];
/** Bytes that wit-smith makes its choices by; it never asks for so many. */
const SEED_BYTES = 16384;
/** The world that is added to a package: it imports and exports each of the package's interfaces. */
export const WHOLE_WORLD = "rill-whole-package";

/**
 * A package as WIT text, or null where wit-smith makes none of this number.
 * @param folder for a file on the way
 */
export function smithPackage(wasmTools: string, number: number, folder: string): string | null {
  const binary = join(folder, `${number}.wasm`);
  const made = spawnSync(wasmTools, ["wit-smith", ...FEATURES, "-o", binary], { input: seedBytes(number) });
  if (made.status !== 0) return null;
  const printed = spawnSync(wasmTools, ["component", "wit", binary], { encoding: "utf8" });
  rmSync(binary);
  return printed.status === 0 ? withWholeWorld(printed.stdout) : null;
}

/** Names of the worlds that a text's own package declares. */
export function worldsIn(text: string): string[] {
  return [...text.matchAll(/^world %?([\w-]+) \{/gm)].map((match) => match[1]!);
}

/** Numbers of a small generator (xorshift, 32 bits), a byte each. */
function seedBytes(seed: number): Buffer {
  let state = Math.imul(seed, 0x9e3779b1) || 1;
  const bytes = Buffer.alloc(SEED_BYTES);
  for (let i = 0; i < bytes.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

function withWholeWorld(text: string): string {
  const names = [...text.matchAll(/^interface (%?[\w-]+) \{/gm)].map((match) => match[1]!);
  if (names.length === 0) return text;
  const items = names.map((name) => `  import ${name};\n  export ${name};\n`).join("");
  return `${text}\n@unstable(feature = whole)\nworld ${WHOLE_WORLD} {\n${items}}\n`;
}

/** Writes a package. @returns its path */
export function writePackage(folder: string, number: number, text: string): string {
  const path = join(folder, `${number}.wit`);
  writeFileSync(path, text);
  return path;
}
