import assert from "node:assert/strict";
import { test } from "node:test";
import { assemble } from "../../tools/gate/instrumentation/checking-module.js";
import { checkPrepared, defaultBounds, exploreModule } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { gateGuest } from "./gate-guests.js";
import { handWorld } from "./hand-module.js";

const bounds = { ...defaultBounds, items: 1 };

function explore(wat: string): void {
  exploreModule(
    new GuestRunner(assemble(wat, 128, "release"), planWorld(handWorld), { items: 1, idlePolls: 1 }),
    bounds,
  );
}

const body = '(memory $m 1) (export "memory" (memory $m))';

test("a module that is not a guest of this world", () => {
  assert.throws(() => {
    explore(`(module ${body})`);
  }, /does not export \[async-lift\]f: it is not a guest of this world/);
});

test("an import that the model does not know", () => {
  assert.throws(() => {
    explore(
      `(module (import "env" "malloc" (func $malloc (param i32) (result i32))) ${body} (export "a" (func $malloc)))`,
    );
  }, /import env malloc: the gate's model does not know it/);
});

test("a start function that traps", () => {
  assert.throws(() => {
    explore(`(module ${body} (func $s (unreachable)) (start $s))`);
  }, /start function traps/);
});

test("a guest that never returns is told with the loop's place", async () => {
  const guest = await gateGuest("drop-in-flight");
  const text = `import { pass } from "./bindings/pass";
let n: u32 = 0;
export function run(task: pass.Task): void {
  task.resolve();
  while (true) n += 3;
}
`;
  const lost = { ...guest, bindings: new Map([...guest.bindings, ["drop-in-flight.ts", text]]) };
  await assert.rejects(
    checkPrepared(lost, bounds),
    /never returns: it is lost in the loop at drop-in-flight\.ts:5:/,
  );
});
