/**
 * What a guest answers with whose stream the next one gets: the stream, or a tuple or record with one among
 * its fields. The others are told: values, and futures once they have come.
 */
import { FutureSink } from "../../host/copies/future-host.js";
import { SharedFuture } from "../../host/copies/shared-future.js";
import type { SharedStream } from "../../host/copies/shared-stream.js";
import type { Guest } from "../../host/guest.js";
import type { CopyPolicy } from "../../host/tasks/host-loop.js";
import type { LabelledValue, Value } from "../../host/values/value.js";
import type { Field, ValueType } from "../../wit/model.js";
import { type Json, toJson } from "../formats/json-value.js";

/** The fields of a tuple or record, by their numbers or names; null of another type. */
export function fieldsOf(type: ValueType): readonly Field[] | null {
  if (type.kind === "record") return type.fields;
  if (type.kind !== "tuple") return null;
  return type.types.map((field, index) => ({ name: String(index), type: field }));
}

/** Takes a result apart. */
export class PipedResult {
  private readonly futures = new Map<string, FutureSink>();

  constructor(
    private readonly type: ValueType,
    private readonly value: Value,
    { loop }: Guest,
    policy: CopyPolicy,
  ) {
    for (const { name } of fieldsOf(type) ?? []) {
      const field = this.field(name);
      if (field instanceof SharedFuture) this.futures.set(name, loop.add(new FutureSink(field, policy)));
    }
  }

  /** What the next guest gets. */
  get stream(): SharedStream {
    const name = fieldsOf(this.type)?.find(({ type }) => type.kind === "stream")?.name;
    return (name === undefined ? this.value : this.field(name)) as SharedStream;
  }

  /** Whether all futures have come. */
  get isWhole(): boolean {
    return [...this.futures.values()].every(({ received }) => received !== null);
  }

  /** What is beside the stream, a list or an object; undefined where nothing is. */
  get beside(): Json | undefined {
    const told = (fieldsOf(this.type) ?? [])
      .filter(({ type }) => type.kind !== "stream")
      .map(({ name, type }): [string, Json] => [name, this.json(name, type)]);
    if (told.length === 0) return undefined;
    return this.type.kind === "tuple" ? told.map(([, json]) => json) : Object.fromEntries(told);
  }

  private json(name: string, type: ValueType): Json {
    if (type.kind !== "future") return toJson(type, this.field(name));
    return type.element === null ? null : toJson(type.element, this.futures.get(name)!.received!.value);
  }

  private field(name: string): Value {
    return (this.value as LabelledValue)[name]!;
  }
}
