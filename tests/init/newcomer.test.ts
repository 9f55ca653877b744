/**
 * A newcomer: from the tarball in an empty folder to a project of each template, with tests, a running guest,
 * a report and an image. One installation serves all: each project's dependencies are those that it has.
 */
import assert from "node:assert/strict";
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, delimiter, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { commandLine } from "../../tools/cli.js";
import { templateNames } from "../../tools/init/template.js";
import { run } from "../../tools/setup/run.js";
import { examplesOf } from "../docs/help-examples.js";
import { installPublished } from "./installed-package.js";

/** Bytes of a project's `node_modules`, TypeScript's 24 MB for editors with them. */
const MOST_INSTALLED = 140_000_000;

let home: string;
let modules: string;
let installing: string;

before(async () => {
  delete process.env.NODE_TEST_CONTEXT; // the projects' tests are runs of their own
  home = mkdtempSync(join(tmpdir(), "rill-newcomer-"));
  modules = join(home, "node_modules");
  installing = await installPublished(home);
});

after(() => {
  rmSync(home, { recursive: true, force: true });
});

/** Runs a line of a shell in `folder`, as `npm run` does. */
async function shell(line: string, folder: string): Promise<string> {
  const env = { PATH: [join(modules, ".bin"), process.env.PATH].join(delimiter) };
  const { code, output } = await run("sh", ["-c", line], { cwd: folder, env });
  assert.equal(code, 0, `${line}\n${output}`);
  return output;
}

interface Project {
  readonly scripts: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

function packageOf(folder: string): Project {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Project;
}

test("npm installs at most 140 MB, with one Binaryen, and asks for nothing", (t) => {
  const entries = readdirSync(modules, { recursive: true, withFileTypes: true });
  const bytes = entries
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  t.diagnostic(`figure: installed: ${(bytes / 1e6).toFixed(1)} MB, TypeScript and asc with it`);
  assert.ok(bytes <= MOST_INSTALLED, `${bytes} bytes`);
  const folders = entries.filter(
    (entry) => entry.isDirectory() && basename(entry.parentPath) === "node_modules",
  );
  assert.equal(folders.filter(({ name }) => name === "binaryen").length, 1);
  assert.doesNotMatch(installing, /warn|scripts/);
});

/**
 * Scripts that other tests run: `build` is a part of the others, the emulator is the lane boards', and what
 * starts Wasmtime the lane wasmtime's.
 */
const elsewhere = ["build", "check", "emulate"];
const needsWasmtime = /\bwasmtime\b/;

for (const template of templateNames())
  test(`${template}: tests, editor, asc, run, report and budget are content`, async () => {
    // The template's own name: a package may have the name of an interface in it.
    const project = join(home, template);
    await shell(`npx --offline as-rill init ${template} --template ${template}`, home);
    const { scripts, devDependencies } = packageOf(project);
    const { "as-rill": own, ...pinned } = devDependencies;
    const { "as-rill": tarball, ...installed } = packageOf(home).devDependencies;
    assert.deepEqual(pinned, installed);
    assert.equal(resolve(project, own!.replace("file:", "")), resolve(home, tarball!.replace("file:", "")));
    symlinkSync(modules, join(project, "node_modules"), "junction");

    const tested = await shell("npm test", project);
    assert.match(tested, /^[1-9]\d* passed, 0 failed$/m, "its specs");
    if (scripts.test!.includes("node --test")) assert.match(tested, /pass [1-9][\s\S]*fail 0/);
    const rest = Object.entries(scripts)
      .filter(([name]) => name !== "test" && !elsewhere.includes(name))
      .filter(([, script]) => !needsWasmtime.test(script));
    const lines = rest.map(([, script]) => script.replace(/^npm run --silent build && /, ""));
    await Promise.all(lines.map((line) => shell(line, project)));
    // What `as-rill/wasi` imports are the guest's bindings, which plain asc does not find there.
    if (existsSync(join(project, "asconfig.json")))
      assert.doesNotMatch(await shell("asc --target debug", project), /ERROR|WARNING/);
  });

/** Of these the example needs more than a project: another component, scripts, an emulator. */
const needMore = ["compose", "conform", "flash"];

test("the examples of each command's help work in a project of the template filter", async () => {
  const project = join(home, "filter");
  const names = commandLine().commands.map((command) => command.name());
  for (const name of names.filter((one) => !needMore.includes(one)))
    for (const line of examplesOf(name)) {
      const said = await shell(line, name === "init" ? mkdtempSync(join(home, "new-")) : project);
      assert.ok(said.length > 0, line);
    }
  assert.match(readFileSync(join(project, "build", "filter.hex"), "utf8"), /^:0[\s\S]*:00000001FF$/m);
});

test("a false line of the guest's is an error in the editor", async () => {
  appendFileSync(join(home, "filter", "filter.ts"), "export const wrong: i32 = smooth.nothing;\n");
  await assert.rejects(shell("tsc", join(home, "filter")), /filter\.ts.*'nothing'/);
});
