/**
 * Waiting for whichever of several settles first: reads, writes, futures and calls that were started.
 *
 * For as long as a wait lasts they are together in one set: a task waits in one place at a time. They are put
 * back before anything is answered, so a copy that settles, that is cancelled, or whose end is dropped after
 * a wait is in its own set again, as everywhere else. Every event that is there is taken in by the one that
 * it is of, whichever is answered: nothing is lost, and what settled while another one was answered is
 * answered next.
 *
 * The set is that of calls which block. Where nobody can look into it meanwhile it is that of the first one,
 * an end, which then stays where it is.
 *
 * Each has a place in its call in the source: from 1, three bits up, and what it is in the bits below, so
 * places are compared as their numbers are. Of a call in the source the place that was answered last is kept:
 * a static word.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { CopyResult } from "../abi/copy-result";
import { waitableJoin, waitableSetPoll } from "../abi/waitable-set";
import { announceChosen } from "../check";
import { FutureReader } from "../future/reader";
import { FutureWriter } from "../future/writer";
import { statusOf } from "../future/outcome";
import { HELD, Operation, noteAbreast, settle } from "../operation";
import { StreamReader } from "../stream/reader";
import { StreamWriter } from "../stream/writer";
import { awaitEvent } from "../cancellation";
import { Subtask } from "./subtask";
import { EVENT, EVENT_NONE, entered, noteWaitingForAny, waitableSet, waitingForAny } from "./waiting";

/** Of a place: its number is above these bits. */
const NUMBER_SHIFT: u32 = 3;
/** Of a place: a call has it. */
const OF_CALL: u32 = 2;
/** Of a place: an end of a future has it. */
const OF_FUTURE: u32 = 4;
/** No place: nothing has settled, and nothing is in flight. Without the bit: something is. */
const NONE: u32 = 1;

/**
 * The status of all that is in flight is above this: of copies, of calls that
 * are starting, of calls that have started.
 */
const SETTLED: u32 = 0xffff_fffd;

/** The type of one that is not given: nothing that a guest would wait for by mistake. */
export type Nothing = f32;

/**
 * Whether futures, and calls, are waited for so anywhere: only `look` sets
 * them, as `overlapping` in operation.ts.
 */
let ofFutures: bool = false;
let ofCalls: bool = false;

/**
 * Waits until one of up to eight reads, writes and calls that were begun has settled: ends of streams and
 * futures that were `start`ed, and calls.
 *
 * ```ts
 * input.start();
 * timer.start(500_000_000);
 * if (waitAny(input, timer) == 0) use(input.next());
 * ```
 * Of several that have settled each has its turn: one that always has does not keep the others from being
 * answered. What was answered stays settled until its item or result was taken, or it was begun anew; an end
 * whose other end is gone stays so for ever. What was not begun is passed over.
 * @returns the place of one that has settled, from 0; -1 when nothing has settled and nothing is in
 * flight, or the task was cancelled
 * Traps: a task waits so already, and this is a function called meanwhile
 * Heap: none; static memory for each call in the source: 4 bytes
 * Spec: CanonicalABI.md, canon waitable-set.wait
 */
@inline
export function waitAny<
  A,
  B = Nothing,
  C = Nothing,
  D = Nothing,
  E = Nothing,
  F = Nothing,
  G = Nothing,
  H = Nothing,
>(a: A, b: B = <B>0, c: C = <C>0, d: D = <D>0, e: E = <E>0, f: F = <F>0, g: G = <G>0, h: H = <H>0): i32 {
  if (entered && waitingForAny) unreachable();
  noteWaitingForAny(true);
  const waitables = stays<A>() ? operationOf<A>(a).waitables : waitableSet();
  gather<A, B, C, D, E, F, G, H>(waitables, a, b, c, d, e, f, g, h);
  const turn = memory.data(4, 4);
  // SAFETY: the word is of this call in the source alone.
  const last = load<u32>(turn);
  // Nothing has the handle 0: no event has come yet.
  // SAFETY: EVENT is 8 static bytes, and nobody reads from them what the host has not just written.
  store<u32>(EVENT, 0);
  let chosen: u32;
  do {
    chosen = look<H>(8, h, NONE, last);
    chosen = look<G>(7, g, chosen, last);
    chosen = look<F>(6, f, chosen, last);
    chosen = look<E>(5, e, chosen, last);
    chosen = look<D>(4, d, chosen, last);
    chosen = look<C>(3, c, chosen, last);
    chosen = look<B>(2, b, chosen, last);
    chosen = look<A>(1, a, chosen, last);
  } while ((chosen ? waitableSetPoll(waitables, EVENT) : awaitEvent(waitables)) != EVENT_NONE);
  gather<A, B, C, D, E, F, G, H>(0, a, b, c, d, e, f, g, h);
  noteWaitingForAny(false);
  // SAFETY: as above.
  store<u32>(turn, chosen);
  const number = chosen >>> NUMBER_SHIFT;
  announceChosen(addressAt<A, B, C, D, E, F, G, H>(number, a, b, c, d, e, f, g, h));
  return <i32>number - 1;
}

