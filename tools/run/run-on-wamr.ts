/** Runs a plan on the C host on WAMR, whose program reads and writes files of items. */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { withAllocationCounter } from "../host/count-allocations.js";
import { Items } from "../host/items.js";
import { arenaNeed } from "../host/trap.js";
import { isPlain } from "../host/plain-copy.js";
import { readChunks, writeChunk } from "../wamr/item-chunks.js";
import { NotServed } from "../wamr/not-served.js";
import { runOnWamr as runProgram, type WamrFacts, type WamrParameter } from "../wamr/run.js";
import type { ValueType } from "../wit/model.js";
import { openItems } from "./formats/item-reader.js";
import { ItemWriter } from "./formats/item-writer.js";
import { toJson } from "./formats/json-value.js";
import type { RunFacts } from "./run-facts.js";
import { trapPlacesAt, withPlace } from "./trap-position.js";
import type { ItemFile, RunInput, RunPlan } from "./run-plan.js";

/** More than any guest of this machine's needs: what a device has to give, `rill report --device` measures. */
const POOL_BYTES = 64 << 20;
const STACK_BYTES = 1 << 20;

/**
 * Runs the plan. Items that came before a trap are in the output; the trap is in the facts.
 * @throws UserError when WAMR cannot be built here, or the C host does not serve the function's types
 */
export async function runOnWamr(plan: RunPlan): Promise<RunFacts> {
  const { output } = plan;
  const folder = mkdtempSync(join(tmpdir(), "rill-"));
  try {
    const params = plan.inputs.map((input, i) => wamrParameter(input, join(folder, `in-${i}`), plan.limit));
    const raw = join(folder, "out");
    const hasStream = plan.inputs.some((input) => input.kind === "stream");
    const facts = await runProgram({
      core: plan.corePath,
      world: plan.world,
      call: plan.call,
      params,
      output: raw,
      whole: true,
      traced: true,
      poolBytes: POOL_BYTES,
      stackBytes: STACK_BYTES,
      ...(!hasStream && { limit: plan.limit }),
    });
    if (output.kind === "items" && output.file !== null) convert(raw, output.file, facts.items_out);
    return runFacts(plan, facts, raw);
  } catch (error) {
    if (error instanceof NotServed) throw new UserError(`${error.message}; use --host v8`);
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What the program gets for `input`: a value, or items in a file: `temporaryPath`, when the given one does not do. */
export function wamrParameter(input: RunInput, temporaryPath: string, limit = Infinity): WamrParameter {
  if (input.kind === "value") return { value: input.value };
  const { elementType } = input;
  if (input.kind === "future") {
    if (elementType === null) return { units: 1 };
    writeFileSync(temporaryPath, itemBytes(Items.fromValues(elementType, [input.value]), elementType));
    return { path: temporaryPath };
  }
  if (elementType === null) return { units: countItems(input, limit) };
  if (input.format === "raw" && input.path !== "-" && limit === Infinity) return { path: input.path };
  writeRaw(input, temporaryPath, limit);
  return { path: temporaryPath };
}

/** Items in canonical layout; those with strings or lists as a chunk. */
function itemBytes(items: Items, type: ValueType): Uint8Array {
  return isPlain(type) ? items.canonicalBytes()! : writeChunk(type, items.values());
}

/** How many items a file without element type has. */
function countItems({ path, elementType, format }: ItemFile, limit: number): number {
  const reader = openItems(path, elementType, format);
  let count = 0;
  for (let items = reader.read(4096); items !== null && count < limit; items = reader.read(4096))
    count += items.length;
  reader.close();
  return Math.min(count, limit);
}

/** Items in a chunk of those with strings or lists. */
const CHUNK_ITEMS = 64;

/** Writes a stream's items as raw bytes; those with strings or lists in chunks. */
export function writeRaw({ path, elementType, format }: ItemFile, target: string, limit: number): void {
  const reader = openItems(path, elementType, format);
  const file = openSync(target, "w");
  const most = isPlain(elementType!) ? 4096 : CHUNK_ITEMS;
  try {
    for (let left = limit; left > 0;) {
      const items = reader.read(Math.min(left, most));
      if (items === null) break;
      left -= items.length;
      writeSync(file, itemBytes(items, elementType!));
    }
  } finally {
    closeSync(file);
    reader.close();
  }
}

/** Puts raw items, or those in chunks, into the file that was asked for. @param count of a stream without element type */
export function convert(raw: string, { path, elementType, format }: ItemFile, count = 0): void {
  const writer = new ItemWriter(path, elementType, format);
  for (const items of elementType === null ? units(count) : received(raw, elementType)) writer.write(items);
  writer.close();
}

function* units(count: number): Generator<Items> {
  for (let left = count; left > 0; left -= 4096)
    yield Items.fromValues(
      null,
      Array.from({ length: Math.min(left, 4096) }, () => null),
    );
}

/** The items that the program left in a file. */
function* received(raw: string, type: ValueType): Generator<Items> {
  if (!isPlain(type)) {
    for (const values of readChunks(type, readFileSync(raw))) yield Items.fromValues(type, values);
    return;
  }
  const reader = openItems(raw, type, "raw");
  for (let items = reader.read(4096); items !== null; items = reader.read(4096)) yield items;
  reader.close();
}

function runFacts(plan: RunPlan, facts: WamrFacts, raw: string): RunFacts {
  const { output } = plan;
  const isValue = output.kind === "value" && output.type !== null && facts.trap === null;
  return {
    host: "wamr",
    items_in: facts.items_in,
    items_out: facts.items_out,
    allocations: withAllocationCounter(plan.core) === null ? 0 : null,
    linear_memory_bytes: facts.linear_memory_bytes,
    host_calls: facts.host_calls,
    trap: trapOf(facts, plan),
    ...(isValue && { result: resultOf(output.type, output.isFuture, facts, raw) }),
  };
}

/** Why the guest trapped, its arena's need when that was it, and where in its source. */
function trapOf({ trap, arena_missing: missing = 0, frames = [] }: WamrFacts, plan: RunPlan): string | null {
  if (trap === null) return null;
  const lacks = missing > 0 && /unreachable|cabi_realloc traps/.test(trap);
  const message = lacks ? arenaNeed(missing) : trap.replace(/^Exception: /, "");
  // WAMR stands behind what it runs, and at 0 in a native.
  const offsets = frames.filter((frame) => frame > 0).map((frame) => frame - 1);
  return withPlace(message, trapPlacesAt(offsets, plan.corePath, plan.core));
}

function resultOf(type: ValueType, isFuture: boolean, facts: WamrFacts, raw: string): unknown {
  if (!isFuture) return toJson(type, facts.value!);
  const [items] = received(raw, type);
  return toJson(type, items!.values()[0]!);
}
