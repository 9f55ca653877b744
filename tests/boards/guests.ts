/** Guests for the boards' tests: the real ones, built once, and hand-made ones that misbehave. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import binaryen from "../../tools/wasm/binaryen.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packBytes, type PackChoices } from "../../tools/pack/pack-command.js";
import { packageRoot } from "../../tools/package-root.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { ByteWriter } from "../../tools/wasm/byte-writer.js";

const SOURCES = {
  double: ["tests/guests/double/double.ts", "tests/guests/double/double.wit"],
  ecg: ["examples/ecg/ecg.ts", "examples/ecg/ecg.wit"],
  imu: ["examples/imu/imu.ts", "examples/imu/imu.wit"],
  sum: ["tests/guests/sum/sum.ts", "tests/guests/sum/sum.wit"],
} as const;
export type RealGuest = keyof typeof SOURCES;

const built = new Map<RealGuest, Promise<string>>();

/** The core module of a real guest. */
export function core(name: RealGuest): Promise<string> {
  let path = built.get(name);
  if (path === undefined) {
    // One folder a process: tests run side by side.
    const outDir = join(packageRoot, "build", "boards", `guests-${process.pid}`);
    mkdirSync(outDir, { recursive: true });
    const [entry, wit] = SOURCES[name];
    path = buildGuest({ entry: join(packageRoot, entry), wit: join(packageRoot, wit), outDir }).then(
      ({ corePath }) => corePath,
    );
    built.set(name, path);
  }
  return path;
}

/** The image of a real guest. */
export async function image(name: RealGuest, choices: PackChoices = {}): Promise<Buffer> {
  const path = await core(name);
  return Buffer.from((await packBytes(path, readFileSync(path), { name, ...choices })).image);
}

/** What the hand-made guests' bodies can call; each of them has the signature of `double`. */
const IMPORTS = `
  (import "[export]my:test/i" "[task-return]double" (func $return (param i32)))
  (import "[export]my:test/i" "[stream-new-1]double" (func $new (result i64)))
  (import "[export]my:test/i" "[async-lower][stream-read-0]double" (func $read (param i32 i32 i32) (result i32)))
  (import "[export]my:test/i" "[stream-drop-readable-0]double" (func $drop-readable (param i32)))
  (import "$root" "[waitable-set-new]" (func $set-new (result i32)))
  (import "$root" "[waitable-set-poll]" (func $set-poll (param i32 i32) (result i32)))`;

/** The image of a guest whose export does `body`. */
export async function handMade(
  name: string,
  body: string,
  choices: PackChoices = {},
  memory = 64,
): Promise<Buffer> {
  const whole = await handMadeCore(body, memory);
  return Buffer.from((await packBytes(name, whole, { name, ...choices })).image);
}

/**
 * The core module of a guest whose export does `body` (the parameter is `$in`), with `memory` bytes of linear
 * memory; `bounds` in place of the constants that say so.
 */
export async function handMadeCore(body: string, memory = 64, bounds?: string): Promise<Buffer> {
  const module = binaryen.parseText(`(module ${IMPORTS}
    (memory (export "memory") 1)
    ${bounds ?? memoryBounds(memory)}
    (func $run (export "[async-lift]my:test/i#double") (param $in i32) (result i32) (local $set i32) ${body}))`);
  module.setFeatures(binaryen.Features.All);
  const bytes = module.emitBinary();
  module.dispose();
  const path = await core("double");
  const types = readModule(readFileSync(path)).sections.find(({ name: id }) =>
    id.startsWith("component-type"),
  );
  if (types === undefined) throw new Error("no component-type section");
  const real = readFileSync(path).subarray(types.payload.start, types.payload.end);
  const named = new ByteWriter().name(types.name).append(real).bytes;
  return Buffer.concat([bytes, new ByteWriter().section(0, named).bytes]);
}

/** The constants from which the interpreter takes how much memory a guest needs. */
export function memoryBounds(memory: number, type = "i32"): string {
  return `(global $end ${type} (i32.const ${memory}))
    (global $data-end i32 (i32.const ${memory - (memory % 16)}))
    (export "__heap_base" (global $end))
    (export "__data_end" (global $data-end))`;
}

/** Raw little-endian u32 items. */
export function words(values: Iterable<number>): Buffer {
  return Buffer.from(Uint32Array.from(values).buffer);
}

/** Items of `imu`, of 32 bytes: a time, then six numbers that are exact in binary. */
export function readings(count: number): Buffer {
  const bytes = Buffer.alloc(32 * count);
  for (let i = 0; i < count; i++) {
    bytes.writeBigUInt64LE(BigInt(i) * 1_000_003n, 32 * i);
    for (let axis = 0; axis < 6; axis++)
      bytes.writeFloatLE(((i * 7 + axis * 13) % 64) / 8 - 3, 32 * i + 8 + 4 * axis);
  }
  return bytes;
}
