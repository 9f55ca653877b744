/**
 * Copies on the guest's ends. The other end acts when it likes: items land, or are taken, in any wait of the
 * guest's, and the event comes later. What the specification traps at is asked of the host's own code.
 */
import {
  copyDrop,
  type CopyTarget,
  findEnd,
  requireCancellable,
  requireIdle,
} from "../../host/built-ins/copy-built-ins.js";
import { MAX_COPY_LENGTH } from "../../host/copies/copy-buffer.js";
import {
  type CopyEnd,
  ReadableFutureEnd,
  ReadableStreamEnd,
  WritableFutureEnd,
  WritableStreamEnd,
} from "../../host/copies/copy-end.js";
import { checkSameInstance } from "../../host/copies/same-instance.js";
import { SharedFuture } from "../../host/copies/shared-future.js";
import { SharedStream } from "../../host/copies/shared-stream.js";
import { codecOf } from "../../host/values/codec.js";
import { type ArenaShadow } from "../shadow/arena-shadow.js";
import type { ShadowMemory } from "../shadow/shadow-memory.js";
import type { Bounds } from "./bounds.js";
import { type Element, End } from "./end.js";
import type { Expectations } from "./expectations.js";
import type { GuestMemory } from "./guest-memory.js";
import type { Operations } from "./operations.js";
import {
  BLOCKED,
  CANCELLED,
  COMPLETED,
  DROPPED,
  PROGRESS_SHIFT,
  cancelOutcomes,
  progressOf,
  saysDropped,
  startOutcomes,
} from "./outcomes.js";
import type { Run } from "./run.js";
import { DISTINCT_ITEMS, sampleValue } from "./sample-values.js";
import { type ModelTable, shown } from "./table.js";
import type { Values } from "./values.js";
import { resultWords } from "./words.js";

/** What copies need of the model. */
export interface CopyParts {
  readonly run: Run;
  readonly table: ModelTable;
  readonly values: Values;
  readonly memory: GuestMemory;
  readonly shadow: ShadowMemory;
  readonly arena: ArenaShadow;
  readonly expectations: Expectations;
  readonly operations: Operations;
  readonly bounds: Bounds;
}

/** What the host does with ends. */
export class Copies {
  private salt = 0;

  constructor(private readonly parts: CopyParts) {}

  /** Runs what makes ends. @param salt number of the first sample of each stream */
  salted<R>(salt: number, body: () => R): R {
    this.salt = salt;
    const made = body();
    this.salt = 0;
    return made;
  }

  /** The end for what the host's code has put into the table. */
  adopt(hosted: CopyEnd, handle: number, element: Element, what: string): End {
    const stream = hosted instanceof ReadableStreamEnd || hosted instanceof WritableStreamEnd;
    const reads = hosted instanceof ReadableStreamEnd || hosted instanceof ReadableFutureEnd;
    const { items, streams = items } = this.parts.bounds;
    const budget = element.holdsEnds ? Math.min(items, streams) : items;
    const kind = stream ? "stream" : "future";
    return new End(handle, hosted, kind, reads ? "read" : "write", element, what, budget, this.salt);
  }

  /** `stream.new`, `future.new`. */
  newPair(kind: "stream" | "future", element: Element, what: string): bigint {
    const { run, table, values } = this.parts;
    run.judged(`${kind}.new`, () => {
      values.instance.checkMayLeave();
    });
    const pair: readonly CopyEnd[] =
      kind === "stream"
        ? ((shared) => [new ReadableStreamEnd(shared), new WritableStreamEnd(shared)])(
            new SharedStream(element.type),
          )
        : ((shared) => [new ReadableFutureEnd(shared), new WritableFutureEnd(shared)])(
            new SharedFuture(element.type),
          );
    const [readable, writable] = pair.map((hosted) =>
      table.put("waitable", (handle) => this.adopt(hosted, handle, element, what)),
    ) as [End, End];
    readable.other = writable;
    writable.other = readable;
    run.note(`${kind}.new ${what}`, `readable end ${readable.handle}, writable end ${writable.handle}`);
    return BigInt(readable.handle) | (BigInt(writable.handle) << 32n);
  }

  /** The end behind `handle`. @throws Found when it is none, or another kind, or of another element type */
  find(target: CopyTarget, handle: number, name: string): End {
    const { run, table, values } = this.parts;
    if (table.at(handle) === null) run.note(name, shown(handle));
    run.judged(name, () => {
      values.instance.checkMayLeave();
      findEnd(values.instance, target, handle);
    });
    return table.at(handle) as End;
  }

