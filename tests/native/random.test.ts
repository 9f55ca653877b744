/**
 * Random modules of `wasm-tools smith`, limited to what is translated, called with random arguments:
 * translated to C and on V8 they come to the same results, traps and memory.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { ByteWriter } from "../../tools/wasm/byte-writer.js";
import { functionSpace } from "../../tools/wasm/function-space.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { atTier, seed } from "../tier.js";
import { type Order, type Outcome, programOf, translate, type Translation } from "./translated-modules.js";

const PROGRAMS = atTier(1, 60);
const MODULES = 40;
/** Instances of each, and calls of each instance: when its fuel is used up a module only traps. */
const INSTANCES = 5;
const CALLS = 5;

const folder = mkdtempSync(join(tmpdir(), "rill-native-random-"));
/** Asked for in front of every test: what waits between two of them lets `after` run. */
const tool = await wasmTools();

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Numbers that are the same for a seed on every machine (xorshift). */
class Random {
  private state: number;
  constructor(start: number) {
    this.state = Math.imul(start, 2654435761) >>> 0 || 1;
  }
  next(): number {
    this.state ^= this.state << 13;
    this.state ^= this.state >>> 17;
    this.state ^= this.state << 5;
    return this.state >>> 0;
  }
  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.next() & 0xff);
  }
}

const OFF = [
  ...["simd", "reference-types", "tail-call", "gc", "exceptions", "threads", "relaxed-simd", "memory64"],
  ...["shared-everything-threads", "custom-page-sizes", "wide-arithmetic", "extended-const"],
].flatMap((feature) => [`--${feature}-enabled`, "false"]);
const SHAPE = [
  ...[
    "--ensure-termination",
    "--fuel",
    "50000",
    "--export-everything",
    "true",
    "--canonicalize-nans",
    "true",
  ],
  ...["--max-imports", "0", "--min-types", "4", "--max-types", "8", "--min-funcs", "4", "--max-funcs", "12"],
  ...["--max-globals", "6", "--min-memories", "1", "--max-memories", "1", "--max-memory32-bytes", "65536"],
  ...["--min-tables", "1", "--max-tables", "1", "--min-element-segments", "1"],
  ...["--allow-start-export", "false", "--generate-custom-sections", "false"],
];

async function smith(program: string, random: Random): Promise<Buffer | null> {
  const [bytes, wasm] = [join(folder, "seed"), join(folder, "module.wasm")];
  writeFileSync(bytes, random.bytes(20_000));
  // Most traps come early: of every other module the code avoids them.
  const traps = ["--disallow-traps", String(random.next() % 2 === 0)];
  const { code } = await run(program, ["smith", ...OFF, ...SHAPE, ...traps, bytes, "-o", wasm]);
  return code === 0 ? withFixedMemory(readFileSync(wasm)) : null;
}

const MEMORY_SECTION = 5;

/** The module with a memory that may not grow, as a translated one never does. */
function withFixedMemory(bytes: Buffer): Buffer {
  const { sections, memories } = readModule(bytes);
  const pages = memories[0]!.limits.minimum;
  const section = new ByteWriter().section(
    MEMORY_SECTION,
    new ByteWriter().u32(1).put(1).u32(pages).u32(pages).bytes,
  ).bytes;
  const parts = sections.map(({ id, start, end }) =>
    id === MEMORY_SECTION ? section : bytes.subarray(start, end),
  );
  return Buffer.concat([bytes.subarray(0, 8), ...parts]);
}

const EDGES: Readonly<Record<string, readonly bigint[]>> = {
  i32: [0n, 1n, 0x7fffffffn, 0x80000000n, 0xffffffffn, 4n, 65532n, 65536n],
  i64: [0n, 1n, 0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn, 63n],
  f32: [0n, 0x80000000n, 0x3f800000n, 0x7f800000n, 0x7fc00000n, 0x4f000000n, 0x00000001n, 0xbf000000n],
  f64: [
    0n,
    1n << 63n,
    0x3ff0000000000000n,
    0x7ff0000000000000n,
    0x7ff8000000000000n,
    0x41e0000000000000n,
    1n,
  ],
};

function argument(type: string, random: Random): bigint {
  const edges = EDGES[type]!;
  if (random.next() % 2 === 0) return edges[random.next() % edges.length]!;
  const bits = (BigInt(random.next()) << 32n) | BigInt(random.next());
  const cell = BigInt.asUintN(type.endsWith("32") ? 32 : 64, bits);
  // JavaScript does not keep a NaN's bits.
  return toCell(type, toNumber(type, cell));
}

const view = new DataView(new ArrayBuffer(8));

function toNumber(type: string, cell: bigint): number | bigint {
  view.setBigUint64(0, cell, true);
  switch (type) {
    case "i32":
      return view.getInt32(0, true);
    case "i64":
      return view.getBigInt64(0, true);
    case "f32":
      return view.getFloat32(0, true);
    default:
      return view.getFloat64(0, true);
  }
}

function toCell(type: string, value: number | bigint): bigint {
  view.setBigUint64(0, 0n, true);
  if (typeof value === "bigint") view.setBigInt64(0, value, true);
  else if (type === "i32") view.setInt32(0, value, true);
  else if (Number.isNaN(value)) return type === "f32" ? 0x7fc00000n : 0x7ff8000000000000n;
  else if (type === "f32") view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return view.getBigUint64(0, true);
}

/** Any NaN as one: V8 may give another sign. */
function withoutSign(type: string, cell: bigint): bigint {
  if (type === "f32" && (cell & 0x7fffffffn) > 0x7f800000n) return 0x7fc00000n;
  if (type === "f64" && (cell & 0x7fffffffffffffffn) > 0x7ff0000000000000n) return 0x7ff8000000000000n;
  return cell;
}

