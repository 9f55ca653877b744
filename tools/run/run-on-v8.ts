/** Runs a plan on the V8 host. */
import { allocationCount, withAllocationCounter } from "../instrument/count-allocations.js";
import { FutureSink, FutureSource } from "../host/copies/future-host.js";
import { Guest, type GuestCall } from "../host/guest.js";
import type { CopyPolicy } from "../host/tasks/host-loop.js";
import type { SharedFuture } from "../host/copies/shared-future.js";
import type { SharedStream } from "../host/copies/shared-stream.js";
import { StreamSink } from "../host/copies/stream-sink.js";
import { StreamSource, type PullSource } from "../host/copies/stream-source.js";
import { Trap } from "../host/values/trap.js";
import type { Value } from "../host/values/value.js";
import { stringEncodingOf } from "../wit/string-encoding.js";
import type { ItemReader } from "./formats/item-reader.js";
import { openItems } from "./formats/item-reader.js";
import type { ItemOutput } from "./formats/item-writer.js";
import { isRegularFile } from "./formats/descriptor.js";
import type { OpenOutput } from "./formats/output-file.js";
import { toJson } from "./formats/json-value.js";
import type { BoundImports } from "./imports/bind-imports.js";
import { CallSession } from "./calls/call-session.js";
import { connectedItems } from "./connections/connected-items.js";
import { openOutput } from "./open-output.js";
import { ConnectionLost, type GuestWire } from "./connections/guest-wire.js";
import type { RunFacts, RunProgress } from "./run-facts.js";
import { PipedResult } from "./pipeline/piped-result.js";
import { ownInputs, type StagePlan } from "./pipeline/stage-plan.js";
import { type ItemFile, type RunInput, type RunPlan } from "./run-plan.js";
import { trapPlaces, withPlace, type TrapModule } from "./trap-position.js";

/** How a run is watched and served. */
export interface V8RunOptions {
  readonly progress?: RunProgress;
  /** `ready`, or `blocking`: every copy of the guest's is BLOCKED first. */
  readonly policy?: CopyPolicy;
  /** Told of the output when it is opened. */
  readonly opened?: (output: OpenOutput) => void;
  /** Told of results of several calls, as WAVE; without it they are in the facts. */
  readonly print?: (text: string) => void;
  /** To the connections that the plan names. */
  readonly wire?: GuestWire;
  /** Of a guest in a row: whether one behind it reads no more, so that nothing can come of further items. */
  readonly isUnread?: () => boolean;
  /** What the guest imports. */
  readonly imports?: BoundImports;
}

/**
 * Runs the plan. Items that came before a trap are in the output; the trap is in the facts.
 * @throws UserError when the module's imports are not all known, or an input
 * turns out bad: then there is no output
 */
export function runOnV8(plan: RunPlan, options: V8RunOptions = {}): RunFacts {
  const { module, ran } = compiled(plan);
  return new V8Run(plan, module, options).run(ran);
}

/** The module with a counter of allocations, and what its traps are looked up with. */
export function compiled({ core, corePath }: Pick<RunPlan, "core" | "corePath">): {
  readonly module: WebAssembly.Module;
  readonly ran: TrapModule;
} {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 50);
  const counted = withAllocationCounter(core);
  const originalOffset = (offset: number): number => counted?.originalOffset(offset) ?? offset;
  return {
    module: new WebAssembly.Module(counted?.bytes ?? core),
    ran: { path: corePath, bytes: core, originalOffset },
  };
}

/** Guests of which each one's stream goes into the next. */
export interface Beside {
  /** The first of them, whose event loop all others go on in. */
  readonly first: V8Run;
  /** Whether a stream of any comes from a file. */
  readonly hasSources: boolean;
  /** The streams from outside, of all guests. */
  readonly inputs: readonly RunInput[];
  /** How many parameters the guests before it have: the connections of all are one list. */
  readonly firstInput: number;
}

/** One guest's part of a run. */
export class V8Run {
  /** The guest. */
  readonly guest: Guest;
  private readonly policy: CopyPolicy;
  private readonly readers: ItemReader<"later">[] = [];
  private readonly sources: StreamSource[] = [];
  private sink: StreamSink | null = null;
  private writer: ItemOutput | null = null;
  private itemsWritten = 0;
  private future: FutureSink | null = null;
  private piped: PipedResult | null = null;
  private session: CallSession | null = null;

