/**
 * What an item costs by how many are copied at once: `double` again, with copies of 1, 16,
 * 256 and 4,096 items, every copy ready.
 */
import Table from "cli-table3";
import { buildAnalysed } from "./build-analysed.js";
import { whereMeasurable, withRuns } from "./measure-on-wamr.js";
import { measureRun } from "./measure-run.js";
import type { Workload } from "./workloads.js";

/** Instructions for an item. */
export interface CopyCost {
  /** Of wasm, in the guest. */
  readonly instructions: number;
  /** Of the processor, host and interpreter together; null where this machine cannot measure them. */
  readonly classic: number | null;
  readonly fast: number | null;
}
/** By the items of a copy. */
export type CopyCosts = Readonly<Record<string, CopyCost>>;

const LENGTHS = [1, 16, 256, 4096];
/** Copies of the shorter and of the longer run; few items make no copy shorter. */
const COPIES = [2, 4] as const;
const LEAST_ITEMS = 500;

/** Builds the guest and measures every length. @param complain told when this machine cannot measure WAMR */
export async function measureCopies(complain: (reason: string) => void): Promise<CopyCosts> {
  const analysis = await buildAnalysed("copies");
  const costs: Record<string, CopyCost> = {};
  for (const length of LENGTHS) {
    const workload = workloadOf(length);
    const onWamr = (interpreter: "classic" | "fast"): Promise<number | null> =>
      whereMeasurable(workload, interpreter, complain, () =>
        withRuns(workload, analysis, interpreter, (perItem) => perItem("ready")),
      );
    const { steady } = await measureRun(analysis, workload, workload.runs[1]);
    costs[length] = {
      instructions: steady.ready.instructions_per_item,
      classic: await onWamr("classic"),
      fast: await onWamr("fast"),
    };
  }
  return costs;
}

function workloadOf(length: number): Workload {
  const times = Math.ceil(LEAST_ITEMS / length);
  return {
    name: `copies of ${length}`,
    entry: "tests/guests/copies/copies.ts",
    wit: "tests/guests/copies/copies.wit",
    call: `test:copies/doubles#by${length}`,
    runs: [COPIES[0] * length * times, COPIES[1] * length * times],
    format: "bin",
    input: (items) => new Uint8Array(Uint32Array.from({ length: items }, (_, index) => index).buffer),
  };
}

/** The costs as a table. */
export function copiesText(costs: CopyCosts): string {
  const table = new Table({
    head: ["copies of", "wasm instructions per item", "WAMR classic", "WAMR fast"],
    colAligns: ["right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  const cell = (value: number | null): string =>
    value === null ? "-" : value.toLocaleString("en", { maximumFractionDigits: 1 });
  for (const [length, { instructions, classic, fast }] of Object.entries(costs))
    table.push(
      [length, instructions, classic, fast].map((value) =>
        typeof value === "string" ? Number(value).toLocaleString("en") : cell(value),
      ),
    );
  return table.toString();
}
