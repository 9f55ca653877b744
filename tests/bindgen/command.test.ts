/**
 * `rill bindgen` from the command line: what it writes, what it writes again,
 * and what it leaves alone when it refuses.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { RECORD_SECTION } from "../../tools/provenance/build-record.js";
import { withoutCustomSections } from "../../tools/wasm/read-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { type Served, servedRill } from "../served-rill.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-bindgen-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

function rill(...args: string[]): Promise<Served> {
  return servedRill(args, folder);
}

/** The files of a folder, by name. */
function filesIn(name: string): Record<string, string> {
  const path = join(folder, name);
  return Object.fromEntries(readdirSync(path).map((file) => [file, readFileSync(join(path, file), "utf8")]));
}

const positions = join(packageRoot, "tests", "bindgen", "positions.wit");

test("bindings and a skeleton: written, listed, and the skeleton is a guest that builds", async () => {
  const args = ["bindgen", positions, "-o", "guest/bindings", "--skeleton", "guest/guest.ts"];
  const { code, stdout, stderr } = await rill(...args);
  assert.equal(code, 0, stderr);
  const written = Object.keys(filesIn("guest/bindings")).map((file) => join("guest/bindings", file));
  assert.deepEqual(stdout.trim().split("\n").sort(), [...written, "guest/guest.ts"].sort());
  const built = await rill("build", "guest/guest.ts", "--wit", positions, "--component", "-o", "out");
  assert.equal(built.code, 0, built.stderr);
  assert.ok(existsSync(join(folder, "out", "guest.component.wasm")));
  assert.equal((await rill("build", "guest/guest.ts", "--wit", positions, "-o", "usual")).code, 0);
});

test("written again: not a byte changes, and a guest's own file is never overwritten", async () => {
  const before = filesIn("guest/bindings");
  assert.equal((await rill("bindgen", positions, "-o", "guest/bindings")).code, 0);
  assert.deepEqual(filesIn("guest/bindings"), before);
  const again = await rill("bindgen", positions, "-o", "other", "--skeleton", "guest/guest.ts");
  assert.equal(again.code, 2);
  assert.match(
    again.stderr,
    /^rill: guest\/guest\.ts: this file exists already; name another for --skeleton\n$/,
  );
  assert.ok(!existsSync(join(folder, "other")));
});

const wrong: Readonly<Record<string, readonly [string, RegExp]>> = {
  "WIT that does not parse": ["package a:b;\nworld w {\n  export f func();\n}\n", /w\.wit:3:\d+: expected /],
  "a type that is not bound": [
    "package a:b;\ninterface i { f: func(); }\ninterface j { g: async func(x: stream<char>); }\nworld w { export i; export j; }\n",
    /a:b\/j, func g, param x: the type stream<char> is not supported here; engines do not accept it; use stream<u32>/,
  ],
  "a world that is not there": ["package a:b;\nworld v {}\n", /w\.wit: .*world.* v/],
};

for (const [name, [wit, message]] of Object.entries(wrong)) {
  test(`${name}: exit code 2, one line, nothing written`, async () => {
    writeFileSync(join(folder, "w.wit"), wit);
    const world = name.startsWith("a world") ? ["--world", "u"] : [];
    const { code, stdout, stderr } = await rill("bindgen", "w.wit", ...world, "-o", "refused");
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
    assert.match(stderr, /^rill: [^\n]*\n$/);
    assert.equal(stdout, "");
    assert.ok(!existsSync(join(folder, "refused")));
  });
}

for (const [where, bindings, guest] of [
  ["a folder of another name", "made/gen", "made/guest.ts"],
  ["a folder beside the guest's", "beside/gen", "beside/src/guest.ts"],
  ["a folder that is hidden", "hidden/.gen", "hidden/guest.ts"],
  ["the guest's own folder", "own", "own/guest.ts"],
] as const) {
  test(`bindings in ${where}: the guest builds from there, to the same bytes, and no other folder appears`, async () => {
    const written = await rill("bindgen", positions, "-o", bindings, "--skeleton", guest);
    assert.equal(written.code, 0, written.stderr);
    const wit = ["--wit", positions];
    const built = await rill("build", guest, ...wit, "-o", "out");
    assert.equal(built.code, 0, built.stderr);
    assert.ok(!existsSync(join(folder, guest, "..", "bindings")));
    // The record of the build names the guest's file.
    const [module, usual] = ["out", "usual"].map((out) =>
      withoutCustomSections(readFileSync(join(folder, out, "guest.core.wasm")), RECORD_SECTION),
    );
    assert.deepEqual(module, usual);
    const { sources } = JSON.parse(readFileSync(join(folder, "out", "guest.core.wasm.map"), "utf8")) as {
      sources: string[];
    };
    assert.ok(sources.includes("bindings/test-positions-made.ts"), sources.join());
  });
}

test("a file of the guest's own that is called like one of bindings stays as it is", async () => {
  writeFileSync(join(folder, "i.wit"), "package t:t; world w { import log: func(x: u8); export f: func(); }");
  writeFileSync(join(folder, "w-import.ts"), "export function log(x: u8): void {}\n");
  writeFileSync(
    join(folder, "g.ts"),
    'import { log } from "./w-import";\nexport function f(): void { log(1); }\n',
  );
  const built = await rill("build", "g.ts", "--wit", "i.wit", "-o", "out");
  assert.equal(built.code, 0, built.stderr);
  assert.equal(readFileSync(join(folder, "w-import.ts"), "utf8"), "export function log(x: u8): void {}\n");
});
