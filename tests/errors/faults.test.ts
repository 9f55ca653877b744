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
