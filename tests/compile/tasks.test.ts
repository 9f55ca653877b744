/** `rill build --wait callback --tasks N`: tasks of one instance that are at work at once. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { measureRun } from "../../bench/measure-run.js";
import { workloads } from "../../bench/workloads.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { UserError } from "../../tools/errors/user-error.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { sourceOf, StreamSource } from "../../tools/host/copies/stream-source.js";
import { Guest, type GuestCall } from "../../tools/host/guest.js";
import { analyse } from "../../tools/report/build-report.js";
import { loadInput } from "../../tools/report/load-input.js";
import { packageRoot } from "../../tools/package-root.js";
import { RECORD_SECTION, readRecord } from "../../tools/provenance/build-record.js";
import { open, type TestGuest } from "../../tools/testing/testing.js";
import { withoutCustomSections } from "../../tools/wasm/read-module.js";
import { decodeComponentType } from "../../tools/wit/component-type.js";
import type { ValueType } from "../../tools/wit/model.js";
import { doubleSource, doubleWit, writeGuest } from "./sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-tasks-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const U32: ValueType = { kind: "u32" };
const DOUBLE = "my:test/i#double";

async function core(entry: string, wit: string, tasks?: number): Promise<Uint8Array<ArrayBuffer>> {
  const { corePath } = await buildGuest({ entry, wit, wait: "callback", tasks, outDir: folder });
  return Uint8Array.from(readFileSync(corePath));
}

/** Every item is noted where it is doubled, in the order of all tasks. */
const NOTING = doubleSource("seen = seen * 10 + input.value; output.writeOne(seen);", "let seen: u32 = 0;");

async function noting(tasks: number): Promise<TestGuest> {
  return open(await core(writeGuest(folder, `noting${tasks}`, NOTING), doubleWit, tasks), {
    copies: "blocking",
  });
}

/** What three calls answer that were begun one after the other. */
function threeCalls(guest: TestGuest): unknown[] {
  const calls = [
    [1, 2],
    [3, 4],
    [5, 6],
  ].map((items) => guest.start(DOUBLE, [items]));
  return calls.map((call) => call.finish());
}

for (const [tasks, order] of [
  [1, [1, 12, 123, 1234, 12345, 123456]],
  [2, [1, 132, 13, 1324, 13245, 132456]],
  [3, [1, 1352, 13, 13524, 135, 135246]],
] as const)
  test(`${tasks} tasks at once: the guest's own memory shows in which order they ran`, async () => {
    assert.deepEqual(threeCalls(await noting(tasks)).flat(), order);
  });

test("backpressure is raised exactly while no block is free", async () => {
  const presses: string[] = [];
  const module = await core(writeGuest(folder, "pressed", NOTING), doubleWit, 2);
  const guest = new Guest(new WebAssembly.Module(module), decodeComponentType(module)!, {
    wrapImport: (name, body) =>
      /backpressure/.test(name) ? (...args) => (presses.push(name), body(...args)) : body,
  });
  const start = (number: number): GuestCall => {
    const items = sourceOf(Items.fromValues(U32, [number]));
    return guest.start(
      DOUBLE,
      [guest.loop.add(new StreamSource(U32, items, "blocking")).shared],
      (result) => {
        guest.loop.add(new StreamSink(result as SharedStream, { push: () => true }, "blocking"));
      },
    );
  };
  const calls = [start(1)];
  assert.deepEqual(presses, []);
  calls.push(start(2));
  assert.equal(presses.length, 1);
  assert.match(presses[0]!, /inc/);
  for (const call of calls) guest.finish(call);
  assert.equal(presses.length, 2);
  assert.match(presses[1]!, /dec/);
});

// Up to 4 of these fit into a stack of free blocks, of 32 or of 64 bits; more are a list.
for (const tasks of [2, 3, 4, 5])
  test(`${tasks} tasks: as often as they come and go, in whatever order, each has a block of its own`, async () => {
    let raised = 0;
    const module = await core(writeGuest(folder, `around${tasks}`, NOTING), doubleWit, tasks);
    assert.equal(
      /rill_task/.test(Buffer.from(module).toString("latin1")),
      false,
      "no global for one function",
    );
    const guest = new Guest(new WebAssembly.Module(module), decodeComponentType(module)!, {
      wrapImport:
        (name, body) =>
        (...args) => {
          if (name.includes("backpressure")) raised += name.includes("inc") ? 1 : -1;
          return body(...args);
        },
    });
    const out = new Map<number, unknown[]>();
    const start = (number: number): GuestCall => {
      const items = sourceOf(Items.fromValues(U32, [number, number + 1]));
      const source = new StreamSource(U32, items, "blocking");
      out.set(number, []);
      return guest.start(DOUBLE, [guest.loop.add(source).shared], (result) => {
        const push = (pushed: Items): boolean => out.get(number)!.push(...pushed.values()) > 0;
        guest.loop.add(new StreamSink(result as SharedStream, { push }, "blocking"));
      });
    };
    for (let round = 0; round < 3; round++) {
      const calls = Array.from({ length: tasks }, (_, index) => {
        assert.equal(raised, 0, `before task ${index}`);
        return start(100 * round + 10 * index);
      });
      assert.equal(raised, 1);
      const turned = [...calls.slice(round + 1), ...calls.slice(0, round + 1)];
      for (const call of round === 1 ? turned.reverse() : turned) guest.finish(call);
      assert.equal(raised, 0);
    }
    const lengths = [...out.values()].map((items) => items.length);
    assert.deepEqual(lengths, Array(3 * tasks).fill(2));
  });

