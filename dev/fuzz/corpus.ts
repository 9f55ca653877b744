/**
 * The fuzz corpus: one gzipped JSON object, each sequence in base64 under its name (libFuzzer's: the SHA-1 of
 * its bytes). libFuzzer reads and writes folders.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { writeFileWhole } from "../../tools/files/write-whole.js";
import { packageRoot } from "../../tools/package-root.js";

/** The corpus of the repository; tests/wamr/corpus.md says what it is. */
export const corpusPath = join(packageRoot, "tests", "wamr", "corpus.json.gz");

/** Writes each sequence of the file at `path` into `folder`, which exists. @returns how many there are */
export function unpackCorpus(folder: string, path = corpusPath): number {
  const sequences = JSON.parse(gunzipSync(readFileSync(path)).toString("utf8")) as Record<string, string>;
  const entries = Object.entries(sequences);
  for (const [name, base64] of entries) writeFileSync(join(folder, name), Buffer.from(base64, "base64"));
  return entries.length;
}

/**
 * Makes the file at `path` of the sequences in `folder`: the same folder gives
 * the same sequences in the same order.
 * @returns how many
 */
export function packCorpus(folder: string, path = corpusPath): number {
  const names = readdirSync(folder).sort();
  const sequences = names.map((name) => [name, readFileSync(join(folder, name)).toString("base64")] as const);
  writeFileWhole(path, gzipSync(JSON.stringify(Object.fromEntries(sequences)), { level: 9 }));
  return names.length;
}
