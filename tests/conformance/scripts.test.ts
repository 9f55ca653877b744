import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { conformOnV8 } from "../../tools/conform/conform.js";
import { Mismatch } from "../../tools/conform/mismatch.js";
import { replayCase, type CoreStandIn } from "../../tools/conform/replay.js";
import { readScripts, type Case, type ScriptFile } from "../../tools/conform/script.js";

const counts = {
  callback: 420,
  "futures-host": 480,
  "same-task": 480,
  "streams-host": 520,
  subtasks: 480,
  waitables: 480,
};

/** Tests run from dist/; scripts stay in the source tree. */
function scriptPath(kind: string): string {
  return fileURLToPath(new URL(`../../../tests/conformance/scripts/${kind}.json.gz`, import.meta.url));
}

for (const [kind, count] of Object.entries(counts)) {
  test(`every script of kind ${kind} passes on V8`, async () => {
    const { passed, failures, skipped } = conformOnV8(await readScripts(scriptPath(kind)));
    assert.deepEqual(failures, []);
    assert.equal(passed, count);
    assert.equal(skipped.size, 0);
  });
}

test("calls that go through a wasm trampoline, over a real memory, give the same", async () => {
  const file = await readScripts(scriptPath("streams-host"));
  const blocking = await readScripts(scriptPath("subtasks"));
  for (const source of [file, blocking]) {
    for (const script of source.cases.slice(0, 150)) replayCase(source, script, trampoline());
  }
});

/**
 * A module whose export `call` calls its import `body`:
 * `(module (import "host" "body" (func)) (memory (export "memory") 1) (func (export "call") call 0))`
 */
const trampolineBytes = Uint8Array.from([
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x04, 0x01, 0x60, 0x00, 0x00, 0x02, 0x0d, 0x01, 0x04,
  0x68, 0x6f, 0x73, 0x74, 0x04, 0x62, 0x6f, 0x64, 0x79, 0x00, 0x00, 0x03, 0x02, 0x01, 0x00, 0x05, 0x03, 0x01,
  0x00, 0x01, 0x07, 0x11, 0x02, 0x06, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 0x02, 0x00, 0x04, 0x63, 0x61, 0x6c,
  0x6c, 0x00, 0x01, 0x0a, 0x06, 0x01, 0x04, 0x00, 0x10, 0x00, 0x0b,
]);

function trampoline(): CoreStandIn {
  const bodies: (() => void)[] = [];
  const body = (): void => {
    bodies.pop()!();
  };
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(trampolineBytes), { host: { body } });
  return {
    memory: exports["memory"] as WebAssembly.Memory,
    call: (run) => {
      bodies.push(run);
      (exports["call"] as () => void)();
    },
  };
}

const header: Omit<ScriptFile, "cases"> = {
  schema: "cm-async-conformance/1",
  kind: "streams-host",
  memory: { bytes: 65536, fill: 205 },
  heap: 32768,
};

/** A script that passes: a read that the host's write completes. */
const rendezvous: Case = {
  id: "rendezvous",
  task: "async",
  types: ["u16"],
  steps: [
    { op: "give-stream", ty: 0, end: 0, ret: 1 },
    { op: "stream.read", ty: 0, i: 1, ptr: 1024, async: true, n: 2, ret: 0xffff_ffff },
    { op: "host.write", end: 0, n: 2, data: "01000200", ret: 32, mem: [[1024, "01000200"]] },
    { op: "stream.read", ty: 0, i: 1, ptr: 1024, async: true, n: 1, trap: true },
  ],
};

function replay(steps: Case["steps"]): void {
  replayCase({ ...header, cases: [] }, { ...rendezvous, steps });
}

/** The script with one step changed. */
function changed(index: number, change: Partial<Case["steps"][number]>): Case["steps"] {
  return rendezvous.steps.map((step, i) => (i === index ? { ...step, ...change } : step));
}

test("a script that is right passes", () => {
  replay(rendezvous.steps);
});

for (const [what, steps] of [
  ["another result", changed(1, { ret: 0 })],
  ["another count", changed(2, { ret: 16 })],
  ["other bytes in memory", changed(2, { mem: [[1024, "01000300"]] })],
  ["no change of memory", changed(2, { mem: [] })],
  ["a call of the allocator", changed(2, { realloc: [[0, 0, 2, 4, 32768]] })],
  ["a step that blocks", changed(1, { blocked: [] })],
  ["no trap", changed(3, { trap: false, ret: 0 })],
  ["a trap", changed(1, { trap: true })],
  ["a function of the host's to run", changed(1, { during: [] })],
  ["an event", changed(1, { event: [2, 1, 16] })],
] as const) {
  test(`a script that expects ${what} where there is none fails`, () => {
    assert.throws(() => {
      replay(steps);
    }, Mismatch);
  });
}

test("a bad file ends with one message that names it", async () => {
  const bad = fileURLToPath(new URL("../../../tests/conformance/README.md", import.meta.url));
  assert.ok(readFileSync(bad).length > 0);
  await assert.rejects(readScripts(bad), { name: "UserError", message: /README\.md: not JSON/ });
  await assert.rejects(readScripts("no-such-file.json"), {
    name: "UserError",
    message: /no-such-file\.json: cannot be read/,
  });
  const packageJson = fileURLToPath(new URL("../../../package.json", import.meta.url));
  await assert.rejects(readScripts(packageJson), { name: "UserError", message: /"schema" is undefined/ });
});
