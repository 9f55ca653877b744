/**
 * The guest library's two entry points: what guests written before import compiles, and
 * what takes addresses is marked for asc.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import asc from "assemblyscript/asc";
import { type PreparedGuest, linkGuest } from "../../tools/compile/guest-module.js";
import { generateBindings } from "../../tools/bindgen/generate.js";
import { packageRoot } from "../../tools/package-root.js";
import { temporaryFolder } from "../../tools/processes/temporary-folder.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { gateGuest } from "../gate/gate-guests.js";

/** All that `as-rill/assembly` gave before there was an entry point for bindings. */
const before =
  "ARENA_BYTES ArenaFutureReader ArenaReader ArenaSubtask END_PLACES FutureReader FutureWriter Handle Place StreamReader StreamWriter " +
  "Subtask Unit awaitSubtask beginCall beginTask copyElement elemSize endCall endTask freeEnd liftPair loadElement lowerBlock mark " +
  "reallocBlock releaseTo slotArray storeElement takeBlock takePlace useTaskRegion";

async function withText(like: string, text: string): Promise<PreparedGuest> {
  const base = await gateGuest(like);
  return { ...base, bindings: new Map([...base.bindings, [`${base.name}.ts`, text]]) };
}

test("a guest that imports every name that there was compiles", async () => {
  const text = `import { ${before.replaceAll(" ", ", ")} } from "as-rill/assembly";
import { label } from "./bindings/label";
export function run(task: label.Task): void {
  const start = mark();
  const block = takeBlock(8);
  storeElement<u32>(block, 1);
  copyElement<u32>(block + 4, block);
  if (loadElement<u32>(block + 4) != 1 || lowerBlock(block, 0) != block) unreachable();
  releaseTo(start);
  task.resolve().writeOne(liftPair<string>(block, <u32>elemSize<u32>() >> 1));
}
`;
  await linkGuest(await withText("write-joined-strings", text));
});

test("a guest that takes the slot as an array compiles as it did, and by the end's own type", async () => {
  for (const array of ["slotArray<u16>(input)", "input.array"])
    await linkGuest(
      await withText(
        "drop-in-flight",
        `import { slotArray } from "as-rill/assembly";
import { pass } from "./bindings/pass";
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) output.write(${array}, 1);
}
`,
      ),
    );
});

for (const [what, type] of [
  ["a longer element", "u64"],
  ["a shorter element", "u8"],
  ["an element of the same length", "i16"],
] as const)
  test(`the slot as an array of ${what} does not compile`, async () => {
    const text = `import { slotArray } from "as-rill/assembly";
import { pass } from "./bindings/pass";
export function run(task: pass.Task): void {
  const input = task.x;
  task.resolve();
  if (input.next()) slotArray<${type}>(input)[0] = 1;
}
`;
    await assert.rejects(linkGuest(await withText("drop-in-flight", text)), /not assignable/);
  });

/** What asc says of `text` with \`--noUnsafe\`, in the text's own lines. */
async function unsafeLines(text: string): Promise<number[]> {
  const { stderr } = await asc.main(
    ["guest.ts", "--noUnsafe", "--runtime", "stub", "--noEmit", "--noColors"],
    {
      readFile: (name) => {
        if (name === "guest.ts") return text;
        const path = join(packageRoot, name.replace(/^.*node_modules\/as-rill\//, ""));
        return name.includes("node_modules/as-rill/") && existsSync(path) ? readFileSync(path, "utf8") : null;
      },
      writeFile: () => undefined,
      listFiles: () => [],
    },
  );
  return [...stderr.toString().matchAll(/in guest\.ts\((\d+),/g)].map(([, line]) => Number(line));
}

test("asc itself finds what a guest's author does with addresses, and nothing else", async () => {
  const text = `import { Place, StreamReader, StreamWriter, slotArray, takePlace } from "as-rill/assembly";
class Ops {
  read(_handle: u32, _ptr: usize, _length: u32): u32 { return 16; }
  write(_handle: u32, _ptr: usize, _length: u32): u32 { return 16; }
}
@unmanaged class State extends Place { count: u32; }
export function run(reader: StreamReader<u8, Ops>, writer: StreamWriter<u8, Ops>, table: usize): u32 {
  if (reader.next()) writer.writeOne(slotArray<u8>(reader)[0] + reader.array[0]);
  reader.readInto(table, 1);
  writer.writeFrom(table, 1);
  takePlace<State>(table, 1);
  return reader.value;
}
`;
  assert.deepEqual(await unsafeLines(text), [9, 10, 11]);
});

test("a word of the library in a comment of the WIT is not imported", async () => {
  const wit = join(temporaryFolder("rill-words-").path, "w.wit");
  writeFileSync(
    wit,
    "package a:b;\ninterface i {\n  /// The mark of a task; see `slotArray`.\n  get: func() -> string;\n}\nworld w { import i; }\n",
  );
  const [text] = [...generateBindings(await resolveWorld(wit)).values()];
  assert.match(text!, /The mark of a task/);
  assert.doesNotMatch(text!, /import \{[^}]*\b(?:mark|slotArray)\b/);
});
