/** Guests in a row as C, compiled for this machine: the program, and what it is told. */
import { readFile } from "node:fs/promises";
import { cFeatures, cSources, pipeFlags } from "../c-sources/c-sources.js";
import { temporaryFolder } from "../processes/temporary-folder.js";
import { describePipeline, PIPE_FILES } from "../wamr/pipeline-program.js";
import type { PreparedRun } from "../wamr/run-program.js";
import type { WamrRun } from "../wamr/wamr-run.js";
import { runDescriptor } from "../wamr/run-descriptor.js";
import { translateCore } from "./guest-of-core.js";
import { nativeProgram, type NativeVariant } from "./native-program.js";
import { serveHeader, serveName } from "./native-run.js";

/**
 * Translates, compiles, and writes the descriptors.
 * @throws UserError when there is no compiler, for what the C host does not serve or what is not translated
 */
export async function prepareNativePipeline(
  jobs: readonly WamrRun[],
  variant: NativeVariant = {},
): Promise<PreparedRun> {
  const { path: folder, remove } = temporaryFolder("rill-pipe-");
  try {
    const { guests, result } = await describePipeline(jobs, folder, false);
    const texts: Record<string, string> = {};
    for (const [index, job] of jobs.entries()) {
      const { core: source, world } = job;
      const name = `guest${index}`;
      const core = await readFile(source);
      const descriptor = runDescriptor(job, core);
      const serve = `serve${index}.h`;
      const files = translateCore({ source, core, world, name, descriptor }, cFeatures, {
        ...{ withTable: true, includes: [serve], serve: serveName },
      });
      texts[serve] = serveHeader(descriptor);
      texts[`${name}.c`] = files.source;
      texts[`${name}.h`] = files.header;
    }
    texts["guests.c"] = table(jobs.length);
    const mains = [...PIPE_FILES, "run/engine_native.c", ...cSources("PIPES")];
    const program = await nativeProgram("rill-pipe", mains, texts, {
      ...variant,
      flags: ["-DRUN_NATIVE", ...pipeFlags, ...(variant.flags ?? [])],
    });
    return { command: [program, ...guests.map(({ descriptor }) => descriptor)], result, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** The guests, in their order. */
function table(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `guest${index}_module`);
  return `#include "native_exports.h"

${names.map((name) => `extern const struct native_module ${name};`).join("\n")}

const struct native_module *const guest_modules[] = {${names.map((name) => `&${name}`).join(", ")}};
`;
}
