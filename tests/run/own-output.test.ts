/**
 * An output that is also read is refused, whatever names the file has; what an
 * output was stays until there is another.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-own-output-"));
const items = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0);
const doubled = [2, 0, 0, 0, 4, 0, 0, 0];
const isWindows = process.platform === "win32";
let core: string;

before(async () => {
  const entry = writeGuest(folder, "double", doubleSource("if (!output.writeOne(input.value * 2)) break;"));
  core = (await buildGuest({ entry, wit: doubleWit, outDir: join(folder, "out") })).corePath;
  mkdirSync(join(folder, "sub"));
  symlinkSync("../F.bin", join(folder, "sub", "soft.bin"));
  symlinkSync("sub/soft.bin", join(folder, "softer.bin"));
});
beforeEach(() => {
  for (const name of ["F.bin", "hard.bin", "o.bin"]) rmSync(join(folder, name), { force: true });
  writeFileSync(join(folder, "F.bin"), items);
  linkSync(join(folder, "F.bin"), join(folder, "hard.bin"));
});
after(() => {
  rmSync(folder, { recursive: true });
});

interface Streams {
  readonly stdin?: string;
  /** Appended to, as `>>` does. */
  readonly stdout?: string;
}

function rill(
  args: readonly string[],
  { stdin, stdout }: Streams = {},
): { code: number | null; stderr: string } {
  const open = [
    stdin === undefined ? "ignore" : openSync(join(folder, stdin), "r"),
    stdout === undefined ? "ignore" : openSync(join(folder, stdout), "a"),
  ] as const;
  const { status, stderr } = spawnSync(process.execPath, [join(packageRoot, "bin", "rill.js"), ...args], {
    cwd: folder,
    stdio: [...open, "pipe"],
  });
  for (const file of open) if (typeof file === "number") closeSync(file);
  return { code: status, stderr: stderr.toString() };
}

function double(...args: readonly string[]): string[] {
  return ["run", core, "--call", "my:test/i#double", ...args];
}

/** [what, arguments, streams] */
const refused: readonly (readonly [string, () => readonly string[], Streams])[] = [
  ["the same name", () => double("--in", "x=F.bin", "--out", "F.bin"), {}],
  ["another spelling", () => double("--in", "x=F.bin", "--out", "./sub/../F.bin"), {}],
  ["a symbolic link", () => double("--in", "x=F.bin", "--out", "sub/soft.bin"), {}],
  ["links to links, on both sides", () => double("--in", "x=softer.bin", "--out", "sub/soft.bin"), {}],
  ["a hard link", () => double("--in", "x=F.bin", "--out", "hard.bin"), {}],
  ["on WAMR", () => double("--in", "x=F.bin", "--out", "hard.bin", "--host", "wamr"), {}],
  ["standard input from it", () => double("--in", "x=-", "--out", "F.bin"), { stdin: "F.bin" }],
  ["standard output into it", () => double("--in", "x=F.bin", "--out", "-"), { stdout: "F.bin" }],
  ["standard output into it, without --out", () => double("--in", "x=F.bin"), { stdout: "hard.bin" }],
  ["both", () => double("--in", "x=-", "--out", "-"), { stdin: "F.bin", stdout: "F.bin" }],
  ["the document of --json", () => double("--in", "x=F.bin", "--json"), { stdout: "F.bin" }],
  ["two outputs", () => double("--in", "x=hard.bin", "--out", "o.bin", "--json"), { stdout: "o.bin" }],
  ["on a board", () => ["flash", core, "--board", "lm3s811evb", "--in", "x=F.bin", "--out", "hard.bin"], {}],
];

for (const [what, args, streams] of refused) {
  test(`refused: ${what}`, () => {
    const { code, stderr } = rill(args(), streams);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /^rill: .*(?:is the same file as|is where standard output goes).*\n$/);
    assert.deepEqual(new Uint8Array(readFileSync(join(folder, "F.bin"))), items);
  });
}

