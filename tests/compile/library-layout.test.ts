/** The figures that the tools have of the library's structs are those that asc has. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { isAbsolute, join } from "node:path";
import { test } from "node:test";
import asc from "assemblyscript/asc";
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

/** What `expression` comes to behind the text of a file of the library. */
async function answerOf(file: string, expression: string): Promise<number> {
  const entry = join(packageRoot, "assembly", file);
  const question = `\nexport function answer(): u32 {\n  return u32(${expression});\n}\n`;
  let binary = new Uint8Array();
  const { error, stderr } = await asc.main(
    [entry, "--baseDir", packageRoot, "--runtime", "stub", "--outFile", "answer.wasm"],
    {
      readFile: (name, baseDir) => {
        const path = isAbsolute(name) ? name : join(baseDir, name);
        if (path === entry) return readFileSync(path, "utf8") + question;
        if (path.endsWith("asconfig.json")) return null; // this is a program of its own
        try {
          return readFileSync(path, "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (_name, contents) => {
        binary = Buffer.from(contents);
      },
      listFiles: () => [],
    },
  );
  assert.equal(error, null, stderr.toString());
  const module = await WebAssembly.compile(binary);
  const imports = Object.fromEntries(
    WebAssembly.Module.imports(module).map((wanted) => [
      wanted.module,
      new Proxy({}, { get: () => () => 0 }),
    ]),
  );
  const { exports } = await WebAssembly.instantiate(module, imports as WebAssembly.Imports);
  return (exports.answer as () => number)();
}
