/** Runs a plan on the C host, on WAMR or translated to C. */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { withAllocationCounter } from "../instrument/count-allocations.js";
import { Items } from "../host/copies/items.js";
import { arenaNeed } from "../host/values/trap.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import { NotServed } from "../c-host/not-served.js";
import { prepareNativeRun } from "../native/native-run.js";
import { prepareWamrRun, wamrFacts, type PreparedRun, type WamrFacts } from "../wamr/run-program.js";
import type { WamrParameter, WamrRun } from "../wamr/wamr-run.js";
import type { FunctionType, ValueType } from "../wit/model.js";
import type { WireEnd } from "./connections/wire.js";
import { Deadline } from "./deadline.js";
import {
  FedProgram,
  FIRST_INPUT,
  importsDescriptor,
  OUTPUT,
  restsDescriptor,
  type Serve,
} from "./fed-program.js";
import type { Feed } from "./feed.js";
import { toJson } from "./formats/json-value.js";
import { itemBytes, ItemDecoder } from "./item-bytes.js";
import { openImports, type ImportsFlags, type ImportsPlan } from "./imports/open-imports.js";
import { askedGuest, calledEntries } from "./remote/asked-guest.js";
import { boundFunctions } from "./remote/bound-functions.js";
import { RemoteGuest } from "./remote/remote-guest.js";
import { RemoteSocket, type RemoteSide } from "./remote/remote-socket.js";
import { CHostCalls, holdsEnds, plannedCalls } from "./remote/c-host-calls.js";
import { entryShape } from "../pack/entry-shape.js";
import { runDescriptor } from "../wamr/run-descriptor.js";
import type { RunFacts } from "./run-facts.js";
import { trapPlacesAt, withPlace } from "./trap-position.js";
import type { ItemFile, RunInput, RunPlan } from "./run-plan.js";

/**
 * More than any guest of this machine's needs: what a device has to give, `rill report --device` measures.
 */
export const POOL_BYTES = 64 << 20;
/** Bytes of each guest's own stack. */
export const STACK_BYTES = 1 << 20;

/** Flags of a run. */
export interface CHostFlags extends ImportsFlags {
  /** Results of several calls are facts, and not told on standard output. */
  readonly json?: boolean;
}

/** A guest whose calls of imports are answered. */
export type ServedGuest = Pick<RunPlan, "core" | "world">;

const nothing: FunctionType = { name: "", kind: "freestanding", async: true, params: [], result: null };
/** Called by the program itself: nobody asks for what it takes and answers. */
const NOTHING = { func: nothing, shape: entryShape(nothing) };

/** What runs the guest's code below the C host. */
interface Engine {
  readonly host: "wamr" | "native";
  readonly prepare: (job: WamrRun) => Promise<PreparedRun>;
}

const WAMR: Engine = { host: "wamr", prepare: prepareWamrRun };
const NATIVE: Engine = { host: "native", prepare: prepareNativeRun };

/** How a run is served. */
interface Served {
  readonly deadline: Deadline;
  readonly flags: CHostFlags;
  /** To the connections that the plan names; null without. */
  readonly wire: WireEnd | null;
}

/**
 * Runs the plan on WAMR. Items that came before a trap are in the output; the trap is in the facts.
 * @throws UserError when WAMR cannot be built here, an input turns out bad, or the C
 * host does not serve the function's types
 */
export function runOnWamr(
  plan: RunPlan,
  deadline = new Deadline(undefined),
  flags: CHostFlags = {},
  wire: WireEnd | null = null,
): Promise<RunFacts> {
  return runOn(WAMR, plan, { deadline, flags, wire });
}

/**
 * Runs the plan as C, compiled for this machine; all else as on WAMR.
 * @throws UserError when there is no C compiler, and as runOnWamr
 */
export function runNative(
  plan: RunPlan,
  deadline = new Deadline(undefined),
  flags: CHostFlags = {},
  wire: WireEnd | null = null,
): Promise<RunFacts> {
  return runOn(NATIVE, plan, { deadline, flags, wire });
}

async function runOn(engine: Engine, plan: RunPlan, served: Served): Promise<RunFacts> {
  const imports = await openImports(plan, served.flags);
  try {
    return await inTemporaryFolder("rill-", (folder) => {
      const { core, world, calls } = plan;
      return calls !== null || holdsEnds(core, world)
        ? runCalls(engine, plan, served, imports.plan)
        : runIn(folder, engine, plan, served, imports.plan);
    });
  } catch (error) {
    if (error instanceof NotServed) throw new UserError(`${error.message}; use --host v8`);
    throw error;
  } finally {
    await imports.close();
  }
}

