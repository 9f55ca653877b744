/** Calls of one instance on V8, one after the other, and the resources that live between them. */
import { FutureSink, FutureSource } from "../../host/copies/future-host.js";
import { Items } from "../../host/copies/items.js";
import type { SharedFuture } from "../../host/copies/shared-future.js";
import type { SharedStream } from "../../host/copies/shared-stream.js";
import { StreamSink } from "../../host/copies/stream-sink.js";
import { sourceOf, StreamSource } from "../../host/copies/stream-source.js";
import type { Guest } from "../../host/guest.js";
import type { CopyPolicy } from "../../host/tasks/host-loop.js";
import type { Value } from "../../host/values/value.js";
import { holdsEnd } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { toJson } from "../formats/json-value.js";
import type { CallFacts } from "../run-facts.js";
import { HeldHandle, HeldHandles } from "./held-handles.js";
import { CallValues } from "./call-values.js";
import type { PlannedCall } from "./planned-call.js";
import { Awaited, Gathered, mapHandles, told, toldType } from "./received.js";
import { waveText } from "./wave.js";

/** What a session needs of its run. */
export interface SessionOptions {
  readonly guest: Guest;
  /** What `--in` gave, in the order of the plan's inputs. */
  readonly inputs: readonly Value[];
  readonly policy: CopyPolicy;
  /** Items after which a result ends of a call that reads no `--in`. */
  readonly limit: number;
  /** Writes to standard output; null when nothing is told there. */
  readonly print: ((text: string) => void) | null;
  /** Does the call whose result goes to `--out`; null when there is none. */
  readonly output: ((call: string, args: readonly Value[]) => unknown) | null;
}

/** Calls of one guest. */
export class CallSession extends CallValues {
  /** What came of each. */
  readonly facts: CallFacts[] = [];
  private readonly sources: StreamSource[] = [];
  private readonly sinks: StreamSink[] = [];

  constructor(private readonly options: SessionOptions) {
    const { guest } = options;
    super(new HeldHandles((handle) => guest.destroy(handle.resource, handle.representation)));
  }

  /** Items that the guest took of streams that calls spell out. */
  get itemsIn(): number {
    return this.sources.reduce((sum, { itemCount }) => sum + itemCount, 0);
  }

  /** Items that came of results. */
  get itemsOut(): number {
    return this.sinks.reduce((sum, { itemCount }) => sum + itemCount, 0);
  }

  /**
   * Does all of them, then drops what is left.
   * @returns the result that goes to `--out`, where it is a value
   * @throws CheckFailure when a name stands for nothing. Traps: as the guest does
   */
  run(calls: readonly PlannedCall[]): unknown {
    let result: unknown;
    for (const [i, call] of calls.entries()) {
      this.current = call.text;
      const { output } = this.options;
      if (call.kind === "drop") this.held.drop(this.find(call.reference) as HeldHandle);
      else if (i === calls.length - 1 && output !== null) result = output(call.call, this.arguments(call));
      else this.call(call);
    }
    this.current = "drop of what is left";
    this.held.dropAll();
    return result;
  }

  private call(planned: PlannedCall & { kind: "call" }): void {
    const { guest, print } = this.options;
    const { call, func, name, text } = planned;
    // Items of a stream are told as they come, and not gathered.
    const isFlowing = name === null && print !== null && isFlow(func.result);
    let value: Value = null;
    try {
      const started = guest.start(call, this.arguments(planned), (result) => {
        if (isFlowing) this.flow(func, result as SharedStream, print!);
        else if (func.result !== null) value = this.receive(func, func.result, result);
      });
      guest.finish(started);
    } catch (error) {
      if (isFlowing) print!("\n");
      throw error;
    }
    if (isFlowing) print!("]\n");
    this.waitFor(func.result, value);
    if (func.result === null) this.facts.push({ call: text });
    else if (name === null) this.tell(text, func.result, value, isFlowing);
    else {
      this.names.set(name, { type: func.result, value });
      this.facts.push({ call: text });
    }
  }

  private tell(text: string, type: ValueType, value: Value, isTold: boolean): void {
    const { print } = this.options;
    if (isTold) return;
    if (print !== null) print(`${waveText(toldType(type), told(type, value))}\n`);
    else this.facts.push({ call: text, result: toJson(toldType(type), told(type, value)) });
  }

  protected input(index: number): Value {
    return this.options.inputs[index]!;
  }

  protected stream(element: ValueType | null, values: readonly Value[]): SharedStream {
    const { guest, policy } = this.options;
    const source = new StreamSource(element, sourceOf(Items.fromValues(element, values)), policy);
    this.sources.push(guest.loop.add(source));
    return source.shared;
  }

  protected future(element: ValueType | null, value: Value): SharedFuture {
    const { guest, policy } = this.options;
    return guest.loop.add(new FutureSource(element, value, policy)).shared;
  }

  /** Takes in what a call returned: from here on it is ours. */
  private receive(func: FunctionType, type: ValueType, value: Value): Value {
    return mapHandles(type, value, (inner, of) => {
      const element = (inner as { readonly element?: ValueType | null }).element ?? null;
      const one = (item: Value): Value => (element === null ? null : this.receive(func, element, item));
      switch (inner.kind) {
        case "own":
          return this.held.add(inner.resource, of as number);
        case "stream": {
          const gathered = new Gathered();
          this.read(func, of as SharedStream, (items) => gathered.items.push(...items.map(one)));
          return gathered;
        }
        case "future":
          return this.await(of as SharedFuture, one);
        default:
          return of;
      }
    });
  }

  private await(shared: SharedFuture, take: (value: Value) => Value): Awaited {
    const { loop } = this.options.guest;
    return loop.add(new Awaited(loop.add(new FutureSink(shared, this.options.policy)), take));
  }

  /** Waits for the futures in a result, and takes in what they are. */
  private waitFor(type: ValueType | null, value: Value): void {
    if (type === null) return;
    const { scheduler } = this.options.guest;
    mapHandles(type, value, (_, of) => {
      if (of instanceof Awaited)
        scheduler.pumpUntil(() => of.value !== null, "the host waits for a future in the result");
      return of;
    });
  }

  private flow(func: FunctionType, shared: SharedStream, print: (text: string) => void): void {
    const type = func.result as ValueType & { kind: "stream" };
    print("[");
    let before = "";
    const one = (item: Value): string => {
      const value = type.element === null ? [] : told(type.element, this.receive(func, type.element, item));
      return waveText(toldType(type.element), value);
    };
    this.read(func, shared, (items) => {
      for (const item of items) {
        print(`${before}${one(item)}`);
        before = ", ";
      }
    });
  }

  private read(func: FunctionType, shared: SharedStream, take: (items: readonly Value[]) => void): void {
    const { guest, policy } = this.options;
    const isFed = func.params.some(({ type }) => type.kind === "stream");
    const limit = isFed ? Infinity : this.options.limit;
    let count = 0;
    const push = (items: Items): boolean => {
      count += items.length;
      take(items.values());
      return count < limit;
    };
    const room = (): number => Math.max(1, limit - count);
    const sink = new StreamSink(shared, { push, ...(limit !== Infinity && { room }) }, policy);
    this.sinks.push(guest.loop.add(sink));
  }
}

/** Whether a result is a stream whose items are whole when they come: without streams and futures in them. */
export function isFlow(type: ValueType | null): boolean {
  return type?.kind === "stream" && (type.element === null || !holdsEnd(type.element));
}
