/** `rill run A --then B`: guests in a row, on each host and in both strategies of waiting. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { Deadline } from "../../tools/run/deadline.js";
import type { PipelineFacts } from "../../tools/run/pipeline/pipeline-facts.js";
import { runPipelineOnCHost } from "../../tools/run/pipeline/pipeline-on-c-host.js";
import { runPipelineOnV8 } from "../../tools/run/pipeline/pipeline-on-v8.js";
import { runPipeline } from "../../tools/run/pipeline/run-pipeline.js";
import { planPipeline } from "../../tools/run/pipeline/plan-pipeline.js";
import { refuseForOne } from "../../tools/run/pipeline/stage-plan.js";
import type { RunFlags } from "../../tools/run/run-flags.js";
import { builtOnce } from "../built-once.js";
import { rill } from "../rill.js";
import { BOARD } from "./row-guests.js";

const NUMBERS = "test:row/numbers#";
const TEXTS = "test:row/texts#";

let folder: string;
/** Paths of core modules, by strategy and name. */
const cores = {
  wait: { numbers: "", texts: "", values: "", clock: "" },
  callback: { numbers: "", texts: "", values: "", clock: "" },
};
type Wait = keyof typeof cores;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-row-"));
  for (const wait of ["wait", "callback"] as const)
    for (const name of ["numbers", "texts", "values", "clock"] as const) {
      const path = `tests/guests/row-${name}/row-${name}`;
      const options = { entry: `${path}.ts`, wit: `${path}.wit`, wait };
      cores[wait][name] = await builtOnce(options, join(folder, wait));
    }
  writeFileSync(join(folder, "x.csv"), "value\n1\n2\n3\n4\n5\n");
  writeFileSync(join(folder, "y.csv"), "value\n10\n20\n30\n");
  writeFileSync(join(folder, "many.u32le"), Buffer.alloc(40_000));
  writeFileSync(join(folder, "board.mjs"), BOARD);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Each guest as `FUNCTION`, or `FUNCTION:STRATEGY`. */
function flagsOf(row: readonly string[], inputs: readonly string[], wait: Wait): [string, RunFlags] {
  const texts = ["name", "shout"];
  const parts = row.map((guest) => {
    const [func, own = wait] = guest.split(":") as [string, Wait?];
    const name = texts.includes(func) ? "texts" : "numbers";
    return { core: cores[own][name], call: `${name === "texts" ? TEXTS : NUMBERS}${func}` };
  });
  const [first, ...others] = parts;
  const flags = {
    call: first!.call,
    then: others.map(({ core, call }) => `${core}#${call}`),
    in: inputs.map((input) => input.replace("=@", `=${folder}/`)),
    host: "v8",
    out: join(folder, "out.csv"),
  };
  return [first!.core, flags];
}

interface Came {
  readonly facts: PipelineFacts;
  readonly items: readonly string[];
}

async function came(
  host: "v8" | "wamr" | "native",
  row: readonly string[],
  inputs: readonly string[],
  wait: Wait,
): Promise<Came> {
  const [core, flags] = flagsOf(row, inputs, wait);
  const plans = planPipeline(core, flags);
  const facts =
    host === "v8"
      ? runPipelineOnV8(plans)
      : await runPipelineOnCHost(host, plans, undefined, { sanitized: host === "native" });
  const [, ...items] = readFileSync(join(folder, "out.csv"), "utf8").trimEnd().split("\n");
  return { facts, items };
}

const rows: readonly (readonly [
  row: readonly string[],
  inputs: readonly string[],
  items: readonly string[],
])[] = [
  [["gen", "take"], ["n=3"], ["1", "2", "3"]],
  [
    ["pass", "take", "pass"],
    ["1.x=@x.csv", "n=9"],
    ["1", "2", "3", "4", "5"],
  ],
  [["pass", "pass"], ["1.x=@x.csv"], ["1", "2", "3", "4", "5"]],
  [
    ["take", "add"],
    ["n=9", "1.x=@x.csv", "y=@y.csv"],
    ["11", "22", "33"],
  ],
  [["pass", "name", "shout"], ["1.x=@x.csv"], [1, 2, 3, 4, 5].map((n) => `item ${n}!`)],
  [
    ["take:wait", "take:callback"],
    ["n=4", "2.n=2", "1.x=@x.csv"],
    ["1", "2"],
  ],
  [
    ["take:callback", "take:wait"],
    ["n=2", "2.n=4", "1.x=@x.csv"],
    ["1", "2"],
  ],
];

