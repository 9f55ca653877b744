/** What bindings for C do not serve: one error with file and line, exit code 2, and nothing is written. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runPackNative } from "../../tools/native/pack-native.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { writeBindings } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-refusals-"));
after(() => {
  rmSync(folder, { recursive: true });
});

/** One function at a time: of an imported interface, an exported one, or the world. */
const refused: readonly (readonly [what: string, wit: string, error: RegExp])[] = [
  [
    "a string of an imported async function",
    "import a: interface {\n  f: async func(x: string);\n}",
    /:4:3: a, func f, param x: string,/,
  ],
  [
    "a list of strings",
    "import a: interface {\n  f: func(x: list<string>);\n}",
    /:4:3: a, func f, param x: list<string>,/,
  ],
  [
    "a list in a record",
    "import a: interface {\n  record r {\n    l: list<u8>\n  }\n  f: func() -> r;\n}",
    /:7:3: a, func f, result: record r,/,
  ],
  [
    "a future",
    "export b: interface {\n  g: func();\n  f: async func(x: future<u8>);\n}",
    /:5:3: b, func f, param x: future<u8>,/,
  ],
  [
    "a stream that is no task's",
    "import a: interface {\n  f: func(x: stream<u8>);\n}",
    /:4:3: a, func f, param x: stream<u8>,/,
  ],
  [
    "a stream of nothing",
    "export f: async func(x: stream);",
    /:3:8: t:t\/w, func f, param x: a stream without element type,/,
  ],
  [
    "items that are strings",
    "export f: async func() -> stream<string>;",
    /:3:8: t:t\/w, func f, result: items of the type string,/,
  ],
  [
    "a method",
    "import a: interface {\n  resource r {\n    m: func();\n  }\n}",
    /:5:5: a, func \[method\]r\.m: a function of the resource r,/,
  ],
  [
    "a resource",
    "import a: interface {\n  resource r;\n  f: func(x: borrow<r>);\n}",
    /:5:3: a, func f, param x: borrow<r>,/,
  ],
  [
    "seventeen parameters",
    `import f: func(${Array.from({ length: 17 }, (_, i) => `p${i}: u8`).join(", ")});`,
    /:3:8: t:t\/w, func f: more than 16 core values of parameters,/,
  ],
];

for (const [what, item, error] of refused)
  test(`${what}: at its place`, async () => {
    const path = join(folder, "w.wit");
    writeFileSync(path, `package t:t;\nworld w {\n${item}\n}\n`);
    await assert.rejects(writeBindings(path, join(folder, "out")), (thrown: Error) => {
      assert.match(thrown.message, error);
      assert.match(thrown.message, /^[^\n]*w\.wit:\d+:\d+: [^\n]*, which bindings for C do not serve yet$/);
      return true;
    });
  });

test("from the command line: exit code 2, and not a file", () => {
  writeFileSync(join(folder, "w.wit"), "package t:t;\nworld w { export f: async func(x: future<u8>); }\n");
  const args = [join(packageRoot, "bin", "rill.js"), "bindgen", "w.wit", "--host", "c", "-o", "none"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^rill: w\.wit:2:18: t:t\/w, func f, param x: future<u8>, which bindings for C do not serve yet\n$/,
  );
  assert.ok(!existsSync(join(folder, "none")));
});

test("rill pack refuses a guest that imports what is not served", async () => {
  const wit = join(folder, "asking.wit");
  writeFileSync(
    wit,
    "package t:t;\nworld asking { import f: async func(x: future<u8>); export g: async func(); }\n",
  );
  const entry = join(folder, "asking.ts");
  writeFileSync(
    entry,
    'import { f } from "./bindings/asking-import";\nimport { g } from "./bindings/asking";\n' +
      "export function runG(task: g.Task): void {\n  f.start();\n  task.resolve();\n}\n",
  );
  const { corePath } = await buildGuest({ entry, wit, outDir: join(folder, "asking") });
  await assert.rejects(
    runPackNative(corePath, { format: "native", output: join(folder, "packed") }),
    /asking\.core\.wasm imports "\$root" "\[async-lower\]f": param x: future<u8>, which bindings for C do not serve yet/,
  );
  assert.ok(!existsSync(join(folder, "packed")));
});
