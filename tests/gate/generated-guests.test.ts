import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkPrepared } from "../../tools/gate/check-guest.js";
import { gateGuest } from "./gate-guests.js";

const RUNS = 20;

/** Steps that a guest may take in any order: each is correct in every state of the two ends. */
const steps = [
  "if (input.next()) t += input.value;",
  "output.writeOne(t);",
  "input.cancel(); input.start();",
  "input.poll();",
  "input.cancel();",
  "output.cancel(); output.start(t);",
  "output.poll();",
  "if (!output.cancel()) output.writeOne(t);",
  "if (output.taken) t++;",
  "t += <u16>input.readInto(buffer, 2);",
  "input.readInto(buffer, 0);",
  "output.writeFrom(buffer, 2);",
  "if (input.done) t++;",
  "if (output.done) return;",
  "input.drop();",
  "output.drop();",
];

function guestText(body: readonly string[], rounds: number): string {
  return `import { pass } from "./bindings/pass";
const buffer = memory.data(4, 2);
export function run(task: pass.Task): void {
  const input = task.x;
  const output = task.resolve();
  let t: u16 = 1;
  for (let i = 0; i < ${String(rounds)}; i++) {
    ${body.join("\n    ")}
  }
}
`;
}

test("random correct guests are silent", async () => {
  const base = await gateGuest("leave");
  const body = fc.array(fc.constantFrom(...steps), { minLength: 2, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(body, fc.integer({ min: 1, max: 2 }), async (lines, rounds) => {
      const guest = {
        ...base,
        bindings: new Map([...base.bindings, ["leave.ts", guestText(lines, rounds)]]),
      };
      const { findings } = await checkPrepared(guest, { items: 2, calls: 2, seconds: 3 }, ["announcing"]);
      assert.deepEqual(findings, []);
    }),
    { numRuns: RUNS },
  );
});
