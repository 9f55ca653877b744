/** Runs guests on V8 of which each one's stream goes into the next: both ends are of one stream. */
import type { Value } from "../../host/values/value.js";
import type { SharedStream } from "../../host/copies/shared-stream.js";
import type { GuestCall } from "../../host/guest.js";
import { Trap } from "../../host/values/trap.js";
import type { BoundImports } from "../imports/bind-imports.js";
import { ConnectionLost } from "../connections/guest-wire.js";
import type { OpenOutput } from "../formats/output-file.js";
import { compiled, V8Run, type V8RunOptions } from "../run-on-v8.js";
import { trapPlaces, withPlace, type TrapModule } from "../trap-position.js";
import { onOneStack } from "./one-stack.js";
import { pipelineFacts, type PipelineFacts } from "./pipeline-facts.js";
import { ownInputs, type StagePlan } from "./stage-plan.js";

/** How a run is served. */
export interface PipelineOptions extends Pick<V8RunOptions, "policy" | "wire"> {
  /** What each guest imports. */
  readonly imports?: readonly BoundImports[];
  /** Told of the output when it is opened. */
  readonly opened?: (output: OpenOutput) => void;
}

/** One guest. */
interface Stage {
  readonly run: V8Run;
  readonly plan: StagePlan;
  readonly ran: TrapModule;
  /** Of the guest before. */
  from: SharedStream | null;
  args: readonly Value[];
  call: GuestCall | null;
  result: unknown;
}

/**
 * Runs the guests. Items that came before a trap are in the output; the trap, which ends all of them, is in
 * the facts.
 * @throws UserError when a module's imports are not all known, or an input turns out bad: then there is no
 *   output
 */
export function runPipelineOnV8(plans: readonly StagePlan[], options: PipelineOptions = {}): PipelineFacts {
  const stages = makeStages(plans, options);
  const last = stages.at(-1)!;
  const { wire } = options;
  if (wire !== undefined)
    wire.rowReads = () => stages.slice(1).every(({ from }) => from !== null && isRead(from));
  try {
    stages[0]!.args = stages[0]!.run.open(null);
    start(stages, 0);
    for (const stage of stages) finish(stage);
    if (wire !== undefined) wire.completed = true;
    last.run.closeOutput("close");
    wire?.finish();
    return facts(stages, null);
  } catch (error) {
    if (error instanceof ConnectionLost) last.run.closeOutput("keep");
    else last.run.closeOutput(error instanceof Trap ? "close" : "discard");
    if (!(error instanceof Trap)) throw error;
    wire?.finish();
    const trapped = stages.find(({ run }) => error.instance === run.guest.instance) ?? last;
    const trap = trapped.run.guest.explain(error);
    return facts(stages, { of: trapped.plan, text: withPlace(trap.message, trapPlaces(trap, trapped.ran)) });
  } finally {
    for (const { run } of stages) run.closeInputs();
  }
}

function makeStages(plans: readonly StagePlan[], options: PipelineOptions): Stage[] {
  const modules = onOneStack(plans);
  const inputs = plans.flatMap(ownInputs);
  const hasSources = inputs.some((input) => input.kind === "stream");
  const stages: Stage[] = [];
  for (const [index, plan] of plans.entries()) {
    const core = modules[index]!;
    const { module, ran } = compiled({ core, corePath: plan.corePath });
    const imports = options.imports?.[index];
    const { policy, opened, wire } = options;
    const own = {
      ...{ ...(policy && { policy }), ...(opened && { opened }) },
      ...{ ...(imports && { imports }), ...(wire && { wire }) },
      isUnread: () => stages.slice(index + 1).some(({ from }) => from?.isUnread === true),
    };
    const firstInput = plans.slice(0, index).reduce((sum, before) => sum + before.inputs.length, 0);
    const [first] = stages;
    const idle = first?.run.guest.loop.idle;
    const run: V8Run = new V8Run(
      plan,
      module,
      own,
      first && { first: first.run, hasSources, inputs, firstInput },
    );
    const { loop } = run.guest;
    const added = loop.idle;
    if (idle !== undefined && added !== idle) loop.idle = () => idle() || added();
    const isChanged = core !== plan.core;
    // The source map is that of the module as it was built.
    stages.push({
      run,
      plan,
      ran: isChanged ? { ...ran, path: `${plan.corePath} with a callback` } : ran,
      from: null,
      args: [],
      call: null,
      result: undefined,
    });
  }
  return stages;
}

/** Starts a guest; the next one starts when this one has answered, and waits. */
function start(stages: readonly Stage[], index: number): void {
  const stage = stages[index]!;
  const { run, plan } = stage;
  stage.call = run.start(plan.call, stage.args, (stream) => {
    startLater(stages, index + 1, stream);
  });
}

function startLater(stages: readonly Stage[], index: number, stream: SharedStream): void {
  const { run } = stages[index]!;
  let isDue = true;
  run.guest.loop.add({
    progress: () => {
      if (!isDue) return false;
      isDue = false;
      stages[index]!.from = stream;
      stages[index]!.args = run.open(stream);
      start(stages, index);
      return true;
    },
  });
}

/** Whether the guest behind it waits to read from the stream, or never will again. */
function isRead({ dropped, awaited }: SharedStream): boolean {
  return dropped || (awaited !== null && "write" in awaited);
}

function finish(stage: Stage): void {
  const { scheduler } = stage.run.guest;
  scheduler.pumpUntil(() => stage.call !== null, "a guest waits for the stream of the one before");
  stage.result = stage.run.finish(stage.call!);
}

function facts(
  stages: readonly Stage[],
  trap: { readonly of: StagePlan; readonly text: string } | null,
): PipelineFacts {
  const all = stages.map(({ run, result }) => run.facts(null, result));
  return pipelineFacts(
    stages.map(({ plan }) => plan),
    all,
    trap,
  );
}
