/**
 * What the checking build tells the memory-safety gate: which memory is an operation,
 * and what the library answers the guest.
 *
 * The gate compiles a guest with the constant RILL_CHECK. In every other build each function here is
 * its argument or nothing, and the binary is byte for byte the same as without these calls. The
 * hooks only look: they touch no memory.
 */
// @ts-nocheck: AssemblyScript; asc checks it
@external("rill-check", "open")
declare function hookOpen(operation: usize, slotByteLength: u32, handle: u32): void;


@external("rill-check", "close")
declare function hookClose(operation: usize): void;


@external("rill-check", "handed-on")
declare function hookHandedOn(operation: usize): void;


@external("rill-check", "value")
declare function hookValue(operation: usize): void;


@external("rill-check", "take-held")
declare function hookTakeHeld(operation: usize): void;


@external("rill-check", "next")
declare function hookNext(operation: usize, answer: u32): void;


@external("rill-check", "ready")
declare function hookReady(operation: usize, answer: u32): void;


@external("rill-check", "kept")
declare function hookKept(operation: usize, answer: u32): void;


@external("rill-check", "read")
declare function hookRead(operation: usize, progress: u32, max: u32): void;


@external("rill-check", "done")
declare function hookDone(operation: usize, answer: u32): void;


@external("rill-check", "write-one")
declare function hookWriteOne(operation: usize, answer: u32): void;


@external("rill-check", "write")
declare function hookWrite(operation: usize, progress: u32): void;


@external("rill-check", "started")
declare function hookStarted(operation: usize, answer: u32): void;


@external("rill-check", "settled")
declare function hookSettled(operation: usize, answer: u32): void;


@external("rill-check", "taken")
declare function hookTaken(operation: usize, answer: u32): void;


@external("rill-check", "many")
declare function hookMany(operation: usize, ptr: usize, isHeld: u32): void;


@external("rill-check", "progress")
declare function hookProgress(operation: usize, answer: u32): void;


@external("rill-check", "chosen")
declare function hookChosen(waited: usize): void;


@external("rill-check", "call-begun")
declare function hookCallBegun(subtask: usize, packed: u32): void;


@external("rill-check", "call-polled")
declare function hookCallPolled(subtask: usize, answer: u32): void;


@external("rill-check", "call-started")
declare function hookCallStarted(subtask: usize, answer: u32): void;


@external("rill-check", "call-cancelled")
declare function hookCallCancelled(subtask: usize, answer: u32): void;


@external("rill-check", "call-taken")
declare function hookCallTaken(subtask: usize): void;


@external("rill-check", "call-forgotten")
declare function hookCallForgotten(subtask: usize): void;


@external("rill-check", "arena-taken")
declare function hookArenaTaken(ptr: usize, byteLength: u32): void;


@external("rill-check", "arena-reset")
declare function hookArenaReset(ptr: usize, byteLength: u32): void;


@external("rill-check", "arena-rest")
declare function hookArenaRest(ptr: usize, byteLength: u32): u32;


@external("rill-check", "arena-region")
declare function hookArenaRegion(ptr: usize, byteLength: u32): u32;


@external("rill-check", "place-busy")
declare function hookPlaceBusy(place: usize, busy: u32, first: usize, stride: u32, count: u32): u32;


@external("rill-check", "place-released")
declare function hookPlaceReleased(place: usize): void;


@external("rill-check", "end-busy")
declare function hookEndBusy(place: usize, busy: u32, first: usize, stride: u32, count: u32): u32;

/** The frame at `operation` holds the end `handle` from now on, with a slot of so many bytes. */
@inline
export function announceOpen(operation: usize, slotByteLength: usize, handle: u32): void {
  if (isDefined(RILL_CHECK)) hookOpen(operation, <u32>slotByteLength, handle);
}

/** The end was dropped; the frame is free. */
@inline
export function announceClose(operation: usize): void {
  if (isDefined(RILL_CHECK)) hookClose(operation);
}

/** The end is about to be handed on; the frame is free. */
@inline
export function announceHandedOn(operation: usize): void {
  if (isDefined(RILL_CHECK)) hookHandedOn(operation);
}

/** The guest is given the slot's value, or a view of it. */
@inline
export function announceValue(operation: usize): void {
  if (isDefined(RILL_CHECK)) hookValue(operation);
}

/** A held item is about to be copied out of the slot. */
@inline
export function announceTakeHeld(operation: usize): void {
  if (isDefined(RILL_CHECK)) hookTakeHeld(operation);
}

/** The reader's `next` answers so. */
@inline
export function announcedNext(operation: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookNext(operation, answer);
  return answer;
}

/** The reader's `start` or `poll` answers so. */
@inline
export function announcedReady(operation: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookReady(operation, answer);
  return answer;
}

/** The reader's `cancel` answers so. */
@inline
export function announcedKept(operation: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookKept(operation, answer);
  return answer;
}

