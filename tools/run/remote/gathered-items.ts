/** Streams and futures in what a board's guest answered with, read into memory. */
import type { Value } from "../../host/values/value.js";
import { Awaited, Gathered, mapHandles } from "../calls/received.js";
import type { ValueType } from "../../wit/model.js";
import { type EndType, isEnd, type Pulled } from "./held-items.js";

/** One that is being read. */
export interface Reading {
  readonly from: Pulled;
  /** It has been read to its end. */
  readonly done: Promise<void>;
}

/** Takes the items of a result that is a stream as they come. */
export interface Flow {
  /** The guest has answered. */
  begin(): void;
  item(item: Value): void | Promise<void>;
}

/** How they are read. */
export interface Gathering {
  /** Where a value goes that is a stream, in place of memory. */
  readonly flow: Flow | null;
  /** Items of a stream after which it is read no longer. */
  readonly limit: number;
  /** Is told of each. */
  reading(one: Reading): void;
  /** Is told of each item of a stream. */
  came(): void;
}

/** Reads all of them in `value`. */
export function gatherEnds(type: ValueType, value: Value, how: Gathering): Value {
  const inside = { ...how, flow: null };
  return mapHandles(type, value, (inner, of) =>
    isEnd(inner) ? gather(inner, of as unknown as Pulled, inner === type ? how : inside) : of,
  );
}

function gather(type: EndType, from: Pulled, how: Gathering): Value {
  const { element } = type;
  const flow = type.kind === "stream" ? how.flow : null;
  const inside = { ...how, flow: null };
  const one = (item: Value): Value => (element === null ? null : gatherEnds(element, item, inside));
  let count = 0;
  const gathered = type.kind === "stream" ? new Gathered() : new Awaited(null, one);
  const read = async (): Promise<void> => {
    for (let next = await from.next(); next !== null; next = await from.next()) {
      const taken = one(next.item);
      if (gathered instanceof Awaited) gathered.value = { taken };
      else {
        how.came();
        if (flow === null) gathered.items.push(taken);
        else await flow.item(taken);
        if (++count >= how.limit) return from.leave();
      }
    }
  };
  flow?.begin();
  how.reading({ from, done: read() });
  return gathered as unknown as Value;
}
