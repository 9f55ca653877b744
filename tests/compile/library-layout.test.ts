/** The figures that the tools have of the library's structs are those that asc has. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compileGuest } from "../../tools/compile/compile.js";
import { ENTRY_NAME } from "../../tools/compile/guest-module.js";
import { withModule } from "../../tools/compile/optimize.js";
import { packageRoot } from "../../tools/package-root.js";
import * as layout from "../../tools/source/library-layout.js";

/** Of each figure: the file of the library that knows it, and how it is asked for there. */
const asked: Record<keyof typeof layout, readonly (readonly [file: string, expression: string])[]> = {
  OPERATION_BYTES: [
    ["operation.ts", "SLOT_OFFSET"],
    ["landing.ts", "offsetof<LandingOperation>()"],
  ],
  END_OFFSET: [["ends.ts", "END_OFFSET"]],
  SUBTASK_BYTES: [["task/subtask.ts", "offsetof<Subtask>()"]],
  ARENA_SUBTASK_BYTES: [["task/arena-subtask.ts", "offsetof<ArenaSubtask>()"]],
  EVENT_BYTES: [["task/waiting.ts", "WAITABLE_SET - EVENT"]],
};

for (const [name, places] of Object.entries(asked))
  for (const [file, expression] of places)
    test(`${name} is ${expression} in ${file}`, async () => {
      const answer = await answerOf(file, expression);
      assert.equal(answer, layout[name as keyof typeof layout]);
    });

/** What `expression` comes to behind the text of a file of the library, built as a guest is. */
async function answerOf(file: string, expression: string): Promise<number> {
  const path = `assembly/${file}`;
  const question = `\nexport function answer(): u32 {\n  return u32(${expression});\n}\n`;
  const { text } = await compileGuest({
    baseDir: packageRoot,
    shownDir: packageRoot,
    entryName: ENTRY_NAME,
    entrySource: `export { answer } from "as-rill/${path.replace(/\.ts$/, "")}";\n`,
    virtualFiles: new Map([
      [`node_modules/as-rill/${path}`, readFileSync(join(packageRoot, path), "utf8") + question],
    ]),
  });
  const module = withModule(text, (made) => new WebAssembly.Module(new Uint8Array(made.emitBinary())));
  const nothing = new Proxy({}, { get: () => () => 0 });
  const imports = WebAssembly.Module.imports(module).map((wanted) => [wanted.module, nothing]);
  const { exports } = new WebAssembly.Instance(module, Object.fromEntries(imports) as WebAssembly.Imports);
  return (exports.answer as () => number)();
}