  /**
   * `stream.read`, `stream.write`, `future.read`, `future.write`, lowered with async.
   * @returns BLOCKED or the packed result
   */
  begin(end: End, ptr: number, length: number, name: string): number {
    const { run, shadow } = this.parts;
    const { element, direction } = end;
    if (run.traced) run.note(`${name} ${end.what}, handle ${end.handle}, ${length} at ${ptr}`);
    else run.note(name);
    run.judged(name, () => {
      requireIdle(end.hosted, name, true);
    });
    if (length > MAX_COPY_LENGTH) throw run.broken("illegal-call", `${name}: ${length} items are too many`);
    if (ptr % element.alignment !== 0)
      throw run.broken("misaligned", `${name}: ${ptr} is not a multiple of ${element.alignment}`);
    shadow.lend(ptr, length * element.elemSize, direction === "read", end.handle, run.site());
    this.reach(end, ptr, length, name);
    if (direction === "read") this.requireReleased(end);
    end.hosted.state = "copying";
    end.ptr = ptr;
    end.length = length;
    end.landed = 0;
    end.landing = [];
    end.final = null;
    end.copies++;
    end.lastProgress = 0;
    const outcomes = end.other ? [run.judged(name, () => this.meet(end))] : startOutcomes(end);
    const result = outcomes[run.choose(outcomes.length)]!;
    if (run.traced) run.say(resultWords(end, result));
    if (result !== BLOCKED) this.settle(end, result);
    return result | 0;
  }

  /**
   * Each item of a write was written in all its bytes, padding aside, for this copy or, unchanged, for the
   * one before. What it points to stays as it is while the copy is in flight.
   */
  private reach(end: End, ptr: number, length: number, name: string): void {
    const { run, shadow, values } = this.parts;
    const { type, codec, elemSize } = end.element;
    if (end.direction === "read" || type === null) return;
    const isPlain = !codec && !run.witness;
    if (isPlain && shadow.isWritten(ptr, length * elemSize)) return;
    const what = `${name} ${end.what}`;
    const isZeroed = shadow.isZeroed(ptr, length * elemSize);
    end.reached = values.reached(what, (cx) => {
      for (let i = 0; i < length; i++) {
        const at = ptr + i * elemSize;
        cx.memory.begin(at, elemSize, isZeroed);
        run.witnessValue(codecOf(type).load(cx, at));
        if (cx.memory.isMixed)
          throw run.broken(
            "unwritten-item",
            `${what}: a part of the item was not written since the item before`,
          );
      }
    });
  }

  /**
   * The item before is given back when the next one is asked for, unless another
   * end's lies in the same region.
   */
  private requireReleased(end: End): void {
    const { arena, table, run } = this.parts;
    if (end.blocks.length === 0) return;
    const others = table.waitables().filter((entry): entry is End => entry instanceof End && entry !== end);
    const kept = [
      ...arena.keptByCalls(),
      ...others.flatMap(({ blocks, landing }) => [...blocks, ...landing]),
    ];
    for (const block of end.blocks)
      if (!kept.some((other) => arena.inSameRegion(block, other)))
        arena.requireGivenBack(block, "when the item after it is asked for", run.site());
  }

  /**
   * A copy on an end whose other end is the guest's too. @returns BLOCKED or the packed result
   * Spec: CanonicalABI.md, SharedStreamImpl, SharedFutureImpl
   */
  private meet(end: End): number {
    const { instance } = this.parts.values;
    const other = end.other!;
    if (!other.copying || other.final !== null) return BLOCKED;
    checkSameInstance(instance, instance, end.element.type, end.copyKind);
    if (end.copyKind === "future") {
      this.move(end, other, 1);
      other.final = COMPLETED;
      return COMPLETED;
    }
    const left = other.length - other.landed;
    if (left > 0) {
      const count = Math.min(end.length, left);
      if (count > 0) this.move(end, other, count);
      return COMPLETED | (count << PROGRESS_SHIFT);
    }
    if (end.direction === "write" && end.length === 0 && other.length === 0) return COMPLETED;
    other.final = COMPLETED;
    return BLOCKED;
  }

