/** Runs a guest on WAMR with the C host: streams from raw item files, the result to one. */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { run } from "../setup/run.js";
import { coreExports } from "../wit/core-names.js";
import type { FunctionType, ValueType, World } from "../wit/model.js";
import { type DesktopVariant, desktopProgram } from "./desktop-library.js";
import { GuestDescriptor, descriptorLines } from "./descriptor.js";

/** A parameter: the path of a file of items for a stream (raw, or in chunks: see run_main.c), the bits of one 32-bit cell for anything else. */
export type WamrParameter = { readonly path: string } | { readonly bits: number };

/** What to run. */
export interface WamrRun {
  /** Path of the core module. */
  readonly core: string;
  readonly world: World;
  /** `INTERFACE#FUNCTION`, as `rill run --call` has it; a function of the world itself goes without `#`. */
  readonly call: string;
  readonly params: readonly WamrParameter[];
  /** Where the result stream's raw items go; needed when there is one. */
  readonly output?: string | undefined;
  /** Items of the result after which the host drops its readable end. */
  readonly limit?: number | undefined;
  /** `ready`: the host keeps copies of its own waiting; `blocking`: every copy of the guest's blocks first. */
  readonly mode?: "ready" | "blocking";
  readonly variant?: DesktopVariant;
  /** Bytes for WAMR: runtime, module, instances, execution environment. */
  readonly poolBytes?: number;
  /** Bytes for the guest's own stack and frames. */
  readonly stackBytes?: number;
  /** Instances to make; the first one runs. */
  readonly instances?: number;
}

/** What a run came to; bytes of the pool as WAMR counts them. */
export interface WamrFacts {
  readonly items_in: number;
  readonly items_out: number;
  readonly host_calls: number;
  readonly linear_memory_bytes: number;
  readonly pool: {
    /** WAMR itself with its natives, and the pool's own books. */
    readonly runtime: number;
    readonly module: number;
    readonly instance: number;
    readonly further_instance: number;
    readonly exec_env: number;
    readonly highest: number;
  };
  readonly host_bytes: { readonly end: number; readonly stream: number; readonly host: number };
  /** The result, when it is one core value. */
  readonly scalar: string;
  /** Why the guest trapped, or null. */
  readonly trap: string | null;
}

const DEFAULTS = { poolBytes: 1 << 20, stackBytes: 16_384, instances: 1 };

/** Runs a guest to its end. @throws UserError when WAMR cannot be built here or refuses the module */
export async function runOnWamr(job: WamrRun): Promise<WamrFacts> {
  const prepared = await prepareWamrRun(job);
  try {
    const { code, output } = await run(prepared.command[0]!, prepared.command.slice(1));
    if (code !== 0) throw new UserError(output.trim() || `rill-run ended with ${String(code)}`);
    return JSON.parse(output) as WamrFacts;
  } finally {
    await prepared.remove();
  }
}

/** A run that is ready to start: its command line, and how to clean up behind it. */
export interface PreparedRun {
  readonly command: readonly string[];
  readonly remove: () => Promise<void>;
}

/** Writes the descriptor and builds the program. */
export async function prepareWamrRun(job: WamrRun): Promise<PreparedRun> {
  const variant = job.variant ?? { interpreter: "classic", bits: 64 };
  const { lines, whole } = await jobLines(job);
  const program = await desktopProgram("rill-run", ["run_main.c"], { ...variant, whole });
  const folder = await mkdtemp(join(tmpdir(), "rill-run-"));
  const descriptor = join(folder, "descriptor");
  await writeFile(descriptor, `${lines.join("\n")}\n`);
  const numbers = [
    job.poolBytes ?? DEFAULTS.poolBytes,
    job.stackBytes ?? DEFAULTS.stackBytes,
    job.instances ?? DEFAULTS.instances,
  ];
  return {
    command: [program, job.core, descriptor, ...numbers.map(String)],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The descriptor's lines, and whether they need the whole host. */
async function jobLines(
  job: WamrRun,
): Promise<{ readonly lines: readonly string[]; readonly whole: boolean }> {
  const core = await readFile(job.core);
  const descriptor = new GuestDescriptor(core, job.world, true);
  const { name, func } = calledExport(job.world, job.call);
  const lines = [`call ${name}`];
  const hasCallback = exportNames(core).includes(`[callback]${name}`);
  if (hasCallback) lines.push("callback");
  if (job.mode === "blocking") lines.push("blocking");
  if (job.limit !== undefined) lines.push(`limit ${String(job.limit)}`);
  func.params.forEach(({ type }, index) => {
    const param = job.params[index];
    if (!param) throw new UserError(`${job.call} needs ${String(func.params.length)} parameters`);
    if ("bits" in param) lines.push(`word ${String(param.bits >>> 0)}`);
    else lines.push(`stream ${String(descriptor.typeIndex(elementOf(type)))} ${param.path}`);
  });
  if (func.result?.kind === "stream") {
    if (job.output === undefined)
      throw new UserError(`${job.call} answers with a stream; say where its items go`);
    lines.push(`output ${String(descriptor.typeIndex(elementOf(func.result)))} ${job.output}`);
  } else if (func.result) {
    lines.push("scalar");
  }
  return {
    lines: [...descriptorLines(descriptor), ...lines],
    whole: descriptor.needsWhole || hasCallback,
  };
}

function exportNames(core: Uint8Array): string[] {
  const module = new WebAssembly.Module(core as Uint8Array<ArrayBuffer>);
  return WebAssembly.Module.exports(module).map(({ name }) => name);
}

function elementOf(type: ValueType): ValueType {
  if (type.kind !== "stream" || !type.element)
    throw new UserError(`the C host's program feeds streams with an element type, not ${type.kind}`);
  return type.element;
}

/** The core export behind `IFACE#FUNC`. @throws UserError that lists what there is */
function calledExport(world: World, call: string): { readonly name: string; readonly func: FunctionType } {
  const lifts = coreExports(world).filter(({ kind }) => kind === "lift");
  const found = lifts.find(({ name }) => name === call || name === `[async-lift]${call}`);
  if (found?.func) return { name: found.name, func: found.func };
  const names = lifts.map(({ name }) => name.replace("[async-lift]", ""));
  throw new UserError(`there is no function ${call}; the guest exports ${names.join(", ")}`);
}
