/** `rill run --host wamr` gives what `--host v8` gives. */
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
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-run-wamr-"));
let trapping: string;
let imu: string;
let calledBack: string;
let passing: string;

before(async () => {
  const source = doubleSource(
    "if (input.value == 3) unreachable();\n    if (!output.writeOne(input.value)) break;",
  );
  const outDir = join(folder, "out");
  trapping = (await buildGuest({ entry: writeGuest(folder, "trapping", source), wit: doubleWit, outDir }))
    .corePath;
  const example = join(packageRoot, "examples", "imu");
  imu = (await buildGuest({ entry: join(example, "imu.ts"), wit: join(example, "imu.wit"), outDir }))
    .corePath;
  const handing = join(packageRoot, "tests", "guests", "passing", "back");
  passing = (await buildGuest({ entry: `${handing}.ts`, wit: `${handing}.wit`, outDir })).corePath;
  const callback = { wait: "callback", outDir: join(folder, "callback") } as const;
  calledBack = (
    await buildGuest({ entry: join(example, "imu.ts"), wit: join(example, "imu.wit"), ...callback })
  ).corePath;
  writeFileSync(join(folder, "in.csv"), "x\n1\n2\n3\n4\n");
  const readings = Array.from({ length: 300 }, (_, i) =>
    JSON.stringify({
      at: i * 1000,
      ...Object.fromEntries(
        ["acceleration", "rotation"].flatMap((what) =>
          ["x", "y", "z"].map((axis, k) => [`${what}-${axis}`, Math.sin(i + k)]),
        ),
      ),
    }),
  );
  writeFileSync(join(folder, "imu.jsonl"), readings.join("\n"));
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** Runs on both hosts. @returns what each told, and the bytes that each wrote */
async function both(
  core: string,
  call: string,
  input: string,
  out: string,
  limit?: number,
): Promise<[RunFacts, RunFacts]> {
  const paths = ["v8", "wamr"].map((host) => join(folder, `${host}-${out}`));
  const plans = paths.map((path) =>
    planRun(core, { call, in: [input], out: path, host: "v8", ...(limit !== undefined && { limit }) }),
  );
  const facts: [RunFacts, RunFacts] = [runOnV8(plans[0]!), await runOnWamr(plans[1]!)];
  assert.deepEqual(readFileSync(paths[1]!), readFileSync(paths[0]!));
  return facts;
}

test("a guest of strategy callback: the same answers as one that waits", async () => {
  const readings = `readings=${join(folder, "imu.jsonl")}`;
  const call = "rill:imu/filter#smooth";
  const outputs: Buffer[] = [];
  for (const core of [imu, calledBack]) {
    const [v8, wamr] = await both(core, call, readings, "strategies.csv");
    assert.deepEqual([v8.trap, wamr.trap], [null, null]);
    outputs.push(readFileSync(join(folder, "wamr-strategies.csv")));
  }
  assert.ok(outputs[0]!.equals(outputs[1]!));
});

test("an input that the guest hands on is the output, to its end or to the limit", async () => {
  const lines = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const inputs: readonly (readonly [func: string, input: string, items: number])[] = [
    [
      "numbers",
      lines("numbers.csv", `value\n${Array.from({ length: 5000 }, (_, i) => i).join("\n")}\n`),
      5000,
    ],
    ["texts", lines("texts.jsonl", `"a"\n"bc"\n"def"\n"ghij"\n`), 4],
    ["rest", lines("rest.csv", "value\n1\n2\n3\n4\n"), 4],
  ];
  for (const [func, input, items] of inputs)
    for (const limit of [undefined, 3]) {
      const out = `handed-on.${input.split(".").at(-1)!}`;
      const facts = await both(passing, `test:back/i#${func}`, `x=${input}`, out, limit);
      const taken = Math.min(limit ?? Infinity, items);
      for (const { items_in, items_out, trap } of facts) {
        assert.deepEqual([items_in, trap], [taken, null]);
        assert.equal(items_out, func === "rest" ? taken - 1 : taken);
      }
      if (limit === undefined && func !== "rest")
        assert.equal(readFileSync(join(folder, `v8-${out}`), "utf8"), readFileSync(input, "utf8"));
    }
});

test("records from JSON lines to CSV, the same to the last digit", async () => {
  const [v8, wamr] = await both(
    imu,
    "rill:imu/filter#smooth",
    `readings=${join(folder, "imu.jsonl")}`,
    "imu.csv",
  );
  for (const facts of [v8, wamr]) {
    assert.deepEqual([facts.items_in, facts.items_out, facts.allocations, facts.trap], [300, 300, 0, null]);
  }
});

test("--limit ends the input on both", async () => {
  const facts = await both(
    imu,
    "rill:imu/filter#smooth",
    `readings=${join(folder, "imu.jsonl")}`,
    "limited.bin",
    7,
  );
  for (const { items_in: itemsIn, items_out: itemsOut } of facts)
    assert.deepEqual([itemsIn, itemsOut], [7, 7]);
});

test("a trap on both, with the items that had arrived", async () => {
  const facts = await both(trapping, "my:test/i#double", `x=${join(folder, "in.csv")}`, "trap.jsonl");
  for (const { items_out: itemsOut, trap } of facts) {
    assert.equal(itemsOut, 2);
    assert.match(trap!, /unreachable/);
  }
});
