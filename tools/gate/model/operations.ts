/**
 * The operations that the library announced, and whether what it tells the guest is what the host told it.
 *
 * An end knows how many items the host moved; an operation knows how many the library has answered for. The
 * two may differ by the items that are held, and by nothing else.
 */
import type { End } from "./end.js";
import { Found } from "../found.js";
import { OPERATION_BYTES } from "../../source/library-layout.js";
import { ByteState, PART_BITS, PART_MASK, Part } from "../shadow/byte-state.js";
import { RUBBISH } from "../shadow/rubbish.js";
import { type ShadowMemory, range } from "../shadow/shadow-memory.js";

class Operation {
  /** Items that the library has answered for. */
  answered = 0;
  /** Copies begun when the library answered last. */
  copiesSeen = 0;
  /** Writers: the call made last began no copy, because the reader is gone. */
  refused = false;
  open = true;
  /** Where the copy of many items that was begun last goes; null before the first. */
  buffer: number | null = null;
  /** That copy was begun without waiting, and what came of it is not known yet. */
  fillsBuffer = false;
  /** Items in that buffer that the guest has not begun another copy after. */
  inBuffer = 0;

  constructor(
    readonly index: number,
    readonly address: number,
    readonly slotByteLength: number,
    public end: End | null,
  ) {}

  get slot(): number {
    return this.address + OPERATION_BYTES;
  }
}

/** All operations of one run. Announcements come with the site of the call that makes them. */
export class Operations {
  private byAddress = new Map<number, Operation>();

  constructor(readonly shadow: ShadowMemory) {}

  /** Forgets every operation. */
  reset(): void {
    this.byAddress.clear();
  }

  /** A frame at `address` takes an end over. */
  open(address: number, slotByteLength: number, end: End | null, site: number): void {
    const before = this.byAddress.get(address);
    if (before?.open)
      throw new Found("operation-reused", `the frame at ${address} still holds ${describe(before)}`, site);
    if (!end)
      throw new Found(
        "handle-after-drop",
        `the frame at ${address} is given a handle that is not an end`,
        site,
      );
    const byteLength = OPERATION_BYTES + slotByteLength;
    const { shadow } = this;
    shadow.inside(address, byteLength, "an operation lies in", site);
    const index = before?.index ?? this.byAddress.size + 1;
    for (let i = address; i < address + byteLength; i++) {
      const owner = shadow.owner[i]!;
      if (owner !== 0 && owner >> PART_BITS !== index)
        throw new Found("static-overlap", `two operations share ${range(address, byteLength)}`, site);
      if (shadow.lender[i] !== 0)
        throw new Found(
          "static-overlap",
          `the operation at ${address} overlaps memory that is lent to the host`,
          site,
        );
    }
    const own = index << PART_BITS;
    shadow.owner.fill(own | Part.HEADER, address, address + OPERATION_BYTES);
    shadow.owner.fill(own | Part.SLOT, address + OPERATION_BYTES, address + byteLength);
    shadow.mark(address, OPERATION_BYTES, ByteState.DATA);
    const state = end.direction === "read" ? ByteState.EMPTY : ByteState.DATA;
    shadow.mark(address + OPERATION_BYTES, slotByteLength, state);
    shadow.forget(address + OPERATION_BYTES, slotByteLength);
    this.byAddress.set(address, new Operation(index, address, slotByteLength, end));
  }

  /** The library dropped the end. */
  close(address: number, site: number): void {
    const operation = this.find(address, site);
    if (!operation.open) throw new Found("wrong-answer", "an operation is closed a second time", site);
    operation.open = false;
    operation.answered = operation.end!.moved; // what it held goes with it
    if (operation.end?.direction === "read")
      this.shadow.mark(operation.slot, operation.slotByteLength, ByteState.EMPTY);
  }

  /** The library gives the end up: whoever takes it over gets all that this guest was not given. */
  handedOn(address: number, site: number): void {
    const { end, answered } = this.find(address, site);
    this.close(address, site);
    if (end!.moved > answered)
      throw new Found("item-lost", "an end is handed on with an item that the guest was not given", site);
  }

