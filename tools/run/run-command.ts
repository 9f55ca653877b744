/** What `rill run` does: works out the plan, runs it on a host, tells how it came out. */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { visibleJson } from "../errors/visible-text.js";
import { jsonText, type Json } from "./formats/json-value.js";
import { OutputFile } from "./formats/output-file.js";
import type { RunFacts } from "./run-facts.js";
import { planRun, type RunFlags, type RunPlan } from "./run-plan.js";
import { startJob } from "./worker-job.js";

/** Runs. @throws UserError for bad input, CheckFailure when the guest trapped */
export async function runRun(corePath: string, flags: RunFlags): Promise<void> {
  if (flags.host !== "v8" && flags.host !== "wamr") {
    throw new UserError(`--host ${flags.host}: unknown host (v8, wamr)`);
  }
  if (flags.format !== undefined && !["raw", "csv", "jsonl"].includes(flags.format)) {
    throw new UserError(`--format ${flags.format}: unknown format (raw, csv, jsonl)`);
  }
  const plan = planRun(corePath, flags);
  const facts = await runOn(flags.host, plan);
  writeResult(plan, facts);
  if (flags.json) console.log(visibleJson(facts));
  else process.stderr.write(`${summary(facts)}\n`);
  if (facts.trap !== null) throw new CheckFailure(`the guest trapped: ${facts.trap}`);
}

async function runOn(host: "v8" | "wamr", plan: RunPlan): Promise<RunFacts> {
  if (host === "v8") return startJob<RunFacts>(new URL("./v8-job.js", import.meta.url), plan).result;
  return (await import("./run-on-wamr.js")).runOnWamr(plan);
}

/** Prints a result that is a value. */
function writeResult({ output }: RunPlan, facts: RunFacts): void {
  if (output.kind !== "value" || output.path === null || facts.result === undefined) return;
  const file = new OutputFile(output.path);
  file.write(Buffer.from(`${jsonText(facts.result as Json)}\n`));
  file.close();
}

function summary(facts: RunFacts): string {
  const count = (value: number | null, what: string): string => (value === null ? "" : `, ${value} ${what}`);
  return (
    `${facts.host}: ${facts.items_in} items in, ${facts.items_out} out` +
    count(facts.allocations, "allocations") +
    count(facts.linear_memory_bytes, "bytes of linear memory") +
    count(facts.host_calls, "host calls")
  );
}
