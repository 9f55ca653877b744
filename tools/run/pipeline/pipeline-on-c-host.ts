/** Runs guests in a row on the C host, on WAMR or translated to C: all in one program, on one stack. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { NotServed } from "../../c-host/not-served.js";
import { UserError } from "../../errors/user-error.js";
import { withAllocationCounter } from "../../instrument/count-allocations.js";
import { prepareNativePipeline } from "../../native/pipeline-program.js";
import { inTemporaryFolder } from "../../processes/temporary-folder.js";
import { prepareWamrPipeline } from "../../wamr/pipeline-program.js";
import { readResult, type PreparedRun, type WamrFacts } from "../../wamr/run-program.js";
import type { WamrRun } from "../../wamr/wamr-run.js";
import { Deadline } from "../deadline.js";
import type { Feed } from "../feed.js";
import {
  openImports,
  type ImportsFlags,
  type ImportsPlan,
  type OpenImports,
} from "../imports/open-imports.js";
import type { RunFacts } from "../run-facts.js";
import type { WireEnd } from "../connections/wire.js";
import { FedProgram, importsDescriptor, OUTPUT, restsDescriptor } from "../fed-program.js";
import { parameter, POOL_BYTES, resultOf, serving, STACK_BYTES, trapOf } from "../run-on-c-host.js";
import { onOneStack } from "./one-stack.js";
import { pipelineFacts, type PipelineFacts } from "./pipeline-facts.js";
import { ownInputs, type StagePlan } from "./stage-plan.js";

type CHost = "wamr" | "native";

/** How the program is built. */
export interface PipelineBuild {
  /** Whether AddressSanitizer and UndefinedBehaviorSanitizer watch. */
  readonly sanitized?: boolean;
}

/** How a row is served. */
interface RowOptions extends PipelineBuild {
  readonly flags?: ImportsFlags;
  /** To the connections that the plans name; null without. */
  readonly wire?: WireEnd | null;
}

/**
 * Runs the guests. Items that came before a trap are in the output; the trap is in the facts.
 * @throws UserError when the host cannot be built here, an input turns out bad, or the C host does not
 *   serve a function's types
 */
export async function runPipelineOnCHost(
  host: CHost,
  plans: readonly StagePlan[],
  deadline = new Deadline(undefined),
  { flags = {}, wire = null, ...build }: RowOptions = {},
): Promise<PipelineFacts> {
  const opened: OpenImports[] = [];
  try {
    for (const plan of plans) opened.push(await openImports(plan, flags));
    const imports = opened.map(({ plan }) => plan);
    return await inTemporaryFolder("rill-", (folder) =>
      runIn(folder, host, { plans, imports, wire }, deadline, build),
    );
  } catch (error) {
    if (error instanceof NotServed) throw new UserError(`${error.message}; use --host v8`);
    throw error;
  } finally {
    for (const one of opened) await one.close();
  }
}

/** The guests, what each one's imports are bound to, and their connections. */
interface Row {
  readonly plans: readonly StagePlan[];
  readonly imports: readonly ImportsPlan[];
  readonly wire: WireEnd | null;
}

