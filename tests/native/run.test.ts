/** `rill run --host native` gives what `--host v8` gives; its program, under AddressSanitizer and UBSan. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { prepareNativeRun } from "../../tools/native/native-run.js";
import { packageRoot } from "../../tools/package-root.js";
import { runNative } from "../../tools/run/run-on-c-host.js";
import type { RunFacts } from "../../tools/run/run-facts.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-run-native-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const built = new Map<string, Promise<string>>();

/** The core module of an example or a test guest. */
function coreOf(path: string, wait: "wait" | "callback" = "wait"): Promise<string> {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const key = `${path} ${wait}`;
  const entry = join(packageRoot, path, name);
  const outDir = join(folder, `${wait}-${name}`);
  const made =
    built.get(key) ??
    buildGuest({ entry: `${entry}.ts`, wit: `${entry}.wit`, wait, outDir }).then(({ corePath }) => corePath);
  built.set(key, made);
  return made;
}

async function both(core: string, input: string, extension: string): Promise<[RunFacts, RunFacts]> {
  const paths = ["v8", "native"].map((host) => join(folder, `${host}.${extension}`));
  const plans = paths.map((out) => planRun(core, { in: [input], out, host: "v8" }));
  const facts: [RunFacts, RunFacts] = [runOnV8(plans[0]!), await runNative(plans[1]!)];
  assert.deepEqual(readFileSync(paths[1]!), readFileSync(paths[0]!));
  return facts;
}

const numbers = join(folder, "numbers.csv");
writeFileSync(numbers, `x\n${Array.from({ length: 500 }, (_, i) => i * 7919).join("\n")}\n`);
const samples = join(folder, "samples.u16le");
writeFileSync(
  samples,
  readFileSync(join(packageRoot, "examples/ecg/data/ecg-mitdb-208-360hz.u16le")).subarray(0, 7200),
);

const guests = [
  ["tests/guests/double", "wait", `x=${numbers}`, "csv"],
  ["tests/guests/double", "callback", `x=${numbers}`, "csv"],
  ["examples/ecg", "wait", `samples=${samples}`, "csv"],
  ["examples/imu", "callback", `readings=${join(packageRoot, "examples/imu/data/readings.csv")}`, "csv"],
  ["examples/names", "wait", `x=${join(packageRoot, "examples/names/data/names.jsonl")}`, "jsonl"],
] as const;

for (const [path, wait, input, extension] of guests) {
  test(`${path}, ${wait}: the bytes of V8`, async () => {
    const [v8, native] = await both(await coreOf(path, wait), input, extension);
    assert.equal(native.host, "native");
    assert.equal(native.trap, null);
    assert.deepEqual([native.items_in, native.items_out], [v8.items_in, v8.items_out]);
    if (path.endsWith("ecg")) assert.equal(native.items_out, 18);
  });
}

test("a guest that traps: what it wrote before, and why", async () => {
  const source = doubleSource(
    "if (input.value == 7919 * 3) unreachable();\n    if (!output.writeOne(input.value)) break;",
  );
  const entry = writeGuest(folder, "trapping", source);
  const { corePath } = await buildGuest({ entry, wit: doubleWit, outDir: join(folder, "trapping") });
  const [v8, native] = await both(corePath, `x=${numbers}`, "csv");
  assert.match(v8.trap!, /unreachable/);
  assert.match(native.trap!, /^unreachable/);
  assert.equal(native.items_out, 3);
});

for (const mode of ["ready", "blocking"] as const)
  test(`double, all copies ${mode}, under the sanitizers`, async () => {
    const core = await coreOf("tests/guests/double");
    const raw = join(folder, "raw");
    writeFileSync(raw, Buffer.from(Uint32Array.of(1, 2, 3, 4).buffer));
    const { world } = planRun(core, { in: [`x=${numbers}`], out: join(folder, "none.csv"), host: "v8" });
    const output = join(folder, "doubled");
    const job = { core, world, call: "my:test/i#double", params: [{ path: raw }], output, mode };
    const { command, remove } = await prepareNativeRun(job, { sanitized: true });
    const { status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), { encoding: "utf8" });
    remove();
    assert.equal(status, 0, stderr);
    assert.equal((JSON.parse(stdout) as { trap: string | null }).trap, null);
    assert.deepEqual([...new Uint32Array(new Uint8Array(readFileSync(output)).buffer)], [2, 4, 6, 8]);
  });
