/**
 * The guest's side of a file of imports: functions for the guest that are called in the file's thread.
 *
 * A sync function is called and waited for; meanwhile the guest's thread sleeps. The call of an async one
 * goes on; what comes of it is taken in where the guest waits or polls.
 */
import { receiveMessageOnPort } from "node:worker_threads";
import { UserError } from "../../errors/user-error.js";
import type { HostCall, HostFunction } from "../../host/calls/lower.js";
import { FutureSink, FutureSource } from "../../host/copies/future-host.js";
import { Items } from "../../host/copies/items.js";
import type { SharedFuture } from "../../host/copies/shared-future.js";
import type { SharedStream } from "../../host/copies/shared-stream.js";
import { StreamSink } from "../../host/copies/stream-sink.js";
import { StreamSource } from "../../host/copies/stream-source.js";
import type { Guest } from "../../host/guest.js";
import { ResourceType } from "../../host/tasks/resource.js";
import type { CopyPolicy } from "../../host/tasks/host-loop.js";
import type { Value } from "../../host/values/value.js";
import type { ValueType } from "../../wit/model.js";
import { mapHandles } from "../calls/received.js";
import { rings, sleepUntilRung } from "../connections/bell.js";
import type { GuestWire, OtherLine } from "../connections/guest-wire.js";
import type { ImportedFunction } from "./imported-function.js";
import { type FromImports, type ImportsEnd, type ToImports, PATIENCE } from "./messages.js";

/** Of calls and streams; one line may follow another, whose late answers are nobody's then. */
let lastNumber = 0;

/** A call that has not returned. */
interface OpenCall {
  readonly func: ImportedFunction["func"];
  readonly call: HostCall;
}

/** A stream or future that the file writes. */
interface Incoming {
  /** The file was asked for an item, and has not answered. */
  readonly isAsked: boolean;
  /** Asks for an item, unless one is there or was asked for. */
  ask(): void;
  item(value: Value): void;
  end(): void;
}

/** A stream that the file reads. */
interface Outgoing {
  /** The guest has written what nobody has asked for. */
  readonly isFull: boolean;
  want(): void;
  leave(): void;
}

/** The line to a file of imports, in the guest's thread. */
export class ImportsLine implements OtherLine {
  private readonly words: Int32Array;
  private readonly inbox: FromImports[] = [];
  private readonly calls = new Map<number, OpenCall>();
  private readonly incoming = new Map<number, Incoming>();
  private readonly outgoing = new Map<number, Outgoing>();
  private guest: Guest | null = null;
  private policy: CopyPolicy = "ready";
  private heard = 0;
  /** The file does nothing any more, and was asked for nothing since. */
  private isQuiet = false;

  constructor(private readonly end: ImportsEnd) {
    this.words = new Int32Array(end.words);
  }

  /** The guest is there: from now on it may call. @param wire over which something comes, too */
  attach(
    guest: Guest,
    functions: readonly ImportedFunction[],
    policy: CopyPolicy,
    wire: GuestWire | null,
  ): void {
    this.guest = guest;
    this.policy = policy;
    this.send({ kind: "begin" });
    for (const { func } of functions) {
      if (func.resource === undefined) continue;
      const destroy = (representation: unknown): void => {
        this.send({ kind: "drop", representation: representation as number });
      };
      guest.instance.defineResource(func.resource, new ResourceType(func.resource.name, null, destroy));
    }
    guest.loop.add({ progress: () => this.hear() });
    if (wire === null) guest.loop.idle = () => this.idle();
    else wire.beside(this);
  }

  /** The function for an import. */
  functionFor({ id, func }: ImportedFunction): HostFunction {
    return (call) => {
      const number = ++lastNumber;
      const args = call.start().map((arg, i) => this.give(func.params[i]!.type, arg));
      this.send({ kind: "call", call: number, id, args });
      if (!func.async) {
        call.return(this.taken(func, this.waitFor(number)));
        return undefined;
      }
      this.calls.set(number, { func, call });
      return () => {
        this.calls.delete(number);
        call.cancelled();
      };
    };
  }

  /** Whether something will come. */
  get isAwaited(): boolean {
    return (
      this.calls.size > 0 || this.outgoing.size > 0 || [...this.incoming.values()].some((one) => one.isAsked)
    );
  }

  /** Takes in one message, if any has come. @returns false when none had */
  takeIn(): boolean {
    this.heard = rings(this.words);
    this.fetch();
    const message = this.inbox.shift();
    if (message === undefined) return false;
    this.take(message);
    return true;
  }

  private hear(): boolean {
    return (this.inbox.length > 0 || rings(this.words) !== this.heard) && this.takeIn();
  }

  private idle(): boolean {
    const bell = rings(this.words);
    if (this.takeIn()) return !this.isQuiet;
    this.askAhead();
    if (!this.isAwaited) return false;
    if (!sleepUntilRung(this.words, bell, PATIENCE)) this.send({ kind: "asleep" });
    return !this.isQuiet;
  }

  /**
   * Before the guest's thread sleeps. A stream's items are asked for when the guest reads. But where it waits
   * for one that it wrote to be taken, the file may take it only for the sake of an item of its own.
   */
  askAhead(): void {
    if ([...this.outgoing.values()].some((one) => one.isFull))
      for (const one of this.incoming.values()) one.ask();
  }

