/** A new project from `rill init` builds, runs and tests at once. */
import assert from "node:assert/strict";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { initProject } from "../../tools/init/init-project.js";
import { run } from "../../tools/setup/run.js";
import { installPublished } from "./installed-package.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-init-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("its own test passes, with nothing but as-rill as npm publishes it", async () => {
  const project = join(folder, "my-filter");
  initProject(project);
  await installPublished(project);
  const env = {
    PATH: [join(project, "node_modules", ".bin"), process.env.PATH].join(delimiter),
  };
  delete process.env.NODE_TEST_CONTEXT; // the project's tests are a run of their own
  const { code, output } = await run("npm", ["test"], { cwd: project, env });
  assert.equal(code, 0, output);
  assert.match(output, /pass 1/);
  assert.ok(existsSync(join(project, "build", "my-filter.component.wasm")));
});

test("a folder with something in it is left alone", () => {
  const taken = join(folder, "taken");
  mkdirSync(taken);
  writeFileSync(join(taken, "file"), "");
  assert.throws(() => initProject(taken), UserError);
  assert.deepEqual(readdirSync(taken), ["file"]);
});

test("a name that cannot name a WIT package", () => {
  assert.throws(() => initProject(join(folder, "My_Filter")), /"My_Filter" cannot name a WIT package/);
  assert.equal(existsSync(join(folder, "My_Filter")), false);
});
