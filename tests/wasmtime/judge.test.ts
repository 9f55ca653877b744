/**
 * `double` and a command, both guests of this library, composed and run by an engine that nobody here wrote.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { compose, double, mutant, runner, runOnWasmtime } from "./components.js";

const scenarios: readonly (readonly [scenario: string, what: string])[] = [
  ["thousand-items", "1,000 items, then DROPPED on both sides"],
  ["cancel-read", "reads cancelled in mid-stream lose and double nothing"],
  ["cancel-write", "writes cancelled in mid-stream lose and double nothing"],
  ["reader-leaves", "a reader that goes away early is seen by double, which then stops reading"],
  ["leave-mid-read", "a readable end dropped with its read in flight is cancelled first"],
];

const strategies: readonly (readonly [command: WaitStrategy, callee: WaitStrategy])[] = [
  ["wait", "wait"],
  ["wait", "callback"],
  ["callback", "wait"],
  ["callback", "callback"],
];

for (const [scenario, what] of scenarios) {
  for (const [wait, calleeWait] of strategies) {
    test(`${scenario}, ${wait} calls ${calleeWait}: ${what}`, async () => {
      const name = `${scenario}-${wait}-${calleeWait}`;
      const path = await compose(await runner(scenario, wait), await double(calleeWait), name);
      const { code, output } = await runOnWasmtime(path);
      assert.equal(code, 0, output);
    });
  }
}

const mutants: readonly (readonly [
  name: string,
  what: string,
  scenario: string,
  change: (source: string) => string,
])[] = [
  ["triples", "answers another number", "thousand-items", (source) => source.replace("* 2", "* 3")],
  [
    "goes-on",
    "reads on although its reader is gone",
    "reader-leaves",
    (source) => source.replace("break", "continue"),
  ],
  [
    "stops",
    "stops after its first item",
    "cancel-read",
    (source) => source.replace("while", "if").replace("break", "return"),
  ],
];

for (const [name, what, scenario, change] of mutants) {
  test(`a double that ${what} fails ${scenario}`, async () => {
    const path = await compose(await runner(scenario), await mutant(name, change), name);
    const { code, output } = await runOnWasmtime(path);
    assert.notEqual(code, 0, output);
  });
}
