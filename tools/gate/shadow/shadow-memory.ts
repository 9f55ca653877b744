/** A state for each byte of the guest's static memory, and the rules of every access to it. */
import { isLibrary, type Site } from "../instrumentation/site.js";
import { FIRST_ADDRESS } from "../instrumentation/spill-area.js";
import { type StaticObject, wholeMemory } from "../instrumentation/static-objects.js";
import { Found, NoRoom } from "../found.js";
import type { RuleName } from "../rules.js";
import { ByteState, Content, PART_MASK, Part } from "./byte-state.js";

const WORD = 4;
/** Arrays that hold something of each byte. */
const ARRAYS = 5;

/** Where a guest says how much its arena lacks, just before it traps. */
export const ARENA_NEED = 0;
/** The file that writes the headers of arena blocks. */
const ARENA_FILE = "~lib/as-rill/assembly/arena.ts";
/** Files whose code copies memory, whatever it is. */
const copiers = ["~lib/util/memory", "~lib/memory", "~lib/as-rill/assembly/runtime.ts"];

type Refusal = readonly [RuleName, string] | undefined;

const refusedLoads: Refusal[] = [];
refusedLoads[ByteState.LENT_FOR_WRITING] = ["lent-read", "reads memory that the host is to write"];
refusedLoads[ByteState.LENT_FOR_READING] = ["lent-read", "reads memory that the host is reading"];
refusedLoads[ByteState.EMPTY] = ["empty-slot", "reads a slot that holds no item"];
refusedLoads[ByteState.FILLED] = ["empty-slot", "reads a slot whose item no call has answered for yet"];
refusedLoads[ByteState.TAKEN] = [
  "stale-view",
  "reads a slot through an old view: value was not asked for since next()",
];
refusedLoads[ByteState.RELEASED] = ["stale-completion", "reads the frame of a task that has returned"];
refusedLoads[ByteState.ARENA_FREE] = ["arena-after-reset", "reads arena memory that nobody holds"];
refusedLoads[ByteState.PLACE_FREE] = ["place-after-release", "reads a place of a table that nobody has"];

const refusedStores: Refusal[] = [];
refusedStores[ByteState.LENT_FOR_WRITING] = ["lent-write", "writes memory that the host is to write"];
refusedStores[ByteState.LENT_FOR_READING] = ["lent-write", "writes memory that the host is reading"];
refusedStores[ByteState.FILLED] = ["item-lost", "writes over an item that no call has answered for"];
refusedStores[ByteState.RELEASED] = ["stale-completion", "writes the frame of a task that has returned"];
refusedStores[ByteState.ARENA_FREE] = ["arena-after-reset", "writes arena memory that nobody holds"];
refusedStores[ByteState.PLACE_FREE] = ["place-after-release", "writes a place of a table that nobody has"];

const refusedLends: Refusal[] = [];
refusedLends[ByteState.LENT_FOR_WRITING] = ["lent-twice", "is lent while another copy writes there"];
refusedLends[ByteState.LENT_FOR_READING] = ["lent-twice", "is lent while another copy reads there"];
refusedLends[ByteState.FILLED] = [
  "item-lost",
  "is lent again while it holds an item that no call has answered for",
];
refusedLends[ByteState.RELEASED] = ["stale-completion", "belongs to a task that has returned"];
refusedLends[ByteState.ARENA_FREE] = ["arena-after-reset", "is arena memory that nobody holds"];
refusedLends[ByteState.PLACE_FREE] = ["place-after-release", "is a place of a table that nobody has"];

const refusedReads: Refusal[] = [];
refusedReads[ByteState.LENT_FOR_WRITING] = ["lent-read", "is lent while a copy writes there"];
refusedReads[ByteState.EMPTY] = ["empty-slot", "is in a slot that holds no item"];
refusedReads[ByteState.RELEASED] = ["stale-completion", "belongs to a task that has returned"];
refusedReads[ByteState.ARENA_FREE] = ["arena-after-reset", "is arena memory that nobody holds"];
refusedReads[ByteState.PLACE_FREE] = ["place-after-release", "is a place of a table that nobody has"];