for (const wait of ["wait", "callback"] as const)
  test(`guests in a row on V8, built with --wait ${wait}`, async () => {
    for (const [row, inputs, items] of rows) {
      const { facts, items: got } = await came("v8", row, inputs, wait);
      assert.equal(facts.trap, null, row.join());
      assert.deepEqual(got, items, row.join());
    }
  });

// A run is a program that is compiled: two of them, with all that goes through a pipe.
for (const host of ["native", "wamr"] as const)
  test(`guests in a row on --host ${host} come to what V8 comes to, with as many host calls`, async () => {
    for (const [row, inputs, items] of [rows[0]!, rows[4]!]) {
      const wanted = await came("v8", row, inputs, "callback");
      const { facts, items: got } = await came(host, row, inputs, "callback");
      assert.equal(facts.trap, null, row.join());
      assert.deepEqual(got, items);
      assert.deepEqual(
        facts.guests.map((guest) => guest.host_calls),
        wanted.facts.guests.map((guest) => guest.host_calls),
      );
    }
  });

test("two guests that wait inside their functions run on WAMR's one stack, too", async () => {
  const { facts, items } = await came("wamr", ["take", "add"], ["n=9", "1.x=@x.csv", "y=@y.csv"], "wait");
  assert.deepEqual([facts.trap, items], [null, ["11", "22", "33"]]);
});

test("guests that take values and ask for functions, on each host: of the file, and the clock", async () => {
  const { values, clock } = cores.callback;
  const more = `${values}#test:row-more/values#`;
  const plans = planPipeline(values, {
    call: "test:row-more/values#within",
    then: [`${more}asked`, `${cores.wait.clock}#test:row-clock/spaced#space`, `${more}asked-later`, clock],
    in: [
      ...[`1.x=${folder}/x.csv`, 'limits={"low":2,"high":4}', "others=clamped", "factor=1.5", "more=3"],
      ...["plus=7", "3.nanoseconds=1000000", "5.nanoseconds=2000000"],
    ],
    ...{ host: "v8", out: join(folder, "out.csv") },
  });
  const flags = { imports: join(folder, "board.mjs") };
  for (const host of ["v8", "wamr", "native"] as const) {
    let told: PipelineFacts | null = null;
    await runPipeline(host, plans, flags, new Deadline(undefined), (facts) => {
      told = facts;
    });
    const { trap, guests } = told!;
    assert.equal(trap, null, host);
    const [, ...items] = readFileSync(join(folder, "out.csv"), "utf8").trimEnd().split("\n");
    assert.deepEqual(items, ["167", "167", "177", "197", "197"], host);
    // How often each waits, and so calls, is the clock's to say.
    for (const guest of guests) assert.ok(guest.host_calls! > 0, host);
  }
});

test("one message: a function that a guest of a row imports is missing, on each host", async () => {
  const { values } = cores.callback;
  const plans = planPipeline(values, {
    ...{ call: "test:row-more/values#asked", then: [`${cores.callback.numbers}#${NUMBERS}take`], host: "v8" },
    ...{ in: [`1.x=${folder}/x.csv`, "plus=1", "n=1"], out: join(folder, "out.csv") },
  });
  for (const host of ["v8", "wamr", "native"] as const)
    await assert.rejects(
      runPipeline(host, plans, {}, new Deadline(undefined), () => undefined),
      /row-values\.core\.wasm imports 2 functions; write them in a file, and give that with --imports/,
    );
});

test("a value is the last one's result", () => {
  const [core, { call, then, in: given, host }] = flagsOf(["pass", "sum"], ["1.x=@x.csv"], "wait");
  const plans = planPipeline(core, { call: call!, then: then!, in: given, host, json: true });
  const { result, items_in } = runPipelineOnV8(plans);
  assert.deepEqual([result, items_in], [15, 5]);
});

