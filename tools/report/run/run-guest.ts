/**
 * Runs an instrumented guest on the V8 host, fed as `rill run` feeds it: the
 * same flags, the same file formats.
 */
import { FutureSource } from "../../host/copies/future-host.js";
import { Guest } from "../../host/guest.js";
import type { CopyPolicy } from "../../host/tasks/host-loop.js";
import type { SharedStream } from "../../host/copies/shared-stream.js";
import { StreamSink } from "../../host/copies/stream-sink.js";
import { StreamSource } from "../../host/copies/stream-source.js";
import { Trap } from "../../host/values/trap.js";
import type { Value } from "../../host/values/value.js";
import { type ItemReader, openItems } from "../../run/formats/item-reader.js";
import type { BoundImports } from "../../run/imports/bind-imports.js";
import { stringEncodingOf } from "../../wit/string-encoding.js";
import type { RunInput, RunPlan } from "../../run/run-plan.js";

/** What a run came to. */
export interface RunOutcome {
  readonly itemsIn: number;
  readonly itemsOut: number | null;
  readonly trap: string | null;
  readonly hostCalls: ReadonlyMap<string, number>;
  /** Most copies that had been answered BLOCKED at once. */
  readonly inFlightMax: number;
  /** Where copies went to or came from: addresses in linear memory. */
  readonly copyAddresses: ReadonlySet<number>;
}

/** Lets the caller look at the instance before it runs, and ask for the items taken while it does. */
export interface RunHooks {
  readonly onInstance: (exports: WebAssembly.Exports) => void;
  readonly onItems: (itemsSoFar: () => number) => void;
}

const BLOCKED = 0xffff_ffff;

/**
 * Runs `plan` in the module `instrumented` to its end. With the policy `blocking` the
 * host answers BLOCKED to each copy first.
 * @param imports what the guest imports, bound for that policy
 * Errors: UserError when an input turns out bad
 */
export function runGuest(
  plan: RunPlan,
  instrumented: Uint8Array,
  hooks: RunHooks,
  imports: BoundImports,
  policy: CopyPolicy = "ready",
): RunOutcome {
  const flight = new FlightCount();
  const guest = new Guest(new WebAssembly.Module(new Uint8Array(instrumented)), plan.world, {
    encoding: stringEncodingOf(plan.core),
    functions: imports.functions,
    wrapImport:
      (field, body) =>
      (...args) =>
        flight.note(field, args, body(...args)),
  });
  imports.attach(guest);
  hooks.onInstance(guest.exports);
  const inputs = new Inputs(guest, plan.limit, policy);
  hooks.onItems(() => inputs.itemsIn);
  let sink: StreamSink | null = null;
  let trap: string | null = null;
  try {
    const args = plan.inputs.map((input) => inputs.open(input));
    const call = guest.start(plan.call, args, (result) => {
      if (plan.output.kind !== "items") return;
      const items = limitedSink(inputs.hasStreams ? undefined : plan.limit);
      sink = guest.loop.add(new StreamSink(result as SharedStream, items, policy));
    });
    guest.finish(call);
  } catch (error) {
    if (!(error instanceof Trap)) throw error;
    trap = error.message;
  } finally {
    inputs.close();
  }
  const itemsOut = (sink as StreamSink | null)?.itemCount ?? null;
  return {
    itemsIn: inputs.itemsIn,
    itemsOut,
    trap,
    hostCalls: guest.hostCalls,
    inFlightMax: flight.max,
    copyAddresses: flight.addresses,
  };
}

/** Takes items and forgets them; with a limit, no more than that many. */
function limitedSink(limit: number | undefined): { push: (items: { length: number }) => boolean } {
  let left = limit ?? Number.POSITIVE_INFINITY;
  return { push: ({ length }) => (left -= length) > 0 };
}

/** The call's parameters, and the files behind them. */
class Inputs {
  private readonly sources: StreamSource[] = [];
  private readonly readers: ItemReader[] = [];

  constructor(
    private readonly guest: Guest,
    private readonly limit: number | undefined,
    private readonly policy: CopyPolicy,
  ) {}

  get itemsIn(): number {
    return this.sources.reduce((sum, { itemCount }) => sum + itemCount, 0);
  }

  get hasStreams(): boolean {
    return this.sources.length > 0;
  }

  open(input: RunInput): Value {
    const { loop } = this.guest;
    if (input.kind === "value") return input.value;
    if (input.kind === "future")
      return loop.add(new FutureSource(input.elementType, input.value, this.policy)).shared;
    const reader = openItems(input.path, input.elementType, input.format);
    this.readers.push(reader);
    let left = this.limit ?? Number.POSITIVE_INFINITY;
    const pull = (most: number): ReturnType<StreamPull> => {
      const items = left > 0 ? reader.read(Math.min(most, left)) : null;
      if (items === null) return "end";
      left -= items.length;
      return items;
    };
    const source = loop.add(new StreamSource(input.elementType, { pull }, this.policy));
    this.sources.push(source);
    return source.shared;
  }

  close(): void {
    for (const reader of this.readers) reader.close();
  }
}

type StreamPull = ConstructorParameters<typeof StreamSource>[1]["pull"];

/** Copies that were answered BLOCKED and whose event has not been taken. */
class FlightCount {
  max = 0;
  readonly addresses = new Set<number>();
  private current = 0;

  note<R>(field: string, args: readonly unknown[], result: R): R {
    const starts = /-(read|write)-\d+\]/.test(field) && !field.includes("cancel");
    if (starts) this.addresses.add(Number(args[1]) >>> 0);
    if (starts && Number(result) >>> 0 === BLOCKED) this.max = Math.max(this.max, ++this.current);
    else if (/\[waitable-set-(wait|poll)\]/.test(field) && Number(result) > 0) {
      this.current = Math.max(0, this.current - 1);
    }
    return result;
  }
}