/** Whether the first one, an end, stays in its own set, which the others join. */
@inline
function stays<A>(): bool {
  return !entered && !isCall<A>();
}

/** Whether a T is a call: a subtask, or the object of one, which has a function to give it. */
@inline
function isCall<T>(): bool {
  // SAFETY: no object is looked at, its type alone.
  return isDefined(changetype<T>(0).pending) || changetype<T>(0) instanceof Subtask;
}

/** What is waited for: an operation, or a call, whose words are the same. */
@inline
function operationOf<T>(waited: T): Operation {
  // SAFETY: `look` refuses what is none of these, and all of them begin with an operation's three words.
  if (isDefined(waited.pending)) return changetype<Operation>(waited.pending());
  // SAFETY: as above.
  return changetype<Operation>(waited);
}

/** Puts all that have a handle into `waitables`, or each into its own set when that is 0. */
@inline
function gather<A, B, C, D, E, F, G, H>(
  waitables: u32,
  a: A,
  b: B,
  c: C,
  d: D,
  e: E,
  f: F,
  g: G,
  h: H,
): void {
  if (!stays<A>()) move<A>(a, waitables);
  move<B>(b, waitables);
  move<C>(c, waitables);
  move<D>(d, waitables);
  move<E>(e, waitables);
  move<F>(f, waitables);
  move<G>(g, waitables);
  move<H>(h, waitables);
}


@inline
function move<T>(waited: T, waitables: u32): void {
  if (!isFloat<T>()) moveOperation(operationOf<T>(waited), waitables);
}

function moveOperation(waited: Operation, waitables: u32): void {
  const handle = waited.handle;
  if (handle) waitableJoin(handle, select<u32>(waitables, waited.waitables, waitables != 0));
}

/**
 * Takes in the event in EVENT, if it is of the one at place `number`, and looks whether that is to be
 * answered.
 * @param chosen what those behind have come to: the place that is to be answered; 0 when something is in
 * flight and nothing is to be answered; NONE
 * @param last the place that was answered last
 * @returns the same with this one
 */
@inline
function look<T>(number: u32, waited: T, chosen: u32, last: u32): u32 {
  if (isFloat<T>()) return chosen;
  let kind: u32 = 0;
  if (isCall<T>()) {
    ofCalls = true;
    kind = OF_CALL;
  } else if (waited instanceof FutureReader || waited instanceof FutureWriter) {
    ofFutures = true;
    kind = OF_FUTURE;
  } else if (waited instanceof StreamReader) noteAbreast();
  else if (!(waited instanceof StreamWriter))
    ERROR("as-rill: waitAny waits for ends of streams and futures, and for calls");
  return lookAt((number << NUMBER_SHIFT) | kind, operationOf<T>(waited), chosen, last);
}

function lookAt(place: u32, waited: Operation, chosen: u32, last: u32): u32 {
  // An idle end may be told that the other one is gone: it learns so when it asks.
  // SAFETY: EVENT is 8 static bytes that the host has just written: the waitable, then what it has come to.
  if (u32(waited.status > SETTLED) & u32(waited.handle == load<u32>(EVENT))) {
    // SAFETY: EVENT, as above.
    const payload = load<u32>(EVENT, 4);
    // SAFETY: the place says that it is a call.
    if (ofCalls && place & OF_CALL) changetype<Subtask>(waited).settle(payload);
    else settle(waited, ofFutures && place & OF_FUTURE ? statusOf(payload) : payload);
  }
  const status = waited.status;
  if (status > SETTLED) return chosen & ~NONE;
  // They are looked at from the last one down: the next behind `last` comes first, then the first of all.
  const isNext = u32(place > last) | u32(chosen <= last);
  const mayAnswer = select<u32>(status & (HELD | CopyResult.DROPPED), 0, isNext != 0);
  return select<u32>(place, chosen, mayAnswer != 0);
}

/** The address of the one at place `number`; 0 when that is 0. */
@inline
function addressAt<A, B, C, D, E, F, G, H>(
  number: u32,
  a: A,
  b: B,
  c: C,
  d: D,
  e: E,
  f: F,
  g: G,
  h: H,
): usize {
  let address: usize = 0;
  address = at<A>(1, a, number, address);
  address = at<B>(2, b, number, address);
  address = at<C>(3, c, number, address);
  address = at<D>(4, d, number, address);
  address = at<E>(5, e, number, address);
  address = at<F>(6, f, number, address);
  address = at<G>(7, g, number, address);
  return at<H>(8, h, number, address);
}


@inline
function at<T>(place: u32, waited: T, number: u32, otherwise: usize): usize {
  if (isFloat<T>()) return otherwise;
  return number == place ? changetype<usize>(operationOf<T>(waited)) : otherwise;
}
