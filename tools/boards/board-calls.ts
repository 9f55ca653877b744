/** Calls of one instance on a board, one after the other, and the resources that live between them. */
import { Items } from "../host/copies/items.js";
import type { Value } from "../host/values/value.js";
import type { PackedEntry } from "../pack/image-entry.js";
import { CallValues } from "../run/calls/call-values.js";
import { HeldHandle, HeldHandles } from "../run/calls/held-handles.js";
import type { PlannedCall } from "../run/calls/planned-call.js";
import { Awaited, Gathered, mapHandles, told, toldType } from "../run/calls/received.js";
import { waveText } from "../run/calls/wave.js";
import { toJson } from "../run/formats/json-value.js";
import { itemBytes } from "../run/item-bytes.js";
import type { CallFacts } from "../run/run-facts.js";
import { hasValues } from "../pack/entry-shape.js";
import { destructorExport } from "../wit/canonical-names.js";
import { isPointerFree } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { type Pulled, pulledFrom } from "./held-items.js";
import { valuesOf } from "./raw-inputs.js";
import type { RemoteGuest } from "./remote-guest.js";
import type { BoardCallSource } from "./serial-link.js";

/** Items that a guest is given. */
class Given implements Pulled {
  private readonly left: Pulled;

  constructor(
    readonly element: ValueType | null,
    readonly values: readonly Value[],
  ) {
    this.left = pulledFrom(values);
  }

  next(): Promise<{ readonly item: Value } | null> {
    return this.left.next();
  }

  leave(): void {
    this.left.leave();
  }

  /** As the serial line carries them; none that hold strings or lists. */
  get raw(): Uint8Array {
    const { element, values } = this;
    const isFed = element === null || isPointerFree(element);
    return isFed ? itemBytes(Items.fromValues(element, values), element) : new Uint8Array(0);
  }
}

/** What a run of calls needs. */
export interface BoardCallsOptions {
  readonly calls: readonly PlannedCall[];
  /** The functions of the image, in its order. */
  readonly entries: readonly PackedEntry[];
  readonly guest: RemoteGuest;
  /** What `--in` gave: a value, or the items of a stream or future. */
  readonly input: (index: number) => Value | { readonly items: readonly Value[] };
  /** Is told of a resource of the computer's that the calls have dropped. */
  readonly dropped?: (representation: number) => void;
  /** Writes to standard output; null when nothing is told there. */
  readonly print: ((text: string) => void) | null;
  /** The last call's result goes elsewhere: it is `last`. */
  readonly keepsLast: boolean;
}

/** The calls. */
export class BoardCalls extends CallValues implements BoardCallSource {
  /** What came of each. */
  readonly facts: CallFacts[] = [];
  /** What the last call wrote, or answered with; undefined until it has ended. */
  last: { readonly result: Value | undefined; readonly written: Uint8Array } | undefined;
  private at = -1;
  private running: PackedEntry | null = null;
  private streams: readonly Given[] = [];

  constructor(private readonly options: BoardCallsOptions) {
    super(new HeldHandles(() => undefined));
  }

  /** What the running function's stream of this number is fed. */
  raw(stream: number): Uint8Array {
    return this.streams[stream]?.raw ?? new Uint8Array(0);
  }

  /** Items of the last call's result; null until it has ended. */
  get written(): Uint8Array | null {
    return this.last?.written ?? null;
  }

  next(): number {
    const { calls } = this.options;
    for (this.at++; this.at < calls.length; this.at++) {
      const call = calls[this.at]!;
      this.current = call.text;
      if (call.kind === "call") return this.begin(call.call, this.arguments(call));
      const number = this.drop(this.find(call.reference) as HeldHandle);
      if (number !== 0) return number;
    }
    this.current = "drop of what is left";
    for (const handle of this.held.left) {
      const number = this.drop(handle);
      if (number !== 0) return number;
    }
    return 0;
  }