  constructor(
    private readonly plan: StagePlan,
    module: WebAssembly.Module,
    private readonly options: V8RunOptions,
    private readonly beside: Beside | null = null,
  ) {
    this.policy = options.policy ?? "ready";
    const { wire, imports } = options;
    this.guest = new Guest(module, plan.world, {
      encoding: stringEncodingOf(plan.core),
      ...(imports && { functions: imports.functions }),
      ...(beside && { beside: beside.first.guest }),
    });
    if (wire !== undefined) this.waitAt(wire);
    imports?.attach(this.guest, wire);
  }

  /** Runs it alone. @param ran the module, for the places of traps */
  run(ran: TrapModule): RunFacts {
    const args = this.open(null);
    const { wire } = this.options;
    try {
      const result = this.callAll(args);
      if (wire !== undefined) wire.completed = true;
      this.writer?.close();
      wire?.finish();
      return this.facts(null, result);
    } catch (error) {
      if (error instanceof ConnectionLost) this.writer?.keep();
      else if (!(error instanceof Trap)) this.writer?.discard();
      if (!(error instanceof Trap)) throw error;
      this.writer?.close();
      wire?.finish();
      return this.facts(this.during(withPlace(error.message, trapPlaces(error, ran))), undefined);
    } finally {
      this.closeInputs();
    }
  }

  /** Opens the inputs and the output. @param piped the stream of the guest before @returns the arguments */
  open(piped: SharedStream | null): readonly Value[] {
    const { output } = this.plan;
    const args = this.plan.inputs.map((input, index) =>
      input.kind === "piped" ? piped : this.argument(input, index),
    );
    if (output.kind === "items" && output.file !== null) this.writer = this.openOutput(output.file);
    return args;
  }

  /** Closes the output. What was written is kept, but with `discard`; `keep`: a connection was lost. */
  closeOutput(how: "close" | "keep" | "discard"): void {
    this.writer?.[how]();
  }

  /** Closes the files that are read. */
  closeInputs(): void {
    for (const reader of this.readers) reader.close();
  }

  /** Has the guest wait for what comes over `wire`. */
  private waitAt(wire: GuestWire): void {
    const { loop, scheduler } = this.guest;
    const { outside } = scheduler;
    scheduler.outside = () => {
      wire.polling(outside);
    };
    if (this.beside === null) loop.idle = () => wire.idle();
  }

  private openOutput(file: ItemFile): ItemOutput {
    const { wire = null, opened } = this.options;
    return openOutput(file, wire, this.beside?.inputs ?? ownInputs(this.plan), opened);
  }

  private during(trap: string): string {
    return this.session === null ? trap : `${trap}, in "${this.session.current}"`;
  }

  private callAll(inputs: readonly Value[]): unknown {
    const { calls, call, limit = Infinity, output } = this.plan;
    if (calls === null) return this.call(call, inputs);
    this.session = new CallSession({
      guest: this.guest,
      inputs,
      policy: this.policy,
      limit: inputs.length > 0 ? Infinity : limit,
      print: this.options.print ?? null,
      output: output.kind === "none" ? null : (name, args) => this.call(name, args),
    });
    return this.session.run(calls);
  }

  /** Runs the call to its end. @returns the result as JSON, where it is a value */
  private call(name: string, args: readonly Value[]): unknown {
    return this.finish(this.start(name, args));
  }

  /** Starts the call. @param onPiped told of the stream that the next guest gets */
  start(name: string, args: readonly Value[], onPiped?: (stream: SharedStream) => void): GuestCall {
    const { output } = this.plan;
    return this.guest.start(name, args, (result) => {
      if (output.kind === "piped") {
        this.piped = new PipedResult(output.type, result, this.guest, this.policy);
        onPiped?.(this.piped.stream);
      }
      if (output.kind === "items") this.openSink(result as SharedStream);
      if (output.kind === "value" && output.isFuture) {
        this.future = this.guest.loop.add(new FutureSink(result as SharedFuture, this.policy));
      }
    });
  }

