/** What a call returned: handles that are owned, streams and futures that are read. */
import type { ValueType } from "../../wit/model.js";
import { holdsHandle } from "../../wit/layout.js";
import type { FutureSink } from "../../host/copies/future-host.js";
import type { HostActivity } from "../../host/tasks/host-loop.js";
import type { Value } from "../../host/values/value.js";
import { HeldHandle } from "./held-handles.js";

/** A stream that is read into memory. */
export class Gathered {
  /** What has come so far. */
  readonly items: Value[] = [];
}

/** A future that is waited for. */
export class Awaited implements HostActivity {
  /** The value, taken in, once it came. */
  value: { readonly taken: Value } | null = null;

  /**
   * @param sink where it comes; null when it is there
   * @param take takes in what came
   */
  constructor(
    private readonly sink: FutureSink | null,
    private readonly take: (value: Value) => Value,
  ) {}

  /** One that has come. */
  static of(taken: Value): Awaited {
    const awaited = new Awaited(null, (value) => value);
    awaited.value = { taken };
    return awaited;
  }

  progress(): boolean {
    const received = this.sink?.received ?? null;
    if (this.value !== null || received === null) return false;
    this.value = { taken: this.take(received.value) };
    return true;
  }
}

/**
 * What `change` makes of each handle, stream and future in a value; what is inside of streams and futures is
 * its own affair.
 */
export function mapHandles(
  type: ValueType,
  value: Value,
  change: (type: ValueType, value: Value) => Value,
): Value {
  if (!holdsHandle(type)) return value;
  const each = (inner: ValueType, of: Value): Value => mapHandles(inner, of, change);
  const labelled = value as Readonly<Record<string, Value>>;
  switch (type.kind) {
    case "list":
      return (value as readonly Value[]).map((item) => each(type.element, item));
    case "tuple":
      return type.types.map((inner, i) => each(inner, (value as readonly Value[])[i]!));
    case "record":
      return Object.fromEntries(
        type.fields.map(({ name, type: inner }) => [name, each(inner, labelled[name]!)]),
      );
    case "option":
      return value === null ? null : { some: each(type.type, labelled["some"]!) };
    case "variant":
    case "result":
      return mapCase(type, labelled, each);
    default:
      return change(type, value);
  }
}

function mapCase(
  type: ValueType & { kind: "variant" | "result" },
  value: Readonly<Record<string, Value>>,
  each: (type: ValueType, value: Value) => Value,
): Value {
  const [[label, payload]] = Object.entries(value) as [[string, Value]];
  const inner =
    type.kind === "variant"
      ? type.cases.find(({ name }) => name === label)!.type
      : label === "ok"
        ? type.ok
        : type.error;
  return { [label]: inner === null ? payload : each(inner, payload) };
}

/** What can be told of a value that was received: its items, its values, the names of its resources. */
export function told(type: ValueType, value: Value): Value {
  return mapHandles(type, value, (inner, of) => {
    if (of instanceof HeldHandle) return `<${of.resource.name}>`;
    const element = (inner as ValueType & { kind: "stream" | "future" }).element;
    const one = (item: Value): Value => (element === null ? [] : told(element, item));
    if (of instanceof Gathered) return of.items.map(one);
    return of instanceof Awaited ? one(of.value!.taken) : of;
  });
}

/** The type of what is told: a stream is a list, a future its value, a handle a word. */
export function toldType(type: ValueType | null): ValueType {
  if (type === null) return { kind: "tuple", types: [] };
  if (!holdsHandle(type)) return type;
  switch (type.kind) {
    case "stream":
      return { kind: "list", element: toldType(type.element) };
    case "future":
      return toldType(type.element);
    case "list":
      return { ...type, element: toldType(type.element) };
    case "tuple":
      return { kind: "tuple", types: type.types.map(toldType) };
    case "record":
      return { kind: "record", fields: type.fields.map((f) => ({ name: f.name, type: toldType(f.type) })) };
    case "variant":
      return {
        kind: "variant",
        cases: type.cases.map((c) => ({ name: c.name, type: c.type && toldType(c.type) })),
      };
    case "option":
      return { kind: "option", type: toldType(type.type) };
    case "result":
      return { kind: "result", ok: type.ok && toldType(type.ok), error: type.error && toldType(type.error) };
    default:
      return { kind: "enum", labels: [] };
  }
}
