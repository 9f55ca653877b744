/** `rill compose`, with the files as `rill build` names them. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { type Finished, run } from "../../tools/setup/run.js";
import { runOnWasmtime } from "./components.js";

const guests = join(packageRoot, "tests", "guests");

function rill(...args: string[]): Promise<Finished> {
  return run(process.execPath, [join(packageRoot, "bin", "rill.js"), ...args]);
}

async function built(outDir: string, entry: string, wit: string): Promise<string> {
  const paths = { entry: join(guests, entry), wit: join(guests, wit) };
  return (await buildGuest({ ...paths, component: true, bindings: false, outDir })).componentPath!;
}

test("NAME.component.wasm and NAME.component.wasm make a command that runs", async () => {
  await inTemporaryFolder("rill-composed-", async (folder) => {
    const callee = await built(folder, "double/double.ts", "double/double.wit");
    const command = await built(folder, "runner/thousand-items.ts", "runner/runner.wit");
    const output = join(folder, "both.wasm");
    const composed = { code: 0, output: `${output}\n` };
    assert.deepEqual(await rill("compose", command, callee, "-o", output), composed);
    assert.deepEqual(await runOnWasmtime(output), { code: 0, output: "" });
  });
});

test("what is no component, or has nothing to give, is refused, and nothing is written", async () => {
  await inTemporaryFolder("rill-refused-", async (folder) => {
    const callee = await built(folder, "double/double.ts", "double/double.wit");
    const output = join(folder, "both.wasm");
    const text = join(folder, "text.wasm");
    writeFileSync(text, "text");
    for (const [first, second] of [
      [text, callee],
      [callee, text],
      [callee, callee],
      [join(folder, "nothing.wasm"), callee],
    ] as const) {
      const { code, output: said } = await rill("compose", first, second, "-o", output);
      assert.equal(code, 2, said);
      assert.match(said, /^rill: .*\n$/);
      assert.doesNotMatch(said, /part\d|WARNING/);
      assert.ok(!existsSync(output));
    }
  });
});
