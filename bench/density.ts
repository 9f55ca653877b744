/**
 * How many guests live at once in a gibibyte: `double --wait callback` on WAMR, unmodified, each waiting
 * inside of its function on one native stack, with the whole C host that each has. A hundred thousand are
 * made.
 */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { buildGuest } from "../tools/compile/build-guest.js";
import { inTemporaryFolder } from "../tools/processes/temporary-folder.js";
import { analyse } from "../tools/report/build-report.js";
import { wamrJob } from "../tools/report/device-job.js";
import { loadInput } from "../tools/report/load-input.js";
import { run } from "../tools/setup/run.js";
import { desktopProgram } from "../tools/wamr/desktop-library.js";
import { describeRun } from "../tools/wamr/run-descriptor.js";
import { inRepository, workloads } from "./workloads.js";

const GUESTS = 100_000;
const POOL_BYTES = 1 << 30;
/** Of a guest's operand stack and frames; the guests share one execution environment. */
const STACK_BYTES = 4096;
const GIBIBYTE = 2 ** 30;
/** How far what a guest takes may change from the first half of the guests to the second. */
const STEADY = 0.01;

/** Bytes of the pool, 64 bits. */
export interface Density {
  readonly guests: number;
  /** Runtime, module, execution environment: once. */
  readonly shared: number;
  /** Of each guest, WAMR's part, linear memory among it. */
  readonly instance: number;
  /** Of each guest, the host's part: handles, streams, ends, its task. */
  readonly host: number;
  /** Of the instance's, linear memory. */
  readonly memory: number;
  readonly bytes_each: number;
  /** Whole guests in a gibibyte. */
  readonly in_a_gibibyte: number;
}

/** What `rill-density` prints. */
export interface Told {
  readonly guests: number;
  readonly shared: number;
  readonly first_half: Halves;
  readonly second_half: Halves;
  readonly memory: number;
}

interface Halves {
  readonly instances: number;
  readonly hosts: number;
}

const sources = [
  "density/main.c",
  "run/descriptor.c",
  "run/items.c",
  "run/instance_wamr.c",
  "desktop/start_wamr.c",
];

/** Makes the guests. @throws UserError when this machine cannot build WAMR */
export async function measureDensity(): Promise<Density> {
  const double = workloads.find(({ wait }) => wait === "callback")!;
  return inTemporaryFolder("rill-density-", async (folder) => {
    const { corePath } = await buildGuest({
      entry: inRepository(double.entry),
      wit: inRepository(double.wit),
      wait: double.wait!,
      outDir: folder,
    });
    const analysis = analyse(await loadInput(corePath, null), { sourceMap: null });
    const job = await wamrJob(folder, analysis, { call: double.call, inputs: [], limit: null });
    const descriptor = join(folder, "descriptor");
    const { lines } = describeRun(job, analysis.input.bytes, folder);
    await writeFile(descriptor, `${lines.join("\n")}\n`);
    const program = await desktopProgram("rill-density", sources, {
      interpreter: "classic",
      bits: 64,
      whole: true,
    });
    const numbers = [POOL_BYTES, STACK_BYTES, GUESTS].map(String);
    const { code, output } = await run(program, [job.core, descriptor, ...numbers]);
    if (code !== 0) throw new Error(`rill-density ended with ${code}: ${output.trim()}`);
    return densityOf(JSON.parse(output) as Told);
  });
}

/**
 * What the program has told, for one guest.
 * @throws Error when a guest takes more or less the more of them there are: no slope is to be had then
 */
export function densityOf({ guests, shared, first_half, second_half, memory }: Told): Density {
  const half = guests / 2;
  const each = (of: Halves): number => (of.instances + of.hosts) / half;
  const bytes = each(second_half);
  if (Math.abs(each(first_half) - bytes) > STEADY * bytes)
    throw new Error(`a guest takes ${each(first_half)} bytes among the first ${half}, ${bytes} behind them`);
  return {
    guests,
    shared,
    instance: second_half.instances / half,
    host: second_half.hosts / half,
    memory,
    bytes_each: bytes,
    in_a_gibibyte: Math.floor((GIBIBYTE - shared) / bytes),
  };
}

/** The density as text: what dominates is said. */
export function densityText({ guests, instance, host, memory, bytes_each, in_a_gibibyte }: Density): string {
  const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
  return (
    `live guests (double --wait callback, WAMR classic, 64 bits, host included): ${whole(in_a_gibibyte)} in 1 GiB, ` +
    `by the slope of ${whole(guests)}; each ${whole(bytes_each)} bytes: ${whole(instance - memory)} WAMR's instance, ` +
    `${whole(memory)} linear memory, ${whole(host)} the host`
  );
}
