/**
 * Calls of one instance on a board or the C host, one after the other, and the resources that live between
 * them.
 */
import { Items } from "../../host/copies/items.js";
import type { Value } from "../../host/values/value.js";
import type { PackedEntry } from "../../pack/image-entry.js";
import { isFlow } from "../calls/call-session.js";
import { CallValues } from "../calls/call-values.js";
import { HeldHandle, HeldHandles } from "../calls/held-handles.js";
import type { PlannedCall } from "../calls/planned-call.js";
import { Awaited, Gathered, mapHandles, told, toldType } from "../calls/received.js";
import { waveText } from "../calls/wave.js";
import { toJson } from "../formats/json-value.js";
import { itemBytes } from "../item-bytes.js";
import type { CallFacts } from "../run-facts.js";
import { hasValues } from "../../pack/entry-shape.js";
import { destructorExport } from "../../wit/canonical-names.js";
import { isPointerFree } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { Flow } from "./gathered-items.js";
import { type Pulled, pulledFrom } from "./held-items.js";
import { valuesOf } from "../raw-inputs.js";
import type { RemoteGuest } from "./remote-guest.js";

/** Says which functions are called. */
export interface RemoteCallSource {
  /**
   * The next call begins.
   * @returns the function's number, counted from 1; 0 when there is none
   */
  next(): number;
  /**
   * The call has ended.
   * @param items by the stream's number, what it wrote
   */
  ended(items: ReadonlyMap<number, Uint8Array>): Promise<void>;
}

/** What `--in` gave: a value, the items of a stream or future, or whoever brings them. */
export type CallInput =
  { readonly value: Value } | { readonly items: readonly Value[] } | { readonly pulled: Pulled };

/** Items that a guest is given. */
class Given implements Pulled {
  private readonly left: Pulled;
  /** Items that it has taken. */
  taken = 0;

  constructor(
    readonly element: ValueType | null,
    readonly values: readonly Value[],
  ) {
    this.left = pulledFrom(values);
  }

  async next(): Promise<{ readonly item: Value } | null> {
    const next = await this.left.next();
    if (next !== null) this.taken++;
    return next;
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
export interface RemoteCallsOptions {
  readonly calls: readonly PlannedCall[];
  /** The functions of the image, in its order. */
  readonly entries: readonly PackedEntry[];
  readonly guest: RemoteGuest;
  /** What `--in` gave. */
  readonly input: (index: number) => CallInput;
  /** Is told of a resource of the computer's that the calls have dropped. */
  readonly dropped?: (representation: number) => void;
  /** Writes to standard output; null when nothing is told there. */
  readonly print: ((text: string) => void) | null;
  /** The last call's result goes elsewhere: it is `last`. */
  readonly keepsLast: boolean;
  /** Takes its items as they come, as those that are printed go; without it all are told at the end. */
  readonly write?: (item: Value) => void | Promise<void>;
}

/** The calls. */
export class RemoteCalls extends CallValues implements RemoteCallSource {
  /** What came of each. */
  readonly facts: CallFacts[] = [];
  /** What the last call wrote, or answered with; undefined until it has ended. */
  last: { readonly result: Value | undefined; readonly written: Uint8Array } | undefined;
  private at = -1;
  private running: PackedEntry | null = null;
  /** The call's result is printed as it comes. */
  private isFlowing = false;
  /** Of streams that calls spell out. */
  private readonly sources: Given[] = [];
  private streams: readonly Given[] = [];

  constructor(private readonly options: RemoteCallsOptions) {
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

  /** Items that the guest took of streams that calls spell out, where they are asked for one by one. */
  get itemsIn(): number {
    return this.sources.reduce((sum, { taken }) => sum + taken, 0);
  }

  /** The guest has trapped: a list that was begun is none. */
  trapped(): void {
    if (this.isFlowing) this.options.print!("\n");
  }

  next(): number {
    const { calls } = this.options;
    for (this.at++; this.at < calls.length; this.at++) {
      const call = calls[this.at]!;
      this.current = call.text;
      if (call.kind === "call") {
        this.options.guest.flow = this.flowOf(call);
        return this.begin(call.call, this.arguments(call));
      }
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
    if (this.isFlowing) {
      this.isFlowing = false;
      return this.options.print!("]\n");
    }
    if (call.name !== null) this.names.set(call.name, { type: type!, value });
    if (type === null || call.name !== null) this.facts.push({ call: call.text });
    else this.tell(call.text, type, value);
  }

  private flowOf({ name, func: { result } }: PlannedCall & { readonly kind: "call" }): Flow | null {
    const { calls, keepsLast, write, print } = this.options;
    if (write === undefined) return null;
    if (this.at === calls.length - 1 && keepsLast) return { begin: () => undefined, item: write };
    this.isFlowing = name === null && print !== null && isFlow(result);
    if (!this.isFlowing) return null;
    const { element } = result as ValueType & { readonly kind: "stream" };
    let before = "";
    return {
      begin: () => print!("["),
      item: (item) => {
        const value = element === null ? [] : told(element, this.receive(element, item));
        print!(`${before}${waveText(toldType(element), value)}`);
        before = ", ";
      },
    };
  }

  protected input(index: number): Value {
    const given = this.options.input(index);
    if ("value" in given) return given.value;
    return ("items" in given ? new Given(null, given.items) : given.pulled) as unknown as Value;
  }

  protected stream(element: ValueType | null, values: readonly Value[]): Value {
    const given = new Given(element, values);
    this.sources.push(given);
    return given as unknown as Value;
  }

  protected future(element: ValueType | null, value: Value): Value {
    return new Given(element, [value]) as unknown as Value;
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
