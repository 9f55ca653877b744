/**
 * Options that do not fit: one shape of message, the command's own help, exit 2;
 * what would change nothing is said.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { copyGuest, rill } from "./rill.js";

const folder = mkdtempSync(join(tmpdir(), "rill-usage-"));
const core = "double.core.wasm";
const two = "two.core.wasm";

before(async () => {
  copyGuest("double", folder);
  const wit = join(folder, "double.wit");
  await buildGuest({ entry: join(folder, "double.ts"), wit, outDir: folder });
  writeFileSync(
    join(folder, "two.wit"),
    "package t:two;\nworld w {\n  export a: func(x: u32) -> u32;\n  export b: async func();\n  export c: async func();\n}\n",
  );
  writeFileSync(join(folder, "two.ts"), twoGuest);
  await buildGuest({ entry: join(folder, "two.ts"), wit: join(folder, "two.wit"), outDir: folder });
  writeFileSync(join(folder, "in.csv"), "x\n1\n2\n");
});

const twoGuest = `import { b, c } from "./bindings/w";
export function a(x: u32): u32 {
  return x;
}
export function runB(task: b.Task): void {
  task.resolve();
}
export function runC(task: c.Task): void {
  task.resolve();
}
`;

after(() => {
  rmSync(folder, { recursive: true });
});

function refused(args: readonly string[], message: RegExp): void {
  const { code, stdout, stderr } = rill(folder, args);
  assert.equal(code, 2, `${args.join(" ")}: ${stderr}`);
  assert.equal(stdout, "");
  assert.match(stderr, /^rill: [^\n]+\n$/);
  assert.match(stderr, message);
}

const commands = [
  "bindgen",
  "budget",
  "build",
  "check",
  "conform",
  "fit",
  "flash",
  "init",
  "pack",
  "report",
  "run",
];

test("usage errors have the shape of all others, and name the command's own help", () => {
  refused(["nonsense"], /^rill: unknown command 'nonsense'; see rill --help\n$/);
  refused(["rnu"], /^rill: unknown command 'rnu'; did you mean run\?; see rill --help\n$/);
  for (const command of commands)
    refused([command, "--nonsense"], new RegExp(`; see rill ${command} --help\\n$`));
  refused(["run"], /^rill: missing required argument 'core\.wasm'; see rill run --help\n$/);
  refused(["report", core, "--htlm", "x"], /did you mean --html\?; see rill report --help/);
  refused(["init", "a", "b"], /too many arguments.*; see rill init --help/);
});

test("every command has the options of all: --cache, --debug, --version", () => {
  for (const command of commands)
    assert.match(rill(folder, [command, "--help"]).stdout, /--cache <folder>[^]*--debug/);
  refused(["report", core, "--cache", ""], /--cache: name a folder/);
});

const numbers: Readonly<Record<string, readonly string[]>> = {
  "run --limit": ["run", core, "--in", "x=in.csv", "--limit"],
  "flash --limit": ["flash", core, "--board", "microbit", "--limit"],
  "flash --rate": ["flash", core, "--board", "microbit", "--in", "x=in.csv", "--rate"],
  "report --limit": ["report", core, "--run", "--in", "x=in.csv", "--limit"],
  "report --core": ["report", core, "--core"],
  "check --items": ["check", "double.ts", "--wit", "double.wit", "--items"],
  "check --random": ["check", "double.ts", "--wit", "double.wit", "--random"],
  "build --arena": ["build", "double.ts", "--wit", "double.wit", "-o", "out", "--arena"],
  "build --ends": ["build", "double.ts", "--wit", "double.wit", "-o", "out", "--ends"],
  "pack --address": ["pack", core, "--format", "hex", "-o", "x.hex", "--address"],
};
for (const [what, args] of Object.entries(numbers)) {
  test(`${what}: no other text than a number within its range`, () => {
    const option = args.at(-1)!;
    for (const text of ["-1", "NaN", "1e99"])
      refused([...args, text], new RegExp(`^rill: ${option}\\b.*${text}`));
  });
}
test("numbers of other forms: hexadecimal where nobody writes it so, signs, blanks, fractions, none, and more than can be counted", () => {
  for (const text of ["0x10", "+3", " 3", "1.5", "", "Infinity", "99999999999999999999"])
    refused(
      [...numbers["run --limit"]!, text],
      /^rill: --limit: write a whole number of items, 0 or more, not /,
    );
  for (const text of ["0b100", "1e3", " 4", ""])
    refused([...numbers["pack --address"]!, text], /^rill: --address/);
  for (const text of ["0x40", "64.0", "6e1"]) refused([...numbers["build --arena"]!, text], /^rill: --arena/);
});

const unused: readonly (readonly [RegExp, ...string[]])[] = [
  [/--core 3: double\.core\.wasm is a core module itself/, "report", core, "--core", "3"],
  [/--all is for the report as text/, "report", core, "--all", "--json"],
  [/--schema is of every report; leave out double/, "report", core, "--schema"],
  [/--call goes with --run or --device/, "report", core, "--call", "my:test/i#double"],
  [/--in goes with --run or --device/, "report", core, "--in", "x=in.csv"],
  [/--limit goes with --run or --device/, "report", core, "--limit", "3"],
  [
    /--features nope: double\.wit has no such feature; it has none/,
    "bindgen",
    "double.wit",
    "-o",
    "x",
    "--features",
    "nope",
  ],
  [/--features: name at least one feature/, "bindgen", "double.wit", "-o", "x", "--features", ","],
  [
    /--call-places is of bindings in C: add --host c; for a guest give it to rill build/,
    ..."bindgen double.wit -o x --call-places 2".split(" "),
  ],
  [
    /--tasks: write a whole number of tasks, from 1 to 1024, not 0/,
    ..."bindgen double.wit -o x --host c --tasks 0".split(" "),
  ],
  [/--features nope: /, "build", "double.ts", "--wit", "double.wit", "-o", "x", "--features", "nope"],
  [/--features nope: /, "check", "double.ts", "--wit", "double.wit", "--features", "nope"],
  [
    /--arena 64: the world my:test\/w has no strings/,
    "build",
    "double.ts",
    "--wit",
    "double.wit",
    "-o",
    "x",
    "--arena",
    "64",
  ],
  [
    /--ends 2: the world my:test\/w has no streams/,
    "build",
    "double.ts",
    "--wit",
    "double.wit",
    "-o",
    "x",
    "--ends",
    "2",
  ],
  [/--arena 64: /, "check", "double.ts", "--wit", "double.wit", "--arena", "64"],
  [/--seed goes with --random/, "check", "double.ts", "--wit", "double.wit", "--seed", "3"],
  [
    /--format is for items on standard input and output/,
    "run",
    core,
    "--in",
    "x=in.csv",
    "--out",
    "o.csv",
    "--format",
    "csv",
  ],
  [/--limit: a neither takes nor returns a stream/, "run", two, "--call", "a", "--in", "x=1", "--limit", "3"],
  [
    /--drive goes with --with uf2; openocd/,
    "flash",
    core,
    "--board",
    "microbit",
    "--with",
    "openocd",
    "--dry-run",
    "--drive",
    "x",
  ],
  [
    /--chip goes with --with probe-rs, openocd, esptool; uf2/,
    "flash",
    core,
    "--board",
    "x",
    "--with",
    "uf2",
    "--chip",
    "y",
  ],
];
for (const [message, ...args] of unused)
  test(`an option without use: rill ${args.join(" ")}`, () => {
    refused(args, message);
  });

test("without --call, several functions are named, by every command that runs one", () => {
  const choose = /--call[^\n]*: a, b, c\n$/;
  refused(["run", two], choose);
  refused(["report", two, "--run"], choose);
  refused(["flash", two, "--board", "microbit"], choose);
  refused(["pack", two, "--format", "bin", "-o", "x.bin"], /exports b, c, a: choose one with --call/);
  refused(["run", two, "--call", "d"], /--call d: the guest exports no such function; it exports a, b, c/);
});

test("without --call, the only function runs: run, report --run, a budget that names none", () => {
  const ran = rill(folder, ["run", core, "--in", "x=in.csv"]);
  assert.deepEqual([ran.code, ran.stdout], [0, "2\n4\n"], ran.stderr);
  const report = rill(folder, ["report", core, "--run", "--in", "x=in.csv", "--json"]);
  assert.equal((JSON.parse(report.stdout) as { run: { items_in: number } }).run.items_in, 2);
  writeFileSync(
    join(folder, "budget.json"),
    '{"version":1,"limits":{"instructions_per_item":1000},"run":{"in":["x=in.csv"]}}',
  );
  const checked = rill(folder, ["budget", core]);
  assert.equal(checked.code, 0, checked.stderr);
});

test("a budget whose run is none", () => {
  for (const run of ['{"in":"x=in.csv"}', '{"call":7}', '{"limit":-1}', '{"in":[3]}']) {
    writeFileSync(join(folder, "odd.json"), `{"version":1,"limits":{},"run":${run}}`);
    refused(["budget", core, "--file", "odd.json"], /odd\.json: "run" takes "call"/);
  }
  for (const text of ["null", "[]", "7", "{}"]) {
    writeFileSync(join(folder, "odd.json"), text);
    refused(["budget", core, "--file", "odd.json"], /odd\.json is not a budget of version 1/);
  }
});

test("features that are in the WIT are taken", () => {
  writeFileSync(
    join(folder, "more.wit"),
    "package t:t;\nworld w {\n  @unstable(feature = more)\n  export f: func();\n  export g: func();\n}\n",
  );
  assert.equal(rill(folder, ["bindgen", "more.wit", "-o", "more", "--features", "more"]).code, 0);
  refused(
    ["bindgen", "more.wit", "-o", "more", "--features", "more,less"],
    /--features less: .*it has more\n/,
  );
});
