/** The C host replays the reference definition's scripts through WebAssembly on real WAMR. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { readScripts, type Step } from "../../tools/conform/script.js";
import { packageRoot } from "../../tools/package-root.js";
import { conformOnWamr } from "../../tools/conform/wamr/conform-on-wamr.js";
import type { DesktopVariant } from "../../tools/wamr/desktop-library.js";

const kinds: Readonly<Record<string, number>> = {
  "streams-host": 520,
  "same-task": 480,
  waitables: 480,
  "futures-host": 480,
  subtasks: 480,
  callback: 420,
};
/** Copies of one element that the short way takes; each comes to what the long way does. */
const shortOnes: Readonly<Record<string, number>> = { "streams-host": 24, waitables: 11, callback: 12 };
const variants: readonly DesktopVariant[] = [
  { interpreter: "classic", bits: 64 },
  { interpreter: "fast", bits: 64 },
  { interpreter: "classic", bits: 32 },
  { interpreter: "classic", bits: 64, sanitized: true },
];

for (const variant of variants) {
  for (const [kind, count] of Object.entries(kinds)) {
    const name = `${variant.interpreter}, ${variant.bits} bit${variant.sanitized ? ", sanitized" : ""}`;
    test(`${kind} on ${name}: every script`, async () => {
      const file = await readScripts(join(packageRoot, "tests", "conformance", "scripts", `${kind}.json.gz`));
      const { passed, failures, skipped, shortCopies } = await conformOnWamr(file, variant);
      assert.deepEqual(failures, []);
      assert.equal(passed, count);
      assert.equal(skipped.size, 0);
      assert.ok(shortCopies >= (shortOnes[kind] ?? 0), `${shortCopies} copies went the short way`);
    });
  }
}

/** A kind, a step to look for, and what is expected of it wrongly. */
const wrong: readonly (readonly [
  kind: string,
  what: string,
  find: (step: Step) => boolean,
  change: Partial<Step>,
])[] = [
  ["streams-host", "another result", (step) => step.op === "stream.read" && step.ret === 16, { ret: 32 }],
  ["streams-host", "another string", (step) => Array.isArray(step.got), { got: ["no such text"] }],
  ["streams-host", "no call of the allocator", (step) => step.realloc !== undefined, { realloc: [] }],
  [
    "subtasks",
    "another argument",
    (step) => step.op === "host.start" && step.args?.length === 1,
    { args: [77] },
  ],
  ["subtasks", "another event", (step) => step.event?.[0] === 1, { mem: [] }],
  [
    "callback",
    "another event for the callback",
    (step) => step.turns?.[0]?.event !== undefined,
    { turns: [] },
  ],
  ["callback", "a task that waits", (step) => step.status === "exited", { status: "waiting" }],
  ["callback", "another ready task", (step) => step.ready?.length === 1, { ready: [] }],
  [
    "callback",
    "another result of a task",
    (step) => step.resolved !== undefined,
    { resolved: { task: 0, value: 1 } },
  ],
];

for (const [kind, what, find, change] of wrong) {
  test(`a script of kind ${kind} that expects ${what} fails, so that passing means something`, async () => {
    const file = await readScripts(join(packageRoot, "tests", "conformance", "scripts", `${kind}.json.gz`));
    const script = file.cases.find(({ steps }) => steps.some((step) => hasStep(step, find)))!;
    const steps = script.steps.map((step) => withStepChanged(step, find, change));
    const { failures } = await conformOnWamr({ ...file, cases: [{ ...script, steps }] }, variants[0]!);
    assert.equal(failures.length, 1);
  });
}

function innerSteps({ turns, during, blocked }: Step): readonly Step[] {
  return [...(during ?? []), ...(blocked ?? []), ...(turns ?? []).flatMap(({ body }) => body)];
}

function hasStep(step: Step, find: (step: Step) => boolean): boolean {
  return find(step) || innerSteps(step).some((inner) => hasStep(inner, find));
}

function withStepChanged(step: Step, find: (step: Step) => boolean, change: Partial<Step>): Step {
  if (find(step)) return { ...step, ...change };
  const all = (steps: readonly Step[]): Step[] => steps.map((inner) => withStepChanged(inner, find, change));
  return {
    ...step,
    ...(step.during && { during: all(step.during) }),
    ...(step.blocked && { blocked: all(step.blocked) }),
    ...(step.turns && { turns: step.turns.map((turn) => ({ ...turn, body: all(turn.body) })) }),
  };
}
