/**
 * Files that the system refuses to read or write: exit 2 with one line that names the file
 * and the reason, and nothing half-written.
 */
import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { copyGuest, rill, rillTo, type Ended } from "./rill.js";

const folder = mkdtempSync(join(tmpdir(), "rill-files-"));
const long = "x".repeat(300);

before(() => {
  copyGuest("double", folder);
  writeFileSync(join(folder, "file"), "mine\n");
  mkdirSync(join(folder, "folder"));
  symlinkSync("circle", join(folder, "circle"));
  assert.equal(rill(folder, ["build", "double.ts", "--wit", "double.wit", "-o", "out"]).code, 0);
  assert.equal(rill(folder, ["budget", "out/double.core.wasm", "--update"]).code, 0);
});

after(() => {
  rmSync(folder, { recursive: true });
});

function refused({ code, stdout, stderr }: Ended, reason: RegExp): void {
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, /^rill: [^\n]+\n$/);
  assert.match(stderr, reason);
}

const core = "out/double.core.wasm";
/** Each command that writes, up to the path. */
const writers: Readonly<Record<string, readonly string[]>> = {
  build: ["build", "double.ts", "--wit", "double.wit", "-o"],
  bindgen: ["bindgen", "double.wit", "-o"],
  skeleton: ["bindgen", "double.wit", "-o", "bindings", "--skeleton"],
  init: ["init"],
  budget: ["budget", core, "--update", "--file"],
  pack: ["pack", core, "--format", "bin", "-o"],
  html: ["report", core, "--html"],
  header: ["report", core, "--c-header"],
};
/** Where nothing can be written, and why. A name of `init` has to name a WIT package too. */
const places: Readonly<Record<string, readonly [path: string, reason: RegExp]>> = {
  "under a file": [
    "file/new",
    /file.*: a part of the path is a file|file.*: something of that name exists already/,
  ],
  "a name that is too long": [long, /: the name is too long/],
  "links in a circle": ["circle/new", /circle.*: its links lead in a circle/],
  "a folder that takes no files": [
    "/proc/new",
    /\/proc.*: (?:no such file or folder|permission denied|.*not permitted)/,
  ],
};

function refusedAt(command: string, place: string): void {
  const [path, reason] = places[place]!;
  const before = readdirSync(folder);
  refused(rill(folder, [...writers[command]!, path]), reason);
  assert.deepEqual(readdirSync(folder), before);
}

for (const command of Object.keys(writers))
  test(`${command}: under a file`, () => {
    refusedAt(command, "under a file");
  });
for (const place of Object.keys(places))
  for (const command of ["bindgen", "header"])
    test(`${command}: ${place}`, () => {
      refusedAt(command, place);
    });

for (const command of ["budget", "pack", "html", "header"]) {
  test(`${command}: a folder`, () => {
    refused(
      rill(folder, [...writers[command]!, "folder"]),
      /folder: cannot be (?:written|read): it is a folder/,
    );
  });
  test(`${command}: a full disk`, () => {
    refused(
      rill(folder, [...writers[command]!, "/dev/full"]),
      /\/dev\/full.*(?:no space is left|it is a device)/,
    );
    assert.ok(statSync("/dev/full").isCharacterDevice());
  });
}

test("build and bindgen: -o names a file", () => {
  for (const command of ["build", "bindgen"])
    refused(
      rill(folder, [...writers[command]!, "file"]),
      /file: the folder cannot be made: something of that name/,
    );
  assert.equal(readFileSync(join(folder, "file"), "utf8"), "mine\n");
});

test("standard output that is full", () => {
  refused(
    rillTo("/dev/full", folder, ["report", "--schema"]),
    /standard output: cannot be written: no space is left/,
  );
  refused(
    rillTo("/dev/full", folder, ["bindgen", "double.wit", "-o", "bindings"]),
    /standard output: cannot be written: no space is left/,
  );
});

