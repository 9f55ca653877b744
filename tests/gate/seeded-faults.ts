/**
 * Faults that a hand could make in the library or in bindings, each a textual change that must apply exactly
 * once. The gate has to find every one of them with one of the rules named.
 */
import type { RuleName } from "../../tools/gate/rules.js";

/** One fault. */
export interface SeededFault {
  /** What it does wrong. */
  readonly name: string;
  /** File under `assembly/`, `bindings/...` of the guest, or `entry`, the generated entry. */
  readonly file: string;
  readonly find: string;
  /** How often the text is there: bindings make a call in two ways. 1 when not given. */
  readonly times?: number;
  readonly replace: string;
  /** The guest of `guests/` that shows it. */
  readonly guest: string;
  /** Bytes of each region of the arena, when the fault shows in a small one. */
  readonly arenaBytes?: number;
  readonly rules: readonly (RuleName | "never-returns")[];
}

const reader = "stream/reader.ts";
const writer = "stream/writer.ts";
const operation = "operation.ts";
const slot = "slot.ts";
const nextReads = "let result = changetype<Ops>(0).read(this.handle, slotOf(this), 1);";
/** What `next` does with a result that brings no item, up to the wait. */
const nextWaits =
  "    if (result != BLOCKED) {\n      this.status = result;\n      return announcedNext(changetype<usize>(this), false);\n    }\n    result = this.awaitRead();\n";
const writeOneWaits = "    result = this.awaitWrite();\n    this.status = result;\n";
const startReads = "const result = changetype<Ops>(0).read(this.handle, slotOf(this), 1);";
const writeOneWrites =
  "storeElement<T>(slotOf(this), item);\n    if (this.status & CopyResult.DROPPED) {\n      this.status = CopyResult.DROPPED;\n      return announcedWriteOne";
const scratch = "memory.data(64, 8)";
const readerCancel =
  "      prepareCancel(this);\n      finishCancel(this, changetype<Ops>(0).cancelRead(this.handle));";
const writerCancel =
  "      prepareCancel(this);\n      finishCancel(this, changetype<Ops>(0).cancelWrite(this.handle));";
const readerClose = "        this.cancel();\n";
const writerClose =
  "      } else if (overlapping) this.cancel();\n      changetype<Ops>(0).dropWritable(this.handle);";

