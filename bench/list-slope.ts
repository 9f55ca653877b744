/** What a list as an item costs by its length: a guest that adds its bytes up, and one that hands it on. */
import Table from "cli-table3";
import { buildAnalysed } from "./build-analysed.js";
import { measureRun } from "./measure-run.js";
import { inRepository, type Workload } from "./workloads.js";

/** One length of list, in bytes, and the wasm instructions that an item of it takes. */
export interface SlopePoint {
  readonly bytes: number;
  readonly sums: number;
  readonly same: number;
}

const ENTRY = inRepository("tests/guests/lists/lists.ts");
const WIT = inRepository("tests/guests/lists/lists.wit");
const LENGTHS = [16, 64, 256, 1024, 4096, 16_384, 65_536];

/** Builds the guest with room for the longest list and measures every length. */
export async function measureSlope(): Promise<SlopePoint[]> {
  const analysis = await buildAnalysed("lists", { arenaBytes: LENGTHS.at(-1)! + 16 });
  const measure = async (call: string, bytes: number): Promise<number> => {
    const list = `${JSON.stringify(Array.from({ length: bytes }, (_, index) => index % 251))}\n`;
    const input = (length: number): Uint8Array => new TextEncoder().encode(list.repeat(length));
    const workload: Workload = {
      name: "lists",
      entry: ENTRY,
      wit: WIT,
      call,
      runs: [2, 4],
      format: "jsonl",
      input,
    };
    return (await measureRun(analysis, workload, 4)).steady.ready.instructions_per_item;
  };
  const points: SlopePoint[] = [];
  for (const bytes of LENGTHS)
    points.push({
      bytes,
      sums: await measure("test:lists/bytes#sums", bytes),
      same: await measure("test:lists/bytes#same", bytes),
    });
  return points;
}

/** What is wrong with `points`: each further byte must cost the same to read, and nothing to hand on. */
export function slopeFaults(points: readonly SlopePoint[]): string[] {
  const steps = points.slice(1).map((point, index) => {
    const before = points[index]!;
    return { to: point.bytes, slope: (point.sums - before.sums) / (point.bytes - before.bytes) };
  });
  const bent = steps.filter(({ slope }) => slope !== steps[0]!.slope);
  const copied = points.filter(({ same }) => same !== points[0]!.same);
  return [
    ...bent.map(({ to, slope }) => `a list of ${to} bytes costs ${slope} instructions a byte`),
    ...copied.map(({ bytes, same }) => `handing ${bytes} bytes on costs ${same} instructions`),
  ];
}

/** The points as a table, with what each byte costs. */
export function slopeText(points: readonly SlopePoint[]): string {
  const table = new Table({
    head: ["a list of bytes", "added up: instructions", "per byte", "handed on: instructions"],
    colAligns: ["right", "right", "right", "right"],
    style: { head: [], border: [] },
  });
  for (const { bytes, sums, same } of points)
    table.push([bytes, sums, (sums / bytes).toFixed(2), same].map((value) => value.toLocaleString("en")));
  return table.toString();
}
