/**
 * The host as a model: the guest's handle table, its waitables, and at every canonical call a choice among all the answers that a
 * host may give. Where the specification traps, a rule is broken.
 *
 * A copy in flight settles when its event is taken or with a cancel, not before: the guest could tell the difference only by
 * looking at memory that is lent, which is broken by itself. A stream gives or takes a bounded number of items, then it is gone;
 * `poll` answers "nothing yet" a bounded number of times in a row.
 */
import { inspect, isDeepStrictEqual } from "node:util";
import { codecOf } from "../../host/values/codec.js";
import { Trap } from "../../host/values/trap.js";
import type { Value } from "../../host/values/value.js";
import type { ValueType } from "../../wit/model.js";
import type { Choices } from "./choices.js";
import { Found } from "../found.js";
import { Operations } from "./operations.js";
import { ArenaShadow } from "../shadow/arena-shadow.js";
import { RUBBISH } from "../shadow/rubbish.js";
import { ShadowMemory } from "../shadow/shadow-memory.js";
import type { LoggedCall } from "./call-log.js";
import type { Contents } from "./contents.js";
import { type Direction, type Element, End } from "./end.js";
import { type Resource, Subtask, WaitableSet } from "./entries.js";
import { ModelContext, type Reach, TaskContext } from "./model-context.js";
import {
  BLOCKED,
  DROPPED,
  cancelOutcomes,
  progressOf,
  saysDropped,
  settledOutcomes,
  startOutcomes,
} from "./outcomes.js";
import { Resources } from "./resources.js";
import { DISTINCT_ITEMS, sampleValue } from "./sample-values.js";
import { eventCode, eventWords, resultWords } from "./words.js";

/** Handles that calls before the last may use without an influence on its handles' numbers. */
const HANDLES_OF_A_CALL = 64;
/** Bytes that an event takes. */
const EVENT_BYTES = 8;

/** How far a run goes. */
export interface Bounds {
  /** Items that each stream gives or takes at most. */
  readonly items: number;
  /** Times in a row that poll answers "nothing yet" although something could happen. */
  readonly idlePolls: number;
}

/** What a handle stands for. */
export type Entry = End | Subtask | WaitableSet | Resource;

/** One run's host. */
export class ModelHost {
  /** The operations that the guest announced. */
  readonly operations: Operations;
  /** What the host decides at each call. */
  choices: Choices = { choose: () => 0 };
  /** The calls of this run; null when nobody wants them. */
  log: LoggedCall[] | null = null;
  /** The guest's place that called the library last. */
  line: () => number = () => 0;
  /** The guest's allocator, once there is an instance; null when it exports none. */
  realloc: ((...args: [number, number, number, number]) => number) | null = null;
  /** Which of the samples this call's parameters and its imports' results are. */
  kind = 0;
  /** Parameters of the call that is being made. */
  params: readonly Value[] = [];
  /** Ends that the call that is being made was given as parameters. */
  given: readonly End[] = [];
  /** Handles of resources. */
  readonly resources = new Resources(this);
  /** Called while a task waits: the host may call a sync function. */
  interrupt: () => void = () => undefined;
  /** What is being lifted or lowered, for messages. */
  passing = "";
  /** Number of the first sample of streams that are made. */
  salt = 0;
  /** What items and results must be, where somebody knows; null where nobody does. */
  contents: Contents | null = null;
  /** Blocks of the arena. */
  readonly arena: ArenaShadow;
  /** Lifts values, with every range judged. */
  readonly lifting: ModelContext;
  /** Lowers values through the guest's allocator. */
  readonly lowering: ModelContext;
  /** The guest's linear memory, once there is an instance. */
  memory: Uint8Array = new Uint8Array(0);
  /** Canonical calls made. */
  calls = 0;
  /** Times that the task has returned its result. */
  returned = 0;
  private table: (Entry | null)[] = [null];
  private idle = 0;
  /** The blocks that were lowered since `takeLowered` was asked last. */
  lowered: number[] = [];
  private eventPtr = 0;
  private found: (readonly [number, number])[] = [];
  private readonly looking: ModelContext;

