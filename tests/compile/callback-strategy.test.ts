/**
 * `rill build --wait callback`: what it answers is what strategy `wait` answers;
 * its stack is exact; one task at a time.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { workloads, type Workload } from "../../bench/workloads.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { RECORD_SECTION } from "../../tools/provenance/build-record.js";
import { withoutCustomSections } from "../../tools/wasm/read-module.js";
import { UserError } from "../../tools/errors/user-error.js";
import { Guest, type GuestCall, type GuestOptions } from "../../tools/host/guest.js";
import type { CopyPolicy } from "../../tools/host/tasks/host-loop.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { sourceOf, StreamSource } from "../../tools/host/copies/stream-source.js";
import { packageRoot } from "../../tools/package-root.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import { STATIC_MEMORY_FIELD } from "../../tools/source/build-source-map.js";
import type { StaticPlace } from "../../tools/source/static-places.js";
import { chosenFunction } from "../../tools/wit/exported-functions.js";
import { decodeComponentType } from "../../tools/wit/component-type.js";
import type { ValueType } from "../../tools/wit/model.js";
import { doubleSource, doubleWit, writeGuest } from "./sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-callback-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const DOUBLE = "my:test/i#double";
const U32: ValueType = { kind: "u32" };

async function built(entry: string, wit: string, wait: WaitStrategy): ReturnType<typeof buildGuest> {
  return buildGuest({ entry, wit, wait, outDir: join(folder, wait) });
}

/** The core module of a `double` of strategy `callback` whose loop has this body. */
async function doubleWith(name: string, body: string, before = ""): Promise<Uint8Array<ArrayBuffer>> {
  const entry = writeGuest(folder, name, doubleSource(body, before));
  return Uint8Array.from(readFileSync((await built(entry, doubleWit, "callback")).corePath));
}

/** What the guest of a workload answers to its input, as it stands in a file. */
function answer(core: string, { call, input, format }: Workload, policy: CopyPolicy): Buffer {
  const [inPath, outPath] = [join(folder, `in.${format}`), join(folder, "out.jsonl")];
  const { func } = chosenFunction(decodeComponentType(readFileSync(core))!, call);
  writeFileSync(inPath, input(1500));
  const plan = planRun(core, { call, in: [`${func.params[0]!.name}=${inPath}`], out: outPath, host: "v8" });
  assert.equal(runOnV8(plan, { policy }).trap, null);
  return readFileSync(outPath);
}

for (const workload of workloads.filter(({ wait }) => wait === undefined)) {
  test(`${workload.name}: the same items as with strategy wait, whether or not its copies block`, async () => {
    const [entry, wit] = [join(packageRoot, workload.entry), join(packageRoot, workload.wit)];
    const expected = answer((await built(entry, wit, "wait")).corePath, workload, "ready");
    const { corePath } = await built(entry, wit, "callback");
    assert.ok(expected.length > 0);
    for (const policy of ["ready", "blocking"] as const)
      assert.ok(answer(corePath, workload, policy).equals(expected), policy);
  });
}

/** Starts `double` over these numbers; what comes out is put into `out`. */
function start(guest: Guest, numbers: readonly number[], out: unknown[]): GuestCall {
  const source = new StreamSource(U32, sourceOf(Items.fromValues(U32, numbers)), "blocking");
  return guest.start(DOUBLE, [guest.loop.add(source).shared], (result) => {
    const push = (items: Items): boolean => out.push(...items.values()) > 0;
    guest.loop.add(new StreamSink(result as SharedStream, { push }, "blocking"));
  });
}

function instance(core: Uint8Array<ArrayBuffer>, options: GuestOptions = {}): Guest {
  return new Guest(new WebAssembly.Module(core), decodeComponentType(core)!, options);
}

test("where copies are to block every one does: the host is never ahead of a guest that it calls back", async () => {
  let blocked = 0;
  const guest = instance(await doubleWith("blocking", "output.writeOne(input.value * 2);"), {
    wrapImport:
      (name, body) =>
      (...args) => {
        const answer = body(...args);
        if (/stream-(read|write)-/.test(name) && Number(answer) >>> 0 === 0xffff_ffff) blocked++;
        return answer;
      },
  });
  const out: unknown[] = [];
  guest.finish(start(guest, [1, 2, 3, 4], out));
  assert.deepEqual(out, [2, 4, 6, 8]);
  assert.equal(blocked, 4 + 4 + 1); // reads, writes, and the read that finds the stream's end
});