/** All faults; the first is the one that the published Rust runtime's inline slot has. */
export const seededFaults: readonly SeededFault[] = [
  {
    name: "start hands the slot's address out, then the operation moves home (the Rust fork's fault)",
    file: reader,
    find: startReads,
    replace: `const moved = ${scratch};\n    memory.copy(moved, changetype<usize>(this), 20 + elemSize<T>());\n    const result = changetype<Ops>(0).read(this.handle, moved + 20, 1);\n    memory.copy(changetype<usize>(this), moved, 20 + elemSize<T>());`,
    guest: "start-poll-cancel-write-again",
    rules: ["lent-read", "operation-moved", "empty-slot"],
  },
  {
    name: "next waits with the slot of a copy of the operation",
    file: reader,
    find: nextReads,
    replace: `const moved: usize = ${scratch};\n    let result = changetype<Ops>(0).read(this.handle, moved + 20, 1);`,
    guest: "read-to-the-end",
    rules: ["operation-moved"],
  },
  {
    name: "writeOne lends a slot that is not the operation's",
    file: writer,
    find: "let result = changetype<Ops>(0).write(this.handle, slotOf(this), 1);",
    replace: `let result = changetype<Ops>(0).write(this.handle, ${scratch}, 1);`,
    guest: "write-a-few",
    rules: ["unwritten-item", "operation-moved"],
  },
  {
    name: "the writer's start lends a slot that is not the operation's",
    file: writer,
    find: "const result = changetype<Ops>(0).write(this.handle, slotOf(this), 1);",
    replace: `const result = changetype<Ops>(0).write(this.handle, ${scratch}, 1);`,
    guest: "start-poll-cancel-write-again",
    rules: ["unwritten-item", "operation-moved"],
  },
  {
    name: "close skips the cancel of a read in flight",
    file: reader,
    find: readerClose,
    replace: "",
    guest: "drop-in-flight",
    rules: ["dropped-while-copying"],
  },
  {
    name: "close skips the cancel of a write in flight",
    file: writer,
    find: writerClose,
    replace: "      }\n      changetype<Ops>(0).dropWritable(this.handle);",
    guest: "drop-in-flight",
    rules: ["dropped-while-copying"],
  },
  {
    name: "the reader is dropped before its cancel",
    file: reader,
    find: readerClose,
    replace: "        changetype<Ops>(0).dropReadable(this.handle);\n        this.cancel();\n",
    guest: "drop-in-flight",
    rules: ["handle-after-drop", "dropped-while-copying"],
  },
  {
    name: "the writer is dropped before its cancel",
    file: writer,
    find: writerClose,
    replace:
      "      }\n      changetype<Ops>(0).dropWritable(this.handle);\n      if (overlapping) this.cancel();",
    guest: "drop-in-flight",
    rules: ["dropped-while-copying", "handle-after-drop"],
  },
  {
    name: "the reader's cancel ignores what the cancel answered",
    file: reader,
    find: readerCancel,
    replace:
      "      prepareCancel(this);\n      changetype<Ops>(0).cancelRead(this.handle);\n      finishCancel(this, CopyResult.CANCELLED);",
    guest: "start-poll-cancel-write-again",
    rules: ["item-lost", "illegal-call", "wrong-answer"],
  },
  {
    name: "the writer's cancel ignores what the cancel answered",
    file: writer,
    find: writerCancel,
    replace:
      "      prepareCancel(this);\n      changetype<Ops>(0).cancelWrite(this.handle);\n      finishCancel(this, CopyResult.CANCELLED);",
    guest: "start-poll-cancel-write-again",
    rules: ["wrong-answer", "illegal-call"],
  },
  {
    name: "the reader's cancel asks the host for nothing",
    file: reader,
    find: readerCancel,
    replace: "      prepareCancel(this);\n      finishCancel(this, CopyResult.CANCELLED);",
    guest: "start-poll-cancel-write-again",
    rules: ["wrong-answer"],
  },
  {
    name: "the writer's cancel asks the host for nothing",
    file: writer,
    find: writerCancel,
    replace: "      finishCancel(this, CopyResult.CANCELLED);",
    guest: "start-poll-cancel-write-again",
    rules: ["wrong-answer", "lent-write"],
  },
  {
    name: "a cancel forgets that the other end is gone",
    file: operation,
    find: "settle(operation, result & ~CopyResult.CANCELLED);",
    replace: "settle(operation, result & ~(CopyResult.CANCELLED | CopyResult.DROPPED));",
    guest: "start-poll-cancel-write-again",
    rules: ["illegal-call", "wrong-answer"],
  },
  {
    name: "a cancel with progress holds no item",
    file: operation,
    find: "operation.status = result | (u32(result > PROGRESS_MASK) * HELD);",
    replace: "operation.status = result;",
    guest: "start-poll-cancel-write-again",
    rules: ["item-lost", "wrong-answer"],
  },
  {
    name: "every settled copy holds an item",
    file: operation,
    find: "operation.status = result | (u32(result > PROGRESS_MASK) * HELD);",
    replace: "operation.status = result | HELD;",
    guest: "start-poll-cancel-write-again",
    rules: ["empty-slot", "taken-twice", "wrong-answer"],
  },
  {
    name: "an end is not put back into its set after a cancel",
    file: operation,
    find: "  waitableJoin(operation.handle, operation.waitables);\n}",
    replace: "}",
    guest: "start-poll-cancel-write-again",
    rules: ["illegal-call"],
  },
  {
    name: "a cancel is made while the end is in the set",
    file: operation,
    find: "  waitableJoin(operation.handle, 0);",
    replace: "",
    guest: "start-poll-cancel-write-again",
    rules: ["illegal-call"],
  },
  {
    name: "an end is never put into the set",
    file: operation,
    find: "  waitableJoin(handle, waitables);",
    replace: "",
    guest: "read-to-the-end",
    rules: ["illegal-call"],
  },
  {
    name: "a new operation keeps the status of the one before",
    file: operation,
    find: "  operation.status = CopyResult.COMPLETED;",
    replace: "",
    guest: "drop-in-flight",
    rules: ["wrong-answer", "item-lost"],
  },
  {
    name: "a held item stays held when next has answered for it",
    file: reader,
    find: "      if (this.status & HELD) {\n        this.status &= ~HELD;\n        if (!this.lastOfMany) return announcedNext",
    replace: "      if (this.status & HELD) {\n        if (!this.lastOfMany) return announcedNext",
    guest: "start-poll-cancel-write-again",
    rules: ["wrong-answer", "taken-twice"],
  },
  {
    name: "a held item stays held when readInto has copied it",
    file: reader,
    find: "        this.status &= ~HELD;\n        announceTakeHeld",
    replace: "        announceTakeHeld",
    guest: "read-into-then-write-from",
    rules: ["taken-twice", "empty-slot"],
  },
  {
    name: "next does not look for a held item",
    file: reader,
    find: "      if (this.status & HELD) {\n        this.status &= ~HELD;\n        if (!this.lastOfMany) return announcedNext(changetype<usize>(this), true);\n      }\n",
    replace: "",
    guest: "start-poll-cancel-write-again",
    rules: ["item-lost", "illegal-call"],
  },
  {
    name: "next does not wait for a read in flight",
    file: reader,
    find: "      awaitFlight(this);\n      if (isCancelled() && this.status == BLOCKED) return false;\n      if (this.status & HELD) {\n        this.status &= ~HELD;\n        if (!this.lastOfMany) return announcedNext",
    replace:
      "      if (isCancelled() && this.status == BLOCKED) return false;\n      if (this.status & HELD) {\n        this.status &= ~HELD;\n        if (!this.lastOfMany) return announcedNext",
    guest: "merge-two-streams",
    rules: ["empty-slot", "illegal-call", "wrong-answer", "taken-twice"],
  },
  {
    name: "a start begins a read over a held item",
    file: reader,
    find: "    if (this.status & (HELD | CopyResult.DROPPED)) return true;\n",
    replace: "    if (this.status & CopyResult.DROPPED) return true;\n",
    guest: "start-again-while-held",
    rules: ["item-lost"],
  },
  {
    name: "a start begins a read on a stream whose writer is gone",
    file: reader,
    find: "    if (this.status & (HELD | CopyResult.DROPPED)) return true;\n",
    replace: "    if (this.status & HELD) return true;\n",
    guest: "merge-two-streams",
    rules: ["illegal-call"],
  },
  {
    name: "value does not look whether a read is in flight",
    file: reader,
    find: "    if (overlapping && this.status == BLOCKED) unreachable();\n",
    replace: "",
    guest: "../wrong/peek",
    rules: ["lent-read"],
  },
  {
    name: "a write without an argument looks at the slot before the copy in flight is over",
    file: slot,
    find: "  if (overlapping && elemSize<T>()) awaitFlight(operation);\n",
    replace: "",
    guest: "write-twice",
    rules: ["lent-read"],
  },
  {
    name: "next reads two items and keeps one",
    file: reader,
    find: nextReads,
    replace: "let result = changetype<Ops>(0).read(this.handle, slotOf(this), 2);",
    guest: "read-to-the-end",
    rules: ["outside-element", "item-lost", "static-overlap"],
  },
  {
    name: "next answers true when the stream has ended",
    file: reader,
    find: "    return announcedNext(changetype<usize>(this), result > PROGRESS_MASK);",
    replace: "    return announcedNext(changetype<usize>(this), true);",
    guest: "read-to-the-end",
    rules: ["empty-slot", "taken-twice"],
  },
  {
    name: "next gives up at DROPPED although an item came with it",
    file: reader,
    find: "    return announcedNext(changetype<usize>(this), result > PROGRESS_MASK);",
    replace: "    return announcedNext(changetype<usize>(this), !(result & CopyResult.DROPPED));",
    guest: "read-to-the-end",
    rules: ["item-lost"],
  },
  {
    name: "next asks again after DROPPED",
    file: reader,
    find: "    if (this.status & CopyResult.DROPPED) return announcedNext(changetype<usize>(this), false);\n",
    replace: "",
    guest: "read-to-the-end",
    rules: ["illegal-call"],
  },
  {
    name: "next does not wait for a blocked read",
    file: reader,
    find: nextWaits,
    replace: "",
    guest: "read-to-the-end",
    rules: ["empty-slot", "taken-twice"],
  },
  {
    name: "writeOne does not wait for a blocked write",
    file: writer,
    find: writeOneWaits,
    replace: "    this.status = result;\n",
    guest: "write-a-few",
    rules: ["wrong-answer"],
  },
  {
    name: "writeOne stores its item while a write is in flight",
    file: writer,
    find: "    if (overlapping) awaitFlight(this);\n    if (isCancelled()) return false;\n    storeElement",
    replace: "    if (isCancelled()) return false;\n    storeElement",
    guest: "read-ahead-while-writing",
    rules: ["lent-write"],
  },
  {
    name: "writeOne stores nothing",
    file: writer,
    find: writeOneWrites,
    replace: writeOneWrites.replace("storeElement<T>(slotOf(this), item);\n    ", ""),
    guest: "write-a-few",
    rules: ["unwritten-item"],
  },
  {
    name: "writeOne writes an item again that was taken",
    file: writer,
    find: writeOneWaits,
    replace:
      "    this.awaitWrite();\n    result = changetype<Ops>(0).write(this.handle, slotOf(this), 1);\n    if (result == BLOCKED) result = this.awaitWrite();\n    this.status = result;\n",
    guest: "write-a-few",
    rules: ["wrong-answer", "illegal-call"],
  },
  {
    name: "taken answers for the item before when the reader refused the last",
    file: writer,
    find: "      this.status = CopyResult.DROPPED;\n      return announcedWriteOne",
    replace: "      return announcedWriteOne",
    guest: "read-ahead-while-writing",
    rules: ["wrong-answer"],
  },
  {
    name: "readInto forgets a held item when it is asked for nothing",
    file: reader,
    find: "        if (!max) return announcedRead(changetype<usize>(this), 0, max);\n",
    replace: "",
    guest: "read-nothing-while-held",
    rules: ["outside-element", "taken-twice", "item-lost"],
  },
  {
    name: "readInto answers for one item too many",
    file: reader,
    find: "announcedRead(changetype<usize>(this), result >> PROGRESS_SHIFT, max)",
    replace: "announcedRead(changetype<usize>(this), (result >> PROGRESS_SHIFT) + 1, max)",
    guest: "read-into-then-write-from",
    rules: ["outside-element", "taken-twice"],
  },
  {
    name: "writeFrom answers for one item too few",
    file: writer,
    find: "announcedWrite(changetype<usize>(this), result >> PROGRESS_SHIFT)",
    replace: "announcedWrite(changetype<usize>(this), (result >> PROGRESS_SHIFT) >> 1)",
    guest: "read-into-then-write-from",
    rules: ["wrong-answer"],
  },
  {
    name: "the slot lies on the operation's last word",
    file: operation,
    find: "export const SLOT_OFFSET: usize = 20;",
    replace: "export const SLOT_OFFSET: usize = 16;",
    guest: "read-to-the-end",
    rules: ["outside-element"],
  },
  {
    name: "the slot lies one element too far",
    file: operation,
    find: "export const SLOT_OFFSET: usize = 20;",
    replace: "export const SLOT_OFFSET: usize = 24;",
    guest: "start-poll-cancel-write-again",
    rules: ["outside-element", "operation-moved", "static-overlap"],
  },
  {
    name: "the slot is not aligned",
    file: slot,
    find: "return changetype<usize>(operation) + SLOT_OFFSET;",
    replace: "return changetype<usize>(operation) + SLOT_OFFSET + 1;",
    guest: "start-poll-cancel-write-again",
    rules: ["misaligned", "operation-moved", "outside-element"],
  },
  {
    name: "a value is lifted one byte off",
    file: slot,
    find: "  else return load<T>(slot);",
    replace: "  else return load<T>(slot + 1);",
    guest: "read-to-the-end",
    rules: ["outside-element", "static-overlap"],
  },
  {
    name: "an item is lowered one byte off",
    file: slot,
    find: "    store<T>(slot, item);",
    replace: "    store<T>(slot - 1, item);",
    guest: "start-poll-cancel-write-again",
    rules: ["outside-element"],
  },
  {
    name: "a record is copied one byte too long",
    file: slot,
    find: "i < elemSize<T>(); i++",
    replace: "i <= elemSize<T>(); i++",
    guest: "records-in-place",
    rules: ["outside-element", "static-overlap", "stale-view", "lent-write"],
  },
  {
    name: "all ends are in one set, and a wait takes another end's event for its own",
    file: operation,
    find: "function joinSet(operation: Operation, handle: u32): void {\n  if (isDefined(RILL_CALLBACK)) operation.handle = handle;\n  let waitables = operation.waitables;\n  if (!waitables) operation.waitables = waitables = waitableSetNew();",
    replace:
      "let shared: u32 = 0;\nfunction joinSet(operation: Operation, handle: u32): void {\n  if (!shared) shared = waitableSetNew();\n  const waitables = shared;\n  operation.waitables = shared;",
    guest: "records-in-place",
    rules: ["wrong-answer", "empty-slot", "item-lost"],
  },
  {
    name: "the events lie on the first operation",
    file: "task/waiting.ts",
    find: "export const EVENT: usize = memory.data(12, 4);\n",
    replace: "export const EVENT: usize = memory.data(4, 4);\n",
    guest: "read-to-the-end",
    rules: ["handle-after-drop", "static-overlap", "lent-twice", "outside-element"],
  },
  {
    name: "the epilogue forgets the reader",
    file: "bindings/pass.ts",
    find: "      this.x.close();\n",
    replace: "",
    guest: "read-ahead-while-writing",
    rules: ["handle-leaked", "returned-in-flight"],
  },
  {
    name: "the epilogue forgets the writer",
    file: "bindings/pass.ts",
    find: "      this.output.close();\n",
    replace: "",
    guest: "read-ahead-while-writing",
    rules: ["handle-leaked", "returned-in-flight"],
  },
  {
    name: "the epilogue drops the reader twice",
    file: "bindings/sum.ts",
    find: "      this.x.close();\n",
    replace: "      this.x.close();\n      this.x.close();\n",
    guest: "read-to-the-end",
    rules: ["handle-after-drop"],
  },
  {
    name: "an end that the guest dropped is dropped again by the epilogue",
    file: operation,
    find: "  return !dropping || operation.handle != 0;",
    replace: "  return true;",
    guest: "drop-in-flight",
    rules: ["handle-after-drop"],
  },
  {
    name: "the two operations of a frame overlap",
    file: "bindings/pass.ts",
    find: "(PASS_FRAME + 24);",
    replace: "(PASS_FRAME + 20);",
    guest: "start-poll-cancel-write-again",
    rules: ["outside-element", "static-overlap"],
  },
  {
    name: "the writer's operation lies in the reader's frame: reuse while it is open",
    file: "bindings/pass.ts",
    find: "(PASS_FRAME + 24);",
    replace: "(PASS_FRAME);",
    guest: "start-poll-cancel-write-again",
    rules: ["operation-reused"],
  },
  {
    name: "the frame is too short for the writer's slot",
    file: "bindings/pass.ts",
    find: "memory.data(46, 4);",
    replace: "memory.data(24, 4);",
    guest: "start-poll-cancel-write-again",
    rules: ["outside-element", "static-overlap"],
  },
  {
    name: "the writable end is given away instead of the readable one",
    file: "bindings/pass.ts",
    find: "      writer_end.open(u32(both_ends >> 32));\n      taskReturn_Pass(u32(both_ends));",
    replace: "      writer_end.open(u32(both_ends));\n      taskReturn_Pass(u32(both_ends >> 32));",
    guest: "start-poll-cancel-write-again",
    rules: ["illegal-call"],
  },
  {
    name: "the task answers twice",
    file: "bindings/pass.ts",
    find: "      taskReturn_Pass(u32(both_ends));\n",
    replace: "      taskReturn_Pass(u32(both_ends));\n      taskReturn_Pass(u32(both_ends));\n",
    guest: "start-poll-cancel-write-again",
    // The specification lifts the result, an end that is the guest's no more,
    // before it looks at the task's state.
    rules: ["handle-after-drop"],
  },
  {
    name: "the write is of two elements",
    file: "bindings/pass.ts",
    find: "    return write_stream1_Pass(handle, ptr, length);",
    replace: "    return write_stream1_Pass(handle, ptr, length + 1);",
    guest: "start-poll-cancel-write-again",
    rules: ["outside-element", "static-overlap", "unwritten-item", "wrong-answer"],
  },
  {
    name: "a subtask is dropped before it has returned",
    file: "task/subtask.ts",
    find: "  do {\n    awaitToEnd(waitables);",
    replace: "  if (true) {\n    subtaskDrop(subtask);\n    return;\n  }\n  do {\n    awaitToEnd(waitables);",
    guest: "write-to-a-call-then-read",
    rules: ["dropped-while-copying"],
  },
  {
    name: "STARTED is taken for RETURNED: the result is read before it is there",
    file: "task/subtask.ts",
    find: "load<u32>(EVENT, 4) >= RETURNED",
    replace: "load<u32>(EVENT, 4) >= 1",
    guest: "write-to-a-call-then-read",
    rules: ["dropped-while-copying", "lent-read"],
  },
  {
    name: "a subtask is never dropped",
    file: "task/subtask.ts",
    find: "  subtaskDrop(subtask);\n}\n\n/** Like",
    replace: "}\n\n/** Like",
    guest: "write-to-a-call-then-read",
    rules: ["handle-leaked"],
  },
  {
    name: "a record is copied a byte short",
    file: "slot.ts",
    find: "i < elemSize<T>(); i++",
    replace: "i < elemSize<T>() - 1; i++",
    guest: "cancel-then-read-packed",
    rules: ["unwritten-item"],
  },
  {
    name: "a record's first byte is not copied",
    file: "slot.ts",
    find: "for (let i: usize = 0; i < elemSize<T>()",
    replace: "for (let i: usize = 1; i < elemSize<T>()",
    guest: "cancel-then-read-packed",
    rules: ["unwritten-item"],
  },
  {
    name: "a held record is copied into the second place of a buffer",
    file: "stream/reader.ts",
    find: "\n        copyElement<T>(ptr, slotOf(this));",
    replace: "\n        copyElement<T>(ptr + elemSize<T>(), slotOf(this));",
    guest: "cancel-then-read-packed",
    rules: ["wrong-contents"],
  },
];
