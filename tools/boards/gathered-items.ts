/** Streams and futures in what a board's guest answered with, read into memory. */
import type { Value } from "../host/values/value.js";
import { Awaited, Gathered, mapHandles } from "../run/calls/received.js";
import type { ValueType } from "../wit/model.js";
import { type EndType, isEnd, type Pulled } from "./held-items.js";

/** One that is being read. */
export interface Reading {
  readonly from: Pulled;
  /** It has been read to its end. */
  readonly done: Promise<void>;
}

/** Reads all of them in `value`. @param reading is told of each */
export function gatherEnds(type: ValueType, value: Value, reading: (one: Reading) => void): Value {
  return mapHandles(type, value, (inner, of) =>
    isEnd(inner) ? gather(inner, of as unknown as Pulled, reading) : of,
  );
}

function gather(type: EndType, from: Pulled, reading: (one: Reading) => void): Value {
  const { element } = type;
  const one = (item: Value): Value => (element === null ? null : gatherEnds(element, item, reading));
  const gathered = type.kind === "stream" ? new Gathered() : new Awaited(null, one);
  const read = async (): Promise<void> => {
    for (let next = await from.next(); next !== null; next = await from.next()) {
      const taken = one(next.item);
      if (gathered instanceof Gathered) gathered.items.push(taken);
      else gathered.value = { taken };
    }
  };
  reading({ from, done: read() });
  return gathered as unknown as Value;
}
