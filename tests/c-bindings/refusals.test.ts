/** What bindings for C do not serve: one error with file and line, exit code 2, and nothing is written. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { writeBindings } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-refusals-"));
after(() => {
  rmSync(folder, { recursive: true });
});

/** One function at a time: of an imported interface, an exported one, or the world. */
const refused: readonly (readonly [what: string, wit: string, error: RegExp])[] = [
  [
    "an error-context in a record",
    "import a: interface {\n  record r {\n    l: option<error-context>\n  }\n  f: func() -> r;\n}",
    /:7:3: a, func f, result: [^;]* an error-context; pass a string$/,
  ],
  [
    "items that are error-contexts",
    "export b: interface {\n  g: func();\n  f: async func(x: future<error-context>);\n}",
    /:5:3: b, func f, param x: [^;]* an error-context; pass a string$/,
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
  writeFileSync(join(folder, "w.wit"), "package t:t;\nworld w { export f: async func(x: error-context); }\n");
  const args = [join(packageRoot, "bin", "rill.js"), "bindgen", "w.wit", "--host", "c", "-o", "none"];
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(
    stderr,
    /^rill: w\.wit:2:18: t:t\/w, func f, param x: bindings for C do not serve an error-context; pass a string\n$/,
  );
  assert.ok(!existsSync(join(folder, "none")));
});
