/** Guests in a row on WAMR with the C host: the program that runs them, and what it is told. */
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../processes/temporary-folder.js";
import type { ValueType } from "../wit/model.js";
import { desktopProgram, type DesktopVariant } from "./desktop-library.js";
import { describeRun, PARAMS, RESULT } from "./run-descriptor.js";
import { type PreparedRun, RUN_FILES } from "./run-program.js";
import type { WamrRun } from "./wamr-run.js";

/** The files of rill-pipe that know no engine, below `programs/`. */
export const PIPE_FILES: readonly string[] = [...RUN_FILES, "run/pipe.c"];

const ENGINE_FILES = ["run/engine_wamr.c", "run/instance_wamr.c", "desktop/start_wamr.c"];

/** Bytes for WAMR, and for each guest's own stack. */
export interface PipelineSize {
  readonly poolBytes: number;
  readonly stackBytes: number;
}

/** Descriptors of guests in a row, in a folder. */
export interface DescribedPipeline {
  /** The modules' paths and their descriptors, in the guests' order. */
  readonly guests: readonly { readonly descriptor: string; readonly core: string }[];
  /** The file of the last result, when it is a value. */
  readonly result: { readonly path: string; readonly type: ValueType } | null;
}

/**
 * Writes what each guest is to do.
 * @param withImports whether the program asks for the guests' imports
 * @throws UserError for what the C host does not serve
 */
export async function describePipeline(
  jobs: readonly WamrRun[],
  folder: string,
  withImports: boolean,
): Promise<DescribedPipeline> {
  const guests: { descriptor: string; core: string }[] = [];
  let result: DescribedPipeline["result"] = null;
  for (const [index, job] of jobs.entries()) {
    const own = join(folder, String(index));
    await mkdir(own);
    const described = describeRun(job, await readFile(job.core), own);
    const descriptor = join(own, "descriptor");
    const lines = described.lines.filter((line) => withImports || !line.startsWith("import "));
    await writeFile(descriptor, `${lines.join("\n")}\n`);
    if (described.params) await writeFile(join(own, PARAMS), described.params);
    const { resultType } = described;
    result = resultType && { path: join(own, RESULT), type: resultType };
    guests.push({ descriptor, core: job.core });
  }
  return { guests, result };
}

/** Writes the descriptors and builds the program. @throws UserError when WAMR cannot be built here */
export async function prepareWamrPipeline(
  jobs: readonly WamrRun[],
  { poolBytes, stackBytes }: PipelineSize,
  build: Pick<DesktopVariant, "sanitized"> = {},
): Promise<PreparedRun> {
  const { path: folder, remove } = temporaryFolder("rill-pipe-");
  try {
    const { guests, result } = await describePipeline(jobs, folder, true);
    const program = await desktopProgram("rill-pipe", [...PIPE_FILES, ...ENGINE_FILES], {
      interpreter: "classic",
      bits: 64,
      whole: true,
      traced: true,
      pipes: true,
      ...build,
    });
    const sizes = [String(poolBytes), String(stackBytes)];
    const each = guests.flatMap(({ descriptor, core }) => [descriptor, core]);
    return { command: [program, ...sizes, ...each], result, remove };
  } catch (error) {
    remove();
    throw error;
  }
}
