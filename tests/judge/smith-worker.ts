/** One thread of the judge: takes package numbers until it is told to stop, gives verdicts. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { type Verdict, judge } from "./judge.js";
import { smithPackage, worldsIn, writePackage } from "./smith.js";

/** A world's verdict. */
export interface SmithVerdict extends Verdict {
  readonly number: number;
  readonly world: string;
}

/** What the thread is started with. */
export interface SmithWork {
  readonly folder: string;
  readonly wasmTools: string;
}

const { folder, wasmTools } = workerData as SmithWork;

async function packageVerdicts(number: number): Promise<SmithVerdict[]> {
  const text = smithPackage(wasmTools, number, folder);
  if (text === null) return [];
  const path = writePackage(folder, number, text);
  const verdicts: SmithVerdict[] = [];
  for (const world of worldsIn(text)) {
    const place = join(folder, `${number}-${world}`);
    verdicts.push({ ...(await judge(path, world, place, wasmTools)), number, world });
    rmSync(place, { recursive: true, force: true });
  }
  return verdicts;
}

parentPort!.on("message", (number: number) => {
  void packageVerdicts(number).then((verdicts) => {
    parentPort!.postMessage(verdicts);
  });
});
