/** What a wrong pass of the build would make of a module is found, whatever it breaks. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { link } from "../../tools/compile/link.js";
import { optimize, rewrite } from "../../tools/compile/optimize.js";
import {
  type Form,
  headOf,
  isForm,
  operands,
  rewriteInside,
} from "../../tools/compile/passes/s-expression.js";
import { defaultBounds, requireSame } from "../../tools/gate/check-guest.js";
import { GuestRunner } from "../../tools/gate/explore/guest-runner.js";
import { assemble, compileChecking, finalModule } from "../../tools/gate/instrumentation/checking-module.js";
import { planWorld } from "../../tools/gate/model/plan.js";
import { gateGuest } from "./gate-guests.js";

const SIZES = { items: 4, idlePolls: 2 };

/** A pass that goes wrong at the first form that it knows. */
interface WrongPass {
  readonly name: string;
  readonly guest: string;
  readonly wait?: "callback";
  /** What becomes of a form; null of one that it leaves alone. */
  readonly change: (form: Form) => Form | null;
}

const named = (form: Form, head: string, first: RegExp): boolean =>
  headOf(form) === head && first.test(String(form.items[1]));
const negated = (condition: Form): Form => ({ items: ["i32.eqz", condition] });

/** Where the payload of an event goes in a guest without an arena. */
const EVENT_PAYLOAD = "8";
/** Whether a callback's third parameter is meant, the payload; the first is the code. */
const isPassed = (form: Form): boolean => isForm(form, "local.get") && form.items[1] === "$2";

const wrongPasses: readonly WrongPass[] = [
  {
    name: "a branch out of a loop is taken the other way (branch-out)",
    guest: "start-poll-cancel-write-again",
    change: (form) =>
      named(form, "br_if", /^\$"?out/)
        ? { ...form, items: ["br_if", form.items[1]!, negated(form.items[2] as Form)] }
        : null,
  },
  {
    name: "a condition skips what it guards (thread-conditions)",
    guest: "write-joined-strings",
    change: (form) =>
      headOf(form) === "br_if" && form.items.length === 3
        ? {
            items: [
              "br_if",
              form.items[1]!,
              {
                items: [
                  "block",
                  { items: ["result", "i32"] },
                  { items: ["drop", form.items[2]!] },
                  { items: ["i32.const", "1"] },
                ],
              },
            ],
          }
        : null,
  },
  {
    name: "a global is read as if it were biased (bias-globals)",
    guest: "resources-in-places",
    change: (form) =>
      headOf(form) === "global.get" ? { items: ["i32.xor", form, { items: ["i32.const", "1"] }] } : null,
  },
  {
    name: "a load that somebody uses is taken away (drop-loads)",
    guest: "read-into-then-write-from",
    change: (form) =>
      headOf(form) === "i32.load"
        ? {
            items: [
              "block",
              { items: ["result", "i32"] },
              { items: ["drop", operands(form)[0]!] },
              { items: ["i32.const", "0"] },
            ],
          }
        : null,
  },
  {
    name: "half of a field is stored (promote-frame)",
    guest: "records-in-place",
    change: (form) =>
      headOf(form) === "i32.store16" ? { ...form, items: ["i32.store8", ...form.items.slice(1)] } : null,
  },
  {
    name: "the callback takes the event's code for its payload (callback)",
    guest: "write-to-a-call-then-read",
    wait: "callback",
    change: (form) =>
      headOf(form) === "i32.store" &&
      operands(form)[0]!.items[1] === EVENT_PAYLOAD &&
      isPassed(operands(form)[1]!)
        ? { ...form, items: ["i32.store", operands(form)[0]!, { items: ["local.get", "$0"] }] }
        : null,
  },
];

/** Lets `change` work once. */
function once(change: WrongPass["change"]): (module: Form) => void {
  return (module) => {
    let isDone = false;
    rewriteInside(module, (form) => {
      const changed = isDone ? null : change(form);
      isDone ||= changed !== null;
      return changed ?? form;
    });
    assert.ok(isDone, "the pass finds nothing");
  };
}

for (const { name, guest: of, wait, change } of wrongPasses) {
  test(`found in ${of}: ${name}`, async () => {
    const guest = await gateGuest(of);
    const compiled = await compileChecking(guest, "release");
    const runner = (optimized: boolean, wrong: (module: Form) => void): GuestRunner => {
      const { text, dataEnd, lines, objects } = finalModule(guest, compiled, "release", { optimized, wait });
      const module = assemble(rewrite(text, wrong), dataEnd, "release", lines, objects);
      return new GuestRunner(module, planWorld(guest.world), SIZES);
    };
    const right = (): void => undefined;
    const before = runner(false, right);
    assert.deepEqual(requireSame(before, runner(true, right), defaultBounds.calls), []);
    const [finding] = requireSame(before, runner(true, once(change)), defaultBounds.calls);
    assert.equal(finding?.rule, "wrong-pass");
  });
}

test("found in future-read-then-write: words become locals that the host is lent (promote-frame)", async () => {
  const guest = await gateGuest("future-read-then-write");
  const compiled = await compileChecking(guest, "release");
  const { dataEnd, lines, objects, text } = finalModule(guest, compiled, "release", { optimized: false });
  const { text: wrong } = optimize(link(compiled.text, guest.exports, compiled.dataEnd), () => [], []);
  const [before, after] = [text, wrong].map(
    (each) =>
      new GuestRunner(assemble(each, dataEnd, "release", lines, objects), planWorld(guest.world), SIZES),
  );
  assert.equal(requireSame(before!, after!, defaultBounds.calls)[0]?.rule, "wrong-pass");
});
