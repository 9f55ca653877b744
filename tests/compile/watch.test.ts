/** `rill build --watch`: a save is a build, an error is told and waited out, Ctrl-C ends it. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { Watch, endWatches } from "./watch-process.js";

const folder = mkdtempSync(join(tmpdir(), "rill-watch-"));
after(() => {
  endWatches();
  rmSync(folder, { recursive: true, force: true });
});
cpSync(join(packageRoot, "tests/guests/double"), folder, { recursive: true });
const path = (name: string): string => join(folder, name);
const source = readFileSync(path("double.ts"), "utf8");
const rill = join(packageRoot, "bin/rill.js");
const build = [rill, "build", path("double.ts"), "--wit", path("double.wit"), "-o", path("out")];
writeFileSync(path("items.u32le"), Uint32Array.of(1, 2, 3));

const items = (): number[] => [...new Uint32Array(new Uint8Array(readFileSync(path("out.u32le"))).buffer)];

test("each save builds and runs again, whatever state the guest was in", { timeout: 300_000 }, async () => {
  const run = ["--watch", "--run", "--in", `x=${path("items.u32le")}`, "--out", path("out.u32le")];
  const watch = new Watch([...build, ...run]);
  assert.match(await watch.built(), /double\.core\.wasm\nv8: 3 items in, 3 out/);
  assert.deepEqual(items(), [2, 4, 6]);

  // As editors do that write beside the file and rename.
  writeFileSync(path("new.ts"), source.replace("* 2", "* 3"));
  renameSync(path("new.ts"), path("double.ts"));
  assert.match(await watch.built(), /v8: 3 items in, 3 out/);
  assert.deepEqual(items(), [3, 6, 9]);

  writeFileSync(
    path("double.ts"),
    `import { FACTOR } from "./factor";\n${source.replace("* 2", "* FACTOR")}`,
  );
  assert.match(await watch.built(), /^rill: .*\n.*File 'factor\.ts' not found/);

  // It was looked for and not there; now it is.
  writeFileSync(path("factor.ts"), "export const FACTOR: u32 = 5;\n");
  assert.match(await watch.built(), /v8: 3 items in, 3 out/);
  assert.deepEqual(items(), [5, 10, 15]);

  const wit = readFileSync(path("double.wit"), "utf8");
  writeFileSync(path("double.wit"), `${wit}}`);
  assert.match(await watch.built(), /^rill: .*double\.wit:/);
  writeFileSync(path("double.wit"), wit);
  assert.match(await watch.built(), /v8: 3 items in, 3 out/);
  writeFileSync(path("double.ts"), source);
  await watch.built();

  assert.equal(await watch.interrupt(), "SIGINT");
});

test("an option of a run without --run is refused", () => {
  const { status, stderr } = spawnSync(process.execPath, [...build, "--in", "x=y.bin"], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.equal(stderr, "rill: --in goes with --run: without it the guest is not run\n");
});

test("--run without --watch builds and runs once, its items on standard output", () => {
  writeFileSync(path("double.ts"), source);
  const run = ["--run", "--in", `x=${path("items.u32le")}`];
  const { status, stdout, stderr } = spawnSync(process.execPath, [...build, ...run], { encoding: "utf8" });
  assert.equal(status, 0, stderr);
  assert.equal(stdout, "2\n4\n6\n");
});
