/** The section that says what made a component; a core module has none, for it goes to flash. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { metadataShow } from "#wasm-tools";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { version } from "../../tools/version.js";

const installed = (name: string): string =>
  (
    createRequire(import.meta.url)(join(packageRoot, "node_modules", name, "package.json")) as {
      version: string;
    }
  ).version;

test("a component names as-rill, asc and Binaryen with the versions that made it, its core module none", async () => {
  const double = join(packageRoot, "tests", "guests", "double", "double");
  await inTemporaryFolder("rill-producers-", async (outDir) => {
    const built = await buildGuest({
      entry: `${double}.ts`,
      wit: `${double}.wit`,
      component: true,
      outDir,
      bindings: false,
    });
    const [component] = await metadataShow(readFileSync(built.componentPath!));
    const fields = new Map(component!.producers);
    assert.deepEqual(fields.get("language"), [["AssemblyScript", ""]]);
    const made = new Map(fields.get("processed-by"));
    assert.equal(made.get("as-rill"), version);
    assert.equal(made.get("asc"), installed("assemblyscript"));
    assert.equal(made.get("Binaryen"), installed("binaryen"));
    const [core] = await metadataShow(readFileSync(built.corePath));
    assert.deepEqual(core!.producers, []);
  });
});
