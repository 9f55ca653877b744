/**
 * What a build of `double` costs in processor time: against asc alone, and again with
 * the compilers loaded. Ratios of one run.
 */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../tools/compile/build-guest.js";
import { packageRoot } from "../tools/package-root.js";
import { inTemporaryFolder } from "../tools/processes/temporary-folder.js";
import { inRepository } from "./workloads.js";

/** Ratios of processor time, user and system together. */
export interface BuildCost {
  /** `rill build` in a new process, to asc in one that compiles a function of one line. */
  readonly cold_to_asc: number;
  /** A build in a process that has built before, as `rill build --watch` does, to one in a new process. */
  readonly rebuild_to_cold: number;
}

/** The most that each may be. */
const MOST: BuildCost = { cold_to_asc: 1.6, rebuild_to_cold: 0.15 };

/** Others use the processors too: the least of so many is taken. */
const TIMES = 5;
/** As many rebuilds: asc is JavaScript, and V8 has it optimised after some twenty. */
const REBUILDS = 40;

const entry = inRepository("tests/guests/double/double.ts");
const wit = inRepository("tests/guests/double/double.wit");

/** Measures. */
export function measureBuildCost(): Promise<BuildCost> {
  return inTemporaryFolder("rill-build-cost-", async (folder) => {
    const source = join(folder, "alone.ts");
    writeFileSync(source, "export function double(x: u32): u32 {\n  return x * 2;\n}\n");
    const asc = ["--input-type=module", "--eval", ASC_ALONE, source];
    const rill = [inRepository("bin/rill.js"), "build", entry, "--wit", wit, "--no-bindings", "-o", folder];
    let [alone, cold, again] = [Infinity, Infinity, Infinity];
    for (let time = 0; time < TIMES; time++) {
      alone = Math.min(alone, timeOf([...asc, "--runtime", "stub", "-o", join(folder, "alone.wasm")]));
      cold = Math.min(cold, timeOf(rill));
    }
    for (let time = 0; time < REBUILDS; time++) {
      const before = process.cpuUsage();
      await buildGuest({ entry, wit, bindings: false, outDir: folder });
      again = Math.min(again, sum(process.cpuUsage(before)));
    }
    return { cold_to_asc: cold / alone, rebuild_to_cold: again / cold };
  });
}

/** asc's own program starts a second Node, whose time nobody would count. */
const ASC_ALONE = `
import asc from "assemblyscript/asc";
const { error } = await asc.main(process.argv.slice(1));
if (error) throw error;`;

const TELL = `data:text/javascript,${encodeURIComponent(
  'import { writeSync } from "node:fs"; process.on("exit", () => writeSync(2, "\\n" + JSON.stringify(process.cpuUsage())))',
)}`;

/** Processor time of a new Node with `args`, in microseconds. */
function timeOf(args: readonly string[]): number {
  const { status, stderr } = spawnSync(process.execPath, ["--import", TELL, ...args], {
    cwd: packageRoot,
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
  return sum(JSON.parse(stderr.slice(stderr.lastIndexOf("\n"))) as NodeJS.CpuUsage);
}

function sum({ user, system }: NodeJS.CpuUsage): number {
  return user + system;
}

/** What of `cost` is more than it may be. */
export function buildCostFaults(cost: BuildCost): string[] {
  return (Object.keys(MOST) as (keyof BuildCost)[])
    .filter((ratio) => !(cost[ratio] <= MOST[ratio]))
    .map((ratio) => `${ratio} is ${cost[ratio].toFixed(2)}, at most ${MOST[ratio]} (bench/build-cost.ts)`);
}

/** The ratios as text. */
export function buildCostText({ cold_to_asc: cold, rebuild_to_cold: again }: BuildCost): string {
  return `building double, processor time: ${cold.toFixed(2)} times asc alone; again with the compilers loaded: ${again.toFixed(2)} times that`;
}
