/** A run of a guest as C, compiled for this machine: the program, and what it is told. */
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { temporaryFolder } from "../processes/temporary-folder.js";
import { describeRun, PARAMS, RESULT, runDescriptor } from "../wamr/run-descriptor.js";
import { type PreparedRun, RUN_FILES } from "../wamr/run-program.js";
import type { WamrRun } from "../wamr/wamr-run.js";
import type { GuestDescriptor } from "../c-host/descriptor.js";
import { cFeatures } from "../c-sources/c-sources.js";
import { translateCore } from "./guest-of-core.js";
import { nativeProgram, type NativeVariant } from "./native-program.js";

/**
 * Translates, compiles, and writes the descriptor.
 * @throws UserError when there is no compiler, for what the C host does not serve or what is not translated
 */
export async function prepareNativeRun(job: WamrRun, variant: NativeVariant = {}): Promise<PreparedRun> {
  const core = await readFile(job.core);
  const { path: folder, remove } = temporaryFolder("rill-run-");
  try {
    const described = describeRun(job, core, folder);
    const descriptor = runDescriptor(job, core);
    const guest = translateCore(
      { source: job.core, core, world: job.world, name: "guest", descriptor },
      cFeatures,
      { withTable: true, includes: ["serve.h"], serve: serveName },
    );
    const texts = { "guest.c": guest.source, "guest.h": guest.header, "serve.h": serveHeader(descriptor) };
    const program = await nativeProgram("rill-run", [...RUN_FILES, "run/engine_native.c"], texts, {
      ...variant,
      flags: ["-DRUN_NATIVE", ...(variant.flags ?? [])],
    });
    const told = join(folder, "descriptor");
    await writeFile(told, `${described.lines.filter((line) => !line.startsWith("import ")).join("\n")}\n`);
    if (described.params) await writeFile(join(folder, PARAMS), described.params);
    const { resultType } = described;
    return {
      command: [program, told],
      result: resultType && { path: join(folder, RESULT), type: resultType },
      remove,
    };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Passes each function that the guest imports on to run/remote.c, by its place among the imports. */
export function serveHeader({ imports }: GuestDescriptor): string {
  const functions = imports.flatMap(({ func }, index) => (func === undefined ? [] : [index]));
  return `bool serve_import(struct rill_host *host, uint32_t at, const uint64_t *args, uint64_t *result);

${functions
  .map(
    (
      index,
    ) => `static inline bool ${serveName(index)}(struct rill_host *host, const uint64_t *args, uint64_t *result)
{
    return serve_import(host, ${index}u, args, result);
}
`,
  )
  .join("\n")}`;
}

/** The C function of the header for the import at `index`. */
export function serveName(index: number): string {
  return `serve_${index}`;
}
