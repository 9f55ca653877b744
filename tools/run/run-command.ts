/** What `rill run` does: works out the plan, runs it on a host, tells how it came out. */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { visible, visibleJson } from "../errors/visible-text.js";
import { jsonText, type Json } from "./formats/json-value.js";
import { OutputFile } from "./formats/output-file.js";
import type { WireEnd } from "./connections/wire.js";
import type { RunFacts } from "./run-facts.js";
import { openImports, type ImportsFlags } from "./imports/open-imports.js";
import { isConnected, planRun, type RunFlags, type RunPlan } from "./run-plan.js";
import { Deadline } from "./deadline.js";
import { planPipeline } from "./pipeline/plan-pipeline.js";
import type { PipelineFacts } from "./pipeline/pipeline-facts.js";
import { runPipeline } from "./pipeline/run-pipeline.js";
import type { StagePlan } from "./pipeline/stage-plan.js";
import { runInThread } from "./run-in-thread.js";

/** Flags of the command. */
export interface RunCommandFlags extends RunFlags, ImportsFlags {
  /** Seconds. */
  readonly timeout?: number;
}

/** Runs. @throws UserError for bad input, CheckFailure when the guest trapped */
export async function runRun(corePath: string, flags: RunCommandFlags): Promise<void> {
  const { host } = flags;
  if (host !== "v8" && host !== "wamr" && host !== "native") {
    throw new UserError(`--host ${host}: unknown host (v8, wamr, native)`);
  }
  if (flags.format !== undefined && !["raw", "csv", "jsonl"].includes(flags.format)) {
    throw new UserError(`--format ${flags.format}: unknown format (raw, csv, jsonl)`);
  }
  if ((flags.then?.length ?? 0) > 0) return runConnectedGuests(host, corePath, flags);
  const plan = planRun(corePath, { ...flags, connections: true });
  const deadline = new Deadline(flags.timeout);
  const tell = (facts: RunFacts): void => {
    deadline.stop();
    tellFacts(plan.output, facts, flags);
  };
  const run = (wire: WireEnd | null): Promise<RunFacts> => runOn(host, plan, flags, deadline, wire);
  if (isConnected(plan)) {
    const { withNetwork } = await import("./run-connected.js");
    await withNetwork(plan, run, tell);
  } else tell(await run(null));
}

/** Runs guests of which each one's stream goes into the next. */
async function runConnectedGuests(
  host: RunFacts["host"],
  corePath: string,
  flags: RunCommandFlags,
): Promise<void> {
  const plans = planPipeline(corePath, { ...flags, connections: true });
  const deadline = new Deadline(flags.timeout);
  await runPipeline(host, plans, flags, deadline, (facts) => {
    deadline.stop();
    if (flags.json !== true) tellBeside(facts);
    tellFacts(plans.at(-1)!.output, facts, flags);
  });
}

/** Tells what guests of a row have answered with beside their streams. */
function tellBeside({ guests }: PipelineFacts): void {
  for (const { core, result } of guests)
    if (result !== undefined)
      process.stderr.write(`${visible(core)} answers beside its stream: ${jsonText(result as Json)}\n`);
}

function tellFacts(output: StagePlan["output"], facts: RunFacts, { json }: RunCommandFlags): void {
  writeResult(output, facts);
  if (json) console.log(visibleJson(facts));
  else process.stderr.write(`${summary(facts)}\n`);
  if (facts.trap !== null) throw new CheckFailure(`the guest trapped: ${facts.trap}`);
}

async function runOn(
  host: RunFacts["host"],
  plan: RunPlan,
  flags: RunCommandFlags,
  deadline: Deadline,
  wire: WireEnd | null,
): Promise<RunFacts> {
  if (host !== "v8") {
    const { runNative, runOnWamr } = await import("./run-on-c-host.js");
    return (host === "wamr" ? runOnWamr : runNative)(plan, deadline, flags, wire);
  }
  const imports = await openImports(plan, flags, wire?.words);
  try {
    deadline.start();
    return await runInThread(plan, imports.plan, flags.json !== true, wire).result;
  } finally {
    await imports.close();
  }
}

/** Prints a result that is a value. */
function writeResult(output: StagePlan["output"], facts: RunFacts): void {
  if (facts.result !== undefined) writeValue(output, facts.result as Json);
}

/** Writes a value to where the plan says. */
export function writeValue(output: StagePlan["output"], value: Json): void {
  if (output.kind !== "value" || output.path === null) return;
  const file = new OutputFile(output.path);
  file.write(Buffer.from(`${jsonText(value)}\n`));
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
