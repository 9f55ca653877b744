/**
 * Whole files of items as rill-run and boards take them: for runs that are
 * measured, and for a board's serial line.
 */
import { closeSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { Items } from "../host/copies/items.js";
import type { WamrParameter } from "../wamr/wamr-run.js";
import { openItems } from "./formats/item-reader.js";
import { ItemWriter } from "./formats/item-writer.js";
import { itemBytes, ItemDecoder, itemsAtOnce } from "./item-bytes.js";
import type { ItemFile, RunInput } from "./run-plan.js";

/**
 * What the program gets for `input`: a value, or items in a file:
 * `temporaryPath`, when the given one does not do.
 * @param atOnce items in a chunk of those with strings or lists
 */
export function wamrParameter(
  input: RunInput,
  temporaryPath: string,
  limit = Infinity,
  atOnce?: number,
): WamrParameter {
  if (input.kind === "value") return { value: input.value };
  const { elementType } = input;
  if (input.kind === "future") {
    if (elementType === null) return { units: 1 };
    writeFileSync(temporaryPath, itemBytes(Items.fromValues(elementType, [input.value]), elementType));
    return { path: temporaryPath };
  }
  if (elementType === null) return { units: countItems(input, limit) };
  if (input.format === "raw" && input.path !== "-" && limit === Infinity) return { path: input.path };
  writeRaw(input, temporaryPath, limit, atOnce);
  return { path: temporaryPath };
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

/** Writes a stream's items as raw bytes; those with strings or lists in chunks. */
export function writeRaw(
  { path, elementType, format }: ItemFile,
  target: string,
  limit: number,
  atOnce = itemsAtOnce(elementType),
): void {
  const reader = openItems(path, elementType, format);
  const file = openSync(target, "w");
  try {
    for (let left = limit; left > 0;) {
      const items = reader.read(Math.min(left, atOnce));
      if (items === null) break;
      left -= items.length;
      writeSync(file, itemBytes(items, elementType));
    }
  } finally {
    closeSync(file);
    reader.close();
  }
}

/** Puts raw items, or those in chunks, into the file that was asked for. */
export function convert(raw: string, { path, elementType, format }: ItemFile): void {
  const writer = new ItemWriter(path, elementType, format);
  for (const items of new ItemDecoder(elementType).push(readFileSync(raw))) writer.write(items);
  writer.close();
}