/** What V8 says, in the specification's words. */
const TRAPS: readonly (readonly [RegExp, string])[] = [
  [/memory access out of bounds|data segment/, "out of bounds memory access"],
  [/by zero/, "integer divide by zero"],
  [/float unrepresentable/, "invalid conversion to integer"],
  [/unrepresentable/, "integer overflow"],
  [/table index is out of bounds/, "undefined element"],
  [/null function or function signature mismatch/, "indirect call type mismatch"],
  [/stack/, "call stack exhausted"],
];

function trapOf(error: unknown): string {
  const { message } = error as Error;
  return TRAPS.find(([pattern]) => pattern.test(message))?.[1] ?? message;
}

/** Traps that V8 tells in the same words. */
const ALIKE: Readonly<Record<string, string>> = {
  "uninitialized element": "indirect call type mismatch",
  "invalid conversion to integer": "integer overflow",
};

interface Job {
  readonly translation: Translation;
  readonly orders: Order[];
  readonly wanted: Outcome[];
  readonly results: (readonly string[])[];
}

/** A module with calls of it, and what V8 makes of them; null for one that is not comparable. */
function jobOf(bytes: Buffer, index: number, random: Random): Job | null {
  const module = readModule(bytes);
  const exported = module.exports.filter(({ kind }) => kind === "func");
  let translation: Translation;
  let compiled: WebAssembly.Module;
  try {
    translation = translate(bytes, index);
    compiled = new WebAssembly.Module(Uint8Array.from(bytes));
    new WebAssembly.Instance(compiled);
  } catch (error) {
    if (error instanceof UserError || error instanceof WebAssembly.RuntimeError) return null;
    throw error;
  }
  const functions = functionSpace(module);
  const job: Job = { translation, orders: [], wanted: [], results: [] };
  const add = (order: Order, wanted: Outcome, results: readonly string[]): void => {
    job.orders.push(order);
    job.wanted.push(wanted);
    job.results.push(results);
  };
  for (let n = 0; n < INSTANCES && exported.length > 0; n++) {
    const instance = new WebAssembly.Instance(compiled);
    add({ module: index }, { cells: [] }, []);
    for (let m = 0; m < CALLS; m++) {
      const call = random.next() % exported.length;
      const { name, index: at } = exported[call]!;
      const { params, results } = functions[at]!.signature;
      const cells = params.map((type) => argument(type, random));
      const wanted = onV8(instance, name, { params, results, cells });
      if ("trap" in wanted && /stack/.test(wanted.trap)) return null;
      add({ module: index, call, cells }, wanted, results);
    }
    const memory = module.exports.find(({ kind }) => kind === "memory")!;
    const sum = sumOf((instance.exports[memory.name] as WebAssembly.Memory).buffer);
    add({ module: index, memory: true }, { cells: [sum] }, ["i64"]);
  }
  return job;
}

interface Call {
  readonly params: readonly string[];
  readonly results: readonly string[];
  readonly cells: readonly bigint[];
}

function onV8(instance: WebAssembly.Instance, name: string, { params, results, cells }: Call): Outcome {
  const func = instance.exports[name] as (...args: readonly (number | bigint)[]) => unknown;
  try {
    const answer = func(...cells.map((cell, i) => toNumber(params[i]!, cell)));
    const values = (results.length > 1 ? answer : results.length === 1 ? [answer] : []) as (
      number | bigint
    )[];
    return { cells: values.map((value, i) => toCell(results[i]!, value)) };
  } catch (error) {
    return { trap: trapOf(error) };
  }
}

function sumOf(buffer: ArrayBuffer): bigint {
  let sum = 0x811c9dc5;
  for (const byte of new Uint8Array(buffer)) sum = Math.imul(sum ^ byte, 0x01000193) >>> 0;
  return BigInt(sum);
}

function told(outcome: Outcome, types: readonly string[]): string {
  if ("trap" in outcome) return `trap: ${ALIKE[outcome.trap] ?? outcome.trap}`;
  return outcome.cells.map((cell, i) => withoutSign(types[i]!, cell).toString(16)).join(" ");
}

for (let number = 0; number < PROGRAMS; number++) {
  test(`program ${number + 1} of random modules, seed ${seed}: as on V8`, async (context) => {
    assert.ok(!isMissing(tool));
    const random = new Random(seed + number);
    const jobs: Job[] = [];
    for (let tries = 0; jobs.length < MODULES && tries < 8 * MODULES; tries++) {
      const bytes = await smith(tool.path, random);
      const job = bytes === null ? null : jobOf(bytes, jobs.length, random);
      if (job !== null) jobs.push(job);
    }
    const flags = ["-w", "-URILL_NATIVE_DEPTH", "-DRILL_NATIVE_DEPTH=250"];
    const ask = await programOf(
      jobs.map(({ translation }) => translation),
      { sanitized: true, flags },
    );
    const outcomes = ask(jobs.flatMap(({ orders }) => orders));
    const wanted = jobs.flatMap(({ wanted: all }) => all);
    const types = jobs.flatMap(({ results }) => results);
    const orders = jobs.flatMap(({ orders: all }) => all);
    const traps = outcomes.filter((outcome) => "trap" in outcome).length;
    context.diagnostic(`${jobs.length} modules, ${outcomes.length} answers, ${traps} of them traps`);
    for (const [index, outcome] of outcomes.entries())
      assert.equal(
        told(outcome, types[index]!),
        told(wanted[index]!, types[index]!),
        JSON.stringify(orders[index], (_, value: unknown) =>
          typeof value === "bigint" ? value.toString(16) : value,
        ),
      );
    assert.ok(
      jobs.length >= MODULES / 2 && traps < 0.75 * outcomes.length,
      `${jobs.length} modules, ${traps} traps`,
    );
  });
}
