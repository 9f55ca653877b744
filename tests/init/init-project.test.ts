/** A new project from `rill init` builds, runs and tests at once. */
import assert from "node:assert/strict";
import {
  appendFileSync,
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
import { delimiter, join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { initProject } from "../../tools/init/init-project.js";
import { ownSpecifier } from "../../tools/init/own-specifier.js";
import { templateNames } from "../../tools/init/template.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { installPublished } from "./installed-package.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-init-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What each template's `npm test` passes: tests of its own. */
const templates = { filter: 3, firmware: 2 };

test("every template is played here", () => {
  assert.deepEqual(templateNames().sort(), Object.keys(templates).sort());
});

for (const [template, tests] of Object.entries(templates)) {
  test(`${template}: tests, editor, asc and budget are content, with nothing but as-rill as npm publishes it`, async () => {
    // The template's own name: a package may have the name of an interface in it.
    const project = join(folder, template);
    initProject(project, template);
    await installPublished(project);
    const env = {
      PATH: [join(project, "node_modules", ".bin"), process.env.PATH].join(delimiter),
    };
    delete process.env.NODE_TEST_CONTEXT; // the project's tests are a run of their own
    const inProject = async (...command: string[]): Promise<string> => {
      const { code, output } = await run("npm", command, { cwd: project, env });
      assert.equal(code, 0, `npm ${command.join(" ")}\n${output}`);
      return output;
    };
    assert.match(await inProject("test"), new RegExp(`pass ${tests}\n`));
    assert.doesNotMatch(await inProject("run", "types"), /error/);
    assert.doesNotMatch(await inProject("exec", "--", "asc", "--target", "debug"), /ERROR|WARNING/);
    await inProject("run", "budget");
  });
}

test("a false line of the guest's is an error in the editor", async () => {
  const project = join(folder, "filter");
  appendFileSync(join(project, "filter.ts"), "export const wrong: i32 = smooth.nothing;\n");
  const tsc = join(project, "node_modules", ".bin", "tsc");
  const { code, output } = await run(process.execPath, [tsc], { cwd: project });
  assert.equal(code, 2, output);
  assert.match(output, /filter\.ts.*'nothing'/);
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
