/**
 * What the bench calls ready and blocking is that, of every copy and on both hosts: one more item costs
 * the guest as many host calls on WAMR as on V8, two of a stream in and a stream out when copies are
 * ready, and a wait more for each that blocks.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { withInput } from "../../bench/measure-run.js";
import { withJobs } from "../../bench/measure-on-wamr.js";
import { inRepository, workloads } from "../../bench/workloads.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { analyse } from "../../tools/report/build-report.js";
import { loadInput } from "../../tools/report/load-input.js";
import type { CallRequest } from "../../tools/report/run/plan-call.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import { runOnWamr } from "../../tools/wamr/run-program.js";
import type { WamrRun } from "../../tools/wamr/wamr-run.js";

const folder = mkdtempSync(join(tmpdir(), "rill-ready-"));
after(() => {
  rmSync(folder, { recursive: true });
});

type Mode = "ready" | "blocking";
interface Calls {
  readonly calls: number;
  readonly itemsOut: number;
}

for (const workload of workloads) {
  test(`${workload.name}: no copy blocks in the one mode, every copy in the other`, async () => {
    const outDir = join(folder, workload.name);
    mkdirSync(outDir);
    const { corePath } = await buildGuest({
      entry: inRepository(workload.entry),
      wit: inRepository(workload.wit),
      wait: workload.wait ?? "wait",
      outDir,
    });
    const core = readFileSync(corePath);
    const [few, many] = workload.runs;
    await withInput({ core, workload, length: few }, (short) =>
      withInput({ core, workload, length: many }, async (long) => {
        const analysis = analyse(await loadInput(corePath, null), { sourceMap: null });
        await withJobs(analysis, [short, long], async (jobs) => {
          for (const mode of ["ready", "blocking"] as const) {
            const onV8 = [short, long].map((request) => v8(corePath, request, mode));
            const onWamr = [await wamr(jobs[0], mode), await wamr(jobs[1], mode)];
            const items = onV8[1]!.itemsOut - onV8[0]!.itemsOut;
            const [v8Calls, wamrCalls] = [onV8, onWamr].map(([less, more]) => more!.calls - less!.calls);
            // Who is called back makes no call to wait.
            const waits = mode === "blocking" && workload.wait !== "callback";
            const expected = (many - few + items) * (waits ? 2 : 1);
            assert.equal(wamrCalls, expected, `${mode} on WAMR`);
            assert.equal(v8Calls, expected, `${mode} on V8`);
          }
        });
      }),
    );
  });
}

function v8(core: string, { call, inputs }: CallRequest, policy: Mode): Calls {
  const out = join(folder, "out.jsonl");
  const plan = planRun(core, { ...(call !== null && { call }), in: [...inputs], out, host: "v8" });
  const facts = runOnV8(plan, { policy });
  assert.equal(facts.trap, null);
  return { calls: facts.host_calls ?? 0, itemsOut: facts.items_out ?? 0 };
}

async function wamr(job: WamrRun, mode: Mode): Promise<Calls> {
  const facts = await runOnWamr({ ...job, mode });
  assert.equal(facts.trap, null);
  return { calls: facts.host_calls ?? 0, itemsOut: facts.items_out ?? 0 };
}