test("the module is no output either, for any command that writes one", () => {
  const module = readFileSync(core);
  const copy = join(folder, "copy.bin");
  writeFileSync(copy, module);
  for (const args of [
    ["run", copy, "--call", "my:test/i#double", "--in", "x=F.bin", "--out", copy],
    ["pack", copy, "--format", "bin", "-o", copy],
    ["report", copy, "--html", copy],
    ["report", copy, "--c-header", copy],
    ["report", core, "--diff", copy, "--html", copy],
  ]) {
    const { code, stderr } = rill(args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, /is the same file as/);
    assert.ok(readFileSync(copy).equals(module));
  }
});

test(
  "what the file has of its own stays: permissions, symbolic links, hard links",
  { skip: isWindows },
  () => {
    const target = join(folder, "o.bin");
    writeFileSync(target, "before, and longer than what comes");
    chmodSync(target, 0o640);
    symlinkSync("o.bin", join(folder, "to-o.bin"));
    assert.equal(rill(double("--in", "x=F.bin", "--out", "to-o.bin")).code, 0);
    assert.ok(lstatSync(join(folder, "to-o.bin")).isSymbolicLink());
    assert.equal(statSync(target).mode & 0o777, 0o640);
    assert.deepEqual([...readFileSync(target)], doubled);
    linkSync(target, join(folder, "also-o.bin"));
    assert.equal(rill(double("--in", "x=F.bin", "--out", "o.bin", "--limit", "1")).code, 0);
    assert.deepEqual([...readFileSync(join(folder, "also-o.bin"))], doubled.slice(0, 4));
    assert.equal(statSync(target).nlink, 2);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.endsWith(".half")),
      [],
    );
  },
);

test("a link to nothing makes the file that it names", { skip: isWindows }, () => {
  symlinkSync("sub/new.bin", join(folder, "dangling.bin"));
  assert.equal(rill(double("--in", "x=F.bin", "--out", "dangling.bin")).code, 0);
  assert.deepEqual([...readFileSync(join(folder, "sub", "new.bin"))], doubled);
});

test("devices are written through, and are devices afterwards", { skip: isWindows }, () => {
  symlinkSync("/dev/null", join(folder, "null.bin"));
  symlinkSync("/dev/null", join(folder, "null.html"));
  for (const args of [
    double("--in", "x=F.bin", "--out", "null.bin"),
    ["pack", core, "--format", "bin", "-o", "null.bin"],
    ["report", core, "--html", "null.html"],
  ]) {
    const { code, stderr } = rill(args);
    assert.equal(code, 0, stderr);
    assert.ok(statSync("/dev/null").isCharacterDevice());
  }
});

test("standard output's own name is written where the shell has it", { skip: isWindows }, () => {
  symlinkSync("/dev/stdout", join(folder, "stdout.bin"));
  writeFileSync(join(folder, "o.bin"), "head");
  assert.equal(rill(double("--in", "x=F.bin", "--out", "stdout.bin"), { stdout: "o.bin" }).code, 0);
  assert.deepEqual([...readFileSync(join(folder, "o.bin"))], [...Buffer.from("head"), ...doubled]);
});

test("a start that fails leaves the output as it was", () => {
  writeFileSync(join(folder, "o.bin"), "before");
  writeFileSync(join(folder, "bad.jsonl"), "1\nx\n");
  for (const more of [
    ["--in", "x=bad.jsonl"],
    ["--in", "x=none.bin"],
    ["--in", "x=F.bin", "--host", "jvm"],
  ]) {
    assert.equal(rill(double(...more, "--out", "o.bin")).code, 2);
    assert.equal(readFileSync(join(folder, "o.bin"), "utf8"), "before");
  }
});

test("an empty result replaces what was there", () => {
  writeFileSync(join(folder, "o.bin"), "before");
  assert.equal(rill(double("--in", "x=F.bin", "--limit", "0", "--out", "o.bin")).code, 0);
  assert.equal(readFileSync(join(folder, "o.bin")).length, 0);
});
