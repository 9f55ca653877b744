/** A state for each byte of the guest's static memory, and the rules of every access to it. */
import { isLibrary, type Site } from "../instrumentation/site.js";
import { Found } from "../found.js";
import type { RuleName } from "../rules.js";
import { ByteState, PART_MASK, Part } from "./byte-state.js";

/** First address that the build gives out: below it lies nothing. */
const FIRST_ADDRESS = 4;
const WORD = 4;

/** Where a guest says how much its arena lacks, just before it traps. */
const ARENA_NEED = 0;
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

const refusedStores: Refusal[] = [];
refusedStores[ByteState.LENT_FOR_WRITING] = ["lent-write", "writes memory that the host is to write"];
refusedStores[ByteState.LENT_FOR_READING] = ["lent-write", "writes memory that the host is reading"];
refusedStores[ByteState.FILLED] = ["item-lost", "writes over an item that no call has answered for"];
refusedStores[ByteState.RELEASED] = ["stale-completion", "writes the frame of a task that has returned"];
refusedStores[ByteState.ARENA_FREE] = ["arena-after-reset", "writes arena memory that nobody holds"];

const refusedLends: Refusal[] = [];
refusedLends[ByteState.LENT_FOR_WRITING] = ["lent-twice", "is lent while another copy writes there"];
refusedLends[ByteState.LENT_FOR_READING] = ["lent-twice", "is lent while another copy reads there"];
refusedLends[ByteState.FILLED] = [
  "item-lost",
  "is lent again while it holds an item that no call has answered for",
];
refusedLends[ByteState.RELEASED] = ["stale-completion", "belongs to a task that has returned"];
refusedLends[ByteState.ARENA_FREE] = ["arena-after-reset", "is arena memory that nobody holds"];

const refusedReads: Refusal[] = [];
refusedReads[ByteState.NEVER_WRITTEN] = ["unwritten-item", "was never written"];
refusedReads[ByteState.LENT_FOR_WRITING] = ["lent-read", "is lent while a copy writes there"];
refusedReads[ByteState.EMPTY] = ["empty-slot", "is in a slot that holds no item"];
refusedReads[ByteState.RELEASED] = ["stale-completion", "belongs to a task that has returned"];
refusedReads[ByteState.ARENA_FREE] = ["arena-after-reset", "is arena memory that nobody holds"];

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
  /** The four arrays as words, for hashing. */
  readonly words: Int32Array;
  /** Loads and stores seen. */
  accesses = 0;
  private pinned = 0;
  private readonly library: readonly boolean[];

  constructor(
    readonly byteLength: number,
    readonly sites: readonly Site[],
  ) {
    const whole = Math.ceil(byteLength / WORD) * WORD;
    const buffer = new ArrayBuffer(4 * whole);
    this.state = new Uint8Array(buffer, 0, whole);
    this.owner = new Uint8Array(buffer, whole, whole);
    this.lender = new Uint8Array(buffer, 2 * whole, whole);
    this.pins = new Uint8Array(buffer, 3 * whole, whole);
    this.words = new Int32Array(buffer);
    this.library = sites.map((site) => isLibrary(site) || site.position === "");
    this.reset();
  }

  /** All memory is data: before a guest runs, static memory is as the module made it. */
  reset(): void {
    this.state.fill(ByteState.DATA);
    this.owner.fill(0);
    this.lender.fill(0);
    this.pins.fill(0);
    this.pinned = 0;
  }

  /** A load at `site` with base address `ptr`. */
  load(ptr: number, site: number): void {
    const { offset, byteLength } = this.sites[site]!;
    const at = (ptr >>> 0) + offset;
    this.access(at, byteLength, site, "reads");
    for (let i = at; i < at + byteLength; i++) {
      const refusal = refusedLoads[this.state[i]!];
      if (refusal) throw new Found(refusal[0], `${refusal[1]} (${range(at, byteLength)})`, site);
    }
  }

  /** A store, as `load`. */
  store(ptr: number, site: number): void {
    const { offset, byteLength } = this.sites[site]!;
    const at = (ptr >>> 0) + offset;
    this.access(at, byteLength, site, "writes");
    for (let i = at; i < at + byteLength; i++) {
      const state = this.state[i]!;
      const refusal = refusedStores[state];
      if (refusal) throw new Found(refusal[0], `${refusal[1]} (${range(at, byteLength)})`, site);
      if (this.pinned > 0 && this.pins[i]! > 0)
        throw new Found(
          "lent-write",
          `writes what an item in flight points to (${range(at, byteLength)})`,
          site,
        );
      if (state === ByteState.NEVER_WRITTEN) this.state[i] = ByteState.DATA;
    }
  }

  private access(at: number, byteLength: number, site: number, does: string): void {
    this.accesses++;
    if (at === ARENA_NEED && this.sites[site]!.position.startsWith(ARENA_FILE))
      throw new Found("guest-trap", "the arena has no room for another block", site);
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
    if (part === Part.NONE || part === Part.SLOT) return;
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

  /** Refuses addresses outside static data. */
  inside(at: number, byteLength: number, who: string, site: number): void {
    if (at >= FIRST_ADDRESS && at + byteLength <= this.byteLength) return;
    throw new Found(
      "static-overlap",
      `${who} ${range(at, byteLength)}, but static data is ${range(FIRST_ADDRESS, this.byteLength - FIRST_ADDRESS)}`,
      site,
    );
  }

  /** The host may touch this memory until `settle`. */
  lend(ptr: number, byteLength: number, forWriting: boolean, handle: number, site: number): void {
    if (byteLength === 0) return;
    this.inside(ptr, byteLength, "the host is lent", site);
    const owner = this.owner[ptr]!;
    let written = forWriting;
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
      written ||= state !== ByteState.NEVER_WRITTEN;
    }
    if (!written)
      throw new Found(
        "unwritten-item",
        `the host is given ${range(ptr, byteLength)}, where no item was stored`,
        site,
      );
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

  /** Gives a range one state. */
  mark(ptr: number, byteLength: number, state: number): void {
    this.state.fill(state, ptr, ptr + byteLength);
  }
}

/** `[from, to)` in decimal. */
export function range(ptr: number, byteLength: number): string {
  return `[${ptr}, ${ptr + byteLength})`;
}
