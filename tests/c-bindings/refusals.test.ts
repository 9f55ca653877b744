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
    "a stream that is no task's",
    "export b: interface {\n  f: func(x: stream<u8>);\n}",
    /:4:3: b, func f, param x: [^;]* the type stream<u8> here; make it a parameter or the result of an async/,
  ],
  [
    "a future in a record",
    "import a: interface {\n  record r {\n    l: future<u8>\n  }\n  f: func() -> r;\n}",
    /:7:3: a, func f, result: [^;]* a future inside of record r; make it a parameter or the result itself$/,
  ],
  [
    "a stream of nothing",
    "export f: async func(x: stream);",
    /:3:8: t:t\/w, func f, param x: [^;]* a stream without element type; give it one, `stream<u8>`$/,
  ],
  [
    "items that are strings",
    "export f: async func() -> stream<string>;",
    /:3:8: t:t\/w, func f, result: [^;]* items of the type string; pass bytes, `stream<u8>`,/,
  ],
  [
    "a future that is a string",
    "export b: interface {\n  g: func();\n  f: async func(x: future<string>);\n}",
    /:5:3: b, func f, param x: [^;]* a future of the type string; let an async function answer with the value$/,
  ],
  [
    "a stream that an async function answers with",
    "import f: async func() -> stream<u8>;",
    /:3:8: t:t\/w, func f, result: [^;]* a stream as the result of an imported async function; leave the function's `async` out/,
  ],
];

for (const [what, item, error] of refused)
  test(`${what}: at its place`, async () => {
    const path = join(folder, "w.wit");
    writeFileSync(path, `package t:t;\nworld w {\n${item}\n}\n`);
    await assert.rejects(writeBindings(path, join(folder, "out")), (thrown: Error) => {
      assert.match(thrown.message, error);
      assert.match(
        thrown.message,
        /^[^\n]*w\.wit:\d+:\d+: [^\n]*: bindings for C do not serve [^\n]*; [^\n]+$/,
      );
      return true;
    });
  });

test("lists of the guest's own that are lent to one of several tasks: at their place", async () => {
  const path = join(folder, "lent.wit");
  writeFileSync(
    path,
    "package t:t;\nworld w {\n  export a: interface {\n    resource r;\n    g: async func(x: list<r>, y: list<borrow<r>, 2>);\n" +
      "    f: async func(x: option<list<borrow<r>>>);\n  }\n}\n",
  );
  await writeBindings(path, join(folder, "lent"));
  await assert.rejects(writeBindings(path, join(folder, "lent"), { sideBySide: { calls: null, tasks: 2 } }), {
    message: `${path}:6:5: a, func f, param x: bindings for C do not serve lists of the guest's own resources that are lent to calls side by side; pass an array, \`list<T, N>\`, hand them over, \`own\`, or leave --tasks out`,
  });
});

test("from the command line: exit code 2, and not a file", () => {
  writeFileSync(join(folder, "w.wit"), "package t:t;\nworld w { export f: async func(x: future); }\n");
  const args = [join(packageRoot, "bin", "rill.js"), "bindgen", "w.wit", "--host", "c", "-o", "none"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^rill: w\.wit:2:18: t:t\/w, func f, param x: bindings for C do not serve a future without element type; give it one, `future<u8>`\n$/,
  );
  assert.ok(!existsSync(join(folder, "none")));
});

test("rill pack refuses a guest that imports what is not served", async () => {
  const wit = join(folder, "asking.wit");
  writeFileSync(
    wit,
    "package t:t;\nworld asking { import f: async func(x: future); export g: async func(); }\n",
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
    /asking\.core\.wasm imports "\$root" "\[async-lower\]f": param x: bindings for C do not serve a future without element type; give it one/,
  );
  assert.ok(!existsSync(join(folder, "packed")));
});
