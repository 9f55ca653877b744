/** Whether a task may wait before it has answered, on every path through a module as asc leaves it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { unansweredWaits } from "../../tools/compile/unanswered-waits.js";

const exports = [
  { internal: "lift0", canonical: "[async-lift]a:b/i#f" },
  { internal: "lift1", canonical: "a:b/i#sync" },
];

/** Whether the task may, whose functions these are; `$task` is the lifted one. */
function waits(...functions: string[]): boolean {
  const text = `(module
    (import "$root" "[waitable-set-wait]" (func $wait (param i32 i32) (result i32)))
    (import "$root" "[thread-yield]" (func $yield (result i32)))
    (import "[export]a:b/i" "[task-return]f" (func $answer))
    (export "lift0" (func $task))
    (export "lift1" (func $other))
    (func $other (drop (call $wait (i32.const 1) (i32.const 4))))
    ${functions.join("\n")})`;
  const found = unansweredWaits(text, exports);
  assert.ok(found.every((name) => name === "[async-lift]a:b/i#f"));
  return found.length > 0;
}

const wait = "(drop (call $wait (i32.const 1) (i32.const 4)))";
const maybe = "(if (i32.const 0) (then";

const sequences: Readonly<Record<string, readonly [may: boolean, ...functions: string[]]>> = {
  "answers, then waits": [false, `(func $task (call $answer) ${wait})`],
  "waits, then answers": [true, `(func $task ${wait} (call $answer))`],
  "yields, then answers": [true, "(func $task (drop (call $yield)) (call $answer))"],
  "answers on one way only, then waits": [true, `(func $task ${maybe} (call $answer))) ${wait})`],
  "answers on both ways, then waits": [
    false,
    `(func $task (if (i32.const 0) (then (call $answer)) (else (call $answer))) ${wait})`,
  ],
  "leaves before it answers, or answers and waits": [
    false,
    `(func $task ${maybe} (return))) (call $answer) ${wait})`,
  ],
  "answers in a function, then waits in another": [
    false,
    "(func $task (call $answers) (call $waits))",
    "(func $answers (call $answer))",
    `(func $waits ${wait})`,
  ],
  "a function that may return without an answer": [
    true,
    "(func $task (call $answers) (call $waits))",
    `(func $answers ${maybe} (return))) (call $answer))`,
    `(func $waits ${wait})`,
  ],
  "a function that calls itself and never waits": [
    false,
    "(func $task (call $sort) (call $answer))",
    `(func $sort ${maybe} (call $sort))))`,
  ],
  "a function that calls itself and waits": [
    true,
    "(func $task (call $walk) (call $answer))",
    `(func $walk ${maybe} (call $walk))) ${wait})`,
  ],
  "calls through a table": [true, "(func $task (call_indirect (i32.const 0)) (call $answer))"],
};

for (const [sequence, [may, ...functions]] of Object.entries(sequences))
  test(`${sequence}: ${may ? "a caller may cancel it meanwhile" : "nobody can"}`, () => {
    assert.equal(waits(...functions), may);
  });