  /** Runs a call to its end. @returns the result as JSON, where it is a value or has one beside a stream */
  finish(call: GuestCall): unknown {
    const { output } = this.plan;
    const value = this.guest.finish(call);
    const { piped } = this;
    if (piped !== null) {
      this.guest.scheduler.pumpUntil(() => piped.isWhole, "the host waits for a future in the result");
      return piped.beside;
    }
    if (output.kind !== "value" || output.type === null) return undefined;
    if (!output.isFuture) return toJson(output.type, value);
    const { scheduler } = this.guest;
    const future = this.future!;
    scheduler.pumpUntil(() => future.received !== null, "the host waits for the future in the result");
    return toJson(output.type, future.received!.value);
  }

  private argument(input: RunInput, index: number): Value {
    if (input.kind === "value") return input.value;
    if (input.kind === "future") {
      return this.guest.loop.add(new FutureSource(input.elementType, input.value, this.policy)).shared;
    }
    const { wire } = this.options;
    const isConnected = wire !== undefined && input.address !== null;
    const reader = isConnected
      ? connectedItems(wire, (this.beside?.firstInput ?? 0) + index, input, input.address)
      : openItems(input.path, input.elementType, input.format);
    this.readers.push(reader);
    const pull = this.limited(reader, input);
    // Messages are given to a guest that waits: it is through with those that it was given before.
    const policy = input.address?.kind === "mqtt" ? "blocking" : this.policy;
    const source = this.guest.loop.add(new StreamSource(input.elementType, { pull }, policy));
    this.sources.push(source);
    return source.shared;
  }

  private limited(reader: ItemReader<"later">, { path, address }: ItemFile): PullSource["pull"] {
    // What is to be sent must not wait while a file is waited for.
    const waits = address === null && !isRegularFile(path);
    // What has come over a line will not come again; a message that nobody took will.
    const goesOn = address !== null && address.kind !== "mqtt";
    let left = this.plan.limit ?? Infinity;
    const { wire, isUnread } = this.options;
    const isOver = (): boolean => wire?.stopped === true || (address !== null && isUnread?.() === true);
    // Whoever has been given what came of the message before goes on, or goes, before there is another.
    const takesTurns = address?.kind === "mqtt" && isUnread !== undefined;
    return (most) => {
      if (waits) wire?.settle();
      wire?.hear();
      if (takesTurns && this.guest.scheduler.isAnyReady) return "later";
      if (left === 0 || (isOver() && !goesOn)) return "end";
      const items = reader.read(Math.min(most, left));
      if (items === "later") return isOver() ? "end" : items;
      if (items === null) return "end";
      left -= items.length;
      this.options.progress?.(this.itemsIn + items.length, this.itemsWritten);
      return items;
    };
  }

  private openSink(shared: SharedStream): void {
    const hasSources = this.beside?.hasSources ?? this.sources.length > 0;
    const limit = hasSources ? Infinity : (this.plan.limit ?? Infinity);
    const sink = {
      push: (items: Parameters<ItemOutput["write"]>[0]): boolean => {
        this.writer?.write(items);
        this.itemsWritten += items.length;
        this.options.progress?.(this.itemsIn, this.itemsWritten);
        return this.itemsWritten < limit && !(!hasSources && this.options.wire?.stopped === true);
      },
      ...(limit !== Infinity && { room: () => Math.max(1, limit - this.itemsWritten) }),
    };
    this.sink = this.guest.loop.add(new StreamSink(shared, sink, this.policy));
  }

  private get itemsIn(): number {
    const ofCalls = this.session?.itemsIn ?? 0;
    return this.sources.reduce((sum, source) => sum + source.itemCount, ofCalls);
  }

  /** What it came to. */
  facts(trap: string | null, result: unknown): RunFacts {
    const { guest, session } = this;
    return {
      host: "v8",
      items_in: this.itemsIn,
      items_out: (this.sink?.itemCount ?? 0) + (this.session?.itemsOut ?? 0),
      allocations: allocationCount(guest.exports),
      linear_memory_bytes: guest.memoryByteLength,
      host_calls: guest.hostCallCount,
      trap,
      ...(result !== undefined && { result }),
      ...(session !== null && this.options.print === undefined && { calls: session.facts }),
    };
  }
}
