/** The recording that the heartbeat tests run on, and the beats that two well-known detectors find in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

const folder = join(packageRoot, "examples", "ecg", "data");

/** ADC counts, 360 a second. */
export const samples: Uint16Array = readSamples();

/** Sample indices by detector. */
export const referenceBeats = JSON.parse(readFileSync(join(folder, "reference-beats.json"), "utf8")) as {
  readonly rate: number;
  readonly xqrs: readonly number[];
  readonly gqrs: readonly number[];
};

function readSamples(): Uint16Array {
  const bytes = readFileSync(join(folder, "ecg-mitdb-208-360hz.u16le"));
  return Uint16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16LE(2 * index));
}
