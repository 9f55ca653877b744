/**
 * `as-rill/testing`: guests in tests of their authors, on V8. A test builds a guest with the build
 * that ships, says what the host's functions do and when items come, calls, and looks at what
 * comes back. docs/testing.md is its guide.
 */
import { readFileSync } from "node:fs";
import { buildGuest, type BuildOptions } from "../compile/build-guest.js";
import type { HostCall, HostFunction } from "../host/calls/lower.js";
import { MAX_COPY_LENGTH } from "../host/copies/copy-buffer.js";
import { FutureSink, FutureSource } from "../host/copies/future-host.js";
import { Items } from "../host/copies/items.js";
import type { SharedFuture } from "../host/copies/shared-future.js";
import type { SharedStream } from "../host/copies/shared-stream.js";
import { StreamSink } from "../host/copies/stream-sink.js";
import { StreamSource } from "../host/copies/stream-source.js";
import { Guest } from "../host/guest.js";
import type { CopyPolicy } from "../host/tasks/host-loop.js";
import { UserError } from "../errors/user-error.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import type { Value } from "../host/values/value.js";
import { chosenFunction } from "../wit/exported-functions.js";
import { moduleWorld } from "../wit/module-world.js";
import { stringEncodingOf } from "../wit/string-encoding.js";
import type { ValueType } from "../wit/model.js";

/** Among a stream's items: the host has nothing now, and lets something else happen first. */
export const LATER: unique symbol = Symbol("later");

/** What an imported function answers when its call goes on: see `after`. */
export class Delayed {
  /** @param turns how many things happen first @param value the result */
  constructor(
    readonly turns: number,
    readonly value: Value,
  ) {}
}

/**
 * The answer of an imported async function that returns only when `turns` other
 * things have had a chance to happen.
 */
export function after(turns: number, value: Value = null): Delayed {
  return new Delayed(turns, value);
}

/** A function that the guest imports. */
export type TestFunction = (...args: Value[]) => Value | Delayed | undefined;

/** How a guest under test is hosted. */
export interface TestOptions {
  /** The host's functions by `interface#function`, or `function` for those of the world itself. */
  readonly functions?: Readonly<Record<string, TestFunction>>;
  /** Whether copies are answered at once (`ready`), or BLOCKED first and by an event later (`blocking`). */
  readonly copies?: CopyPolicy;
}

/** A call that was begun. */
export interface StartedCall {
  /** Runs it to its end. @returns its result, as `call` does @throws Trap when the guest traps */
  readonly finish: () => Value;
}

/** How a call ends. */
export interface TestCall {
  /** Items of the resulting stream after which its reader goes away. */
  readonly take?: number;
}

/**
 * Builds a guest as `rill build` does.
 * @returns its core module
 * @throws UserError as `rill build` refuses it
 */
export async function build(options: Omit<BuildOptions, "outDir">): Promise<Uint8Array<ArrayBuffer>> {
  return inTemporaryFolder("rill-testing-", async (outDir) => {
    const { corePath } = await buildGuest({ ...options, outDir });
    return Uint8Array.from(readFileSync(corePath));
  });
}

/**
 * Instantiates a core module that `rill build` or `build` made.
 * @throws UserError when a function that it imports is not given
 */
export function open(core: Uint8Array<ArrayBuffer>, options: TestOptions = {}): TestGuest {
  return new TestGuest(core, options);
}

/** An instance of a guest, whose functions can be called as often as the test likes. */
export class TestGuest {
  private readonly guest: Guest;
  private readonly copies: CopyPolicy;
  /** Whether a stream has said `LATER`, and nothing else has happened since. */
  private isLater = false;

  constructor(core: Uint8Array<ArrayBuffer>, { functions = {}, copies = "ready" }: TestOptions) {
    const world = moduleWorld("the guest", core);
    if (world === null) throw new UserError("the guest has no types: build it with rill build");
    this.copies = copies;
    const hosted = Object.entries(functions).map(([name, body]) => [name, this.hosted(body)] as const);
    this.guest = new Guest(new WebAssembly.Module(core), world, {
      encoding: stringEncodingOf(core),
      functions: new Map(hosted),
    });
    this.guest.loop.idle = () => this.nowLater();
  }

  /**
   * Calls a function and runs it to its end. A stream parameter takes its items (an array or anything to
   * iterate over, `LATER` among them), a future its value, any other parameter its value; a stream of the
   * result comes as an array of its items, a future as its value.
   * @param name `interface#function`, or `function` for one of the world itself
   * @throws Trap when the guest traps
   */
  call(name: string, args: readonly unknown[] = [], options: TestCall = {}): Value {
    return this.start(name, args, options).finish();
  }

  /**
   * Begins a call, which goes on when anything of this guest is run: calls that were started go on side by
   * side, as far as the guest lets them (`rill build --tasks`). Parameters and result are those of `call`.
   * @throws Trap when the guest traps
   */
  start(name: string, args: readonly unknown[] = [], { take = Infinity }: TestCall = {}): StartedCall {
    const { func } = chosenFunction(this.guest.world, name);
    const given = func.params.map(({ type }, index) => this.argument(type, args[index]));
    let answer: (() => Value) | null = null;
    const call = this.guest.start(name, given, (result) => {
      answer = this.result(func.result, result, take);
    });
    return {
      finish: () => {
        this.guest.finish(call);
        return answer!();
      },
    };
  }

  private argument(type: ValueType, value: unknown): Value {
    const { loop } = this.guest;
    if (type.kind === "future")
      return loop.add(new FutureSource(type.element, value as Value, this.copies)).shared;
    if (type.kind !== "stream") return value as Value;
    const { element } = type;
    const items = (value as Iterable<Value | typeof LATER>)[Symbol.iterator]();
    const pull = (): Items | "end" | "later" => {
      const { done, value: item } = items.next();
      if (done) return "end";
      if (item !== LATER) return Items.fromValues(element, [item as Value]);
      this.isLater = true;
      return "later";
    };
    return loop.add(new StreamSource(element, { pull }, this.copies)).shared;
  }

  private result(type: ValueType | null, result: Value, take: number): () => Value {
    const { loop, scheduler } = this.guest;
    if (type?.kind === "stream") {
      const items: Value[] = [];
      const push = (some: Items): boolean => items.push(...some.values()) < take;
      const room = (): number => Math.max(1, Math.min(take - items.length, MAX_COPY_LENGTH));
      loop.add(new StreamSink(result as SharedStream, { push, room }, this.copies));
      return () => items;
    }
    if (type?.kind !== "future") return () => result;
    const sink = loop.add(new FutureSink(result as SharedFuture, this.copies));
    return () => {
      scheduler.pumpUntil(() => sink.received !== null, "the test waits for the future in the result");
      return sink.received!.value;
    };
  }

  private hosted(body: TestFunction): HostFunction {
    return (call) => {
      const answer = body(...call.start());
      if (answer instanceof Delayed) return this.goOn(call, answer);
      call.return(answer);
      return undefined;
    };
  }

  /** Lets a call go on for some turns of the host's loop. @returns what happens when the guest cancels it */
  private goOn(call: HostCall, { turns, value }: Delayed): () => void {
    let left = turns;
    let isOpen = true;
    const progress = (): boolean => {
      if (!isOpen) return false;
      if (left-- > 0) return true;
      isOpen = false;
      call.return(value);
      return true;
    };
    this.guest.loop.add({ progress });
    return () => {
      isOpen = false;
      call.cancelled();
    };
  }

  private nowLater(): boolean {
    const { isLater } = this;
    this.isLater = false;
    return isLater;
  }
}
