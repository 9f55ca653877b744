/**
 * What `rill bindgen` writes, to the letter: a change shows in review.
 * `RILL_UPDATE=1` writes the goldens anew.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
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

/** The goldens that the worlds have, by the tests so far. */
const expected = new Set<string>();

for (const [name, wit] of Object.entries(worlds)) {
  test(`${name}: the golden bindings`, async () => {
    const files = generateBindings(await resolveWorld(join(packageRoot, wit)));
    assert.ok(files.size > 0);
    for (const [file, text] of files) {
      const path = join(golden, `${name}.${file}`);
      expected.add(`${name}.${file}`);
      if (process.env.RILL_UPDATE === "1") writeFileSync(path, text);
      assert.ok(existsSync(path), `${path} is not there; RILL_UPDATE=1 writes it`);
      assert.equal(text, readFileSync(path, "utf8"), `${path} differs; RILL_UPDATE=1 writes it anew`);
    }
  });
}

test("no golden is left of a file that is not written any more", () => {
  const orphans = readdirSync(golden).filter((file) => !expected.has(file));
  if (process.env.RILL_UPDATE === "1") for (const file of orphans) rmSync(join(golden, file));
  else assert.deepEqual(orphans, [], "RILL_UPDATE=1 takes them away");
});
