/**
 * Each AssemblyScript block of the pages is a whole guest of the WIT block above it: it builds, with all
 * proofs. One with `describe` is a spec of the guest above it, each JavaScript block is a test of it: they
 * pass. A JavaScript block with a default export has the guest's imports: `rill run` prints what the page
 * says.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { bindImports } from "../../tools/run/imports/bind-imports.js";
import { openImports } from "../../tools/run/imports/open-imports.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import { run } from "../../tools/setup/run.js";
import { trackedFiles } from "../rules/tracked-files.js";

interface Block {
  readonly language: string;
  readonly text: string;
  readonly line: number;
}

/** The API reference has the examples of doc comments: lines, not guests. */
const pages = trackedFiles(/^docs\/(?!api\/).*\.md$/);

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-docs-"));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function blocksOf(page: string): Block[] {
  return [...page.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)].map(({ 1: language, 2: text, index }) => ({
    language: language!,
    text: text!,
    line: page.slice(0, index).split("\n").length,
  }));
}

/** A project with this guest. @returns its folder */
function project(wit: string, guest: string): string {
  const at = mkdtempSync(join(folder, "guest-"));
  mkdirSync(join(at, "node_modules"));
  symlinkSync(packageRoot, join(at, "node_modules", "as-rill"), "junction");
  writeFileSync(join(at, "guest.wit"), wit);
  writeFileSync(join(at, "guest.ts"), guest);
  return at;
}

async function build(wit: string, guest: string): Promise<void> {
  const at = project(wit, guest);
  await buildGuest({
    entry: join(at, "guest.ts"),
    wit: join(at, "guest.wit"),
    outDir: join(at, "out"),
    bindings: false,
  });
}

function testScript(place: string, wit: string | undefined, guest: string | undefined, script: string): void {
  test(`${place} passes`, async () => {
    assert.ok(wit !== undefined && guest !== undefined, "no guest stands above it");
    const at = project(wit, guest);
    writeFileSync(join(at, "guest.test.mjs"), script);
    const env = { NODE_TEST_CONTEXT: "" }; // a run of its own
    const { code, output } = await run(process.execPath, ["--test", "guest.test.mjs"], { cwd: at, env });
    assert.equal(code, 0, output);
    assert.doesNotMatch(output, /tests 0/);
  });
}

/** The command behind the block names the file of imports; the sentence behind that says what it prints. */
function runWithImports(place: string, wit: string, guest: string, imports: string, page: string): void {
  const behind = page.slice(page.indexOf(imports));
  const [, file, calls, said] = /--imports (\S+) ('.*')\n\nprints (.*?), and on/.exec(behind) ?? [];
  test(`${place} has what the guest imports`, async () => {
    assert.ok(said !== undefined, "no command, or nothing said of what it prints");
    const at = project(wit, guest);
    writeFileSync(join(at, file!), imports);
    const { corePath } = await buildGuest({
      entry: join(at, "guest.ts"),
      wit: join(at, "guest.wit"),
      outDir: join(at, "out"),
      bindings: false,
    });
    const words = [...calls!.matchAll(/'([^']*)'/g)].map(([, word]) => word!);
    const flags = { calls: words, in: [], host: "v8" };
    const plan = planRun(corePath, flags);
    const opened = await openImports(plan, { imports: join(at, file!) });
    const printed: string[] = [];
    runOnV8(plan, { imports: bindImports(opened.plan, "ready"), print: (text) => printed.push(text) });
    await opened.close();
    const wanted = [...said.matchAll(/`([^`]*)`/g)].map(([, line]) => line!);
    assert.deepEqual(printed.join("").trimEnd().split("\n"), wanted);
  });
}

function spec(place: string, wit: string | undefined, guest: string | undefined, code: string): void {
  test(`${place} passes`, async () => {
    assert.ok(wit !== undefined && guest !== undefined, "no guest stands above it");
    const at = project(wit, guest);
    writeFileSync(join(at, "guest.spec.ts"), code);
    const command = [join(packageRoot, "bin", "rill.js"), "test", "--no-check"];
    const { code: exit, output } = await run(process.execPath, command, { cwd: at });
    assert.equal(exit, 0, output);
  });
}

for (const { path, text } of pages) {
  let wit: string | undefined;
  let guest: string | undefined;
  for (const { language, text: code, line } of blocksOf(text)) {
    if (language === "wit") wit = code;
    const world = wit;
    if (language === "js" && code.includes("export default"))
      runWithImports(`${path}:${line}`, world!, guest!, code, text);
    else if (language === "js") testScript(`${path}:${line}`, world, guest, code);
    if (language !== "ts") continue;
    if (/^describe\(/m.test(code)) {
      spec(`${path}:${line}`, world, guest, code);
      continue;
    }
    guest = code;
    test(`${path}:${line} builds`, async () => {
      assert.ok(world, "no WIT block stands above it");
      await build(world, code);
    });
  }
}

test("the pages have guests", () => {
  const all = pages.flatMap(({ text }) => blocksOf(text));
  assert.ok(all.filter(({ language }) => language === "ts").length > 10);
  const known = ["", "ts", "typescript", "js", "wit", "c", "cmake", "ld", "json", "sh", "text", "yaml"];
  assert.deepEqual(
    all.filter(({ language }) => !known.includes(language)).map(({ language }) => language),
    [],
  );
});

test("a block that does not compile is found", async () => {
  const wit = "package my:t; interface i { f: async func(x: stream<u8>); } world w { export i; }";
  const guest =
    'import { f } from "./bindings/my-t-i"; export function run(t: f.Task): void { t.x.nothing(); }';
  await assert.rejects(build(wit, guest), /nothing/);
});