test("what a guest answers with beside its stream is told, once it has come; the C host refuses it", async () => {
  const path = "tests/guests/row-outcome/row-outcome";
  const core = await builtOnce({ entry: `${path}.ts`, wit: `${path}.wit`, wait: "wait" }, folder);
  const then = [`${cores.callback.numbers}#${NUMBERS}sum`];
  const x = `1.x=${folder}/x.csv`;
  const plans = planPipeline(core, { then, in: [x, "most=9"], host: "v8", json: true });
  const { result, guests } = runPipelineOnV8(plans);
  assert.deepEqual([result, guests[0]!.result, guests[1]!.result], [15, [{ ok: 5 }, 9], undefined]);
  await assert.rejects(
    runPipelineOnCHost("wamr", plans),
    /answers with more than its stream; use --host v8$/,
  );
  const { stdout, stderr } = rill("run", core, "--then", then[0]!, "--in", x, "--in", "most=3");
  assert.equal(stdout, "6\n");
  assert.match(stderr, /row-outcome\.core\.wasm answers beside its stream: \[\{"error":4\},3\]\n/);
});

test("who is not read from does not read: of ten thousand items few are taken", async () => {
  for (const wait of ["wait", "callback"] as const) {
    const { facts, items } = await came("v8", ["take", "take"], ["n=9999", "2.n=3", "1.x=@many.u32le"], wait);
    assert.equal(items.length, 3);
    assert.ok(facts.items_in <= 5, `${facts.items_in} items`);
  }
});

test("a trap ends all: which guest's it is, where, and the items until then", async () => {
  const { facts, items } = await came("v8", ["pass", "boom"], ["1.x=@x.csv"], "callback");
  assert.match(facts.trap!, /numbers\.core\.wasm, guest 2: unreachable at row-numbers\.ts:\d+$/);
  assert.deepEqual(items, ["1", "2"]);
  const first = await came("v8", ["boom", "take"], ["n=9", "1.x=@x.csv"], "callback");
  assert.match(first.facts.trap!, /guest 1: unreachable at row-numbers\.ts:\d+$/);
  const native = await came("native", ["pass", "boom"], ["1.x=@x.csv"], "callback");
  assert.match(native.facts.trap!, /guest 2: unreachable$/);
});

const refused: readonly (readonly [row: readonly string[], inputs: readonly string[], message: RegExp])[] = [
  [["take", "floats"], ["n=1", "1.x=@x.csv"], /before answers with a stream<u32>, and x is a stream<f32>/],
  [["sum", "take"], ["x=@x.csv", "n=1"], /sum of .*numbers.* answers with u32, and only a stream goes/],
  [["pass", "gen"], ["x=@x.csv"], /gen has no parameter that is a stream/],
  [["gen", "add"], [], /x and y could get the stream of the guest before; give --in for all but one/],
  [
    ["gen", "take"],
    ["x=@x.csv", "n=1"],
    /--in gives x a file, and no parameter is left .* a parameter has one source/,
  ],
  [["take", "take"], ["n=1", "1.x=@x.csv"], /guest 2: the parameter n has no value; give --in 2\.n=VALUE/],
  [["pass", "pass"], ["3.x=@x.csv"], /--in 3\.x: there are 2 guests, counted from 1/],
  [["pass", "pass"], ["z=@x.csv"], /--in z: no such parameter; .*numbers.* has x, .*numbers.* has x/],
  [["pass", "pass"], ["x=tcp://localhost:1"], /only rill run has connections; give a file/],
  [["gen", "twice"], ["y=@x.csv", "x=@x.csv"], /no parameter is left for the stream/],
];

for (const [row, inputs, message] of refused)
  test(`one message: ${row.join(" --then ")} ${inputs.join(" ")}`, () => {
    const [core, flags] = flagsOf(row, inputs, "callback");
    assert.throws(
      () => planPipeline(core, flags),
      (error) => error instanceof UserError && message.test(error.message) && !error.message.includes("\n"),
    );
  });

test("one message: calls as arguments, and a guest that exports several functions", () => {
  const [core, flags] = flagsOf(["gen", "take"], ["n=1"], "callback");
  assert.throws(() => refuseForOne({ ...flags, calls: ["gen()"] }), /calls as arguments are for one guest/);
  assert.throws(
    () => planPipeline(core, { ...flags, then: [core] }),
    /numbers\.core\.wasm: say with --call which function.*behind --then: FILE#FUNCTION/,
  );
  assert.throws(() => planPipeline(core, { ...flags, then: [`${core}#none`] }), /exports no such function/);
});
