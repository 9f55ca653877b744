/** Runs a plan on the C host on WAMR, whose program reads and writes files of raw items. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { ComponentInstance } from "../host/component-instance.js";
import { withAllocationCounter } from "../host/count-allocations.js";
import { CoreValues, liftValues, lowerValues, type CoreValue } from "../host/flat.js";
import { Items } from "../host/items.js";
import { LiftLowerContext } from "../host/lift-lower-context.js";
import { isPlain } from "../host/plain-copy.js";
import { readChunks, writeChunk } from "../wamr/item-chunks.js";
import { runOnWamr as runProgram, type WamrFacts, type WamrParameter } from "../wamr/run.js";
import { flatten, holdsHandle } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { openItems } from "./formats/item-reader.js";
import { ItemWriter } from "./formats/item-writer.js";
import { toJson } from "./formats/json-value.js";
import type { RunFacts } from "./run-facts.js";
import type { ItemFile, RunInput, RunPlan } from "./run-plan.js";

/**
 * Runs the plan. Items that came before a trap are in the output; the trap is in the facts.
 * @throws UserError when WAMR cannot be built here, or the C host does not serve the function's types
 */
export async function runOnWamr(plan: RunPlan): Promise<RunFacts> {
  const { output } = plan;
  if (output.kind === "value" && output.isFuture) refuse("a future as result");
  const folder = mkdtempSync(join(tmpdir(), "rill-"));
  try {
    const params = plan.inputs.map((input, i) => parameter(input, join(folder, `in-${i}`), plan.limit));
    const raw = join(folder, "out");
    const hasStream = plan.inputs.some((input) => input.kind === "stream");
    const facts = await runProgram({
      core: plan.corePath,
      world: plan.world,
      call: plan.call,
      params,
      ...(output.kind === "items" && { output: raw }),
      ...(!hasStream && { limit: plan.limit }),
    });
    if (output.kind === "items" && output.file !== null) convert(raw, output.file);
    return runFacts(plan, facts);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function parameter(input: RunInput, temporaryPath: string, limit: number | undefined): WamrParameter {
  if (input.kind === "future") refuse("a future as parameter");
  if (input.kind === "value") return { bits: bitsOf(input.type, input.value) };
  if (input.elementType === null || holdsHandle(input.elementType)) refuse("a stream of such items");
  if (input.format === "raw" && input.path !== "-" && limit === undefined) return { path: input.path };
  writeRaw(input, temporaryPath, limit ?? Infinity);
  return { path: temporaryPath };
}

/** Items in a chunk of those with strings or lists. */
const CHUNK_ITEMS = 64;

/** Writes a stream's items as raw bytes; those with strings or lists in chunks. */
export function writeRaw({ path, elementType, format }: ItemFile, target: string, limit: number): void {
  const reader = openItems(path, elementType, format);
  const file = openSync(target, "w");
  const plain = isPlain(elementType!);
  try {
    for (let left = limit; left > 0;) {
      const items = reader.read(Math.min(left, plain ? 4096 : CHUNK_ITEMS));
      if (items === null) break;
      left -= items.length;
      writeSync(file, plain ? items.canonicalBytes()! : writeChunk(elementType!, items.values()));
    }
  } finally {
    closeSync(file);
    reader.close();
  }
}

/** Puts raw items, or those in chunks, into the file that was asked for. */
export function convert(raw: string, { path, elementType, format }: ItemFile): void {
  const writer = new ItemWriter(path, elementType, format);
  if (elementType !== null && !isPlain(elementType)) {
    for (const values of readChunks(elementType, readFileSync(raw)))
      writer.write(Items.fromValues(elementType, values));
    writer.close();
    return;
  }
  const reader = openItems(raw, elementType, "raw");
  for (let items = reader.read(4096); items !== null; items = reader.read(4096)) writer.write(items);
  reader.close();
  writer.close();
}

function runFacts(plan: RunPlan, facts: WamrFacts): RunFacts {
  const { output } = plan;
  const isValue = output.kind === "value" && output.type !== null && facts.trap === null;
  return {
    host: "wamr",
    items_in: facts.items_in,
    items_out: facts.items_out,
    allocations: withAllocationCounter(plan.core) === null ? 0 : null,
    linear_memory_bytes: facts.linear_memory_bytes,
    host_calls: facts.host_calls,
    trap: facts.trap,
    ...(isValue && { result: resultOf(output.type, facts.scalar) }),
  };
}

const bits = new DataView(new ArrayBuffer(8));

function bitsOf(type: ValueType, value: Parameters<typeof lowerValues>[2][number]): number {
  const [coreType, ...others] = flatten(type);
  if (others.length > 0 || (coreType !== "i32" && coreType !== "f32"))
    refuse(`a parameter of type ${type.kind}`);
  const [flat] = lowerValues(noMemory(), 1, [value], [type]);
  if (coreType === "i32") return Number(flat);
  bits.setFloat32(0, Number(flat));
  return bits.getUint32(0);
}

function resultOf(type: ValueType, scalar: string): unknown {
  const [coreType, ...others] = flatten(type);
  if (others.length > 0) refuse(`a result of type ${type.kind}`);
  const [value] = liftValues(noMemory(), 1, new CoreValues([coreValue(coreType!, BigInt(scalar))]), [type]);
  return toJson(type, value!);
}

function coreValue(type: "i32" | "i64" | "f32" | "f64", raw: bigint): CoreValue {
  bits.setBigUint64(0, BigInt.asUintN(64, raw));
  if (type === "i64") return raw;
  if (type === "f64") return bits.getFloat64(0);
  return type === "i32" ? bits.getUint32(4) : bits.getFloat32(4);
}

/** A context for values that need no memory. */
function noMemory(): LiftLowerContext {
  return new LiftLowerContext({ encoding: "utf16", memory: null, realloc: null }, new ComponentInstance());
}

function refuse(what: string): never {
  throw new UserError(`the C host does not serve ${what}; use --host v8`);
}