async function runIn(
  folder: string,
  host: CHost,
  { plans, imports, wire }: Row,
  deadline: Deadline,
  build: PipelineBuild,
): Promise<PipelineFacts> {
  const cores = onOneStack(plans);
  const feeds: Feed[] = [];
  const future = join(folder, "out");
  const hasSources = plans.some((plan) => ownInputs(plan).some(({ kind }) => kind === "stream"));
  const described = plans.map((plan, index) => {
    const core = join(folder, `${index}.core.wasm`);
    writeFileSync(core, cores[index]!);
    const first = plans.slice(0, index).reduce((sum, before) => sum + before.inputs.length, 0);
    const files = join(folder, `in-${index}`);
    return stageJob(plan, { core, files, feeds, future, hasSources, guest: index, first });
  });
  const servings = plans.map((plan, index) => serving({ ...plan, core: cores[index]! }, imports[index]!));
  const asking = [...servings.keys()].filter((index) => servings[index]!.length > 0);
  const { output: last } = plans.at(-1)!;
  // The last guest's is no pipe.
  const output = last.kind === "piped" ? ({ kind: "none" } as const) : last;
  const streams = { feeds, inputs: plans.flatMap(ownInputs), output, wire };
  const rests = restsDescriptor(streams, asking.length);
  const jobs = described.map((job, index): WamrRun => {
    const place = asking.indexOf(index);
    return { ...job, rests, ...(place >= 0 && { imports: importsDescriptor(feeds, place) }) };
  });
  const prepared = await prepare(host, jobs, build);
  try {
    deadline.start();
    const told = await new FedProgram(prepared.command, streams, servings.flat()).run();
    return await facts(host, plans, cores, told, prepared, future);
  } finally {
    prepared.remove();
  }
}

function prepare(host: CHost, jobs: readonly WamrRun[], build: PipelineBuild): Promise<PreparedRun> {
  return host === "wamr"
    ? prepareWamrPipeline(jobs, { poolBytes: POOL_BYTES, stackBytes: STACK_BYTES }, build)
    : prepareNativePipeline(jobs, build);
}

/** Where the things of a guest's part are. */
interface StageFiles {
  readonly core: string;
  readonly files: string;
  readonly feeds: Feed[];
  readonly future: string;
  readonly hasSources: boolean;
  /** Which guest it is, counted from 0, and how many parameters those before it have. */
  readonly guest: number;
  readonly first: number;
}

function stageJob(plan: StagePlan, stage: StageFiles): WamrRun {
  const { core, files, feeds, future, hasSources, guest, first } = stage;
  const { corePath, world, call, inputs, output, limit } = plan;
  if (output.kind === "piped" && output.type.kind !== "stream")
    throw new NotServed(`${corePath} answers with more than its stream`);
  return {
    core,
    world,
    call,
    params: inputs.map((input, i) =>
      input.kind === "piped"
        ? { piped: true }
        : parameter(input, { path: `${files}-${i}`, limit, guest, input: first + i }, feeds),
    ),
    ...(output.kind === "piped"
      ? { pipedOutput: true }
      : { output: output.kind === "items" ? `#${OUTPUT}` : future, ...(!hasSources && { limit }) }),
    whole: true,
    traced: true,
  };
}

async function facts(
  host: CHost,
  plans: readonly StagePlan[],
  cores: readonly Uint8Array[],
  told: string,
  { result }: PreparedRun,
  future: string,
): Promise<PipelineFacts> {
  const each = JSON.parse(told) as readonly WamrFacts[];
  const trapped = each.findIndex(({ trap }) => trap !== null);
  const { output } = plans.at(-1)!;
  const value = result && trapped < 0 ? await readResult(result.path, result.type) : undefined;
  const all = each.map((own, index): RunFacts => ({
    host,
    items_in: own.items_in,
    items_out: own.items_out,
    allocations: withAllocationCounter(cores[index]!) === null ? 0 : null,
    linear_memory_bytes: own.linear_memory_bytes,
    host_calls: own.host_calls,
    trap: null,
    ...(index === plans.length - 1 &&
      output.kind === "value" &&
      output.type !== null &&
      trapped < 0 && {
        result: resultOf(output.type, output.isFuture, value === undefined ? {} : { value }, future),
      }),
  }));
  const of = plans[trapped];
  return pipelineFacts(
    plans,
    all,
    of === undefined ? null : { of, text: trapText(each[trapped]!, of, cores[trapped]!) },
  );
}

/** Of a guest that was given a callback the source map says nothing. */
function trapText(own: WamrFacts, { corePath, core }: StagePlan, ran: Uint8Array): string {
  const isChanged = ran !== core;
  return trapOf(own, {
    core: Uint8Array.from(ran),
    corePath: isChanged ? `${corePath} with a callback` : corePath,
  })!;
}
