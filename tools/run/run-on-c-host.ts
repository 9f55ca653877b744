/**
 * Runs a plan on the C host, on WAMR or translated to C: feeders read the inputs (feed.ts), rill-run runs
 * the guest, a thread writes the output (write-job.ts). Pipes are between them, so items go on as they
 * come, and whoever is slow holds the others back.
 */
import type { ChildProcess } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UserError } from "../errors/user-error.js";
import { withAllocationCounter } from "../instrument/count-allocations.js";
import { Items } from "../host/copies/items.js";
import { arenaNeed } from "../host/values/trap.js";
import { endProcess, startProcess } from "../processes/start-process.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import { NotServed } from "../c-host/not-served.js";
import { prepareNativeRun } from "../native/native-run.js";
import { prepareWamrRun, wamrFacts, type PreparedRun, type WamrFacts } from "../wamr/run-program.js";
import type { WamrParameter, WamrRun } from "../wamr/wamr-run.js";
import type { ValueType, World } from "../wit/model.js";
import { Deadline } from "./deadline.js";
import type { Feed } from "./feed.js";
import { toJson } from "./formats/json-value.js";
import { itemBytes, ItemDecoder } from "./item-bytes.js";
import { CHostCalls } from "./imports/c-host-calls.js";
import { openImports, type ImportsFlags, type ImportsPlan } from "./imports/open-imports.js";
import type { RunFacts } from "./run-facts.js";
import { trapPlacesAt, withPlace } from "./trap-position.js";
import type { ItemFile, RunInput, RunPlan } from "./run-plan.js";
import { startJob, type Job } from "./worker-job.js";
import type { ToWriter } from "./write-job.js";

/**
 * More than any guest of this machine's needs: what a device has to give, `rill report --device` measures.
 */
export const POOL_BYTES = 64 << 20;
/** Bytes of each guest's own stack. */
export const STACK_BYTES = 1 << 20;

const FACTS = 1;
const MESSAGES = 2;
/** The descriptor that the items come out of; those that go in come behind it. */
export const OUTPUT = 3;
const FIRST_INPUT = 4;

/** What runs the guest's code below the C host. */
interface Engine {
  readonly host: "wamr" | "native";
  readonly prepare: (job: WamrRun) => Promise<PreparedRun>;
}

const WAMR: Engine = { host: "wamr", prepare: prepareWamrRun };
const NATIVE: Engine = { host: "native", prepare: prepareNativeRun };

/**
 * Runs the plan on WAMR. Items that came before a trap are in the output; the trap is in the facts.
 * @throws UserError when WAMR cannot be built here, an input turns out bad, or the C
 * host does not serve the function's types
 */
export function runOnWamr(
  plan: RunPlan,
  deadline = new Deadline(undefined),
  flags: ImportsFlags = {},
): Promise<RunFacts> {
  return runOn(WAMR, plan, deadline, flags);
}

/**
 * Runs the plan as C, compiled for this machine; all else as on WAMR.
 * @throws UserError when there is no C compiler, and as runOnWamr
 */
export function runNative(
  plan: RunPlan,
  deadline = new Deadline(undefined),
  flags: ImportsFlags = {},
): Promise<RunFacts> {
  return runOn(NATIVE, plan, deadline, flags);
}

async function runOn(
  engine: Engine,
  plan: RunPlan,
  deadline: Deadline,
  flags: ImportsFlags,
): Promise<RunFacts> {
  const imports = await openImports(plan, flags);
  try {
    return await inTemporaryFolder("rill-", (folder) => runIn(folder, engine, plan, deadline, imports.plan));
  } catch (error) {
    if (error instanceof NotServed) throw new UserError(`${error.message}; use --host v8`);
    throw error;
  } finally {
    await imports.close();
  }
}

async function runIn(
  folder: string,
  { host, prepare }: Engine,
  plan: RunPlan,
  deadline: Deadline,
  imports: ImportsPlan,
): Promise<RunFacts> {
  const { output, limit } = plan;
  const feeds: Feed[] = [];
  const params = plan.inputs.map((input, i) => parameter(input, join(folder, `in-${i}`), limit, feeds));
  const future = join(folder, "out");
  const prepared = await prepare({
    core: plan.corePath,
    world: plan.world,
    call: plan.call,
    params,
    output: output.kind === "items" ? `#${OUTPUT}` : future,
    whole: true,
    traced: true,
    poolBytes: POOL_BYTES,
    stackBytes: STACK_BYTES,
    imports: imports.functions.length > 0 ? importsDescriptor(feeds, 0) : undefined,
    ...(!plan.inputs.some((input) => input.kind === "stream") && { limit }),
  });
  try {
    const job = output.kind === "items" && output.file !== null ? writeJob(output.file) : null;
    deadline.start();
    const serves = imports.functions.length > 0 ? [serving(plan.core, plan.world, imports)] : [];
    const told = await new FedProgram(prepared.command, feeds, job, serves).run();
    return runFacts(host, plan, await wamrFacts(told, prepared), future);
  } finally {
    prepared.remove();
  }
}

/** Answers the calls of a guest with what its imports are bound to. */
export function serving(core: Uint8Array<ArrayBuffer>, world: World, imports: ImportsPlan): Serve {
  return (socket) => new CHostCalls(socket, core, world, imports).failure;
}

/** Starts the thread that writes the items. */
export function writeJob(file: ItemFile): Job<undefined> {
  return startJob<undefined>(new URL("./write-job.js", import.meta.url), file);
}

/** Answers a guest's calls over the socket. @returns what rejects when the functions are at fault */
export type Serve = (socket: Duplex) => Promise<never>;

/** The descriptor of a guest's calls, behind those of `feeds`. @param index among guests with functions */
export function importsDescriptor(feeds: readonly Feed[], index: number): number {
  return FIRST_INPUT + feeds.length + index;
}

