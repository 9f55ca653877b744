/**
 * Waiting for whichever of several settles first: reads, writes, futures and calls that were started.
 *
 * Each of them is in a waitable set of its own. For as long as a wait lasts they are together in one set,
 * that of calls which block: a task waits in one place at a time. They are put back before anything is
 * answered, so a copy that settles, that is cancelled, or whose end is dropped after a wait is in its own set
 * again, as everywhere else. Every event that is there is taken in by the one that it is of, whichever is
 * answered: nothing is lost, and what settled while another one was answered is answered next.
 *
 *     the memory of one call in the source, static
 *     offset
 *      0      turn     bytes from here to the entry that was answered last; 0 when none was
 *      4      entries  the address of each
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { CopyResult } from "../abi/copy-result";
import { waitableJoin, waitableSetPoll } from "../abi/waitable-set";
import { announceChosen } from "../check";
import { FutureReader } from "../future/reader";
import { FutureWriter } from "../future/writer";
import { statusOf } from "../future/outcome";
import { HELD, Operation, settle } from "../operation";
import { StreamReader } from "../stream/reader";
import { StreamWriter } from "../stream/writer";
import { awaitEvent, isCancelled } from "../cancellation";
import { Subtask } from "./subtask";
import { EVENT, EVENT_NONE, noteWaitingForAny, waitableSet, waitingForAny } from "./waiting";

/** Bytes of an entry, and of the turn in front of them. */
const ENTRY: usize = sizeof<usize>();

/** The code of a call's event, and the least of a future's copy. Spec: CanonicalABI.md, EventCode */
const SUBTASK: u32 = 1;
const FUTURE_READ: u32 = 4;

/**
 * The status of all that is in flight is above this: of copies, of calls that
 * are starting, of calls that have started.
 */
const SETTLED: u32 = 0xffff_fffd;

/** The type of one that is not given: nothing that a guest would wait for by mistake. */
export type Nothing = f32;

/**
 * Whether futures, and calls, are waited for so anywhere: only `enter` sets
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
 * Heap: none; static memory for each call in the source: 4 bytes, and 4 for each that it waits for
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
  const site = memory.data(
    <i32>ENTRY *
      (9 -
        i32(isFloat<B>()) -
        i32(isFloat<C>()) -
        i32(isFloat<D>()) -
        i32(isFloat<E>()) -
        i32(isFloat<F>()) -
        i32(isFloat<G>()) -
        i32(isFloat<H>())),
    4,
  );
  // SAFETY: the site was made for its turn, and for as many entries as are given.
  let end = enter<A>(site + ENTRY, a);
  end = enter<B>(end, b);
  end = enter<C>(end, c);
  end = enter<D>(end, d);
  end = enter<E>(end, e);
  end = enter<F>(end, f);
  end = enter<G>(end, g);
  end = enter<H>(end, h);
  return awaitAny(site, end);
}

/** Puts what is waited for into its place. @returns the next place */
@inline
function enter<T>(at: usize, waited: T): usize {
  if (isFloat<T>()) return at;
  if (isDefined(waited.pending)) return enter<Subtask>(at, waited.pending());
  if (waited instanceof Subtask) ofCalls = true;
  else if (waited instanceof FutureReader || waited instanceof FutureWriter) ofFutures = true;
  else if (!(waited instanceof StreamReader || waited instanceof StreamWriter))
    ERROR("as-rill: waitAny waits for ends of streams and futures, and for calls");
  // SAFETY: a site has room for all that are given, and what lies behind the last one is its end.
  store<usize>(at, changetype<usize>(waited));
  // SAFETY: as above.
  return at + ENTRY;
}

/** What is waited for at an entry: an operation, or a call, whose words are the same. */
@inline
function waitedFor(entry: usize): Operation {
  // SAFETY: an entry holds the address of an operation or a subtask, and they are static.
  return changetype<Operation>(load<usize>(entry));
}

function awaitAny(site: usize, end: usize): i32 {
  if (waitingForAny) unreachable();
  const waitables = waitableSet();
  let chosen: usize;
  let code: u32;
  noteWaitingForAny(true);
  gather(site, end, waitables);
  do {
    chosen = choose(site, end);
    code = chosen ? waitableSetPoll(waitables, EVENT) : awaitEvent(waitables);
    if (code != EVENT_NONE) takeEvent(site, end, code);
  } while (code != EVENT_NONE);
  gather(site, end, 0);
  noteWaitingForAny(false);
  if (isCancelled() && !chosen) return -1;
  const turn = chosen - site;
  // SAFETY: a site begins with its turn.
  store<usize>(site, turn);
  announceChosen(turn ? chosen : 0);
  return <i32>(turn / ENTRY) - 1;
}

/** Puts all that have a handle into `waitables`, or each into its own set when that is 0. */
function gather(site: usize, end: usize, waitables: u32): void {
  // SAFETY: entries lie from behind the turn to the end.
  for (let at = site + ENTRY; at != end; at += ENTRY) {
    const waited = waitedFor(at);
    if (waited.handle) waitableJoin(waited.handle, waitables || waited.waitables);
  }
}

/**
 * Takes in the event in EVENT, of the one that it is of. An idle end may be told that the other
 * one is gone: it learns so when it asks.
 */
function takeEvent(site: usize, end: usize, code: u32): void {
  // SAFETY: EVENT is 8 static bytes that the host has just written: the waitable, then what it has come to.
  const payload = load<u32>(EVENT, 4);
  // SAFETY: as in gather.
  for (let at = site + ENTRY; at != end; at += ENTRY) {
    const waited = waitedFor(at);
    // SAFETY: EVENT, as above.
    if (waited.handle != load<u32>(EVENT) || waited.status <= SETTLED) continue;
    // SAFETY: the event is of a call, so that is what has this handle.
    if (ofCalls && code == SUBTASK) changetype<Subtask>(waited).settle(payload);
    else settle(waited, ofFutures && code >= FUTURE_READ ? statusOf(payload) : payload);
  }
}

/**
 * The first entry that has settled and has something to answer for, from the one
 * behind that which was answered last.
 * @returns when there is none: 0 when something is in flight, `site` when nothing is
 */
function choose(site: usize, end: usize): usize {
  // SAFETY: a site begins with its turn, which leads to an entry or to the site itself.
  const last = site + load<usize>(site);
  let at = last;
  let none = site;
  do {
    at += ENTRY;
    if (at == end) {
      at = site;
      continue;
    }
    const status = waitedFor(at).status;
    if (status > SETTLED) none = 0;
    else if (status & (HELD | CopyResult.DROPPED)) return at;
  } while (at != last);
  return none;
}
