/** Every example keeps within the budget in its folder. After a change that is meant: `rill budget CORE.wasm --update`. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { guest, rill } from "./rill.js";

const examples = readdirSync(join(packageRoot, "examples")).filter((name) =>
  existsSync(join(packageRoot, "examples", name, `${name}.wit`)),
);

for (const name of examples) {
  test(`${name} keeps within examples/${name}/budget.json`, async () => {
    const core = await guest(`examples/${name}/${name}.ts`, `examples/${name}/${name}.wit`);
    const { code, stderr } = rill(
      "report",
      core,
      "--budget",
      join(packageRoot, "examples", name, "budget.json"),
    );
    assert.equal(code, 0, stderr);
  });
}

test("there are examples", () => {
  assert.ok(examples.includes("ecg"));
});
