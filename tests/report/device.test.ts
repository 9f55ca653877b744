/** RAM and stack, checked by running on WAMR's 32-bit build: what is stated does, one byte less does not. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { wamrJob } from "../../tools/report/device-job.js";
import { analyseFile } from "../../tools/report/report-command.js";
import { runOnWamr, type WamrRun } from "../../tools/wamr/run.js";
import { file, folder, guest, reportOf } from "./rill.js";

const samples = file(
  "samples.bin",
  new Uint8Array(Uint16Array.from({ length: 2000 }, (_, i) => (i % 250 < 6 ? 2800 : 2000)).buffer),
);
const items = file("device-items.bin", new Uint8Array(Uint32Array.from({ length: 50 }, (_, i) => i).buffer));
const GUESTS = [
  {
    name: "double",
    core: await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit"),
    call: "my:test/i#double",
    param: "x",
    input: items,
  },
  {
    name: "ecg",
    core: await guest("examples/ecg/ecg.ts", "examples/ecg/ecg.wit"),
    call: "rill:ecg/detector#beats",
    param: "samples",
    input: samples,
  },
  {
    name: "names",
    core: await guest("examples/names/names.ts", "examples/names/names.wit"),
    call: "rill:names/labels#label",
    param: "x",
    input: join(packageRoot, "examples/names/data/names.jsonl"),
  },
];

async function runs(job: WamrRun): Promise<boolean> {
  try {
    return (await runOnWamr(job)).trap === null;
  } catch {
    return false;
  }
}

for (const { name, core, call, param, input } of GUESTS) {
  for (const interpreter of ["classic", "fast"] as const) {
    test(`${name} on ${interpreter}: the stack, the pool and the number of guests are the least and the most`, async () => {
      const {
        device,
        linear_memory: memory,
        stack,
      } = reportOf(core, "--device", interpreter, "--in", `${param}=${input}`);
      assert.ok(device);
      const request = { call, inputs: [`${param}=${input}`], limit: null };
      const variant = { interpreter, bits: 32 } as const;
      const job: WamrRun = { ...(await wamrJob(folder, analyseFile(core, {}), request)), variant };
      const stackBytes = device.stack_bytes;
      assert.equal(await runs({ ...job, stackBytes }), true, `${stackBytes} bytes of stack do`);
      assert.equal(await runs({ ...job, stackBytes: stackBytes - 1 }), false, "one byte less does not");
      const poolBytes = device.pool_bytes;
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
      if (interpreter === "classic") assert.equal(stackBytes, stack.stack_bytes, "computed from the binary");
      assert.equal(device.stack_basis, interpreter === "classic" ? "computed" : "measured");
      const parts =
        device.runtime_bytes + device.module_bytes + device.instance_bytes + device.exec_env_bytes;
      // The rest is what loading needs for a while, and what the pool loses between its blocks.
      assert.ok(parts <= poolBytes && parts > 0.75 * poolBytes, `${parts} of ${poolBytes} bytes`);
    });
  }
}
