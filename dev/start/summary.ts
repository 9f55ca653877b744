/** The lines that close `npm start`: what was found, how well, and what it cost. */
import pc from "picocolors";
import { count } from "./count.js";
import { median, usualRates } from "./heart-rate.js";
import type { BeatAgreement } from "./match-beats.js";
import type { EcgCounts, EcgRun } from "./stream-ecg.js";

/** The guest's module, by its report. */
export interface ModuleFigures {
  /** File without custom sections: what a device needs. */
  readonly strippedBytes: number;
  readonly codeBytes: number;
  /** Linear memory in use. */
  readonly memoryBytes: number;
  /** Whether the binary holds no way to allocate. */
  readonly cannotAllocate: boolean;
}

/** All that the summary tells. */
export interface Outcome {
  readonly samples: number;
  readonly run: EcgRun;
  readonly counts: EcgCounts;
  readonly module: ModuleFigures;
  readonly xqrs: BeatAgreement;
  readonly xqrsBeats: number;
}

/** One row a figure: a name, the figure, what it means. */
export function summary({ samples, run, counts, module, xqrs, xqrsBeats }: Outcome): string {
  const each = (value: number, digits: number): string => count(value / samples, digits);
  const proof = module.cannotAllocate ? "counted, and the binary has no way to" : "counted";
  return rows([
    ["beats", count(run.beats.length), `wfdb's XQRS finds ${count(xqrsBeats)}`],
    ["agreement", `F1 ${xqrs.f1.toFixed(3)}`, agreement(xqrs)],
    ["heart rate", count(median(usualRates(run.beats))), "beats a minute, the median"],
    [
      "wasm",
      `${count(module.strippedBytes)} B`,
      `${count(module.codeBytes)} B of it code; without custom sections`,
    ],
    ["linear memory", `${count(module.memoryBytes)} B`, "in use; WAMR allots no more"],
    ["allocations", count(counts.allocations), proof],
    ["instructions", each(counts.instructions, 1), `a sample, and ${each(counts.hostCalls, 2)} host calls`],
    ["host", `${run.seconds.toFixed(2)} s`, run.host],
  ]);
}

function agreement({ sensitivity, positivePredictivity }: BeatAgreement): string {
  return `within 75 ms; sensitivity ${sensitivity.toFixed(3)}, predictivity ${positivePredictivity.toFixed(3)}`;
}

function rows(cells: readonly (readonly [string, string, string])[]): string {
  return cells
    .map(
      ([name, figure, meaning]) => `  ${name.padEnd(14)} ${pc.bold(figure.padStart(8))}  ${pc.dim(meaning)}`,
    )
    .join("\n");
}
