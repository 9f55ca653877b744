/** The last instructions of what a guest with several tasks answers where it waits. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { shareAnswers } from "../../tools/compile/callback/share-answers.js";
import { rewrite, withModule } from "../../tools/compile/optimize.js";

const answer = (set: string, code = 2): string =>
  `(return (i32.or (i32.shl ${set} (i32.const 4)) (i32.const ${code})))`;
const A = "(i32.load (i32.const 8))";
const B = "(i32.load (i32.const 16))";
const TWO = `(block $other (br_if $other (local.get $0)) ${answer(A)})`;

const moduleOf = (body: string): string =>
  `(module (memory (export "memory") 1) (func $waits (export "waits") (param $0 i32) (result i32) ${body}))`;

/** What it answers for each argument. */
function answers(text: string): number[] {
  const module = new WebAssembly.Module(
    withModule(text, (made) => made.emitBinary()) as Uint8Array<ArrayBuffer>,
  );
  const { memory, waits } = new WebAssembly.Instance(module).exports as {
    readonly memory: WebAssembly.Memory;
    readonly waits: (argument: number) => number;
  };
  new Uint32Array(memory.buffer).set([5, 0, 7], 2);
  return [0, 1].map(waits);
}

for (const { what, body, shared } of [
  { what: "the last answer has the end of another one", body: `${TWO} ${answer(B)}`, shared: 1 },
  { what: "of two others", body: `${TWO} ${TWO.replaceAll("other", "third")} ${answer(B)}`, shared: 2 },
  { what: "in a block", body: `(block $in ${TWO} ${answer(B)}) (i32.const 0)`, shared: 1 },
  {
    what: "in a loop",
    body: `(loop $again ${TWO} (br_if $again (i32.const 0)) ${answer(B)}) (i32.const 0)`,
    shared: 1,
  },
  { what: "one alone stays", body: answer(B), shared: 0 },
  { what: "another code stays", body: `${TWO.replace("const 2", "const 3")} ${answer(B)}`, shared: 0 },
  { what: "another shift stays", body: `${TWO} ${answer(B).replace("const 4", "const 5")}`, shared: 0 },
  { what: "another return stays", body: `${TWO} (return (i32.const 1))`, shared: 0 },
])
  test(what, () => {
    const text = moduleOf(body);
    const made = rewrite(text, shareAnswers);
    assert.equal(made.split(/\(br \$answer/).length - 1, shared);
    if (shared === 0)
      assert.equal(
        made,
        rewrite(text, () => undefined),
      );
    assert.deepEqual(answers(made), answers(text));
  });