/** Calls functions one after the other: the program is told all that they take, value by value. */
async function runCalls(
  { host, prepare }: Engine,
  plan: RunPlan,
  { deadline, flags, wire }: Served,
  imports: ImportsPlan,
): Promise<RunFacts> {
  if (wire !== null)
    throw new NotServed("connections go with one call, of a guest without streams inside of values");
  const { core, corePath, world, call, inputs, output } = plan;
  const entries = calledEntries(core, world, plannedCalls(plan));
  const job: WamrRun = {
    ...{ core: corePath, world, call, params: [], entries, imports: importsDescriptor([], 0) },
    ...{ whole: true, traced: true, poolBytes: POOL_BYTES, stackBytes: STACK_BYTES },
  };
  const prepared = await prepare(job);
  const session: CHostCalls = new CHostCalls(plan, imports, {
    ...{ entries, descriptor: runDescriptor(job, core), prints: flags.json !== true },
    write: (bytes) => program.send(bytes),
  });
  const program: FedProgram = new FedProgram(prepared.command, { feeds: [], inputs, output, wire }, [
    (socket) => session.serve(socket),
  ]);
  try {
    deadline.start();
    const told = await wamrFacts(await program.run(), prepared);
    return session.facts(host, told, trapOf(told, plan));
  } finally {
    session.close();
    prepared.remove();
  }
}

async function runIn(
  folder: string,
  { host, prepare }: Engine,
  plan: RunPlan,
  { deadline, wire }: Served,
  imports: ImportsPlan,
): Promise<RunFacts> {
  const { inputs, output, limit } = plan;
  const feeds: Feed[] = [];
  const params = inputs.map((input, i) =>
    parameter(input, { path: join(folder, `in-${i}`), limit, guest: 0, input: i }, feeds),
  );
  const future = join(folder, "out");
  const serves = serving(plan, imports);
  const streams = { feeds, inputs, output, wire };
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
    imports: serves.length > 0 ? importsDescriptor(feeds, 0) : undefined,
    rests: restsDescriptor(streams, serves.length),
    ...(!inputs.some((input) => input.kind === "stream") && { limit }),
  });
  try {
    deadline.start();
    const told = await new FedProgram(prepared.command, streams, serves).run();
    return runFacts(host, plan, await wamrFacts(told, prepared), future);
  } finally {
    prepared.remove();
  }
}

/**
 * What answers the calls of a guest, with what its imports are bound to; nothing for one that calls no
 * function and has no resources of its own, whose program does not ask.
 */
export function serving({ core, world }: ServedGuest, imports: ImportsPlan): readonly Serve[] {
  const descriptor = runDescriptor({ world, imports: 0 }, core);
  if (descriptor.imports.every(({ func }) => func === undefined)) return [];
  const functions = boundFunctions(imports);
  const open = (memory: number): RemoteSide => {
    const asking = askedGuest(core, descriptor, NOTHING, memory);
    return { guest: new RemoteGuest(asking, () => null, functions, { isHere: true }) };
  };
  return [(socket) => Promise.race([new RemoteSocket(socket, open, imports.end).failure, functions.failure])];
}

/** Where a parameter stands. */
interface ParameterPlace {
  /** Of a file for its value. */
  readonly path: string;
  readonly limit: number | undefined;
  /** Whose it is, counted from 0, and its number among the inputs of all guests. */
  readonly guest: number;
  readonly input: number;
}

/**
 * What the program gets for `input`: a value, or items in a file; `feeds` gets
 * what has to be fed through a pipe.
 */
export function parameter(input: RunInput, place: ParameterPlace, feeds: Feed[]): WamrParameter {
  if (input.kind !== "stream") return valueParameter(input, place.path);
  const { path, format, elementType, address } = input;
  const { limit, guest } = place;
  if (isReadAsItIs(input) && limit === undefined) return { path };
  feeds.push({ path, format, elementType, address, limit: limit ?? null, guest, input: place.input });
  return { path: `#${FIRST_INPUT + feeds.length - 1}` };
}

/** Regular files of raw items have been checked and are rill-run's own form. */
function isReadAsItIs({ path, format, address }: ItemFile): boolean {
  return address === null && format === "raw" && path !== "-" && statSync(path).isFile();
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