  constructor(
    readonly shadow: ShadowMemory,
    readonly bounds: Bounds,
    /** Site of the call that is being made. */
    readonly site: () => number,
    /** The element of a stream or future type. */
    readonly element: (type: ValueType | null) => Element,
  ) {
    this.operations = new Operations(shadow);
    this.arena = new ArenaShadow(shadow);
    this.lifting = new ModelContext(this, (ptr, byteLength, _, what) => {
      shadow.hostReads(ptr, byteLength, what, site());
    });
    const look: Reach = (ptr, byteLength, _, what) => {
      shadow.hostReads(ptr, byteLength, what, site());
      if (byteLength > 0) this.found.push([ptr, byteLength]);
    };
    this.looking = new ModelContext(this, look, true);
    this.lowering = new TaskContext(this, (ptr, byteLength, _, what) => {
      shadow.hostWrites(ptr, byteLength, what, site());
    });
  }

  /** Forgets everything: the next run begins. */
  reset(): void {
    this.table = [null];
    this.idle = 0;
    this.lowered = [];
    this.eventPtr = 0;
    this.returned = 0;
    this.operations.reset();
    this.arena.reset();
    this.resources.held.reset();
    this.shadow.reset();
  }

  /** What `handle` stands for, or null. */
  entry(handle: number): Entry | null {
    return this.table[handle] ?? null;
  }

  /** All entries that are there. */
  entries(): Entry[] {
    return this.table.filter((entry) => entry !== null);
  }

  /** Adds an entry under the next handle: handles are never used again, so that an old one is always told. */
  add<T extends Entry>(make: (handle: number) => T): T {
    const entry = make(this.table.length);
    this.table.push(entry);
    return entry;
  }

  /** Another call begins: its handles have the same numbers whatever came before, and none that was there before. */
  beginCall(call: number, kind: number): void {
    this.kind = kind;
    while (this.table.length < call * HANDLES_OF_A_CALL) this.table.push(null);
  }

  /** Takes an entry out. */
  remove(handle: number): void {
    this.table[handle] = null;
  }

  /** Notes a call for the trace. */
  note(name: string, outcome: string): void {
    this.calls++;
    this.log?.push({ name, outcome, site: this.site(), line: this.line() });
  }

  /** A new end, held by the guest. */
  newEnd(copyKind: End["copyKind"], direction: Direction, element: Element, what: string): End {
    return this.add(
      (handle) => new End(handle, copyKind, direction, element, what, this.bounds.items, this.salt),
    );
  }

  /** `stream.new`, `future.new`. */
  newPair(copyKind: End["copyKind"], element: Element, what: string): bigint {
    const readable = this.newEnd(copyKind, "read", element, what);
    const writable = this.newEnd(copyKind, "write", element, what);
    readable.peer = writable.peer = "guest";
    readable.other = writable;
    writable.other = readable;
    this.note(`${copyKind}.new ${what}`, `readable end ${readable.handle}, writable end ${writable.handle}`);
    return BigInt(readable.handle) | (BigInt(writable.handle) << 32n);
  }

  /** The end `handle`. @throws Found when it is none, or another kind */
  end(handle: number, copyKind: End["copyKind"], direction: Direction, name: string): End {
    const entry = this.known(handle, name);
    if (!(entry instanceof End) || entry.copyKind !== copyKind || entry.direction !== direction)
      throw this.broken("illegal-call", `${name}: handle ${handle} is not such an end`);
    return entry;
  }

  /** Whether the guest was ever given `handle`. */
  wasGiven(handle: number): boolean {
    return handle > 0 && handle < this.table.length;
  }

  /** What `handle` stands for. @throws Found when it is nothing */
  known(handle: number, name: string): Entry {
    const entry = this.table[handle];
    if (entry) return entry;
    const was = this.wasGiven(handle) ? "was dropped or passed on" : "was never given";
    this.log?.push({ name, outcome: `handle ${handle}`, site: this.site(), line: this.line() });
    throw this.broken("handle-after-drop", `${name}: handle ${handle} ${was}`);
  }

