/** The host's side of guests with futures: built, instantiated, given values, asked for what came. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type BuildResult, buildGuest } from "../../tools/compile/build-guest.js";
import { FutureSink, FutureSource } from "../../tools/host/copies/future-host.js";
import { Guest, type GuestCall } from "../../tools/host/guest.js";
import type { CopyPolicy } from "../../tools/host/tasks/host-loop.js";
import { Items } from "../../tools/host/copies/items.js";
import type { HostFunction } from "../../tools/host/calls/lower.js";
import type { SharedFuture } from "../../tools/host/copies/shared-future.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource } from "../../tools/host/copies/stream-source.js";
import type { Value } from "../../tools/host/values/value.js";
import { WaitableSet } from "../../tools/host/tasks/waitable-set.js";
import { packageRoot } from "../../tools/package-root.js";
import type { ValueType } from "../../tools/wit/model.js";

/** A built guest of `tests/guests`. */
export interface BuiltGuest {
  readonly built: BuildResult;
  readonly module: WebAssembly.Module;
}

/** Builds the guest of that name, as a component too. @param endPlaces as `rill build --ends` */
export async function buildTestGuest(name: string, outDir: string, endPlaces?: number): Promise<BuiltGuest> {
  const guest = join(packageRoot, "tests", "guests", name);
  const [entry, wit] = [join(guest, `${name}.ts`), join(guest, `${name}.wit`)];
  const built = await buildGuest({ entry, wit, outDir, component: true, arenaBytes: 2048, endPlaces });
  return { built, module: new WebAssembly.Module(readFileSync(built.corePath)) };
}

/** An instance, and both kinds of ends on the host's side. */
export class FuturesHost {
  /** The instance. */
  readonly guest: Guest;

  constructor(
    { built, module }: BuiltGuest,
    readonly policy: CopyPolicy,
    functions: (host: FuturesHost) => ReadonlyMap<string, HostFunction> = () => new Map(),
  ) {
    this.guest = new Guest(module, built.world, { functions: functions(this) });
  }

  /** A future whose value is there. */
  future(type: ValueType | null, value: Value): Value {
    return this.guest.loop.add(new FutureSource(type, value, this.policy)).shared as unknown as Value;
  }

  /** A stream of items. */
  stream(type: ValueType | null, values: readonly Value[]): Value {
    const left = [...values];
    return this.pulled(type, (most) => (left.length === 0 ? "end" : left.splice(0, most)));
  }

  /** A stream of what `pull` gives, asked when the guest reads. */
  pulled(type: ValueType | null, pull: (most: number) => readonly Value[] | "end" | "later"): Value {
    const items = (most: number): Items | "end" | "later" => {
      const some = pull(most);
      return typeof some === "string" ? some : Items.fromValues(type, some);
    };
    return this.guest.loop.add(new StreamSource(type, { pull: items }, this.policy))
      .shared as unknown as Value;
  }

  /** Reads a future of the guest's. */
  read(future: Value): FutureSink {
    return this.guest.loop.add(new FutureSink(future as unknown as SharedFuture, this.policy));
  }

  /** Reads a stream of the guest's to its end. @param most items after which it is dropped */
  collect(stream: Value, most = Infinity): { readonly items: Value[]; readonly sink: StreamSink } {
    const items: Value[] = [];
    const push = (some: Items): boolean => items.push(...some.values()) < most;
    const sink = { push, ...(most !== Infinity && { room: () => Math.max(1, most - items.length) }) };
    return {
      items,
      sink: this.guest.loop.add(new StreamSink(stream as unknown as SharedStream, sink, this.policy)),
    };
  }

  /** Reads a stream of the guest's to its end, and sees each item as it comes. */
  each(stream: Value, see: (item: Value) => void): void {
    const push = (some: Items): boolean => {
      some.values().forEach(see);
      return true;
    };
    this.guest.loop.add(new StreamSink(stream as unknown as SharedStream, { push }, this.policy));
  }

  /** Calls a function whose result is a future. @returns the value, null when none came */
  valueOf(name: string, args: readonly Value[]): Value {
    let sink: FutureSink | undefined;
    this.finish(this.guest.start(name, args, (result) => (sink = this.read(result))));
    return sink!.received?.value ?? null;
  }

  /** Calls a function whose result is a stream. @returns its items */
  itemsOf(name: string, args: readonly Value[], most = Infinity): Value[] {
    let items: Value[] = [];
    this.finish(this.guest.start(name, args, (result) => ({ items } = this.collect(result, most))));
    return items;
  }

  /** Runs a call to its end. */
  finish(call: GuestCall): Value {
    return this.guest.finish(call);
  }

  /** What the guest holds besides waitable sets, which are kept for the next call: nothing, after a call. */
  held(): string[] {
    return [...this.guest.instance.handles]
      .flat()
      .filter((entry) => typeof entry === "object" && entry !== null && !(entry instanceof WaitableSet))
      .map((entry) => entry.constructor.name);
  }
}
