/** Runs a guest on WAMR with the C host: streams from raw item files, the result to one. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cRoot } from "../c-sources/c-sources.js";
import { UserError } from "../errors/user-error.js";
import type { Value } from "../host/values/value.js";
import { temporaryFolder } from "../processes/temporary-folder.js";
import { run } from "../setup/run.js";
import type { ValueType } from "../wit/model.js";
import { desktopProgram } from "./desktop-library.js";
import { readChunks } from "../c-host/item-chunks.js";
import type { WamrRun } from "./wamr-run.js";
import { describeRun, PARAMS, RESULT } from "./run-descriptor.js";

/** The files of rill-run that know no engine, below `programs/`. */
export const RUN_FILES: readonly string[] = [
  "main.c",
  "descriptor.c",
  "items.c",
  "ends.c",
  "values.c",
  "call.c",
  "remote.c",
  "remote_ends.c",
  "rests.c",
].map((file) => `run/${file}`);

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
  /** The result, when it is a value and the guest did not trap. */
  readonly value?: Value;
  /** Why the guest trapped, or null. */
  readonly trap: string | null;
  /**
   * With `traced`: the bytes of the module just behind the instructions that a
   * trap found running, innermost first.
   */
  readonly frames?: readonly number[];
  /** Bytes that the guest's arena lacked when it trapped. */
  readonly arena_missing?: number;
}

const DEFAULTS = { poolBytes: 1 << 20, stackBytes: 16_384, instances: 1 };

/** Runs a guest to its end. @throws UserError when WAMR cannot be built here or refuses the module */
export async function runOnWamr(job: WamrRun): Promise<WamrFacts> {
  const prepared = await prepareWamrRun(job);
  try {
    const { code, output } = await run(prepared.command[0]!, prepared.command.slice(1));
    if (code !== 0) throw new UserError(output.trim() || `rill-run ended with ${code}`);
    return await wamrFacts(output, prepared);
  } finally {
    prepared.remove();
  }
}

/** The facts that the program has told, with the result when it is a value. */
export async function wamrFacts(told: string, { result }: PreparedRun): Promise<WamrFacts> {
  const facts = JSON.parse(told) as WamrFacts;
  return facts.trap === null && result
    ? { ...facts, value: await readResult(result.path, result.type) }
    : facts;
}

/** The result in a file that the program has written. */
export async function readResult(path: string, type: ValueType): Promise<Value> {
  const [values] = readChunks({ kind: "tuple", types: [type] }, await readFile(path));
  return (values![0] as readonly Value[])[0]!;
}

/** A run that is ready to start: its command line, and how to clean up behind it. */
export interface PreparedRun {
  readonly command: readonly string[];
  /** The file that gets the result, when it is a value. */
  readonly result: { readonly path: string; readonly type: ValueType } | null;
  readonly remove: () => void;
}

const programFiles = [...RUN_FILES, "run/engine_wamr.c", "run/instance_wamr.c", "desktop/start_wamr.c"];

/** Writes the descriptor and builds the program. */
export async function prepareWamrRun(job: WamrRun): Promise<PreparedRun> {
  const variant = job.variant ?? { interpreter: "classic", bits: 64 };
  const core = await readFile(job.core);
  const { path: folder, remove } = temporaryFolder("rill-run-");
  try {
    const described = describeRun(job, core, folder);
    const files = described.whole ? programFiles : [...programFiles, join(cRoot, "host", "rill_flat.c")];
    const program = await desktopProgram("rill-run", files, {
      ...variant,
      whole: described.whole,
      ...(job.traced && { traced: true }),
    });
    const descriptor = join(folder, "descriptor");
    await writeFile(descriptor, `${described.lines.join("\n")}\n`);
    if (described.params) await writeFile(join(folder, PARAMS), described.params);
    const numbers = [
      job.poolBytes ?? DEFAULTS.poolBytes,
      job.stackBytes ?? DEFAULTS.stackBytes,
      job.instances ?? DEFAULTS.instances,
    ];
    const { resultType } = described;
    return {
      command: [program, descriptor, job.core, ...numbers.map(String)],
      result: resultType && { path: join(folder, RESULT), type: resultType },
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}