  /** Asks the guest's allocator, as a host does when it lowers. @returns the block's address */
  allocate(oldPtr: number, oldByteLength: number, alignment: number, byteLength: number): number {
    const { realloc } = this;
    if (!realloc)
      throw this.broken(
        "illegal-call",
        `${this.passing}: the guest exports no cabi_realloc to lower it with`,
      );
    if (oldByteLength > 0) this.arena.resized(oldPtr, oldByteLength);
    const ptr = realloc(oldPtr, oldByteLength, alignment, byteLength) >>> 0;
    if (ptr % alignment !== 0)
      throw this.broken("misaligned", `cabi_realloc answers ${ptr}, not a multiple of ${alignment}`);
    this.arena.requireBlock(ptr, byteLength, this.site());
    if (oldByteLength > 0) this.lowered.pop();
    this.lowered.push(ptr);
    return ptr;
  }

  /** Takes `lowered`. */
  takeLowered(): readonly number[] {
    const blocks = this.lowered;
    this.lowered = [];
    return blocks;
  }

  /** Runs what lifts or lowers a value. What the specification traps at is an illegal call. */
  passed<R>(what: string, body: () => R): R {
    this.passing = what;
    try {
      return body();
    } catch (error) {
      if (error instanceof Trap) throw this.broken("illegal-call", `${what}: ${error.message}`);
      throw error;
    }
  }

  /** The ranges that a value reaches through pointers. @param lift lifts it, in the context given */
  reached(what: string, lift: (cx: ModelContext) => void): readonly (readonly [number, number])[] {
    const found: (readonly [number, number])[] = (this.found = []);
    this.passed(what, () => {
      lift(this.looking);
    });
    for (const [ptr, byteLength] of found) this.shadow.pin(ptr, byteLength);
    return found;
  }

  /** Ends what `reached` began. */
  release(ranges: readonly (readonly [number, number])[]): void {
    for (const [ptr, byteLength] of ranges) this.shadow.unpin(ptr, byteLength);
  }

  /** A broken rule at the call that is being made. */
  broken(rule: Found["rule"], message: string): Found {
    return new Found(rule, message, this.site());
  }

  /** `stream.read`, `stream.write`, `future.read`, `future.write`, lowered with async. @returns BLOCKED or the packed result */
  copy(end: End, ptr: number, length: number, name: string): number {
    const { element, direction } = end;
    const what = `${name} ${end.what}, handle ${end.handle}, ${length} at ${ptr}`;
    if (this.log) this.note(what, "");
    else this.calls++;
    if (end.copying)
      throw this.broken("illegal-call", `${name}: a copy of handle ${end.handle} is in flight already`);
    if (end.done)
      throw this.broken(
        "illegal-call",
        `${name}: the other end of handle ${end.handle} is gone, only drop is allowed`,
      );
    if (length > 0x0fff_ffff) throw this.broken("illegal-call", `${name}: ${length} items are too many`);
    if (ptr % element.alignment !== 0)
      throw this.broken("misaligned", `${name}: ${ptr} is not a multiple of ${element.alignment}`);
    if (end.other && direction === "read")
      throw this.broken("illegal-call", `${name}: the guest reads a stream that it made itself`);
    this.shadow.lend(ptr, length * element.elemSize, direction === "read", end.handle, this.site());
    if (direction === "write") this.requireWritten(end, ptr, length, `${name} ${end.what}`);
    if (direction === "read") this.requireReleased(end);
    end.copying = true;
    end.ptr = ptr;
    end.length = length;
    end.copies++;
    end.lastProgress = 0;
    const outcomes = startOutcomes(end);
    const result = outcomes[this.choices.choose(outcomes.length)]!;
    this.outcome(end, result);
    if (result !== BLOCKED) this.settle(end, result);
    return result | 0;
  }

