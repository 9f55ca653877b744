/** Totals against tools that others wrote: wasm-tools objdump for sections, twiggy for functions. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readModule } from "../../tools/wasm/read-module.js";
import { isMissing } from "../../tools/setup/tool.js";
import { twiggy } from "../../dev/setup/twiggy.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { corpus } from "./corpus.js";
import { analysed } from "./rill.js";

const modules = await corpus();

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

test("sections agree with wasm-tools objdump to the byte", async () => {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  for (const path of modules) {
    const { stdout } = spawnSync(tool.path, ["objdump", path], { encoding: "utf8" }) as { stdout: string };
    const theirs = [...stdout.matchAll(/^\s*(\S.*?)\s+\|.*\|\s+(\d+) bytes/gm)].map(
      ([, name, bytes]) => `${name!} ${bytes!}`,
    );
    const report = await analysed(path);
    const ours = report.sections.map(({ id, name, payload_bytes: bytes }) => {
      return id === 0 ? `custom ${JSON.stringify(name)} ${bytes}` : `${OBJDUMP_NAMES[name] ?? name} ${bytes}`;
    });
    assert.ok(theirs.length > 3, stdout);
    assert.deepEqual(ours, theirs, path);
  }
});

test("functions agree with twiggy, which adds each function's entry in the function section", async (t) => {
  const tool = await twiggy();
  assert.ok(!isMissing(tool));
  let largest = 0;
  for (const path of modules) {
    const { stdout } = spawnSync(tool.path, ["top", "-n", "10000000", "-f", "json", path], {
      encoding: "utf8",
      maxBuffer: 1 << 28,
    });
    const theirs = (JSON.parse(stdout) as { name: string; shallow_size: number }[]).map(
      ({ shallow_size: bytes }) => bytes,
    );
    const pool = new Map<number, number>();
    for (const bytes of theirs) pool.set(bytes, (pool.get(bytes) ?? 0) + 1);
    const { functionTypes } = readModule(readFileSync(path));
    (await analysed(path, false)).functions.forEach(({ name, bytes }, index) => {
      const entry = lebBytes(functionTypes[index]!);
      largest = Math.max(largest, entry);
      const left = pool.get(bytes + entry) ?? 0;
      assert.ok(left > 0, `${path}: twiggy has no function of ${bytes + entry} bytes for ${name}`);
      pool.set(bytes + entry, left - 1);
    });
  }
  assert.ok(largest <= 2, `the largest difference is ${largest} bytes`);
  t.diagnostic(`figure: functions of ${modules.length} modules against twiggy: ${largest} bytes at most`);
});

function lebBytes(value: number): number {
  return value < 0x80 ? 1 : 1 + lebBytes(value >>> 7);
}
