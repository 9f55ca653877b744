/**
 * The readers and writers that a spec puts at the other ends of a guest's streams and futures, and the calls
 * that it lets go on: what each does was said before the guest runs, and *turns* are their only time.
 */
import type { GuestMemory } from "./guest-memory.js";
import type { Copy } from "./scripted-end.js";

const COMPLETED = 0;
const DROPPED = 1;
const CANCELLED = 2;
/** Spec: CanonicalABI.md, Subtask.State. */
const RETURNED = 2;
const CANCELLED_BEFORE_RETURNED = 4;
/** The longest item that a spec can look at. */
export const ITEM_BYTES = 256;
/** The longest string or list of an item, in bytes. */
const NAMED_BYTES = 65_536;
/** Bytes of a string or list in canonical layout: an address, then a length. */
const PAIR_BYTES = 8;

/** Bytes that a string or list is copied from into the guest's own room. */
interface Block {
  readonly bytes: Uint8Array;
  readonly length: number;
}

type Step =
  | { readonly kind: "item"; readonly bytes: Uint8Array }
  | { readonly kind: "block"; readonly block: Block }
  | { readonly kind: "later"; readonly turns: number }
  | { readonly kind: "drop" };

/** An item as it was when it was taken; how long one is knows who asks for it. */
export interface Taken {
  /** The memory from the first item of its copy on. */
  readonly bytes: Uint8Array;
  /** Which of the copy's items it is, from 0. */
  readonly place: number;
  /** When it is a string or list: how many elements it has, and the memory that begins with them. */
  readonly length: number;
  readonly named: Uint8Array;
}

interface Reader {
  readonly take: number;
  readonly items: Taken[];
  /** The writable end that it reads from, once there is one. */
  end: number | null;
}

/** What a waitable waits for: nothing happens before the turn `due`. */
interface Pending {
  readonly handle: number;
  readonly builtin: string;
  readonly due: number;
  readonly copy: Copy | null;
  /** Of a call: its result, and where it goes. */
  readonly result?: { readonly ptr: number; readonly bytes: Uint8Array };
}

/** What has happened to a waitable. */
export interface Happened {
  readonly handle: number;
  readonly builtin: string;
  readonly payload: number;
}

/** How a copy stands: ended with a result, or as long as the turn `due` has not come. */
type Outcome = { readonly result: number } | { readonly due: number };

/** All of them of one spec's test. */
export class Peers {
  /** Whether copies are answered BLOCKED first. */
  blocks = false;

  private turn = 0;
  private readonly writers = new Map<number, Step[]>();
  private readonly readers: Reader[] = [];
  private readonly pending: Pending[] = [];
  private readonly sets = new Map<number, number>();

  constructor(private readonly memory: GuestMemory) {}

  /** Puts a writer at the other end of the readable end `handle`. */
  addWriter(handle: number): void {
    this.writers.set(handle, []);
  }

  /** Adds to what the writer of `handle` does. @throws Error when it has gone away before */
  addStep(handle: number, step: Step): void {
    const steps = this.writers.get(handle)!;
    if (steps.at(-1)?.kind === "drop") throw new Error("the writer does something after drop()");
    steps.push(step);
  }

  /** @returns the reader's number */
  addReader(take: number): number {
    return this.readers.push({ take: take < 0 ? Infinity : take, items: [], end: null }) - 1;
  }

  /** The guest has made a stream or future: the reader that has none yet reads it. */
  made(writable: number): void {
    const reader = this.readers.find(({ end }) => end === null);
    if (reader) reader.end = writable;
  }

  /** The items of a reader so far. */
  items(reader: number): readonly Taken[] {
    return this.readers[reader]!.items;
  }

  /** The end that a reader reads from; null before there is one. */
  endOf(reader: number): number | null {
    return this.readers[reader]!.end;
  }

  /** Whether a reader or writer is at the other end. */
  has(handle: number): boolean {
    return this.writers.has(handle) || this.readers.some(({ end }) => end === handle);
  }

  /** Begins a copy of `length` items. @returns its result, or null when it is answered BLOCKED */
  begin(handle: number, builtin: string, copy: Copy): number | null {
    const outcome = this.blocks ? { due: this.turn } : this.outcome(handle, copy);
    if ("result" in outcome) return outcome.result;
    this.pending.push({ handle, builtin, copy, due: outcome.due });
    return null;
  }