/** Shadow of `[0, byteLength)`. */
export class ShadowMemory {
  /** The state of each byte. */
  readonly state: Uint8Array;
  /** The operation's part that a byte belongs to: number << 2 | part; 0 for none. */
  readonly owner: Uint8Array;
  /** Low byte of the handle whose copy the byte is lent to. */
  readonly lender: Uint8Array;
  /** How many copies and calls in flight are to read the byte behind a pointer. */
  readonly pins: Uint8Array;
  /** Where the contents of each byte come from. */
  readonly content: Uint8Array;
  /** The arrays as words, for hashing. */
  readonly words: Int32Array;
  /** The memory's words that belong to objects, as pairs of first and end. */
  readonly objectWords: readonly number[];
  /** The same of all arrays. */
  readonly shadowWords: readonly number[];
  /** Whether the gate has left some of the arena unused in this run: then a lack of room says nothing. */
  leavesUnused = false;
  /** Loads and stores seen. */
  accesses = 0;
  private pinned = 0;
  private readonly library: readonly boolean[];
  /** Number of the object that a byte lies in, from 1; 0 between objects. */
  private readonly object: Uint16Array;
  /** The arrays of a guest that has not run. */
  private readonly initial: Int32Array;
  /** Where the copying store goes whose load comes next. */
  private copyTo = 0;

  constructor(
    readonly byteLength: number,
    readonly sites: readonly Site[],
    readonly objects: readonly StaticObject[] = wholeMemory(byteLength),
  ) {
    const whole = Math.ceil(byteLength / WORD) * WORD;
    const buffer = new ArrayBuffer(ARRAYS * whole);
    this.state = new Uint8Array(buffer, 0, whole);
    this.owner = new Uint8Array(buffer, whole, whole);
    this.lender = new Uint8Array(buffer, 2 * whole, whole);
    this.pins = new Uint8Array(buffer, 3 * whole, whole);
    this.content = new Uint8Array(buffer, 4 * whole, whole);
    this.words = new Int32Array(buffer);
    this.library = sites.map((site) => isLibrary(site) || site.position === "");
    this.object = new Uint16Array(whole);
    this.state.fill(ByteState.DATA);
    objects.forEach(({ address, byteLength, kind }, index) => {
      this.object.fill(index + 1, address, address + byteLength);
      if (kind === "header") this.owner.fill(Part.BLOCK_HEADER, address, address + byteLength);
      if (kind === "zeroed") this.content.fill(Content.ZEROED, address, address + byteLength);
    });
    this.initial = this.words.slice();
    this.objectWords = wordRanges(objects);
    this.shadowWords = Array.from({ length: ARRAYS }, (_, array) =>
      this.objectWords.map((word) => word + (array * whole) / WORD),
    ).flat();
    this.reset();
  }

  /** All memory is data: before a guest runs, static memory is as the module made it. */
  reset(): void {
    this.words.set(this.initial);
    this.pinned = 0;
    this.leavesUnused = false;
  }

  /**
   * A load at `site` with base address `ptr`. What is stored right away
   * elsewhere keeps where its contents come from.
   */
  load(ptr: number, site: number): void {
    const { offset, byteLength, copies } = this.sites[site]!;
    const at = (ptr >>> 0) + offset;
    this.access(at, byteLength, site, "reads");
    for (let i = at; i < at + byteLength; i++) {
      const refusal = refusedLoads[this.state[i]!];
      if (refusal) throw new Found(refusal[0], `${refusal[1]} (${range(at, byteLength)})`, site);
      if (this.content[i] !== Content.NOBODY) continue;
      if (!copies)
        throw new Found("unwritten-read", `reads ${range(at, byteLength)}, which nobody has written`, site);
      this.content[this.copyTo + i - at] = Content.NOBODY;
    }
  }

  /** A store, as `load`. */
  store(ptr: number, site: number): void {
    const { offset, byteLength } = this.sites[site]!;
    const at = (ptr >>> 0) + offset;
    this.access(at, byteLength, site, "writes");
    for (let i = at; i < at + byteLength; i++) {
      const refusal = refusedStores[this.state[i]!];
      if (refusal) throw new Found(refusal[0], `${refusal[1]} (${range(at, byteLength)})`, site);
      if (this.pinned > 0 && this.pins[i]! > 0)
        throw new Found(
          "lent-write",
          `writes what an item in flight points to (${range(at, byteLength)})`,
          site,
        );
      this.content[i] = Content.WRITTEN;
    }
    this.copyTo = at;
  }