  /** The guest is given the slot's value. */
  value(address: number, site: number): void {
    const operation = this.find(address, site);
    if (operation.end!.direction === "write") return;
    this.look(operation, [ByteState.TAKEN, ByteState.DATA], site);
  }

  /** A held item is copied out of the slot. */
  takeHeld(address: number, site: number): void {
    this.look(this.find(address, site), [ByteState.FILLED], site);
  }

  private look(operation: Operation, allowed: readonly number[], site: number): void {
    const { slot, slotByteLength } = operation;
    const state = this.shadow.state[slot]!;
    if (slotByteLength > 0 && !allowed.includes(state)) {
      if (state === ByteState.LENT_FOR_WRITING)
        throw new Found("lent-read", "value is asked for while a read is in flight", site);
      const why =
        state === ByteState.FILLED ? "before next() answered for its item" : "while the slot is empty";
      throw new Found("empty-slot", `value is asked for ${why}`, site);
    }
    this.shadow.mark(slot, slotByteLength, ByteState.DATA);
  }

  /** `next` answers. */
  next(address: number, answer: boolean, site: number): void {
    const operation = this.find(address, site);
    const end = operation.end!;
    const waiting = end.moved - operation.answered;
    operation.inBuffer = 0;
    this.begun(operation);
    if (!answer) {
      if (waiting > 0) throw new Found("item-lost", "next() answers false, but an item has arrived", site);
      this.requireOver(operation, "next() answers false", site);
      this.shadow.mark(operation.slot, operation.slotByteLength, ByteState.EMPTY);
      return;
    }
    if (waiting === 0) {
      if (operation.answered > 0)
        throw new Found("taken-twice", "next() answers true, but every item was answered for", site);
      throw new Found("empty-slot", "next() answers true, but no item has arrived", site);
    }
    if (waiting > 1)
      throw new Found("item-lost", `${waiting} items have arrived, next() answers for one`, site);
    if (end.lastPtr !== operation.slot)
      throw new Found(
        "operation-moved",
        `the item lies at ${end.lastPtr}, where the host was told to write, and the slot is at ${operation.slot}`,
        site,
      );
    operation.answered++;
    this.shadow.mark(operation.slot, operation.slotByteLength, ByteState.TAKEN);
  }

  /** `start` or `poll` of a reader answers. */
  ready(address: number, answer: boolean, site: number): void {
    const operation = this.find(address, site);
    const end = operation.end!;
    this.requireInSlot(operation, site);
    if (this.begun(operation) > 0 && end.ptr === operation.slot) operation.inBuffer = 0;
    const truth =
      !end.copying &&
      (end.moved > operation.answered || operation.inBuffer > 0 || end.done || !operation.open);
    this.require(
      answer === truth,
      `answers that next() would ${answer ? "not " : ""}have to wait, but it would${answer ? "" : " not"}`,
      site,
    );
  }

  /**
   * A copy of many items is about to begin at `ptr`.
   * @param isHeld the item that is held is put there instead
   */
  many(address: number, ptr: number, isHeld: boolean, site: number): void {
    const operation = this.find(address, site);
    operation.buffer = ptr;
    operation.fillsBuffer = !isHeld;
    operation.inBuffer = isHeld ? 1 : 0;
    if (isHeld) operation.answered++;
  }

  /** A copy of `end` that lay at `ptr` has settled: what came into a buffer of the guest's is the guest's. */
  arrived(end: End, ptr: number, progress: number): void {
    for (const operation of this.byAddress.values()) {
      if (operation.end !== end || end.direction !== "read" || ptr === operation.slot) continue;
      // A copy that waits may have the same buffer later.
      if (ptr !== operation.buffer || !operation.fillsBuffer || !operation.open) continue;
      operation.fillsBuffer = false;
      operation.answered += progress;
      operation.inBuffer = progress;
    }
  }

