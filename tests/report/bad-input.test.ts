import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { UserError } from "../../tools/errors/user-error.js";
import { WasmFormatError } from "../../tools/wasm/byte-reader.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { analyse } from "../../tools/report/build-report.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { compile, file, folder, reportOf, rill, wat } from "./rill.js";
import { join } from "node:path";

const SMALL = wat(`(module (memory (export "memory") 1) (data (i32.const 8) "abc")
  (func (export "run") (param i32) (result i32) (i32.load offset=4 (local.get 0))))`);

/** One message on stderr, nothing on stdout, exit 2. */
function refuses(message: RegExp, ...args: string[]): void {
  const { code, stdout, stderr } = rill("report", ...args);
  assert.equal(code, 2, stderr);
  assert.equal(stdout, "");
  assert.match(stderr, message);
  assert.equal(stderr.trimEnd().split("\n").length, 1, `one message: ${stderr}`);
}

test("an empty file", () => {
  refuses(/empty\.wasm is empty/, file("empty.wasm", ""));
});

test("a file that is not there, a folder, a text", () => {
  refuses(/no such file/, join(folder, "nothing.wasm"));
  refuses(/is a folder/, folder);
  refuses(/is WebAssembly text; turn it into a binary/, file("text.wat", "(module)"));
  refuses(/is not WebAssembly/, file("readme.wasm", "just some prose that is long enough"));
});

test("a file that ends in its header", () => {
  refuses(/is cut off after 5 bytes/, file("five.wasm", SMALL.subarray(0, 5)));
});

test("every truncation of a module is refused with its place, or is a shorter module", () => {
  let refused = 0;
  for (let length = 9; length < SMALL.length; length++) {
    try {
      readModule(SMALL.slice(0, length));
    } catch (error) {
      refused++;
      assert.ok(error instanceof WasmFormatError, `${length}: ` + String(error));
      assert.ok(error.offset <= length);
    }
  }
  // A module that ends where a section does is whole.
  const sections = readModule(SMALL).sections.length;
  assert.ok(refused >= SMALL.length - 9 - sections, `${refused} of ${SMALL.length - 9} are refused`);
  refuses(
    /is a damaged WebAssembly module: .* at byte \d+ \(0x/,
    file("cut.wasm", SMALL.subarray(0, SMALL.length >> 1)),
  );
});

test("changed bytes never do worse than a message", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(SMALL.length - 9), fc.nat(255)), { minLength: 1, maxLength: 6 }),
      (changes) => {
        const bytes = Uint8Array.from(SMALL);
        for (const [at, value] of changes) bytes[8 + at] = value;
        try {
          analyse({ path: "x.wasm", bytes, module: readModule(bytes), inside: null }, { sourceMap: false });
        } catch (error) {
          if (!(error instanceof WasmFormatError || error instanceof UserError)) throw error;
        }
      },
    ),
    { numRuns: 3000 },
  );
});

test("a component: says what it is and offers to look inside", async () => {
  const built = await buildGuest({
    entry: join(packageRoot, "tests/guests/double/double.ts"),
    wit: join(packageRoot, "tests/guests/double/double.wit"),
    outDir: folder,
    component: true,
  });
  const path = built.componentPath!;
  refuses(
    /is a component, not a core module: it holds \d+ core modules?: 0 \([\d,]+ bytes\).*look inside with --core \d+/,
    path,
  );
  refuses(/has no core module 99/, path, "--core", "99");
  const inside = reportOf(path, "--core", "0");
  assert.match(inside.file, /core module 0/);
  assert.ok(inside.file_bytes < readFileSync(path).length);
});

test("a source map of another build", async () => {
  const source = (body: string): string =>
    `export function f(a: i32): i32 { ${body} }\nexport function g(a: i32): i32 { return f(a) + f(a + 1); }`;
  const one = await compile("map-one", source("return a * 3;"));
  const two = await compile(
    "map-two",
    source("let s = 0; for (let i = 0; i < a; i++) s += i * a; return s;"),
    "-O1",
  );
  refuses(
    /source map .*map-two\.wasm\.map does not match this module: it maps byte \d+/,
    one,
    "--source-map",
    `${two}.map`,
  );
  assert.equal(reportOf(one, "--no-source-map").sources.length, 0);
  assert.ok(reportOf(one).sources.length > 0);
  refuses(/is not a source map/, one, "--source-map", file("broken.map", "{"));
  refuses(/cannot read the source map/, one, "--source-map", join(folder, "nowhere.map"));
});

test("bad usage", () => {
  refuses(/name the core module/);
  refuses(
    /--core: write a whole number of core modules, from 0 to 999, not x/,
    file("small.wasm", SMALL),
    "--core",
    "x",
  );
  refuses(/exclude each other/, file("small.wasm", SMALL), "--json", "--markdown");
  refuses(/--device takes classic, fast or native/, file("small.wasm", SMALL), "--device", "turbo");
  refuses(/running needs a module with its WIT inside/, file("small.wasm", SMALL), "--run");
});
