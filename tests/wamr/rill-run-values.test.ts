/**
 * `rill run` of strings, records, futures and streams without element type:
 * `--host wamr` gives what `--host v8` gives.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import type { RunFacts } from "../../tools/run/run-facts.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { runOnWamr } from "../../tools/run/run-on-c-host.js";
import { planRun } from "../../tools/run/run-plan.js";
import { typeDescriptor } from "../../tools/c-host/copy-plan.js";
import type { ValueType } from "../../tools/wit/model.js";
import { buildGuestOfTypes, INTERFACE } from "./guest-of-types.js";

/** Its name has a blank in it, as users' folders have. */
const folder = mkdtempSync(join(tmpdir(), "rill run values-"));
let entries: string;
let names: string;
let ticks: string;

const ticksWit = `package my:ticks;
interface i {
  twice: async func(x: stream) -> stream;
  after: async func(when: future) -> future;
  bad: async func() -> future<u8>;
}
world w { export i; }
`;
const ticksSource = `import { after, bad, twice } from "./bindings/my-ticks-i";

export function runTwice(task: twice.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) if (!output.writeOne() || !output.writeOne()) return;
}

export function runAfter(task: after.Task): void {
  const answer = task.resolve();
  task.when.read();
  answer.write();
}

export function runBad(task: bad.Task): void {
  unreachable();
}
`;

before(async () => {
  const entry = {
    kind: "record" as const,
    fields: [
      { name: "name", type: { kind: "string" as const } },
      { name: "tags", type: { kind: "list" as const, element: { kind: "string" as const } } },
      { name: "at", type: { kind: "u64" as const } },
    ],
  };
  entries = (await buildGuestOfTypes([entry], folder, 1024)).corePath;
  const example = join(packageRoot, "examples", "names", "names");
  names = (await buildGuest({ entry: `${example}.ts`, wit: `${example}.wit`, outDir: folder })).corePath;
  writeFileSync(join(folder, "ticks.wit"), ticksWit);
  writeFileSync(join(folder, "ticks.ts"), ticksSource);
  ticks = (
    await buildGuest({ entry: join(folder, "ticks.ts"), wit: join(folder, "ticks.wit"), outDir: folder })
  ).corePath;
});
after(() => {
  rmSync(folder, { recursive: true });
});

interface Both {
  readonly v8: RunFacts;
  readonly wamr: RunFacts;
  /** What both wrote. */
  readonly out: string;
}

/** Runs on both hosts, which must move the same items, give the same result, and write the same file. */
async function both(core: string, call: string, input: readonly string[], more = {}): Promise<Both> {
  const out = (host: string): string => join(folder, `${host}.jsonl`);
  const plan = (host: string): ReturnType<typeof planRun> =>
    planRun(core, { call, in: input, out: out(host), host, ...more });
  for (const host of ["v8", "wamr"]) writeFileSync(out(host), "");
  const v8 = runOnV8(plan("v8"));
  const wamr = await runOnWamr(plan("wamr"));
  const text = readFileSync(out("v8"), "utf8");
  assert.equal(readFileSync(out("wamr"), "utf8"), text);
  assert.deepEqual([wamr.items_in, wamr.items_out], [v8.items_in, v8.items_out]);
  assert.deepEqual(wamr.result, v8.result);
  return { v8, wamr, out: text };
}

const value = { name: "Sirius 🌟", tags: ["α CMa", ""], at: "18446744073709551615" };
const json = JSON.stringify(value);

test("a record with strings as parameter and result", async () => {
  for (const kind of ["now", "later", "promised"]) {
    const { v8, wamr } = await both(entries, `${INTERFACE}#${kind}-n0`, [`x=${json}`]);
    assert.equal(v8.trap, null);
    assert.deepEqual(wamr.result, value);
  }
});

test("a stream of them, through a file whose path has a blank", async () => {
  const path = join(folder, "entries.jsonl");
  writeFileSync(path, `${json}\n`.repeat(150));
  const { v8, out } = await both(entries, `${INTERFACE}#items-n0`, [`x=${path}`]);
  assert.deepEqual([v8.items_in, v8.items_out], [150, 150]);
  assert.equal(out, readFileSync(path, "utf8"));
});

test("the example names", async () => {
  const path = join(folder, "names.csv");
  writeFileSync(path, `name\n${Array.from({ length: 500 }, (_, i) => `star ${i}`).join("\n")}\n`);
  const { v8, out } = await both(names, "rill:names/labels#label", [`x=${path}`]);
  assert.deepEqual([v8.items_in, v8.items_out, v8.trap], [500, 500, null]);
  assert.equal(out.split("\n").length, 501);
});

test("streams and futures without element type", async () => {
  const path = join(folder, "units.jsonl");
  writeFileSync(path, "null\n".repeat(5000));
  const { v8, out } = await both(ticks, "my:ticks/i#twice", [`x=${path}`]);
  assert.deepEqual([v8.items_in, v8.items_out], [5000, 10000]);
  assert.equal(out, "null\n".repeat(10000));
  const limited = await both(ticks, "my:ticks/i#twice", [`x=${path}`], { limit: 7 });
  assert.deepEqual([limited.wamr.items_in, limited.wamr.items_out], [7, 14]);
  assert.equal((await both(ticks, "my:ticks/i#after", [])).wamr.trap, null);
});

test("a function that traps before it answers", async () => {
  const { v8, wamr } = await both(ticks, "my:ticks/i#bad", []);
  for (const { trap } of [v8, wamr]) assert.match(trap!, /unreachable/);
});

test("an arena that is too small says by how much", async () => {
  const path = join(folder, "long.csv");
  writeFileSync(path, `name\nshort\n${"x".repeat(5000)}\n`);
  const { v8, wamr } = await both(names, "rill:names/labels#label", [`x=${path}`]);
  for (const { trap } of [v8, wamr])
    assert.match(trap!, /the arena is too small: 9,\d+ more bytes are needed here/);
});

test("types that the C host's plans have no room for are refused, not cut off", () => {
  const big = (count: number): ValueType => ({
    kind: "tuple",
    types: Array.from({ length: count }, () => ({ kind: "list", element: { kind: "u8" }, length: 4096 })),
  });
  assert.throws(
    () => typeDescriptor(big(16)),
    /65,536 bytes in one element; the C host takes 65,535 at most/,
  );
  assert.throws(
    () => typeDescriptor({ kind: "list", element: big(17) }),
    /69,632 bytes in an element of a list; the C host takes/,
  );
  const labels = Array.from({ length: 20_000 }, (_, i) => ({
    name: `n${i}`,
    type: { kind: "u32" as const },
  }));
  assert.throws(() => typeDescriptor({ kind: "variant", cases: labels }), /steps for one element/);
});

test("who can be served by the other host is sent there, and nobody else", async () => {
  const build = async (name: string): Promise<string> => {
    const guest = join(packageRoot, "tests", "guests", name, name);
    return (await buildGuest({ entry: `${guest}.ts`, wit: `${guest}.wit`, outDir: folder })).corePath;
  };
  const echo = { call: "test:texts/echo#same-text", in: ["x=a"], host: "wamr" };
  await assert.rejects(
    runOnWamr(planRun(await build("texts"), echo)),
    /^UserError: .*texts\.core\.wasm imports \d+ functions; write them in a file/,
  );
});