  /** `progress` answers, after a copy of many items. */
  progress(address: number, answer: number, site: number): void {
    const operation = this.find(address, site);
    const end = operation.end!;
    const isReader = end.direction === "read";
    if (isReader && operation.inBuffer === 0) return;
    if (!isReader && (operation.refused || end.lastPtr !== operation.buffer)) return;
    const truth = end.copying ? 0 : isReader ? operation.inBuffer : end.lastProgress;
    this.require(answer === truth, `progress answers ${answer}, and it is ${truth}`, site);
  }

  /** `waitAny` answers what lies at `address`: an end, or a call. */
  chosen(address: number, site: number): void {
    const operation = this.byAddress.get(address);
    if (operation?.end?.direction === "read") this.ready(address, true, site);
    else if (operation) this.settled(address, true, site);
  }

  /** A reader's `cancel` answers. */
  kept(address: number, answer: boolean, site: number): void {
    const operation = this.find(address, site);
    const end = operation.end!;
    this.require(!end.copying, "cancel() returns while the copy is in flight", site);
    const truth = end.moved > operation.answered || operation.inBuffer > 0;
    if (truth && !answer)
      throw new Found("item-lost", "cancel() answers that no item is kept, but one has arrived", site);
    this.require(answer === truth, "cancel() answers that an item is kept, but none has arrived", site);
  }

  /** `readInto` answers. */
  read(address: number, progress: number, max: number, site: number): void {
    if (progress > max)
      throw new Found(
        "outside-element",
        `read() answers ${progress} items, and there was room for ${max}`,
        site,
      );
    const operation = this.find(address, site);
    const end = operation.end!;
    const waiting = end.moved - operation.answered;
    const begun = this.begun(operation);
    operation.inBuffer = 0;
    this.require(!end.copying, "read() returns while the copy is in flight", site);
    const isThere = operation.slotByteLength === 0 || this.shadow.state[operation.slot] === ByteState.FILLED;
    const held = begun === 0 && waiting > 0 && isThere;
    // It asked for nothing; a held item stays.
    if (progress === 0 && (held || (begun > 0 && end.length === 0))) return;
    if (progress < waiting)
      throw new Found("item-lost", `read() answers ${progress}, but ${waiting} items have arrived`, site);
    if (progress > waiting)
      throw new Found("taken-twice", `read() answers ${progress}, but ${waiting} items have arrived`, site);
    if (progress === 0) this.requireOver(operation, "read() answers 0", site);
    operation.answered = end.moved;
  }

  /** `done` answers. */
  done(address: number, answer: boolean, site: number): void {
    const operation = this.find(address, site);
    const end = operation.end!;
    const truth = !end.copying && (end.done || !operation.open);
    this.require(answer === truth, `done answers ${answer}`, site);
  }

  /**
   * A stream's `writeOne` answers whether the item was taken, and by a reader that goes on; a future's
   * `write` whether its value was taken.
   */
  writeOne(address: number, answer: boolean, site: number): void {
    const operation = this.find(address, site);
    const wasTaken = this.written(operation, "writeOne()", site) === 1;
    const end = operation.end!;
    const hasLeft = end.copyKind === "stream" && end.done;
    if (!operation.refused) this.requireSlotCopied(operation, site);
    this.require(
      answer === (wasTaken && !hasLeft),
      `writeOne() answers ${answer}, and the item was ${wasTaken ? "" : "not "}taken${hasLeft ? ", by a reader that is gone" : ""}`,
      site,
    );
  }

  /** `writeFrom` answers. */
  write(address: number, progress: number, site: number): void {
    const truth = this.written(this.find(address, site), "write()", site);
    this.require(progress === truth, `write() answers ${progress}, and ${truth} items were taken`, site);
  }

  /** The items that a call which waits has written. */
  private written(operation: Operation, what: string, site: number): number {
    const end = operation.end!;
    const begun = this.begun(operation);
    operation.refused = begun === 0;
    this.require(!end.copying, `${what} returns while the copy is in flight`, site);
    this.require(begun <= 1, `${what} wrote more than once`, site);
    if (begun === 0) this.requireOver(operation, `${what} writes nothing`, site);
    return begun === 0 ? 0 : end.lastProgress;
  }