  private access(at: number, byteLength: number, site: number, does: string): void {
    this.accesses++;
    if (at === ARENA_NEED && this.sites[site]!.position.startsWith(ARENA_FILE)) {
      if (this.leavesUnused) throw new NoRoom();
      throw new Found("guest-trap", "the arena has no room for another block", site);
    }
    this.inside(at, byteLength, `the guest ${does}`, site);
    const owner = this.owner[at]!;
    for (let i = at + 1; i < at + byteLength; i++) {
      if (this.owner[i] !== owner)
        throw new Found(
          "outside-element",
          `${does} over an edge of an operation's parts (${range(at, byteLength)})`,
          site,
        );
    }
    const part = owner & PART_MASK;
    if (part === Part.NONE || part === Part.SLOT || this.isKept(at)) return;
    const { position } = this.sites[site]!;
    if (part === Part.BLOCK_HEADER) {
      const allowed = does === "reads" ? "~lib/" : ARENA_FILE;
      if (position === "" || position.startsWith(allowed)) return;
      throw new Found(
        "outside-element",
        `${does} the word in front of an arena block (${range(at, byteLength)})`,
        site,
      );
    }
    if (copiers.some((file) => position.startsWith(file)))
      throw new Found("operation-moved", `copies an operation (${range(at, byteLength)})`, site);
    if (!this.library[site])
      throw new Found("outside-element", `${does} an operation's header (${range(at, byteLength)})`, site);
    if (byteLength !== WORD || at % WORD !== 0)
      throw new Found(
        "outside-element",
        `${does} part of a word of an operation's header (${range(at, byteLength)})`,
        site,
      );
  }

  /** Whether a byte of an operation's header is none any more. */
  private isKept(at: number): boolean {
    return this.objects[this.object[at]! - 1]?.kind === "kept";
  }

  /** Refuses what does not lie in one object of static data. */
  inside(at: number, byteLength: number, who: string, site: number): void {
    if (at < FIRST_ADDRESS || at + byteLength > this.byteLength)
      throw new Found(
        "static-overlap",
        `${who} ${range(at, byteLength)}, but static data is ${range(FIRST_ADDRESS, this.byteLength - FIRST_ADDRESS)}`,
        site,
      );
    if (byteLength === 0) return;
    const object = this.object[at]!;
    if (object !== 0 && object === this.object[at + byteLength - 1]) return;
    throw new Found("outside-element", `${who} ${range(at, byteLength)}, ${this.edge(at)}`, site);
  }

  /** Words for what is not all in one object: which object it reaches out of. */
  private edge(at: number): string {
    const before = this.objects.findLast(({ address }) => address <= at);
    if (!before) return "where no object lies";
    const { name, address, byteLength } = before;
    const where = at < address + byteLength ? "over the end of" : "behind the end of";
    return `${where} ${name}, which is ${range(address, byteLength)}`;
  }

  /** The host may touch this memory until `settle`. */
  lend(ptr: number, byteLength: number, forWriting: boolean, handle: number, site: number): void {
    if (byteLength === 0) return;
    this.inside(ptr, byteLength, "the host is lent", site);
    const owner = this.owner[ptr]!;
    for (let i = ptr; i < ptr + byteLength; i++) {
      const state = this.state[i]!;
      const refusal = refusedLends[state];
      if (refusal) throw new Found(refusal[0], `${range(ptr, byteLength)} ${refusal[1]}`, site);
      if (this.owner[i] !== owner || (this.owner[i]! & PART_MASK) === Part.HEADER)
        throw new Found(
          "outside-element",
          `${range(ptr, byteLength)}, lent to the host, is not a slot or a buffer`,
          site,
        );
      if (forWriting && this.pins[i]! > 0)
        throw new Found(
          "lent-twice",
          `${range(ptr, byteLength)} is lent while an item in flight points there`,
          site,
        );
    }
    this.state.fill(
      forWriting ? ByteState.LENT_FOR_WRITING : ByteState.LENT_FOR_READING,
      ptr,
      ptr + byteLength,
    );
    this.lender.fill(handle & 0xff, ptr, ptr + byteLength);
  }

  /** The copy is over: the first `filled` bytes hold items, the memory is the guest's again. */
  settle(
    ptr: number,
    byteLength: number,
    filled: number,
    forWriting: boolean,
    handle: number,
    site: number,
  ): void {
    const lent = forWriting ? ByteState.LENT_FOR_WRITING : ByteState.LENT_FOR_READING;
    for (let i = ptr; i < ptr + byteLength; i++) {
      if (this.state[i] !== lent || this.lender[i] !== (handle & 0xff))
        throw new Found(
          "stale-completion",
          `the copy of handle ${handle} ends in ${range(ptr, byteLength)}, which is no longer lent to it`,
          site,
        );
      const slot = (this.owner[i]! & PART_MASK) === Part.SLOT;
      this.state[i] =
        !slot || !forWriting ? ByteState.DATA : i < ptr + filled ? ByteState.FILLED : ByteState.EMPTY;
      this.lender[i] = 0;
    }
    if (forWriting) this.arrived(ptr, byteLength, filled);
    else if ((this.owner[ptr]! & PART_MASK) === Part.SLOT) this.content.fill(Content.SENT, ptr, ptr + filled);
  }

