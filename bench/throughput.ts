/**
 * How fast the hosts are, side by side in one run: items of `double` and of `ecg` that V8, WAMR and the
 * guest as C take in a second of processor time, from file to file, and the ratios. It differs from run
 * to run, so none of it has a budget.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { buildGuest } from "../tools/compile/build-guest.js";
import { UserError } from "../tools/errors/user-error.js";
import { prepareNativeRun } from "../tools/native/native-run.js";
import { packageRoot } from "../tools/package-root.js";
import { inTemporaryFolder } from "../tools/processes/temporary-folder.js";
import { runOnV8 } from "../tools/run/run-on-v8.js";
import { planRun } from "../tools/run/run-plan.js";
import { run } from "../tools/setup/run.js";
import { type PreparedRun, prepareWamrRun } from "../tools/wamr/run-program.js";
import type { WamrRun } from "../tools/wamr/wamr-run.js";
import { inRepository, workloads } from "./workloads.js";

/** Items a second; null where this machine has not what it takes. */
export interface Throughput {
  readonly guest: string;
  readonly v8: number;
  readonly wamr: number | null;
  readonly native: number | null;
}

const GUESTS = [
  { guest: "double", param: "x", extension: "u32le", bytes: 4 },
  { guest: "ecg", param: "samples", extension: "u16le", bytes: 2 },
] as const;

/** Items of a run: as many as take each host some tenths of a second. */
const ITEMS = { v8: 50_000, wamr: 300_000, native: 2_000_000 } as const;
/** A run of few items, whose time is what starting takes. */
const FEW = 1000;

/** Runs all of them. */
export async function measureThroughput(): Promise<Throughput[]> {
  const rows: Throughput[] = [];
  for (const guest of GUESTS)
    rows.push(await inTemporaryFolder("rill-throughput-", (folder) => throughputOf(folder, guest)));
  return rows;
}

async function throughputOf(
  folder: string,
  { guest, param, extension, bytes }: (typeof GUESTS)[number],
): Promise<Throughput> {
  const { entry, wit, call } = workloads.find(({ name }) => name === guest)!;
  const outDir = join(packageRoot, "build", "bench", "throughput");
  const { corePath: core } = await buildGuest({ entry: inRepository(entry), wit: inRepository(wit), outDir });
  const file = (items: number): string => {
    const path = join(folder, `${items}.${extension}`);
    writeFileSync(path, new Uint8Array(items * bytes));
    return path;
  };
  const plan = (items: number): ReturnType<typeof planRun> =>
    planRun(core, { in: [`${param}=${file(items)}`], out: join(folder, "v8.bin"), host: "v8" });
  const { world } = plan(FEW);
  const onV8 = (items: number): Promise<number> => {
    const before = process.cpuUsage();
    runOnV8(plan(items));
    const { user, system } = process.cpuUsage(before);
    return Promise.resolve((user + system) / 1e6);
  };
  const onC = (prepare: (job: WamrRun) => Promise<PreparedRun>) => async (items: number) => {
    const params = [{ path: file(items) }];
    const prepared = await prepare({ core, world, call, params, output: join(folder, "out") });
    try {
      return await processorSeconds(prepared.command);
    } finally {
      prepared.remove();
    }
  };
  return {
    guest,
    v8: (await rate(onV8, ITEMS.v8))!,
    wamr: await rate(onC(prepareWamrRun), ITEMS.wamr),
    native: await rate(onC(prepareNativeRun), ITEMS.native),
  };
}

/** Items a second; null without a tool. */
async function rate(seconds: (items: number) => Promise<number>, items: number): Promise<number | null> {
  try {
    const start = await seconds(FEW);
    return (items - FEW) / Math.max((await seconds(items)) - start, 1e-3);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

/** What a program takes of the processor, in seconds: a shell tells it of its children. */
async function processorSeconds(command: readonly string[]): Promise<number> {
  const { code, output } = await run("sh", ["-c", '"$@" >/dev/null || exit 1; times', "sh", ...command]);
  if (code !== 0) throw new Error(output);
  const [, ofChildren = ""] = output.trim().split("\n");
  return [...ofChildren.matchAll(/(\d+)m([\d.]+)s/g)].reduce(
    (sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest),
    0,
  );
}

/** The table. */
export function throughputText(rows: readonly Throughput[]): string {
  const table = new Table({
    head: ["thousand items a second", "V8", "WAMR classic", "as C", "as C ÷ V8", "as C ÷ WAMR"],
    colAligns: ["left", "right", "right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  const thousands = (found: number | null): string =>
    found === null ? "-" : (found / 1000).toLocaleString("en", { maximumFractionDigits: 0 });
  const ratio = (native: number | null, other: number | null): string =>
    native === null || other === null ? "-" : (native / other).toFixed(1);
  for (const { guest, v8, wamr, native } of rows)
    table.push([
      guest,
      thousands(v8),
      thousands(wamr),
      thousands(native),
      ratio(native, v8),
      ratio(native, wamr),
    ]);
  return table.toString();
}
