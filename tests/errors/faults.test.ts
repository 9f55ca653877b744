/**
 * Input that only a later stage refuses, and faults of our own: one line, the right exit code, never a stack.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { endingOf } from "../../tools/errors/last-resort.js";
import { CheckFailure, UserError } from "../../tools/errors/user-error.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { generateBindings } from "../../tools/bindgen/generate.js";
import { withModule } from "../../tools/compile/optimize.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { embedWorld } from "../../tools/wit/component.js";
import { EMPTY_MODULE } from "../../tools/wit/wasm-tools.js";
import { rill } from "./rill.js";

const folder = mkdtempSync(join(tmpdir(), "rill-faults-"));
after(() => {
  rmSync(folder, { recursive: true });
});

function wit(text: string): string {
  const path = join(folder, "w.wit");
  writeFileSync(path, text);
  return path;
}

const labels = (count: number): string => Array.from({ length: count }, (_, index) => `l${index}`).join(", ");
const flags = (count: number): string =>
  `package t:t;\ninterface i {\n  flags big { ${labels(count)} }\n  a: func() -> big;\n}\nworld w { export i; }\n`;

test("flags of more than 32 labels are refused where they stand; 32 are bound", async () => {
  for (const count of [33, 64, 300])
    await assert.rejects(resolveWorld(wit(flags(count))), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        new RegExp(`w\\.wit:3:9: the flags big have ${count} labels, and .* at most 32`),
      );
      return true;
    });
  assert.ok(generateBindings(await resolveWorld(wit(flags(32)))).size > 0);
});

test("a module with such flags in its types is refused too", async () => {
  const core = await embedWorld(EMPTY_MODULE, wit(flags(33)));
  assert.throws(
    () => moduleWorld("x.core.wasm", core),
    /^UserError: x\.core\.wasm: its types are damaged, or .*33 labels/,
  );
});

test("types that are cut off or changed, and a module that is not valid: what is wrong, and at which byte", async () => {
  const core = Buffer.from(await embedWorld(EMPTY_MODULE, wit(flags(3))));
  const start = core.indexOf("component-type");
  let damaged = 0;
  for (let at = start + 30; at < core.length; at++) {
    const changed = Uint8Array.from(core);
    changed[at] = changed[at]! ^ 0xff;
    try {
      moduleWorld("x.core.wasm", changed);
    } catch (error) {
      assert.ok(error instanceof UserError);
      damaged++;
    }
  }
  assert.ok(damaged > 20);
  const path = join(folder, "x.core.wasm");
  writeFileSync(path, core.subarray(0, core.length - 5));
  for (const command of ["run", "fit"]) {
    const board = command === "fit" ? ["--board", "microbit"] : [];
    const { code, stderr } = rill(folder, [command, path, ...board]);
    assert.equal(code, 2);
    assert.match(stderr, /x\.core\.wasm is not a valid WebAssembly module: .* at byte \d+\n$/);
  }
});

test("a sync function by the name of what the module exports itself is refused; an async one, or one of an interface, is not", async () => {
  const world = (items: string): string => wit(`package t:m;\nworld w {\n  ${items}\n}\n`);
  for (const items of [
    "export memory: func();",
    "export a: func();\n  export %memory: func(x: string) -> string;",
  ])
    await assert.rejects(resolveWorld(world(items)), (error: Error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /w\.wit:[34]:10: the world t:m\/w exports a function memory, .*another name/,
      );
      return true;
    });
  for (const items of [
    "export memory: async func();",
    "import memory: func();\n  export a: func();",
    "export memory: interface { memory: func(); }",
  ])
    assert.equal((await resolveWorld(world(items))).id, "t:m/w");
});

test("names that a component takes for one are refused in every scope, at the second; names of two scopes are not", async () => {
  const scopes: readonly (readonly [items: string, first: string, second: string])[] = [
    ["foo-bar: func(); foobar: func();", "foo-bar", "foobar"],
    ["f: func(a: u8, A: u8);", "a", "A"],
    ["record r { a-b: u8, c: u8, ab: u8 } f: func(x: r);", "a-b", "ab"],
    ["enum r { a-b, ab } f: func(x: r);", "a-b", "ab"],
    ["flags r { ab, a-b } f: func(x: r);", "ab", "a-b"],
    ["variant r { a-b(u8), ab } f: func(x: r);", "a-b", "ab"],
    ["enum e-x { a } enum ex { a } f: func(x: e-x, y: ex);", "e-x", "ex"],
    ["resource r { a-b: func(); ab: static func(); }", "a-b", "ab"],
    ["resource r-x; rx: func();", "r-x", "rx"],
  ];
  for (const [items, first, second] of scopes)
    for (const side of ["import", "export"])
      await assert.rejects(
        resolveWorld(wit(`package t:t;\ninterface i {\n${items}\n}\nworld w { ${side} i; }\n`)),
        new RegExp(
          `^UserError: .*w\\.wit:3:\\d+: (${first} and ${second}|${second} and ${first}) are one name`,
        ),
        items,
      );
  await assert.rejects(
    resolveWorld(
      wit("package t:t;\nworld w {\n  export foo-bar: func();\n  export foobar: async func();\n}\n"),
    ),
    /w\.wit:4:10: foo-bar and foobar are one name/,
  );
  await resolveWorld(
    wit(
      "package t:t;\ninterface i { resource r { a-b: func(ab: u8); } ab: func(a-b: u8); }\n" +
        "world w { import foo-bar: func(); export foobar: func(); import i; export i; }\n",
    ),
  );
});

test("types nested sixty deep are laid out, each once", async () => {
  const type = `${"option<".repeat(60)}u8${">".repeat(60)}`;
  const path = wit(`package t:t;\nworld w { export a: func(x: ${type}) -> ${type}; }\n`);
  assert.ok(generateBindings(await resolveWorld(path)).size > 0);
});

test("what Binaryen throws becomes an error", () => {
  assert.throws(
    () => withModule("(module (func) (export", () => null),
    /^Error: the build made text that Binaryen refuses: .+/,
  );
});

test("each sort of error has its exit code and text; what is ours has the command and where to report it", () => {
  const args = ["build", "a file.ts", "--wit", "it's"];
  assert.deepEqual(endingOf(new CheckFailure("over budget"), args), { text: "over budget", exitCode: 1 });
  assert.deepEqual(endingOf(new UserError("no such file"), args), { text: "no such file", exitCode: 2 });
  const ours = [
    new TypeError("x is\nnot a function"),
    { cC: 1, message: "duplicate" },
    "text",
    7,
    null,
    undefined,
    Symbol("s"),
  ];
  for (const thrown of ours) {
    const { text, exitCode } = endingOf(thrown, args);
    assert.equal(exitCode, 70);
    assert.match(
      text,
      /^an error in as-rill: .+; it happens with: rill build 'a file\.ts' --wit 'it'\\''s' \(--debug/,
    );
    assert.match(text, /please report it: https:\/\/\S+$/);
    assert.doesNotMatch(text, /\n|^ {4}at /);
  }
});

test("a refusal of the system that nobody put into words is the user's to mend; a closed descriptor is not", () => {
  const refusal = (code: string, more: object): Error =>
    Object.assign(new Error(`${code}: words for programmers, open 'x'`), { code, syscall: "open", ...more });
  assert.deepEqual(endingOf(refusal("EACCES", { path: "x" }), []), {
    text: "x: cannot be opened: permission denied",
    exitCode: 2,
  });
  assert.equal(
    endingOf(refusal("ENOSPC", { syscall: "write" }), []).text,
    "a file: cannot be written: no space is left on the disk",
  );
  assert.equal(
    endingOf(refusal("ENOENT", { syscall: "spawn cc", path: "cc" }), []).text,
    "cc: cannot be started: no such file or folder",
  );
  assert.equal(endingOf(refusal("EBADF", {}), []).exitCode, 70);
});

/** Runs a real command, into which `program` has been let before it begins. */
function broken(program: string, ...args: readonly string[]): ReturnType<typeof rill> {
  const path = join(folder, "broken.mjs");
  writeFileSync(path, program);
  return rill(folder, ["report", "--schema", ...args], { NODE_OPTIONS: `--import=${path}` });
}

test("what nobody catches: one line, exit 70; the stack with --debug", () => {
  const faults = [
    "setImmediate(() => { throw new Error('late'); });",
    "setImmediate(() => { throw { raw: 'late' }; });",
    "void Promise.reject(new Error('late'));",
    "void Promise.reject({ raw: 'late' });",
    "throw new Error('late');",
  ];
  const whenItWrites = (fault: string): string =>
    `const write = process.stdout.write.bind(process.stdout);
    process.stdout.write = (text) => { ${fault} return write(text); };`;
  for (const fault of faults) {
    const { code, stderr } = broken(whenItWrites(fault));
    assert.equal(code, 70, `${fault}\n${stderr}`);
    assert.match(stderr, /^rill: an error in as-rill: .*late.*; it happens with: rill report --schema .*\n$/);
  }
  const { code, stderr } = broken(whenItWrites(faults.at(-1)!), "--debug");
  assert.equal(code, 70);
  assert.match(stderr, /\n {4}at /);
});
