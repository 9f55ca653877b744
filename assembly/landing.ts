/**
 * Where items with pointers land while several reads are in flight, and what calls that go on answer.
 *
 * The host asks for memory without saying for which item. So the current region may be reused only when no
 * other reader's item can lie in it. A reader that asks for an item therefore looks at the other readers
 * first: one whose copy goes on has nothing in memory yet, and one whose copy has settled has its item in
 * the region that was current meanwhile, its home. Each of n readers brings a region and each other one has
 * at most one home, so there is always a region that is nobody's home: it becomes the current one.
 *
 * A call (`ArenaSubtask`) is in the same list. Its home is the region with its result, and it brings a
 * region, so the count holds. Ends in values bring what is theirs while they are open (`end-regions.ts`):
 * those that are closed hold nothing. It does not change the current region. What it is passed lies in a
 * region of its own that is none of these (`task/kept-params.ts`).
 *
 * A guest that never calls `start` has none of this: each reader then uses its own region.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import { PROGRESS_MASK } from "./abi/copy-result";
import { currentRegion, keepLanded, mark, useRegion } from "./arena";
import { pollValue } from "./future/outcome";
import { Operation, noteOverlapping, overlapping, pollFlight } from "./operation";
import { Subtask } from "./task/subtask";
import { entered, waitingForAny } from "./task/waiting";

/**
 * The home of a reader without an item, or whose item nobody has looked for yet. No region has this address.
 */
const UNKNOWN: usize = 1;

/** In `following`: this reader is of a future. Addresses of operations have it clear. */
const FUTURE: usize = 1;
/** In `following`: this is no reader but a call. */
const CALL: usize = 2;
const KIND: usize = FUTURE | CALL;

/** Whether calls land here; only `beginCallLanding` sets it. */
export let callsLand: bool = false;

/**
 * A readable end for items with pointers, 20 bytes as every operation; or a call,
 * whose first three words are its subtask's.
 */
@unmanaged
class LandingOperation extends Operation {
  /** The region that its item lies in, or UNKNOWN; 0 as long as it has not asked for an item. */
  home: usize;
  /** The next in the list of those that have asked, and the bits of KIND. */
  following: usize;
}

/** The readers that have asked for an item since the guest began; static frames last, so nobody leaves. */
@lazy
let readers: usize = 0;
/** Their regions: each one's first word, which no block uses, holds the next one's address. */
@lazy
let regions: usize = 0;

/**
 * Makes a region current that holds no item of another reader, all of it free, for the
 * item that `operation` is about to ask for.
 * Caller must: have no copy of `operation` in flight, and no use for its last item
 * @param operation a readable end; its words at 12 and 16 are this file's
 * @param region    address of the region that it brings
 * @param future    whether it is a future's
 */
@unsafe
@inline
export function beginLanding(operation: Operation, region: usize, future: bool): void {
  if (!overlapping) useRegion(region);
  else useFreeRegion(changetype<LandingOperation>(operation), region, future); // SAFETY: both are 20 bytes.
}

function useFreeRegion(reader: LandingOperation, region: usize, future: bool): void {
  // What has landed for those that are waited for is not known yet.
  if (entered && waitingForAny) unreachable();
  if (!reader.home) enlist(reader, region, usize(future));
  noteHomes();
  let free = reader.home;
  reader.home = UNKNOWN;
  if (free == UNKNOWN || isHome(free)) {
    free = regions;
    // SAFETY: the list holds addresses of regions, whose first word is the
    // list's; one of them is free, as said above.
    while (isHome(free)) free = load<usize>(free);
  }
  useRegion(free);
}

function enlist(reader: LandingOperation, region: usize, kind: usize): void {
  reader.home = region;
  reader.following = readers | kind;
  readers = changetype<usize>(reader);
  addRegion(region);
}

/**
 * A region of an end that comes inside of a value, when it is opened: items may land there from now on.
 * Caller must: give one of the regions that such ends share
 */
@unsafe
export function bringRegion(region: usize): void {
  if (overlapping) addRegion(region);
}

/** Adds `region` to those that items land in. Ends in values share some: such a one may be among them. */
function addRegion(region: usize): void {
  // SAFETY: the list holds addresses of regions, whose first word is the list's.
  for (let at = regions; at; at = load<usize>(at)) if (at == region) return;
  // SAFETY: the first word of a region is not part of any block.
  store<usize>(region, regions);
  regions = region;
}

/**
 * The current region is the home of each reader that got an item since it became current. A poll that finds
 * nothing lets the outside go on: what has landed meanwhile is looked for again.
 */
export function noteHomes(): void {
  let before: usize;
  do {
    before = mark();
    noteSettled(currentRegion());
  } while (mark() != before);
}

/** The region `landed` is the home of each reader whose item is there and has none. */
function noteSettled(landed: usize): void {
  for (let at = readers; at;) {
    // SAFETY: the list holds addresses of static frames alone.
    const reader = changetype<LandingOperation>(at);
    if (callsLand && reader.following & CALL) noteCall(reader, landed);
    else if (reader.home == UNKNOWN && hasItem(reader)) settleHome(reader, landed);
    at = reader.following & ~KIND;
  }
}

/** The same for a call whose result has come. Takes in its event. */
function noteCall(call: LandingOperation, landed: usize): void {
  if (call.home != UNKNOWN) return;
  // SAFETY: the first three words of a call are its subtask's.
  const subtask = changetype<Subtask>(call);
  subtask.poll();
  if (subtask.hasResult) settleHome(call, landed);
}

/** What `reader` was brought lies in the region `landed`, the current one. */
@inline
function settleHome(reader: LandingOperation, landed: usize): void {
  reader.home = landed;
  keepLanded();
}

/** Whether the reader's last copy has settled and brought an item. Takes in its event. */
function hasItem(reader: LandingOperation): bool {
  const settled = reader.following & FUTURE ? pollValue(reader) : pollFlight(reader);
  return settled && reader.status > PROGRESS_MASK;
}

function isHome(region: usize): bool {
  for (let at = readers; at;) {
    // SAFETY: as in noteHomes.
    const reader = changetype<LandingOperation>(at);
    const holds = callsLand && reader.following & CALL ? true : reader.status > PROGRESS_MASK;
    if (reader.home == region && holds) return true;
    at = reader.following & ~KIND;
  }
  return false;
}

/**
 * A call is about to begin, and its last result is given back.
 * @param subtask an `ArenaSubtask`; its words at 12 and 16 are this file's
 * @param region  address of the region that it brings
 * Caller must: bring a region of ARENA_BYTES static bytes that no other brings
 */
@unsafe
export function beginCallLanding(subtask: Subtask, region: usize): void {
  callsLand = true;
  noteOverlapping();
  // SAFETY: both are the same 20 bytes.
  const call = changetype<LandingOperation>(subtask);
  if (!call.home) enlist(call, region, CALL);
  call.home = UNKNOWN;
}

/** A call's result is about to be taken: from now on its event does not tell where it is. */
export function noteCallLanding(subtask: Subtask): void {
  // SAFETY: as in beginCallLanding.
  noteCall(changetype<LandingOperation>(subtask), currentRegion());
}

/** Before the task's region is given back. Traps: a call goes on, or a result is there that nobody took */
export function requireCallsOver(): void {
  for (let at = readers; at;) {
    // SAFETY: as in noteHomes.
    const call = changetype<LandingOperation>(at);
    // SAFETY: the first three words of a call are its subtask's.
    if (call.following & CALL && changetype<Subtask>(call).isOpen) unreachable();
    at = call.following & ~KIND;
  }
}