test("a call that comes while a task waits is kept waiting, and answered after it", async () => {
  const guest = instance(await doubleWith("two", "output.writeOne(input.value * 2);"));
  const [first, second]: [unknown[], unknown[]] = [[], []];
  const calls = [start(guest, [1, 2, 3], first), start(guest, [10, 20], second)];
  assert.deepEqual(
    calls.map((call) => call.isDone),
    [false, false],
  );
  guest.finish(calls[1]!);
  assert.deepEqual(
    [first, second],
    [
      [2, 4, 6],
      [20, 40],
    ],
  );
  assert.equal(calls[0]!.isDone, true);
});

/** A guest that waits three calls deep, with locals that live across the wait in each. */
const DEEP = `
function inner<W>(output: W, item: u32): u32 { return <u32>output.writeOne(item) + item; }
function middle<W>(output: W, item: u32): u32 { const twice = item * 2; return inner(output, twice) + twice; }
`;

test("the stack of a waiting task is as long as it ever gets, to the byte, and is told by name", async () => {
  const entry = writeGuest(
    folder,
    "deep",
    doubleSource("seen += middle(output, input.value);", `${DEEP}let seen: u32 = 0;`),
  );
  const { corePath, sourceMapPath } = await built(entry, doubleWit, "callback");
  const map = JSON.parse(readFileSync(sourceMapPath, "utf8")) as Record<string, StaticPlace[]>;
  const stack = map[STATIC_MEMORY_FIELD]!.find(({ name }) => name === "callback-strategy/stack")!;
  const guest = instance(Uint8Array.from(readFileSync(corePath)));
  const memory = (guest.exports["memory"] as WebAssembly.Memory).buffer;
  const bytes = new Uint8Array(memory, stack.address, stack.bytes + 4).fill(0xa5);
  guest.finish(start(guest, [7, 8], []));
  assert.notDeepEqual(
    [...bytes.slice(stack.bytes - 4, stack.bytes)],
    [0xa5, 0xa5, 0xa5, 0xa5],
    "never filled",
  );
  assert.deepEqual([...bytes.slice(stack.bytes)], [0xa5, 0xa5, 0xa5, 0xa5], "left");
});

test("a wait below a call through a function's reference", async () => {
  const body = `if (step(task)) output.writeOne(input.value * 3);
    steps++;
    step = steps == 2 ? last : steps == 1 ? twice : more;`;
  const source = `function more(task: double.Task): bool { return task.x.next(); }
function twice(task: double.Task): bool { return more(task) && more(task); }
function last(task: double.Task): bool { return false; }
let steps: u32 = 0;
let step: (task: double.Task) => bool = more;`;
  const out: unknown[] = [];
  const guest = instance(await doubleWith("indirect", body, source));
  guest.finish(start(guest, [1, 2, 3, 4, 5, 6, 7, 8], out));
  assert.deepEqual(out, [6, 15, 24]);
});

test("a function that waits and calls itself has no stack of a fixed size: refused", async () => {
  const source = `function again<W>(output: W, item: u32): void {
  if (output.writeOne(item) && item > 0) again(output, item - 1);
}`;
  await assert.rejects(doubleWith("again", "again(output, input.value);", source), (error: Error) => {
    assert.ok(error instanceof UserError, error.stack);
    assert.match(error.message, /again.* waits and calls itself.*--wait wait/);
    return true;
  });
});

test("a guest whose functions do not wait is the same module with either strategy", async () => {
  const wit = join(folder, "sum.wit");
  writeFileSync(wit, "package t:t;\nworld w { export sum: func(a: u32, b: u32) -> u32; }\n");
  const entry = writeGuest(folder, "sum", "export function sum(a: u32, b: u32): u32 {\n  return a + b;\n}\n");
  const [callback, wait] = [await built(entry, wit, "callback"), await built(entry, wit, "wait")];
  // The record of the build names the strategy.
  const [one, other] = [callback, wait].map(({ corePath }) =>
    withoutCustomSections(readFileSync(corePath), RECORD_SECTION),
  );
  assert.deepEqual(one, other);
});