  /** `start` of a writer answers. */
  started(address: number, answer: boolean, site: number): void {
    const operation = this.find(address, site);
    operation.refused = this.begun(operation) === 0;
    if (operation.refused) this.requireOver(operation, "start() writes nothing", site);
    else if (!operation.end!.copying) this.requireSlotCopied(operation, site);
    this.settled(address, answer, site);
  }

  /** `poll` of a writer answers. */
  settled(address: number, answer: boolean, site: number): void {
    const operation = this.find(address, site);
    this.requireInSlot(operation, site);
    const truth = !operation.end!.copying;
    this.require(answer === truth, `answers that the copy has ${answer ? "" : "not "}settled`, site);
  }

  /** `taken` or `cancel` of a writer answers. */
  taken(address: number, answer: boolean, site: number): void {
    const operation = this.find(address, site);
    const end = operation.end!;
    const truth = !end.copying && operation.open && !operation.refused && end.lastProgress > 0;
    this.require(
      answer === truth,
      `answers that the item was ${answer ? "" : "not "}taken, and it was${truth ? "" : " not"}`,
      site,
    );
  }

  /** How many copies were begun since the library answered last. */
  private begun(operation: Operation): number {
    const begun = operation.end!.copies - operation.copiesSeen;
    operation.copiesSeen = operation.end!.copies;
    return begun;
  }

  /** A task has returned: nothing may touch its frames. */
  release(memory: Uint8Array): void {
    for (const { slot, slotByteLength } of this.byAddress.values()) {
      this.shadow.mark(slot, slotByteLength, ByteState.RELEASED);
      memory.fill(RUBBISH, slot, slot + slotByteLength);
    }
  }

  /** Whether an announced operation is still open. */
  anyOpen(): boolean {
    return [...this.byAddress.values()].some((operation) => operation.open);
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    for (const operation of this.byAddress.values()) {
      take(operation.address);
      take(operation.answered);
      take(operation.copiesSeen);
      take(operation.buffer ?? -1);
      take(operation.inBuffer);
      take(
        (operation.open ? 1 : 0) |
          (operation.refused ? 2 : 0) |
          (operation.fillsBuffer ? 4 : 0) |
          ((operation.end?.handle ?? 0) << 3),
      );
    }
  }

  private find(address: number, site: number): Operation {
    const operation = this.byAddress.get(address);
    if (operation) return operation;
    const inside = this.shadow.owner[address] ?? 0;
    const what =
      (inside & PART_MASK) === Part.NONE
        ? "no operation was opened there"
        : "that is inside another operation";
    throw new Found("operation-moved", `the library works on an operation at ${address}, but ${what}`, site);
  }

  private requireOver(operation: Operation, what: string, site: number): void {
    const end = operation.end!;
    if (operation.open && !end.done)
      throw new Found("wrong-answer", `${what}, but the other end is still there`, site);
  }

  private requireInSlot(operation: Operation, site: number): void {
    const end = operation.end!;
    const isThere = end.ptr === operation.slot || end.ptr === operation.buffer;
    if (end.copying && !isThere && operation.open)
      throw new Found(
        "operation-moved",
        `the host was given ${end.ptr}, and the slot is at ${operation.slot}`,
        site,
      );
  }

  private requireSlotCopied(operation: Operation, site: number): void {
    const end = operation.end!;
    if (end.lastPtr !== operation.slot && end.lastPtr !== operation.buffer)
      throw new Found(
        "operation-moved",
        `the host was given ${end.lastPtr}, and the slot is at ${operation.slot}`,
        site,
      );
  }

  private require(holds: boolean, message: string, site: number): void {
    if (!holds) throw new Found("wrong-answer", message, site);
  }
}

function describe(operation: Operation): string {
  const { end } = operation;
  return end
    ? `handle ${end.handle} (${end.what}), which is ${end.copying ? "in flight" : "not dropped"}`
    : "an end";
}
