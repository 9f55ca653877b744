/** RAM and stack, checked by running on WAMR's 32-bit build: what is stated does, one byte less does not. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { measureDevice } from "../../tools/report/device.js";
import { wamrJob } from "../../tools/report/device-job.js";
import { analyseFile } from "../../tools/report/report-command.js";
import { runOnWamr } from "../../tools/wamr/run-program.js";
import type { WamrRun } from "../../tools/wamr/wamr-run.js";
import { file, folder, guest, reportOf } from "./rill.js";

const samples = file(
  "samples.bin",
  new Uint8Array(Uint16Array.from({ length: 2000 }, (_, i) => (i % 250 < 6 ? 2800 : 2000)).buffer),
);
const items = file("device-items.bin", new Uint8Array(Uint32Array.from({ length: 50 }, (_, i) => i).buffer));
const SOURCES = {
  double: { path: "tests/guests/double/double", input: `x=${items}` },
  imu: { path: "examples/imu/imu", input: `readings=${join(packageRoot, "examples/imu/data/readings.csv")}` },
  ecg: { path: "examples/ecg/ecg", input: `samples=${samples}` },
  names: { path: "examples/names/names", input: `x=${join(packageRoot, "examples/names/data/names.jsonl")}` },
} as const;

/**
 * Bytes of the frame that WAMR puts in front of a function of the host's. The interpreters of as-rill do
 * without (c/platform), so a guest that is entered again from there needs less than is stated for all.
 */
const NATIVE_FRAME = { classic: 48, fast: 32 } as const;

/**
 * `reenters`: at its deepest the host calls the guest's allocator.
 *
 * `isWorst`: the run goes through the worst chain of calls, which a call that is
 * never answered at once does not.
 */
const CASES = [
  { name: "double", wait: "wait", isWorst: true, reenters: false },
  { name: "imu", wait: "wait", isWorst: true, reenters: false },
  { name: "ecg", wait: "wait", isWorst: true, reenters: false },
  { name: "names", wait: "wait", isWorst: true, reenters: true },
  { name: "double", wait: "callback", isWorst: true, reenters: false },
  { name: "names", wait: "callback", isWorst: false, reenters: false },
] as const;
const cores = await Promise.all(
  CASES.map(({ name, wait }) => guest(`${SOURCES[name].path}.ts`, `${SOURCES[name].path}.wit`, wait)),
);

async function runs(job: WamrRun): Promise<boolean> {
  try {
    return (await runOnWamr(job)).trap === null;
  } catch {
    return false;
  }
}

for (const [index, { name, wait, isWorst, reenters }] of CASES.entries()) {
  const { input } = SOURCES[name];
  const core = cores[index]!;
  for (const interpreter of ["classic", "fast"] as const) {
    test(`${name}, strategy ${wait}, on ${interpreter}: stack, pool and number of guests are the least and the most`, async () => {
      const analysis = await analyseFile(core, {});
      const { linear_memory: memory, stack } = analysis.report;
      const request = { call: null, inputs: [input], limit: null };
      const device = await measureDevice(analysis, { ...request, interpreter });
      const variant = { interpreter, bits: 32 } as const;
      const job: WamrRun = { ...(await wamrJob(folder, analysis, request)), variant };

      const { stack_bytes: stackBytes, run_stack_bytes: least, pool_bytes: poolBytes } = device;
      assert.equal(device.stack_basis, "computed");
      if (interpreter === "classic") assert.equal(stackBytes, stack.stack_bytes);
      assert.equal(await runs({ ...job, stackBytes: least }), true, `${least} bytes of stack do`);
      assert.equal(await runs({ ...job, stackBytes: least - 1 }), false, "one byte less does not");
      const spared = reenters ? NATIVE_FRAME[interpreter] : 0;
      if (isWorst) assert.equal(stackBytes - spared, least, "computed and measured");
      else assert.ok(stackBytes > least && stackBytes < 1.15 * least, `${stackBytes} for ${least}`);

      assert.equal(await runs({ ...job, stackBytes, poolBytes }), true, `a pool of ${poolBytes} does`);
      assert.equal(
        await runs({ ...job, stackBytes, poolBytes: poolBytes - 1 }),
        false,
        "one byte less does not",
      );
      for (const { kib, guests } of device.fits) {
        const room = { ...job, stackBytes, poolBytes: kib * 1024 };
        assert.equal(
          guests === 0 || (await runs({ ...room, instances: guests })),
          true,
          `${guests} in ${kib} KiB`,
        );
        assert.equal(await runs({ ...room, instances: guests + 1 }), false, `${guests + 1} in ${kib} KiB`);
      }
      assert.equal(
        device.linear_memory_bytes,
        memory.shrinks_on_wamr ? memory.used_bytes : memory.initial_bytes,
      );
      const parts =
        device.runtime_bytes + device.module_bytes + device.instance_bytes + device.exec_env_bytes;
      // The rest is what loading needs for a while, and what the pool loses
      // between its blocks; its unit is 8 bytes.
      assert.ok(parts < poolBytes + 8 && parts > 0.75 * poolBytes, `${parts} of ${poolBytes} bytes`);
    });
  }
}

test("places in the block cache take what is stated, and names' loop is scanned at each turn with few of them", async () => {
  const core = cores[3]!;
  const { input } = SOURCES.names;
  const device = reportOf(core, "--device", "--in", input).device!;
  const [four, , thirtyTwo] = device.block_caches;
  const more = (places: number): number => device.exec_env_bytes + (places - 8) * 24;
  assert.deepEqual(
    device.block_caches.map(({ places, exec_env_bytes: bytes }) => [places, bytes]),
    [4, 8, 32].map((places) => [places, more(places)]),
  );
  const request = { call: null, inputs: [input], limit: null };
  const { pool } = await runOnWamr({
    ...(await wamrJob(folder, await analyseFile(core, {}), request)),
    stackBytes: device.stack_bytes,
    variant: { interpreter: "classic", bits: 32, blockCache: 4 },
  });
  assert.equal(pool.exec_env, four!.exec_env_bytes);
  // Null where valgrind is missing.
  if (four!.instructions !== null) assert.ok(four!.instructions > 1.25 * thirtyTwo!.instructions!);
});

test("on the fast interpreter the report has no block cache", () => {
  const { device } = reportOf(cores[0]!, "--device", "fast", "--in", `x=${items}`);
  assert.equal(device!.interpreter, "WAMR 2.4.3 fast");
  assert.deepEqual(device!.block_caches, []);
});
