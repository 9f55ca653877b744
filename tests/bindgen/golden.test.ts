/** What `rill bindgen` writes, to the letter: a change shows in review. `RILL_UPDATE=1` writes the goldens anew. */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { generateBindings } from "../../tools/bindgen/generate.js";
import { packageRoot } from "../../tools/package-root.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

const golden = join(packageRoot, "tests", "bindgen", "golden");
const worlds: Readonly<Record<string, string>> = {
  double: "tests/guests/double/double.wit",
  shapes: "tests/guests/shapes/shapes.wit",
  positions: "tests/bindgen/positions.wit",
  documented: "tests/bindgen/documented.wit",
  runner: "tests/guests/runner/runner.wit",
  ecg: "examples/ecg/ecg.wit",
  imu: "examples/imu/imu.wit",
};

for (const [name, wit] of Object.entries(worlds)) {
  test(`${name}: the golden bindings`, async () => {
    const files = generateBindings(await resolveWorld(join(packageRoot, wit)));
    assert.ok(files.size > 0);
    for (const [file, text] of files) {
      const path = join(golden, `${name}.${file}`);
      if (process.env.RILL_UPDATE === "1" || !existsSync(path)) writeFileSync(path, text);
      assert.equal(text, readFileSync(path, "utf8"), `${path} differs; RILL_UPDATE=1 writes it anew`);
    }
  });
}
