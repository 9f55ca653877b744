/**
 * What tools that others wrote say of a module: wasm-tools objdump of its sections, twiggy of its functions.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { readModule } from "../../tools/wasm/read-module.js";
import { analysed } from "./rill.js";

/** objdump's plural of each section's name. */
const OBJDUMP_NAMES: Readonly<Record<string, string>> = {
  type: "types",
  import: "imports",
  function: "functions",
  table: "tables",
  memory: "memories",
  global: "globals",
  export: "exports",
  element: "elements",
  datacount: "data count",
  tag: "tags",
};

/** The sections of the module at `path` are objdump's, to the byte. @param tool path of wasm-tools */
export async function sectionsAgree(tool: string, path: string): Promise<void> {
  const { stdout } = spawnSync(tool, ["objdump", path], { encoding: "utf8" });
  const theirs = [...stdout.matchAll(/^\s*(\S.*?)\s+\|.*\|\s+(\d+) bytes/gm)].map(
    ([, name, bytes]) => `${name!} ${bytes!}`,
  );
  const report = await analysed(path, false);
  const ours = report.sections.map(({ id, name, payload_bytes: bytes }) => {
    return id === 0 ? `custom ${JSON.stringify(name)} ${bytes}` : `${OBJDUMP_NAMES[name] ?? name} ${bytes}`;
  });
  assert.ok(theirs.length > 0, stdout);
  assert.deepEqual(ours, theirs, path);
}

/**
 * The functions of the module at `path` are twiggy's, which adds each function's
 * entry in the function section.
 * @param tool path of twiggy
 * @returns the largest difference; null for a module that twiggy cannot read
 */
export async function functionsAgree(tool: string, path: string): Promise<number | null> {
  const { stdout, status } = spawnSync(tool, ["top", "-n", "10000000", "-f", "json", path], {
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  if (status !== 0) return null;
  const theirs = (JSON.parse(stdout) as { name: string; shallow_size: number }[]).map(
    ({ shallow_size: bytes }) => bytes,
  );
  const pool = new Map<number, number>();
  for (const bytes of theirs) pool.set(bytes, (pool.get(bytes) ?? 0) + 1);
  const { functionTypes } = readModule(readFileSync(path));
  let largest = 0;
  (await analysed(path, false)).functions.forEach(({ name, bytes }, index) => {
    const entry = lebBytes(functionTypes[index]!);
    largest = Math.max(largest, entry);
    const left = pool.get(bytes + entry) ?? 0;
    assert.ok(left > 0, `${path}: twiggy has no function of ${bytes + entry} bytes for ${name}`);
    pool.set(bytes + entry, left - 1);
  });
  return largest;
}

function lebBytes(value: number): number {
  return value < 0x80 ? 1 : 1 + lebBytes(value >>> 7);
}