/** The reader's `readInto` answers so, with room for `max` items. */
@inline
export function announcedRead(operation: usize, progress: i32, max: i32): i32 {
  if (isDefined(RILL_CHECK)) hookRead(operation, progress, max);
  return progress;
}

/** The reader's `done` answers so. */
@inline
export function announcedDone(operation: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookDone(operation, answer);
  return answer;
}

/** The writer's `writeOne` answers so. */
@inline
export function announcedWriteOne(operation: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookWriteOne(operation, answer);
  return answer;
}

/** The writer's `writeFrom` answers so. */
@inline
export function announcedWrite(operation: usize, progress: i32): i32 {
  if (isDefined(RILL_CHECK)) hookWrite(operation, progress);
  return progress;
}

/** The writer's `start` answers so. */
@inline
export function announcedStarted(operation: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookStarted(operation, answer);
  return answer;
}

/** The writer's `poll` answers so. */
@inline
export function announcedSettled(operation: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookSettled(operation, answer);
  return answer;
}

/** The writer's `taken` or `cancel` answers so. */
@inline
export function announcedTaken(operation: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookTaken(operation, answer);
  return answer;
}

/**
 * A copy of many items is about to begin, at `ptr`.
 * @param isHeld an item that is held is put there instead
 */
@inline
export function announceMany(operation: usize, ptr: usize, isHeld: bool): void {
  if (isDefined(RILL_CHECK)) hookMany(operation, ptr, isHeld);
}

/** `progress` answers so. */
@inline
export function announcedProgress(operation: usize, answer: i32): i32 {
  if (isDefined(RILL_CHECK)) hookProgress(operation, answer);
  return answer;
}

/** `waitAny` answers the end, or the call, at this address; 0 when it answers none. */
@inline
export function announceChosen(address: usize): void {
  if (isDefined(RILL_CHECK)) hookChosen(address);
}

/** Arena memory was handed out. */
@inline
export function announceArenaTaken(ptr: usize, byteLength: usize): void {
  if (isDefined(RILL_CHECK)) hookArenaTaken(ptr, <u32>byteLength);
}

/**
 * A whole region of the arena was taken back, and is the current one.
 * @returns where it is filled from: `top`, or a bit behind it
 */
@inline
export function announcedArenaRegion(ptr: usize, top: usize, byteLength: usize): usize {
  if (isDefined(RILL_CHECK)) return top + hookArenaRegion(ptr, <u32>byteLength);
  return top;
}

/** The rest of the current region was taken back. @returns as `announcedArenaRegion` */
@inline
export function announcedArenaRest(ptr: usize, top: usize, byteLength: usize): usize {
  if (isDefined(RILL_CHECK)) return top + hookArenaRest(ptr, <u32>byteLength);
  return top;
}

/** A region that does not become the current one was taken back. */
@inline
export function announceArenaReset(ptr: usize, byteLength: usize): void {
  if (isDefined(RILL_CHECK)) hookArenaReset(ptr, <u32>byteLength);
}

/** A call of an import has begun, to which the host has answered `packed`. */
@inline
export function announceCallBegun(subtask: usize, packed: u32): void {
  if (isDefined(RILL_CHECK)) hookCallBegun(subtask, packed);
}

/** A call's `poll` answers so. */
@inline
export function announcedCallPolled(subtask: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookCallPolled(subtask, answer);
  return answer;
}

/** A call's `started` answers so. */
@inline
export function announcedCallStarted(subtask: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookCallStarted(subtask, answer);
  return answer;
}

/** A call's `cancel` answers so. */
@inline
export function announcedCallCancelled(subtask: usize, answer: bool): bool {
  if (isDefined(RILL_CHECK)) hookCallCancelled(subtask, answer);
  return answer;
}

/** The guest is given a call's result. */
@inline
export function announceCallTaken(subtask: usize): void {
  if (isDefined(RILL_CHECK)) hookCallTaken(subtask);
}

/** A call is forgotten, with the result that nobody took. */
@inline
export function announceCallForgotten(subtask: usize): void {
  if (isDefined(RILL_CHECK)) hookCallForgotten(subtask);
}

/**
 * Whether `place`, one of `count` from `first` on, is to be passed over: it is taken, or
 * was given back last and another is free.
 */
@inline
export function announcedPlaceBusy(place: usize, busy: bool, first: usize, stride: usize, count: i32): bool {
  if (isDefined(RILL_CHECK)) return hookPlaceBusy(place, busy, first, <u32>stride, count) != 0;
  return busy;
}

/** A resource's place is given back. */
@inline
export function announcePlaceReleased(place: usize): void {
  if (isDefined(RILL_CHECK)) hookPlaceReleased(place);
}

/** The same as `announcedPlaceBusy`, of the operation of an end. */
@inline
export function announcedEndBusy(place: usize, busy: bool, first: usize, stride: usize, count: i32): bool {
  if (isDefined(RILL_CHECK)) return hookEndBusy(place, busy, first, <u32>stride, count) != 0;
  return busy;
}