  /** Each item that the host is given was written in all its bytes, padding aside, for this copy or, unchanged, for the one before. */
  private requireWritten(end: End, ptr: number, length: number, what: string): void {
    const { type, codec, elemSize } = end.element;
    if (type === null || (!codec && this.shadow.isWritten(ptr, length * elemSize))) return;
    end.reached = this.reached(what, (cx) => {
      for (let i = 0; i < length; i++) {
        const at = ptr + i * elemSize;
        cx.memory.begin(at, elemSize);
        codecOf(type).load(cx, at);
        if (cx.memory.isMixed)
          throw this.broken(
            "unwritten-item",
            `${what}: a part of the item was not written since the item before`,
          );
      }
      cx.memory.begin(0, 0);
    });
  }

  /** The item before is given back when the next one is asked for, unless another end's lies in the same region. */
  private requireReleased(end: End): void {
    const others = this.entries().filter((entry) => entry instanceof End && entry !== end) as End[];
    const kept = [...this.arena.keptByCalls(), ...others.flatMap(({ blocks }) => blocks)];
    for (const block of end.blocks)
      if (!kept.some((other) => this.arena.inSameRegion(block, other)))
        this.arena.requireGivenBack(block, "when the item after it is asked for", this.site());
  }

  /** `stream.cancel-read` and its like, synchronous. */
  cancel(end: End, name: string): number {
    this.note(`${name} ${end.what}, handle ${end.handle}`, "");
    if (!end.copying)
      throw this.broken("illegal-call", `${name}: no copy of handle ${end.handle} is in flight`);
    if (end.set !== 0)
      throw this.broken("illegal-call", `${name}: handle ${end.handle} is in a waitable set`);
    const outcomes = cancelOutcomes(end);
    const result = outcomes[this.choices.choose(outcomes.length)]!;
    this.outcome(end, result);
    this.settle(end, result);
    return result;
  }

  /** `stream.drop-readable` and its like. */
  drop(end: End, name: string): void {
    this.note(`${name} ${end.what}, handle ${end.handle}`, "");
    if (end.copying)
      throw this.broken("dropped-while-copying", `${name}: a copy of handle ${end.handle} is in flight`);
    if (end.copyKind === "future" && end.direction === "write" && !end.resolved)
      throw this.broken("illegal-call", `${name}: the future was not written`);
    if (end.other) {
      end.other.peer = "gone";
      end.other.other = null;
    }
    this.remove(end.handle);
  }

  /** Gives a readable end away: as a result, or as a parameter. Its writable end is the guest's from now on, read by the host. */
  giveAway(handle: number, name: string): void {
    const end = this.known(handle, name);
    if (!(end instanceof End) || end.direction !== "read")
      throw this.broken("illegal-call", `${name}: handle ${handle} is not a readable end`);
    if (end.copying) throw this.broken("illegal-call", `${name}: a copy of handle ${handle} is in flight`);
    if (end.done) throw this.broken("illegal-call", `${name}: the other end of handle ${handle} is gone`);
    if (end.set !== 0) throw this.broken("illegal-call", `${name}: handle ${handle} is in a waitable set`);
    if (end.other) {
      end.other.peer = "host";
      end.other.other = null;
    }
    this.remove(handle);
  }

  private settle(end: End, result: number): void {
    const { element, ptr, length, direction } = end;
    const progress = progressOf(end, result);
    const reading = direction === "read";
    const { elemSize } = element;
    this.shadow.settle(ptr, length * elemSize, progress * elemSize, reading, end.handle, this.site());
    if (end.reached.length > 0) this.release(end.reached);
    end.reached = [];
    if (reading && element.codec) this.takeLowered();
    for (let i = 0; i < progress; i++) {
      if (reading) this.lower(end, end.moved + i, ptr + i * elemSize);
      else if (element.codec || this.contents) this.lift(end, end.moved + i, ptr + i * elemSize);
    }
    if (reading && element.codec) end.blocks = this.takeLowered();
    end.copying = false;
    end.moved += progress;
    end.budget -= progress;
    end.lastPtr = ptr;
    end.lastProgress = progress;
    this.operations.arrived(end, ptr, progress);
    if (end.copyKind === "future") end.resolved ||= result !== 2;
    end.done = end.copyKind === "future" ? result !== 2 : saysDropped(result);
  }

