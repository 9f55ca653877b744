/** What `rill init` writes, and where it refuses to. `newcomer.test.ts` plays what it made. */
import assert from "node:assert/strict";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { initProject } from "../../tools/init/init-project.js";
import { ownSpecifier } from "../../tools/init/own-specifier.js";
import { packageRoot } from "../../tools/package-root.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-init-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

test("package.json names the as-rill that made the project", () => {
  const made = join(folder, "made");
  initProject(made);
  const { devDependencies } = JSON.parse(readFileSync(join(made, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  const [kind, path] = devDependencies["as-rill"]!.split(":") as [string, string];
  assert.equal(kind, "file");
  assert.equal(realpathSync(join(made, path)), realpathSync(packageRoot));
});

test("of an as-rill that npm installed, package.json names the tarball, or the version of the registry", () => {
  const modules = join(folder, "installed", "node_modules");
  const root = join(modules, "as-rill");
  mkdirSync(root, { recursive: true });
  const installedFrom = (resolved: string): string => {
    const packages = { "node_modules/as-rill": { resolved } };
    writeFileSync(join(modules, ".package-lock.json"), JSON.stringify({ packages }));
    return ownSpecifier(join(folder, "installed", "project"), root);
  };
  writeFileSync(join(folder, "as-rill.tgz"), "");
  assert.equal(installedFrom("file:../as-rill.tgz"), "file:../../as-rill.tgz");
  assert.match(installedFrom("file:../gone.tgz"), /^\^\d/);
  assert.match(installedFrom("https://registry.example/as-rill.tgz"), /^\^\d/);
  rmSync(join(modules, ".package-lock.json"));
  assert.match(ownSpecifier(folder, root), /^\^\d/);
});

test("a template that there is not", () => {
  assert.throws(
    () => initProject(join(folder, "no"), "none"),
    /--template none: unknown template \(.*filter.*\)/,
  );
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
