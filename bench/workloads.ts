/** The guests of the bench, and what they are fed: the same bytes every time. */
import { openSync, readSync, closeSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../tools/package-root.js";
import type { WaitStrategy } from "../tools/compile/guest-module.js";
import { samplesPath } from "../dev/start/recording.js";

/** One guest and its input. */
export interface Workload {
  readonly name: string;
  /** Paths relative to the repository. */
  readonly entry: string;
  readonly wit: string;
  /** How its tasks wait; `wait` when not given. */
  readonly wait?: WaitStrategy;
  /** `INTERFACE#FUNCTION`, with one stream parameter and a stream as result. */
  readonly call: string;
  /** Items of the shorter and of the longer run; figures per item are their difference. */
  readonly runs: readonly [few: number, many: number];
  /** Extension that tells the format of its input's file. */
  readonly format: "bin" | "jsonl";
  /** A file of the first `length` items: little-endian, in canonical layout; strings as JSON, one a line. */
  readonly input: (length: number) => Uint8Array;
}

const READING_BYTES = 32;

const double: Workload = {
  name: "double",
  entry: "tests/guests/double/double.ts",
  wit: "tests/guests/double/double.wit",
  call: "my:test/i#double",
  runs: [500, 1500],
  format: "bin",
  input: (length) => new Uint8Array(Uint32Array.from({ length }, (_, index) => index).buffer),
};

/** All workloads, in the order of the table's columns. */
export const workloads: readonly Workload[] = [
  double,
  { ...double, name: "double --wait callback", wait: "callback" },
  {
    name: "imu",
    entry: "examples/imu/imu.ts",
    wit: "examples/imu/imu.wit",
    call: "rill:imu/filter#smooth",
    runs: [500, 1500],
    format: "bin",
    input: readings,
  },
  {
    name: "ecg",
    entry: "examples/ecg/ecg.ts",
    wit: "examples/ecg/ecg.wit",
    call: "rill:ecg/detector#beats",
    runs: [7_200, 14_400], // 20 and 40 seconds of the recording
    format: "bin",
    input: (length) => recordingStart(length * Uint16Array.BYTES_PER_ELEMENT),
  },
  {
    name: "names",
    entry: "examples/names/names.ts",
    wit: "examples/names/names.wit",
    call: "rill:names/labels#label",
    runs: [500, 1000],
    format: "jsonl",
    input: names,
  },
];

/** Strings of 8 characters, no two the same. */
function names(length: number): Uint8Array {
  const lines = Array.from({ length }, (_, index) => `${JSON.stringify(String(10_000_000 + index))}\n`);
  return new TextEncoder().encode(lines.join(""));
}

/** `record reading`: a u64 time and six f32 that swing. */
function readings(length: number): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(length * READING_BYTES));
  for (let index = 0; index < length; index++) {
    const start = index * READING_BYTES;
    bytes.setBigUint64(start, BigInt(index) * 5_000n, true);
    for (let axis = 0; axis < 6; axis++) {
      bytes.setFloat32(start + 8 + 4 * axis, Math.sin(index / (axis + 3)), true);
    }
  }
  return new Uint8Array(bytes.buffer);
}

function recordingStart(byteLength: number): Uint8Array {
  const bytes = new Uint8Array(byteLength);
  const file = openSync(samplesPath, "r");
  try {
    if (readSync(file, bytes) < byteLength)
      throw new Error(`${samplesPath} is shorter than the bench's runs`);
  } finally {
    closeSync(file);
  }
  return bytes;
}

/** The absolute path of a repository file. */
export function inRepository(path: string): string {
  return join(packageRoot, path);
}