  /** Items have come. What was never written of a buffer that they did not fill holds none. */
  private arrived(ptr: number, byteLength: number, filled: number): void {
    this.content.fill(Content.WRITTEN, ptr, ptr + filled);
    if (filled === 0) return;
    for (let i = ptr + filled; i < ptr + byteLength; i++)
      if (this.content[i] === Content.ZEROED) this.content[i] = Content.NOBODY;
  }

  /** Whether every byte was stored, and since the last item that was sent from there. */
  isWritten(ptr: number, byteLength: number): boolean {
    for (let i = ptr; i < ptr + byteLength; i++) if (this.content[i] !== Content.WRITTEN) return false;
    return true;
  }

  /** Whether nobody has ever stored to a range that `memory.data` made 0: zeros that are sent as they are. */
  isZeroed(ptr: number, byteLength: number): boolean {
    for (let i = ptr; i < ptr + byteLength; i++) if (this.content[i] !== Content.ZEROED) return false;
    return true;
  }

  /**
   * The host takes these bytes for part of a value.
   * @param isElement of an element of a copy of which others were stored: zeros
   * that `memory.data` made are no part of it
   * @returns whether they were sent before and not stored since
   */
  requireWritten(ptr: number, byteLength: number, isElement: boolean, site: number): boolean {
    for (let i = ptr; i < ptr + byteLength; i++) {
      const content = this.content[i];
      if (content === Content.NOBODY || (isElement && content === Content.ZEROED))
        throw new Found(
          "unwritten-item",
          `the host is given ${range(ptr, byteLength)}, and nobody has written byte ${i}`,
          site,
        );
    }
    return byteLength > 0 && this.content[ptr] === Content.SENT;
  }

  /** The host writes an event or a result here, at once. */
  hostWrites(ptr: number, byteLength: number, what: string, site: number): void {
    this.inside(ptr, byteLength, `the host writes ${what} to`, site);
    for (let i = ptr; i < ptr + byteLength; i++) {
      const refusal = refusedLends[this.state[i]!];
      if (refusal)
        throw new Found(refusal[0], `${range(ptr, byteLength)}, where ${what} goes, ${refusal[1]}`, site);
      if (this.pins[i]! > 0)
        throw new Found(
          "lent-twice",
          `${range(ptr, byteLength)}, where ${what} goes, is what an item in flight points to`,
          site,
        );
      if (this.owner[i] !== 0)
        throw new Found("static-overlap", `${what} and an operation share ${range(ptr, byteLength)}`, site);
    }
    this.content.fill(Content.WRITTEN, ptr, ptr + byteLength);
  }

  /** The host reads a value, or what it points to, at once. */
  hostReads(ptr: number, byteLength: number, what: string, site: number): void {
    if (byteLength === 0) return;
    this.inside(ptr, byteLength, `the host reads ${what} in`, site);
    const owner = this.owner[ptr]!;
    for (let i = ptr; i < ptr + byteLength; i++) {
      const refusal = refusedReads[this.state[i]!];
      if (refusal) throw new Found(refusal[0], `${what} in ${range(ptr, byteLength)} ${refusal[1]}`, site);
      if (this.owner[i] !== owner || (owner & PART_MASK) === Part.HEADER)
        throw new Found("outside-element", `${what} in ${range(ptr, byteLength)} reaches over an edge`, site);
    }
  }

  /** What the host is to read behind a pointer may not change until `unpin`. */
  pin(ptr: number, byteLength: number): void {
    this.pinned++;
    for (let i = ptr; i < ptr + byteLength; i++) this.pins[i]!++;
  }

  /** Ends a `pin` of the same range. */
  unpin(ptr: number, byteLength: number): void {
    this.pinned--;
    for (let i = ptr; i < ptr + byteLength; i++) this.pins[i]!--;
  }

  /** What a range holds is nobody's doing. */
  forget(ptr: number, byteLength: number): void {
    this.content.fill(Content.NOBODY, ptr, ptr + byteLength);
  }

  /** Gives a range one state. */
  mark(ptr: number, byteLength: number, state: number): void {
    this.state.fill(state, ptr, ptr + byteLength);
  }
}

/** `[from, to)` in decimal. */
export function range(ptr: number, byteLength: number): string {
  return `[${ptr}, ${ptr + byteLength})`;
}

/** The words that hold bytes of objects: pairs of first and end. */
function wordRanges(objects: readonly StaticObject[]): number[] {
  const ranges: number[] = [];
  for (const { address, byteLength } of objects) {
    const [first, end] = [Math.floor(address / WORD), Math.ceil((address + byteLength) / WORD)];
    if (ranges.at(-1) !== undefined && first <= ranges.at(-1)!) ranges[ranges.length - 1] = end;
    else ranges.push(first, end);
  }
  return ranges;
}
