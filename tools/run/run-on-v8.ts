/** Runs a plan on the V8 host. */
import { allocationCount, withAllocationCounter } from "../instrument/count-allocations.js";
import { FutureSink, FutureSource } from "../host/copies/future-host.js";
import { Guest } from "../host/guest.js";
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
import { ItemWriter } from "./formats/item-writer.js";
import type { OpenOutput } from "./formats/output-file.js";
import { toJson } from "./formats/json-value.js";
import type { RunFacts, RunProgress } from "./run-facts.js";
import type { RunInput, RunPlan } from "./run-plan.js";
import { trapPlaces, withPlace, type TrapModule } from "./trap-position.js";

/** How a run is watched and served. */
export interface V8RunOptions {
  readonly progress?: RunProgress;
  /** `ready`, or `blocking`: every copy of the guest's is BLOCKED first. */
  readonly policy?: CopyPolicy;
  /** Told of the output when it is opened. */
  readonly opened?: (output: OpenOutput) => void;
}

/**
 * Runs the plan. Items that came before a trap are in the output; the trap is in the facts.
 * @throws UserError when the module's imports are not all known, or an input
 * turns out bad: then there is no output
 */
export function runOnV8(plan: RunPlan, options: V8RunOptions = {}): RunFacts {
  Error.stackTraceLimit = Math.max(Error.stackTraceLimit, 50);
  const counted = withAllocationCounter(plan.core);
  const ran: TrapModule = {
    path: plan.corePath,
    bytes: plan.core,
    originalOffset: (offset) => counted?.originalOffset(offset) ?? offset,
  };
  const module = new WebAssembly.Module(counted?.bytes ?? plan.core);
  return new V8Run(plan, module, options).run(ran);
}

class V8Run {
  private readonly guest: Guest;
  private readonly policy: CopyPolicy;
  private readonly readers: ItemReader[] = [];
  private readonly sources: StreamSource[] = [];
  private sink: StreamSink | null = null;
  private writer: ItemWriter | null = null;
  private itemsWritten = 0;

  constructor(
    private readonly plan: RunPlan,
    module: WebAssembly.Module,
    private readonly options: V8RunOptions,
  ) {
    this.policy = options.policy ?? "ready";
    this.guest = new Guest(module, plan.world, { encoding: stringEncodingOf(plan.core) });
  }

  run(ran: TrapModule): RunFacts {
    const { output } = this.plan;
    const args = this.plan.inputs.map((input) => this.argument(input));
    if (output.kind === "items" && output.file !== null) {
      this.writer = new ItemWriter(output.file.path, output.elementType, output.file.format);
      this.options.opened?.(this.writer.open);
    }
    try {
      const result = this.call(args);
      this.writer?.close();
      return this.facts(null, result);
    } catch (error) {
      if (!(error instanceof Trap)) {
        this.writer?.discard();
        throw error;
      }
      this.writer?.close();
      return this.facts(withPlace(error.message, trapPlaces(error, ran)), undefined);
    } finally {
      for (const reader of this.readers) reader.close();
    }
  }

  /** Runs the call to its end. @returns the result as JSON, where it is a value */
  private call(args: readonly Value[]): unknown {
    const { output } = this.plan;
    let future: FutureSink | null = null;
    const call = this.guest.start(this.plan.call, args, (result) => {
      if (output.kind === "items") this.openSink(result as SharedStream);
      if (output.kind === "value" && output.isFuture) {
        future = this.guest.loop.add(new FutureSink(result as SharedFuture, this.policy));
      }
    });
    const value = this.guest.finish(call);
    if (output.kind !== "value" || output.type === null) return undefined;
    if (!output.isFuture) return toJson(output.type, value);
    const { scheduler } = this.guest;
    scheduler.pumpUntil(() => future!.received !== null, "the host waits for the future in the result");
    return toJson(output.type, future!.received!.value);
  }

  private argument(input: RunInput): Value {
    if (input.kind === "value") return input.value;
    if (input.kind === "future") {
      return this.guest.loop.add(new FutureSource(input.elementType, input.value, this.policy)).shared;
    }
    const reader = openItems(input.path, input.elementType, input.format);
    this.readers.push(reader);
    const pull = this.limited(reader);
    const source = this.guest.loop.add(new StreamSource(input.elementType, { pull }, this.policy));
    this.sources.push(source);
    return source.shared;
  }

  private limited(reader: ItemReader): PullSource["pull"] {
    let left = this.plan.limit ?? Infinity;
    return (most) => {
      if (left === 0) return "end";
      const items = reader.read(Math.min(most, left));
      if (items === null) return "end";
      left -= items.length;
      this.options.progress?.(this.itemsIn + items.length, this.itemsWritten);
      return items;
    };
  }

  private openSink(shared: SharedStream): void {
    const limit = this.sources.length > 0 ? Infinity : (this.plan.limit ?? Infinity);
    const sink = {
      push: (items: Parameters<ItemWriter["write"]>[0]): boolean => {
        this.writer?.write(items);
        this.itemsWritten += items.length;
        this.options.progress?.(this.itemsIn, this.itemsWritten);
        return this.itemsWritten < limit;
      },
      ...(limit !== Infinity && { room: () => Math.max(1, limit - this.itemsWritten) }),
    };
    this.sink = this.guest.loop.add(new StreamSink(shared, sink, this.policy));
  }

  private get itemsIn(): number {
    return this.sources.reduce((sum, source) => sum + source.itemCount, 0);
  }

  private facts(trap: string | null, result: unknown): RunFacts {
    const { guest } = this;
    return {
      host: "v8",
      items_in: this.itemsIn,
      items_out: this.sink?.itemCount ?? 0,
      allocations: allocationCount(guest.exports),
      linear_memory_bytes: guest.memoryByteLength,
      host_calls: guest.hostCallCount,
      trap,
      ...(result !== undefined && { result }),
    };
  }
}