test("a task that begins while another one waits below a call goes on behind a call that does not wait", async () => {
  const source = `import { double } from "./bindings/my-test-i";
let seen: u32 = 0;
function taken(task: double.Task): u32 {
  if (!task.x.next()) return 0;
  for (let n: u32 = 0; n < task.x.value; n++) seen += (n * seen) ^ task.x.value;
  for (let n: u32 = 0; n < task.x.value; n++) seen += (n * seen) ^ 3;
  return task.x.value;
}
export function run(task: double.Task): void {
  const output = task.resolve();
  const tens = taken(task);
  seen++;
  output.writeOne(tens * 10 + taken(task));
}`;
  const module = await core(writeGuest(folder, "below", source), doubleWit, 2);
  const guest = new Guest(new WebAssembly.Module(module), decodeComponentType(module)!);
  const answers: Items[] = [];
  const calls = (["blocking", "ready"] as const).map((copies, index) => {
    const items = sourceOf(Items.fromValues(U32, [2 * index + 1, 2 * index + 2]));
    return guest.start(DOUBLE, [guest.loop.add(new StreamSource(U32, items, copies)).shared], (result) => {
      guest.loop.add(
        new StreamSink(result as SharedStream, { push: (item) => (answers.push(item), true) }, copies),
      );
    });
  });
  for (const call of calls.reverse()) guest.finish(call);
  assert.deepEqual(
    answers.flatMap((items) => items.values()),
    [34, 12],
  );
});

test("a function that is no task's works while every task waits, on memory of its own", async () => {
  const wit = join(folder, "both.wit");
  writeFileSync(
    wit,
    "package my:test;\ninterface i { double: async func(x: stream<u32>) -> stream<u32>; name: func(text: string) -> string; }\nworld w { export i; }\n",
  );
  const source = `${doubleSource("output.writeOne(input.value + length); length++;", "let length: u32 = 0;")}
export function name(text: string): string {
  length += <u32>text.length;
  return text + "!";
}`;
  const guest = open(await core(writeGuest(folder, "both", source), wit, 2), { copies: "blocking" });
  const calls = [[10], [20], [30]].map((items) => guest.start(DOUBLE, [items]));
  assert.equal(guest.call("my:test/i#name", ["abc"]), "abc!");
  assert.deepEqual(
    calls.map((call) => call.finish()),
    [[13], [23], [35]],
  );
});

test("one task, or none said: the same module but for its record", async () => {
  const entry = writeGuest(folder, "one", doubleSource("output.writeOne(input.value * 2);"));
  const [one, none] = [await core(entry, doubleWit, 1), await core(entry, doubleWit)];
  const bare = (module: Uint8Array): Uint8Array => withoutCustomSections(module, RECORD_SECTION);
  assert.deepEqual(bare(one), bare(none));
  const record = readRecord(one);
  assert.ok(record && record !== "damaged");
  assert.equal(record.tasks, 1);
});

const refused = [
  {
    name: "listening",
    wit: "package my:test;\ninterface i { double: async func(x: stream<string>) -> stream<u32>; }\nworld w { export i; }\n",
    source: doubleSource("output.writeOne(input.value.length);"),
    says: /--tasks 2: the guest waits for strings or lists.*does not say for which task/,
  },
  {
    name: "again",
    source: doubleSource(
      "again(output, input.value);",
      "function again<W>(output: W, item: u32): void { if (output.writeOne(item) && item > 0) again(output, item - 1); }",
    ),
    says: /--tasks 2: a function that waits calls itself/,
  },
  {
    name: "sum",
    wit: "package t:t;\nworld w { export sum: func(a: u32, b: u32) -> u32; }\n",
    source: "export function sum(a: u32, b: u32): u32 { return a + b; }",
    says: /--tasks 2: none of the guest's functions waits; leave it out/,
  },
] as const;

for (const { name, source, says, ...more } of refused)
  test(`refused: ${name}`, async () => {
    const wit = "wit" in more ? join(folder, `${name}.wit`) : doubleWit;
    if ("wit" in more) writeFileSync(wit, more.wit);
    await assert.rejects(core(writeGuest(folder, name, source), wit, 2), (error: Error) => {
      assert.ok(error instanceof UserError, error.stack);
      assert.match(error.message, says);
      return true;
    });
  });

for (const workload of workloads.filter(({ name }) => ["double", "imu", "ecg"].includes(name)))
  test(`${workload.name}: what a second task costs in bytes and instructions`, async () => {
    const figures = async (tasks: number): Promise<readonly [bytes: number, ...instructions: number[]]> => {
      const [entry, wit] = [workload.entry, workload.wit].map((path) => join(packageRoot, path));
      const outDir = join(folder, `${workload.name}${tasks}`);
      const { corePath } = await buildGuest({ entry: entry!, wit: wit!, wait: "callback", tasks, outDir });
      const analysis = analyse(await loadInput(corePath, null), { sourceMap: null });
      const { ready, blocking } = (await measureRun(analysis, workload, workload.runs[1])).steady;
      return [analysis.report.stripped_bytes, ready.instructions_per_item, blocking.instructions_per_item];
    };
    const [one, two] = [await figures(1), await figures(2)];
    assert.ok(two[0] <= 1.12 * one[0], `${two[0]} against ${one[0]} bytes`);
    for (const way of [1, 2])
      assert.ok(two[way]! <= 1.2 * one[way]!, `${two[way]} against ${one[way]} instructions`);
  });