/** A program of the C host with what feeds it and what writes its items. */
export class FedProgram {
  private readonly guest: ChildProcess;
  private readonly feeders: readonly ChildProcess[];
  private readonly complaints = new Map<ChildProcess, string>();
  /** Each rejects when the functions that a guest calls are at fault. */
  private readonly failures: readonly Promise<never>[];

  constructor(
    [program, ...args]: readonly string[],
    feeds: readonly Feed[],
    private readonly job: Job<undefined> | null,
    serves: readonly Serve[],
  ) {
    const more = [...feeds, ...serves];
    this.guest = startProcess(program!, args, {
      stdio: ["ignore", "pipe", "pipe", "pipe", ...more.map(() => "pipe" as const)],
    });
    this.failures = serves.map((serve, i) => serve(this.guest.stdio[importsDescriptor(feeds, i)] as Duplex));
    this.feeders = feeds.map((feed, i) => {
      const end = this.guest.stdio[FIRST_INPUT + i]!;
      const feeder = startProcess(
        process.execPath,
        [fileURLToPath(new URL("./feed.js", import.meta.url)), JSON.stringify(feed)],
        {
          stdio: [feed.path === "-" ? "inherit" : "ignore", end, "pipe"],
        },
      );
      end.destroy(); // the feeder has it now
      return feeder;
    });
  }

  /** @returns what rill-run told. @throws UserError, ReaderGone */
  async run(): Promise<string> {
    const { guest, feeders, job } = this;
    const facts = text(guest.stdio[FACTS] as Readable);
    const messages = text(guest.stdio[MESSAGES] as Readable);
    const closed = feeders.map((feeder) => Promise.all([ended(feeder), text(feeder.stderr!)]));
    try {
      await Promise.race([
        Promise.all([this.passItems(), ended(guest)]),
        job?.result ?? new Promise(() => undefined),
        ...this.failures,
      ]);
      for (const feeder of feeders) endProcess(feeder, "SIGKILL");
      for (const [code, complaint] of await Promise.all(closed))
        if (code === 2) throw new UserError(complaint);
      const code = await ended(guest);
      if (code !== 0) throw new UserError((await messages).trim() || `rill-run ended with ${code}`);
      void job?.send("close" satisfies ToWriter);
      await job?.result;
      return await facts;
    } catch (error) {
      for (const child of [guest, ...feeders]) endProcess(child, "SIGKILL");
      void job?.send("discard" satisfies ToWriter);
      throw error;
    }
  }

  private async passItems(): Promise<void> {
    for await (const bytes of this.guest.stdio[OUTPUT] as Readable) await this.job?.send(bytes as Buffer);
  }
}

/** What a stream says until its end. */
async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

/** The exit code of a program; null when a signal ended it. */
function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", resolve);
  });
}

/**
 * What the program gets for `input`: a value, or items in a file; `feeds` gets
 * what has to be fed through a pipe.
 */
export function parameter(
  input: RunInput,
  temporaryPath: string,
  limit: number | undefined,
  feeds: Feed[],
): WamrParameter {
  if (input.kind !== "stream") return valueParameter(input, temporaryPath);
  const { path, format, elementType, address } = input;
  if (isReadAsItIs(input) && limit === undefined) return { path };
  feeds.push({ path, format, elementType, address, limit: limit ?? null });
  return { path: `#${FIRST_INPUT + feeds.length - 1}` };
}

/** Regular files of raw items have been checked and are rill-run's own form. */
function isReadAsItIs({ path, format }: ItemFile): boolean {
  return format === "raw" && path !== "-" && statSync(path).isFile();
}

/** A parameter that is no stream. */
function valueParameter(
  input: RunInput & { kind: "value" | "future" },
  temporaryPath: string,
): WamrParameter {
  if (input.kind === "value") return { value: input.value };
  const { elementType, value } = input;
  if (elementType === null) return { units: 1 };
  writeFileSync(temporaryPath, itemBytes(Items.fromValues(elementType, [value]), elementType));
  return { path: temporaryPath };
}

function runFacts(host: Engine["host"], plan: RunPlan, facts: WamrFacts, future: string): RunFacts {
  const { output } = plan;
  const isValue = output.kind === "value" && output.type !== null && facts.trap === null;
  return {
    host,
    items_in: facts.items_in,
    items_out: facts.items_out,
    allocations: withAllocationCounter(plan.core) === null ? 0 : null,
    linear_memory_bytes: facts.linear_memory_bytes,
    host_calls: facts.host_calls,
    trap: trapOf(facts, plan),
    ...(isValue && { result: resultOf(output.type, output.isFuture, facts, future) }),
  };
}

/** Why the guest trapped, its arena's need when that was it, and where in its source. */
export function trapOf(
  { trap, arena_missing: missing = 0, frames = [] }: WamrFacts,
  plan: Pick<RunPlan, "core" | "corePath">,
): string | null {
  if (trap === null) return null;
  const lacks = missing > 0 && /unreachable|cabi_realloc traps/.test(trap);
  const message = lacks ? arenaNeed(missing) : trap.replace(/^Exception: /, "");
  // WAMR stands behind what it runs, and at 0 in a native.
  const offsets = frames.filter((frame) => frame > 0).map((frame) => frame - 1);
  return withPlace(message, trapPlacesAt(offsets, plan.corePath, plan.core));
}

/** A result that is a value, as JSON. */
export function resultOf(
  type: ValueType,
  isFuture: boolean,
  facts: Pick<WamrFacts, "value">,
  future: string,
): unknown {
  if (!isFuture) return toJson(type, facts.value!);
  const [items] = new ItemDecoder(type).push(readFileSync(future));
  return toJson(type, items!.values()[0]!);
}