  /** Begins a call that returns after `turns`. */
  beginCall(handle: number, turns: number, result: NonNullable<Pending["result"]>): void {
    this.pending.push({ handle, builtin: "subtask", copy: null, due: this.turn + turns, result });
  }

  /** Takes a copy or call back. @returns its result; null when none of ours is in flight */
  cancel(handle: number): number | null {
    const index = this.pending.findIndex((pending) => pending.handle === handle);
    if (index < 0) return null;
    const [{ copy }] = this.pending.splice(index, 1) as [Pending];
    return copy === null ? CANCELLED_BEFORE_RETURNED : CANCELLED;
  }

  /** A waitable joins a set, or leaves the one that it was in when `set` is 0. */
  join(handle: number, set: number): void {
    this.sets.set(handle, set);
  }

  /** A turn passes. */
  pause(): void {
    this.turn++;
  }

  /**
   * What happens next to something in `set`.
   * @param waits whether time passes until something does
   * @returns null when nothing ever does, or nothing by now
   */
  next(set: number, waits: boolean): Happened | null {
    this.turn++;
    for (;;) {
      const all = this.pending.filter(({ handle }) => this.sets.get(handle) === set);
      const due = Math.min(...all.map((pending) => pending.due));
      if (due === Infinity || (!waits && due > this.turn)) return null;
      this.turn = Math.max(this.turn, due);
      const first = all.find((pending) => pending.due === due)!;
      this.pending.splice(this.pending.indexOf(first), 1);
      const outcome = this.finish(first);
      if ("result" in outcome)
        return { handle: first.handle, builtin: first.builtin, payload: outcome.result };
      this.pending.push({ ...first, due: outcome.due });
    }
  }

  private finish({ handle, copy, result }: Pending): Outcome {
    if (copy !== null) return this.outcome(handle, copy);
    if (result && result.bytes.length > 0) this.memory.write(result.ptr, result.bytes);
    return { result: RETURNED };
  }

  private outcome(handle: number, copy: Copy): Outcome {
    const steps = this.writers.get(handle);
    if (steps) return this.read(steps, copy);
    return {
      result: this.write(
        this.readers.find(({ end }) => end === handle)!,
        copy,
      ),
    };
  }

  /** Puts items into the guest's buffer, those that are there now. */
  private read(steps: Step[], copy: Copy): Outcome {
    let count = 0;
    for (let ptr = copy.ptr; count < copy.length && isItem(steps[0]); count++) {
      const bytes = this.bytesOf(steps.shift() as Step & { kind: "item" | "block" });
      this.memory.write(ptr, bytes);
      ptr += bytes.length;
    }
    if (count > 0) return { result: copied(count, copy) };
    const [step] = steps;
    if (step?.kind === "later") {
      steps.shift();
      return { due: this.turn + step.turns };
    }
    return step?.kind === "drop" ? { result: DROPPED } : { due: Infinity };
  }

  private bytesOf(step: Step & { kind: "item" | "block" }): Uint8Array {
    if (step.kind === "item") return step.bytes;
    const { bytes, length } = step.block;
    const pair = new Uint32Array([this.memory.lower(bytes, 8), length]);
    return new Uint8Array(pair.buffer);
  }

  /** Takes items out of the guest's buffer, as many as the reader wants. */
  private write({ items, take }: Reader, copy: Copy): number {
    const count = Math.min(copy.length, take - items.length);
    if (count <= 0 && copy.length > 0) return DROPPED;
    const bytes = this.memory.copy(copy.ptr, count * ITEM_BYTES);
    for (let place = 0; place < count; place++) items.push({ bytes, place, ...this.named(bytes, place) });
    return copied(count, copy);
  }

  /** What the item would name if it were a string or list. */
  private named(bytes: Uint8Array, place: number): Pick<Taken, "length" | "named"> {
    const pair = bytes.slice(place * PAIR_BYTES, (place + 1) * PAIR_BYTES);
    if (pair.length < PAIR_BYTES) return { length: 0, named: new Uint8Array() };
    const [ptr = 0, length = 0] = new Uint32Array(pair.buffer);
    return { length, named: this.memory.copy(ptr, Math.min(length * PAIR_BYTES, NAMED_BYTES)) };
  }
}

function isItem(step: Step | undefined): boolean {
  return step?.kind === "item" || step?.kind === "block";
}

/** The result of a copy of `count` items, as its built-in packs it: a future's has no count. */
function copied(count: number, { isFuture }: Copy): number {
  return isFuture ? COMPLETED : (count << 4) | COMPLETED;
}