  private fetch(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.end.port) as { message: FromImports } | undefined;
      if (received === undefined) return;
      this.inbox.push(received.message);
    }
  }

  private take(message: FromImports): void {
    switch (message.kind) {
      case "returned": {
        const open = this.calls.get(message.call);
        this.calls.delete(message.call);
        open?.call.return(this.taken(open.func, message.value));
        return;
      }
      case "failed":
        throw new UserError(message.message);
      case "quiet":
        this.isQuiet = true;
        return;
      case "item":
        return this.incoming.get(message.stream)?.item(message.item);
      case "end":
        return this.incoming.get(message.stream)?.end();
      case "want":
        return this.outgoing.get(message.stream)?.want();
      case "leave":
        return this.outgoing.get(message.stream)?.leave();
    }
  }

  /** Waits for a sync call; what else comes waits until the guest does. */
  private waitFor(number: number): Value {
    for (;;) {
      const bell = rings(this.words);
      this.fetch();
      for (const [i, message] of this.inbox.entries()) {
        if (message.kind === "failed") throw new UserError(message.message);
        if (message.kind !== "returned" || message.call !== number) continue;
        this.inbox.splice(i, 1);
        return message.value;
      }
      sleepUntilRung(this.words, bell);
    }
  }

  private send(message: ToImports): void {
    if (message.kind !== "asleep") this.isQuiet = false;
    this.end.port.postMessage(message);
  }

  /** What the file gets of a value: numbers in place of streams and futures. */
  private give(type: ValueType, value: Value): Value {
    return mapHandles(type, value, (inner, of) => {
      if (inner.kind === "stream") return this.giveStream(inner.element, of as SharedStream);
      if (inner.kind === "future") return this.giveFuture(inner.element, of as SharedFuture);
      return of;
    });
  }

  private giveStream(element: ValueType | null, shared: SharedStream): number {
    const stream = ++lastNumber;
    let wanted = 0;
    let sink: StreamSink | null = null;
    this.outgoing.set(stream, {
      get isFull() {
        return wanted === 0 && shared.awaited !== null;
      },
      want: () => {
        wanted++;
        sink?.progress();
      },
      leave: () => sink?.leave(),
    });
    const push = (items: Items): boolean => {
      for (const item of items.values()) {
        wanted--;
        this.send({ kind: "item", stream, item: element === null ? null : this.give(element, item) });
      }
      return true;
    };
    const over = (): void => {
      if (this.outgoing.delete(stream)) this.send({ kind: "end", stream });
    };
    const taking = { push, over, ready: () => wanted > 0, room: () => wanted };
    sink = this.guest!.loop.add(new StreamSink(shared, taking, this.policy));
    return stream;
  }

  private giveFuture(element: ValueType | null, shared: SharedFuture): number {
    const stream = ++lastNumber;
    const sink = this.guest!.loop.add(new FutureSink(shared, this.policy));
    this.outgoing.set(stream, { isFull: false, want: () => undefined, leave: () => undefined });
    this.guest!.loop.add({
      progress: () => {
        if (sink.received === null || !this.outgoing.delete(stream)) return false;
        const { value } = sink.received;
        this.send({ kind: "item", stream, item: element === null ? null : this.give(element, value) });
        return true;
      },
    });
    return stream;
  }

  private taken({ result }: ImportedFunction["func"], value: Value): Value {
    return result === null ? null : this.takeValue(result, value);
  }

  /** What the guest gets of a value: streams and futures in place of numbers. */
  private takeValue(type: ValueType, value: Value): Value {
    return mapHandles(type, value, (inner, of) => {
      if (inner.kind === "stream") return this.takeStream(inner.element, of as number);
      if (inner.kind === "future") return this.takeFuture(inner.element, of as number);
      return of;
    });
  }

  private takeStream(element: ValueType | null, stream: number): SharedStream {
    const items: Value[] = [];
    let isAsked = false;
    let isOver = false;
    const ask = (): void => {
      if (isAsked || isOver || items.length > 0) return;
      isAsked = true;
      this.send({ kind: "want", stream });
    };
    const pull = (): Items | "end" | "later" => {
      if (items.length > 0) return Items.fromValues(element, items.splice(0, 1));
      ask();
      return isOver ? "end" : "later";
    };
    const { shared } = this.guest!.loop.add(new StreamSource(element, { pull }, this.policy));
    shared.listeners.unshift({
      onDropped: () => {
        if (this.incoming.delete(stream)) this.send({ kind: "leave", stream });
      },
    });
    this.incoming.set(stream, {
      get isAsked() {
        return isAsked;
      },
      ask,
      item: (item) => {
        isAsked = false;
        items.push(element === null ? null : this.takeValue(element, item));
      },
      end: () => {
        isOver = true;
        this.incoming.delete(stream);
      },
    });
    return shared;
  }

  private takeFuture(element: ValueType | null, stream: number): SharedFuture {
    const future = this.guest!.loop.add(FutureSource.later(element, this.policy));
    this.incoming.set(stream, {
      isAsked: true,
      ask: () => undefined,
      item: (item) => {
        this.incoming.delete(stream);
        future.resolve(element === null ? null : this.takeValue(element, item));
      },
      end: () => undefined,
    });
    this.send({ kind: "want", stream });
    return future.shared;
  }
}