  /** Item number `index` arrives at `ptr`. */
  private lower(end: End, index: number, ptr: number): void {
    const { type, codec, samples } = end.element;
    const number = (index + end.salt) % DISTINCT_ITEMS;
    if (!codec) this.memory.set(samples[number % samples.length]!, ptr);
    else
      this.passed(`an item of ${end.what}`, () => {
        this.quarantine();
        codec.store(this.lowering, ptr, sampleValue(type!, number));
      });
  }

  private quarantine(): void {
    const byteLength = this.arena.quarantine();
    if (byteLength === 0) return;
    const ptr = this.allocate(0, 0, 1, byteLength);
    this.lowered.pop();
    this.arena.discard(ptr, byteLength, this.memory);
  }

  /** Item number `index` is read at `ptr`, and is what it has to be. */
  private lift(end: End, index: number, ptr: number): void {
    const { type } = end.element;
    if (type === null) return;
    const value = this.passed(`an item of ${end.what}`, () => codecOf(type).load(this.lifting, ptr));
    this.requireContents(this.contents?.item(end.what, index), value, `item ${index} of ${end.what}`);
  }

  /** The result of the call of `name` is what it has to be. */
  requireResult(name: string, value: Value): void {
    const moved = this.given.map((end) => end.moved);
    this.requireContents(this.contents?.result(name, this.params, moved), value, `the result of \`${name}\``);
  }

  /** Compares what leaves the guest with what somebody knows it must be. */
  requireContents(expected: Value | undefined, value: Value, what: string): void {
    if (expected === undefined || isDeepStrictEqual(value, expected)) return;
    throw this.broken("wrong-contents", `${what} is ${inspect(value)}, and has to be ${inspect(expected)}`);
  }

  /** `waitable-set.new`. */
  newSet(): number {
    const { handle } = this.add((index) => new WaitableSet(index));
    this.note("waitable-set.new", `handle ${handle}`);
    return handle;
  }

  /** `waitable.join`. */
  join(handle: number, set: number): void {
    this.note(`waitable.join, handle ${handle}, set ${set}`, "");
    const entry = this.known(handle, "waitable.join");
    if (!(entry instanceof End) && !(entry instanceof Subtask))
      throw this.broken("illegal-call", `waitable.join: handle ${handle} is not a waitable`);
    if (set !== 0) this.set(set, "waitable.join");
    entry.set = set;
  }

  private set(handle: number, name: string): WaitableSet {
    const entry = this.known(handle, name);
    if (!(entry instanceof WaitableSet))
      throw this.broken("illegal-call", `${name}: handle ${handle} is not a waitable set`);
    return entry;
  }

  /** `waitable-set.drop`. */
  dropSet(handle: number): void {
    this.note(`waitable-set.drop, handle ${handle}`, "");
    this.set(handle, "waitable-set.drop");
    if (this.table.some((entry) => entry !== null && entry.set === handle))
      throw this.broken("illegal-call", `waitable-set.drop: set ${handle} has members`);
    this.remove(handle);
  }

  /** `waitable-set.wait`, `waitable-set.poll`. @returns the event's code */
  wait(set: number, ptr: number, poll: boolean): number {
    if (!poll) this.interrupt();
    const name = poll ? "waitable-set.poll" : "waitable-set.wait";
    this.note(`${name}, set ${set}`, "");
    this.set(set, name);
    if (ptr % 4 !== 0) throw this.broken("misaligned", `${name}: ${ptr} is not a multiple of 4`);
    this.shadow.hostWrites(ptr, EVENT_BYTES, "an event", this.site());
    this.eventPtr = ptr;
    const members = this.entries().filter(
      (entry) => (entry instanceof End || entry instanceof Subtask) && entry.set === set,
    ) as (End | Subtask)[];
    const events = (): number => members.reduce((sum, member) => sum + member.eventCount(), 0);
    let count = events();
    while (count === 0 && !poll && this.startOne()) count = events();
    if (count === 0 && !poll)
      throw this.broken("illegal-call", `${name}: nothing in set ${set} can ever happen: a deadlock`);
    const idle = members.filter((member): member is End => member instanceof End && member.mayBeTold);
    const mayWait = poll && (count === 0 || this.idle < this.bounds.idlePolls);
    let answer = this.choices.choose(count + idle.length + (mayWait ? 1 : 0));
    if (answer === count + idle.length) {
      if (count > 0) this.idle++;
      this.event(ptr, 0, 0);
      this.say("nothing yet");
      return 0;
    }
    this.idle = 0;
    if (answer >= count) return this.tell(idle[answer - count]!, ptr);
    for (const member of members) {
      const own = member.eventCount();
      if (answer < own) return this.deliver(member, answer, ptr);
      answer -= own;
    }
    throw new Error("no such event");
  }