  async ended(items: ReadonlyMap<number, Uint8Array>): Promise<void> {
    const call = this.options.calls[this.at];
    if (call?.kind !== "call") return;
    await this.options.guest.settled();
    const { shape } = this.running!;
    const { result: type } = call.func;
    const answer = shape.streams[shape.paramCount];
    const raw = items.get(shape.paramCount) ?? new Uint8Array(0);
    const written =
      answer === undefined
        ? []
        : hasValues(answer)
          ? this.options.guest.written
          : valuesOf(answer.element, raw);
    const value =
      type === null
        ? null
        : answer === undefined
          ? this.receive(type, this.options.guest.result!)
          : this.receiveItems(type, written);
    if (this.at === this.options.calls.length - 1 && this.options.keepsLast) {
      const isItems = answer !== undefined;
      this.last = {
        result: isItems ? undefined : value,
        written: isItems ? itemBytes(Items.fromValues(answer.element, written), answer.element) : raw,
      };
      return;
    }
    if (call.name !== null) this.names.set(call.name, { type: type!, value });
    if (type === null || call.name !== null) this.facts.push({ call: call.text });
    else this.tell(call.text, type, value);
  }

  protected input(index: number): Value {
    const given = this.options.input(index);
    if (given === null || typeof given !== "object" || !("items" in given)) return given as Value;
    return new Given(null, (given as { readonly items: readonly Value[] }).items) as unknown as Value;
  }

  protected stream(element: ValueType | null, values: readonly Value[]): Value {
    return new Given(element, values) as unknown as Value;
  }

  protected future(element: ValueType | null, value: Value): Value {
    return this.stream(element, [value]);
  }

  private begin(name: string, args: readonly Value[]): number {
    const { entries, guest } = this.options;
    const number = entries.findIndex(({ entry }) => entry === name);
    const entry = entries[number]!;
    this.running = entry;
    const { streams, paramCount } = entry.shape;
    this.streams = streams
      .slice(0, paramCount)
      .map(({ element, param }) => new Given(element, (args[param] as unknown as Given).values));
    const left = this.streams.map(({ values }) => values.values());
    guest.begin(
      entry,
      (index) => args[index]!,
      (stream) => {
        const next = left[stream]?.next();
        return next?.done === false ? next.value : undefined;
      },
    );
    return 1 + number;
  }

  /** @returns the number of the function that ends it; 0 when it has none */
  private drop(handle: HeldHandle): number {
    this.held.drop(handle);
    const { owner, name, exported } = handle.resource;
    if (exported !== true) {
      this.options.dropped?.(handle.representation);
      return 0;
    }
    const destructor = destructorExport(owner, name);
    const isThere = this.options.entries.some(({ entry }) => entry === destructor);
    return isThere ? this.begin(destructor, [handle.representation]) : 0;
  }

  /** Takes in the stream or future that a call returned. */
  private receiveItems({ kind }: ValueType, written: readonly Value[]): Value {
    if (kind === "future") return Awaited.of(written[0]!) as unknown as Value;
    const gathered = new Gathered();
    gathered.items.push(...written);
    return gathered as unknown as Value;
  }

  /** Takes in the value that a call returned: from here on it is ours. */
  private receive(type: ValueType, value: Value): Value {
    return mapHandles(type, value, (inner, of) => {
      if (inner.kind === "own") return this.held.add(inner.resource, of as number) as unknown as Value;
      const { element } = inner as ValueType & { kind: "stream" | "future" };
      const one = (item: Value): Value => (element === null ? null : this.receive(element, item));
      if (of instanceof Gathered) of.items.splice(0, of.items.length, ...of.items.map(one));
      if (!(of instanceof Awaited)) return of;
      if (of.value === null) throw this.failure("a future in the result got no value");
      return Awaited.of(one(of.value.taken)) as unknown as Value;
    });
  }

  private tell(text: string, type: ValueType, value: Value): void {
    const { print } = this.options;
    const [shown, of] = [toldType(type), told(type, value)];
    if (print !== null) print(`${waveText(shown, of)}\n`);
    else this.facts.push({ call: text, result: toJson(shown, of) });
  }
}