/** Each command that reads, with a hole for the path. */
const readers: Readonly<Record<string, (path: string) => readonly string[]>> = {
  "build, the guest": (path) => ["build", path, "--wit", "double.wit", "-o", "none"],
  "build, the WIT": (path) => ["build", "double.ts", "--wit", path, "-o", "none"],
  "check, the guest": (path) => ["check", path, "--wit", "double.wit"],
  "bindgen, the WIT": (path) => ["bindgen", path, "-o", "none"],
  report: (path) => ["report", path],
  "report, the other build": (path) => ["report", core, "--diff", path],
  "report, the budget": (path) => ["report", core, "--budget", path],
  "report, the source map": (path) => ["report", core, "--source-map", path],
  budget: (path) => ["budget", path],
  "budget, its file": (path) => ["budget", core, "--file", path],
  "run, the module": (path) => ["run", path, "--call", "my:test/i#double", "--in", "x=file"],
  "run, the items": (path) => ["run", core, "--call", "my:test/i#double", "--in", `x=${path}`],
  pack: (path) => ["pack", path, "--format", "bin", "-o", "none"],
  flash: (path) => ["flash", path, "--board", "microbit"],
  conform: (path) => ["conform", "--host", "v8", path],
};
for (const [what, args] of Object.entries(readers)) {
  const paths =
    what === "report" ? ["gone.wasm", "folder", "file/x", long, "circle", "/dev/zero"] : ["folder", "circle"];
  test(`${what}: what cannot be read`, () => {
    const before = readdirSync(folder);
    for (const path of paths) refused(rill(folder, args(path)), new RegExp(path.slice(0, 20)));
    assert.deepEqual(readdirSync(folder), before);
  });
}

test("a guest that imports a folder", () => {
  mkdirSync(join(folder, "odd.ts"));
  writeFileSync(
    join(folder, "imports.ts"),
    'import { x } from "./odd";\nexport function f(): void { x(); }\n',
  );
  const { code, stderr } = rill(folder, ["build", "imports.ts", "--wit", "double.wit", "-o", "none"]);
  assert.equal(code, 2, stderr);
  assert.doesNotMatch(stderr, /EISDIR|an error in as-rill/);
});

test("a temporary folder that is not there", () => {
  const args = [
    "run",
    core,
    "--call",
    "my:test/i#double",
    "--in",
    "x=-",
    "--format",
    "csv",
    "--host",
    "wamr",
  ];
  refused(
    rill(folder, args, { TMPDIR: join(folder, "gone") }),
    /gone\/rill-.*: cannot be written: no such file or folder/,
  );
});

test("a link is written through, and a pipe", () => {
  writeFileSync(join(folder, "page.html"), "");
  symlinkSync("page.html", join(folder, "link.html"));
  assert.equal(rill(folder, ["report", core, "--html", "link.html"]).code, 0);
  assert.match(readFileSync(join(folder, "page.html"), "utf8"), /<html/);
  assert.equal(
    readFileSync(join(folder, "link.html"), "utf8"),
    readFileSync(join(folder, "page.html"), "utf8"),
  );
  const piped = rill(folder, ["report", core, "--c-header", "/dev/stdout"]);
  assert.equal(piped.code, 0, piped.stderr);
  assert.match(piped.stdout, /#define RILL_DOUBLE_/);
});

test("a guest whose folder takes no bindings is built without, and says so; --no-bindings writes none", () => {
  const place = join(folder, "sources");
  copyGuest("double", place);
  writeFileSync(join(place, "bindings"), "a file in the way\n");
  const args = ["build", "sources/double.ts", "--wit", "sources/double.wit", "-o", "elsewhere"];
  const noted = rill(folder, args);
  assert.equal(noted.code, 0, noted.stderr);
  assert.match(noted.stderr, /^rill: note: .*bindings.*; built without bindings \(--no-bindings/);
  rmSync(join(place, "bindings"));
  const quiet = rill(folder, [...args, "--no-bindings"]);
  assert.deepEqual([quiet.code, quiet.stderr], [0, ""]);
  assert.deepEqual(readdirSync(place), ["double.ts", "double.wit"]);
});