  /** `thread.yield`. @returns that the task was not cancelled */
  pause(): number {
    this.interrupt();
    this.note("thread.yield", "");
    return 0;
  }

  /** A callee that has not started does so now: it may be the one to take what the guest waits to give. @returns whether there was one */
  private startOne(): boolean {
    return this.table.some((entry) => entry instanceof Subtask && entry.startUnseen());
  }

  /** An end with no copy in flight hears that the other end is gone. */
  private tell(end: End, ptr: number): number {
    end.told = true;
    end.peer = "gone";
    this.event(ptr, end.handle, DROPPED);
    this.say(`${eventWords(end, DROPPED)}, though no copy is in flight`);
    return eventCode(end);
  }

  private deliver(entry: End | Subtask, answer: number, ptr: number): number {
    if (entry instanceof Subtask) {
      const state = entry.advance(answer);
      this.event(ptr, entry.handle, state);
      this.say(eventWords(entry, state));
      return 1;
    }
    const result = settledOutcomes(entry)[answer]!;
    this.settle(entry, result);
    this.event(ptr, entry.handle, result);
    this.say(eventWords(entry, result));
    return eventCode(entry);
  }

  private event(ptr: number, handle: number, payload: number): void {
    const view = new DataView(this.memory.buffer);
    view.setUint32(ptr, handle, true);
    view.setUint32(ptr + 4, payload, true);
  }

  private outcome(end: End, result: number): void {
    if (this.log) this.say(resultWords(end, result));
  }

  /** What the call that was noted last has come to. */
  say(outcome: string): void {
    const last = this.log?.at(-1);
    if (last) last.outcome = outcome;
  }

  /** The arena has `blocks` back. */
  requireGivenBack(blocks: readonly number[], when: string): void {
    for (const block of blocks) this.arena.requireGivenBack(block, when, -1);
  }

  /** The task has returned: nothing of it may be left. @param blocks what its parameters were lowered to */
  requireNothingLeft(blocks: readonly number[]): void {
    this.requireGivenBack(blocks, "when the task has returned");
    const entries = this.entries();
    const copying = entries.find((entry) => entry instanceof End && entry.copying) as End | undefined;
    if (copying)
      throw new Found(
        "returned-in-flight",
        `the task returns while a copy of handle ${copying.handle}, ${copying.what}, is in flight`,
      );
    this.resources.requireNoneLeft();
    for (const entry of entries) {
      if (!(entry instanceof End) && !(entry instanceof Subtask)) continue;
      const what = entry instanceof End ? entry.what : "a subtask";
      throw new Found("handle-leaked", `the task returns and leaves handle ${entry.handle}, ${what}`);
    }
    this.operations.release(this.memory);
    if (this.eventPtr > 0) {
      this.memory.fill(RUBBISH, this.eventPtr, this.eventPtr + EVENT_BYTES);
      this.shadow.forget(this.eventPtr, EVENT_BYTES);
    }
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    take(this.table.length);
    take(this.idle);
    take(this.returned | (this.kind << 8));
    for (const entry of this.table) {
      if (entry === null) take(-1);
      else entry.words(take);
    }
    this.operations.words(take);
    this.arena.words(take);
    this.resources.held.words(take);
  }
}
