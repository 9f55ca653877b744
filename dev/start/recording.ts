/** The recording that examples/ecg runs on, and the beats that two well-known detectors find in it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/** Samples a second. */
export const SAMPLE_RATE = 360;

/** Samples within which two detectors mean the same beat: 75 ms. */
export const TOLERANCE = 27;

const folder = join(packageRoot, "examples", "ecg", "data");

/** Unsigned 16-bit little-endian ADC counts; millivolts = (count - 1024) / 200. */
export const samplesPath: string = join(folder, "ecg-mitdb-208-360hz.u16le");

/** Sample indices of beats, by detector. */
export interface ReferenceBeats {
  readonly xqrs: readonly number[];
  readonly gqrs: readonly number[];
}

/** The recording's samples, ADC counts. */
export function readSamples(): Uint16Array {
  const bytes = readFileSync(samplesPath);
  return Uint16Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16LE(2 * index));
}

/** The beats that well-known detectors find. */
export function readReferenceBeats(): ReferenceBeats {
  return JSON.parse(readFileSync(join(folder, "reference-beats.json"), "utf8")) as ReferenceBeats;
}
