/** The items that a board is fed, as its serial line and its guests take them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Items } from "../host/copies/items.js";
import type { Value } from "../host/values/value.js";
import { temporaryFolder } from "../processes/temporary-folder.js";
import { itemBytes, ItemDecoder } from "./item-bytes.js";
import { writeRaw } from "./raw-files.js";
import type { RunPlan } from "./run-plan.js";
import type { ValueType } from "../wit/model.js";

/**
 * The raw items of each stream of `plan`, at most as many as it takes; of a future its one value. Those with
 * strings or lists are in chunks: `valuesOf`.
 */
export function rawInputs(
  { inputs, limit = Infinity }: Pick<RunPlan, "inputs" | "limit">,
  most = Infinity,
): Uint8Array[] {
  const folder = temporaryFolder("rill-flash-");
  try {
    return inputs.flatMap((input, index) => {
      if (input.kind === "value") return [];
      const { elementType } = input;
      if (input.kind === "future")
        return [itemBytes(Items.fromValues(elementType, [input.value]), elementType)];
      const file = join(folder.path, String(index));
      writeRaw(input, file, Math.min(limit, most));
      return [readFileSync(file)];
    });
  } finally {
    folder.remove();
  }
}

/** The items that such bytes are. */
export function valuesOf(type: ValueType | null, raw: Uint8Array): Value[] {
  return new ItemDecoder(type).push(raw).flatMap((items) => [...items.values()]);
}

/** The items of streams, each with its raw ones, one after the other; undefined behind the last. */
export function nextItems(
  streams: readonly (readonly [type: ValueType | null, raw: Uint8Array | undefined])[],
): (stream: number) => Value | undefined {
  const iterators = streams.map(([type, raw]) => (raw === undefined ? [] : valuesOf(type, raw)).values());
  return (stream) => {
    const next = iterators[stream]?.next();
    return next?.done === false ? next.value : undefined;
  };
}
