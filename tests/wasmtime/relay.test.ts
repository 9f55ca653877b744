/** A component between two others that hands on the streams of both directions. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { component, compose, double, runOnWasmtime, runner } from "./components.js";

const base = join(packageRoot, "tests", "guests", "relay", "relay");

const scenarios = { wait: ["thousand-items", "reader-leaves"], callback: ["thousand-items"] } as const;

for (const wait of ["wait", "callback"] as const) {
  test(`through a component that hands both streams on, ${wait}`, async () => {
    const relay = await component(`relay-${wait}`, { wait, entry: `${base}.ts`, wit: `${base}.wit` });
    const served = await compose(relay, await double(), `relay-${wait}`);
    for (const scenario of scenarios[wait]) {
      const path = await compose(await runner(scenario), served, `relay-${wait}-${scenario}`);
      const { code, output } = await runOnWasmtime(path);
      assert.equal(code, 0, `${scenario}: ${output}`);
    }
  });
}