  /** Items go between two copies of the guest's, of which `other` was begun first. */
  private move(end: End, other: End, count: number): void {
    const { elemSize } = end.element;
    const at = other.ptr + other.landed * elemSize;
    const [from, to] = end.direction === "write" ? [end.ptr, at] : [at, end.ptr];
    this.parts.memory.bytes.copyWithin(to, from, from + count * elemSize);
    other.landed += count;
    end.landed = count;
  }

  /** One more item of the copy in flight moves. The guest is told later. */
  land(end: End): void {
    const { memory, run } = this.parts;
    run.note(`meanwhile an item of ${end.what}`, end.direction === "read" ? "arrives" : "is taken");
    const blocks = memory.gather(() => {
      this.pass(end, end.landed);
    });
    end.landing = [...end.landing, ...blocks];
    end.landed++;
  }

  /** Item number `at` of the copy moves. */
  private pass(end: End, at: number): void {
    const { element, moved, ptr } = end;
    const place = ptr + at * element.elemSize;
    if (end.direction === "read") this.lower(end, moved + at, place);
    else if (element.codec || this.parts.expectations.any) this.lift(end, moved + at, place);
  }

  /**
   * `stream.cancel-read` and its like, synchronous.
   * @param meanwhile what happens until the other end has answered
   */
  cancel(end: End, name: string, meanwhile: () => void): number {
    const { run } = this.parts;
    run.note(`${name} ${end.what}, handle ${end.handle}`);
    run.judged(name, () => {
      requireCancellable(end.hosted, name, false);
    });
    end.hosted.state = "cancelling-copy";
    if (!end.other && end.landed === 0) {
      end.hosted.hasSyncWaiter = true;
      meanwhile();
      end.hosted.hasSyncWaiter = false;
    }
    const outcomes = cancelOutcomes(end);
    const result = outcomes[run.choose(outcomes.length)]!;
    if (run.traced) run.say(resultWords(end, result));
    this.settle(end, result);
    return result;
  }

  /** `stream.drop-readable` and its like. */
  drop(target: CopyTarget, handle: number, name: string): void {
    const { run, values } = this.parts;
    const end = this.find(target, handle, name);
    run.note(`${name} ${end.what}, handle ${handle}`);
    if (end.copying)
      throw run.broken("dropped-while-copying", `${name}: a copy of handle ${handle} is in flight`);
    end.dropped();
    run.judged(name, () => {
      copyDrop(values.instance, target, handle);
    });
  }

  /** The copy in flight is over, and the guest is told `result`. */
  settle(end: End, result: number): void {
    const { memory, operations, run, shadow, values } = this.parts;
    const { element, ptr, length, direction } = end;
    const { elemSize } = element;
    const progress = progressOf(end, result);
    const reading = direction === "read";
    const wasLanded = end.landed;
    shadow.settle(ptr, length * elemSize, progress * elemSize, reading, end.handle, run.site());
    values.release(end.reached);
    end.reached = [];
    const blocks = memory.gather(() => {
      for (let i = wasLanded; i < progress; i++) this.pass(end, i);
    });
    if (reading && element.codec) end.blocks = [...end.landing, ...blocks];
    end.landing = [];
    end.landed = 0;
    end.final = null;
    end.moved += progress;
    end.budget -= progress;
    end.lastPtr = ptr;
    end.lastProgress = progress;
    operations.arrived(end, ptr, progress);
    const future = end.copyKind === "future";
    if (future) end.resolved ||= result !== CANCELLED;
    end.hosted.state = (future ? result !== CANCELLED : saysDropped(result)) ? "done" : "idle";
  }

  /** An end with no copy in flight hears that the other end is gone. @returns the payload */
  tell(end: End): number {
    end.told = true;
    return DROPPED;
  }

  /** Item number `index` arrives at `ptr`. */
  private lower(end: End, index: number, ptr: number): void {
    const { memory, values } = this.parts;
    const { type, codec, samples } = end.element;
    const number = (index + end.salt) % DISTINCT_ITEMS;
    if (!codec) memory.bytes.set(samples[number % samples.length]!, ptr);
    else
      values.passed(`an item of ${end.what}`, () => {
        codec.store(values.lowering(), ptr, sampleValue(type!, number));
      });
  }

  /** Item number `index` is read at `ptr`, and is what it has to be. */
  private lift(end: End, index: number, ptr: number): void {
    const { values, expectations } = this.parts;
    const { type } = end.element;
    if (type === null) return;
    const value = values.passed(`an item of ${end.what}`, () => codecOf(type).load(values.lifting(), ptr));
    expectations.item(end.what, index, value);
  }
}
