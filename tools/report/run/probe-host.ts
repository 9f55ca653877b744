/** The host's side of the probes: keeps the stack of calls, the flame graph and the list of allocations. */
import { ArenaBooks } from "./arena-books.js";
import { PROBE_TABLE, type ProbeName, PROBES } from "./probe-interface.js";
import { functionType } from "../../wasm/byte-writer.js";
import { ByteWriter } from "../../wasm/byte-writer.js";

/** A node of the flame graph: a function, called along one way. */
export interface CallNode {
  readonly function: number;
  self: number;
  calls: number;
  readonly children: Map<number, CallNode>;
}

/** One allocation. `at` is the byte of the file where it was asked for, -1 when the host asked. */
export interface AllocationEvent {
  readonly at: number;
  readonly bytes: number;
  readonly item: number;
}

/** What a run needs to know of the module to keep its books. */
export interface ProbeSubject {
  /** Frame bytes on WAMR classic by function index, 0 where unknown. */
  readonly frameBytes: (index: number) => number;
  readonly entryBytes: number;
  /** The function that the host calls while the guest is in an import, null for none. */
  readonly reentered: number | null;
  readonly isAllocator: (index: number) => boolean;
  /**
   * Whether the byte of the file is the language's runtime: an allocation counts
   * where the guest's own code asks.
   */
  readonly isRuntime: (at: number) => boolean;
  /** Items that the guest has taken so far. */
  readonly itemsSoFar: () => number;
}

/** Listens to the probes while the guest runs. */
export class ProbeHost {
  /** The root of the call tree. */
  readonly root: CallNode = { function: -1, self: 0, calls: 0, children: new Map() };
  /** What each source line allocated. */
  readonly allocations: AllocationEvent[] = [];
  /** The arena's regions; empty without an arena. */
  readonly arena = new ArenaBooks((inUse, grown, at) => {
    if (grown > 0 && this.allocatorDepth === 0 && !this.arenaAsked)
      this.allocations.push({ at, bytes: grown, item: this.subject.itemsSoFar() });
    this.arenaAsked = false;
    this.use(inUse);
  });
  /** Bytes in use over time: for each item, the most. */
  readonly curve: { item: number; bytes: number }[] = [{ item: 0, bytes: 0 }];
  /** The most bytes in use. */
  highWater = 0;
  /** The deepest chain of calls. */
  maxDepth = 0;
  /** The most bytes of operands and frames. */
  maxStackBytes = 0;
  private stack: CallNode[] = [this.root];
  private frames: number;
  /** What each open function added to `frames`. */
  private readonly frameStack: number[] = [];
  /** The frame of the import that was called last, and how many imports the host has called back from. */
  private importFrame = 0;
  private importsBelow = 0;
  private counted = 0;
  /**
   * The call that comes next, and for each open function the call that it was entered by; -1 where not known.
   */
  private site = -1;
  private readonly sites: number[] = [-1];
  private pending: number | null = null;
  private allocatorDepth = 0;
  private readonly live = new Map<number, number>();
  private inUse = 0;
  private bumpStart: number | null = null;
  private bumpLast: number | null = null;
  /** Whether a named function asked for what the arena's top moved by. */
  private arenaAsked = false;

  constructor(private readonly subject: ProbeSubject) {
    this.frames = subject.entryBytes;
  }

  /** Puts the probes into an instance of the instrumented module. */
  attach(exports: WebAssembly.Exports): void {
    const bodies: Record<ProbeName, (...args: number[]) => void> = {
      enter: (index, total) => {
        this.enter(index!, total!);
      },
      leave: (total) => {
        this.leave(total!);
      },
      host: (index) => {
        this.arena.settle();
        this.importFrame = this.subject.frameBytes(index!);
        this.noteFrame(this.importFrame, this.stack.length);
      },
      site: (at) => {
        this.site = at!;
      },
      allocate: (_index, bytes) => {
        if (this.allocatorDepth === 1) this.allocate(bytes! >>> 0);
      },
      allocated: (ptr) => {
        if (this.allocatorDepth === 1) this.allocated(ptr! >>> 0);
      },
      free: (ptr) => {
        this.free(ptr! >>> 0);
      },
      bump: (pointer, at) => {
        this.bump(pointer! >>> 0, at!);
      },
      arenaTop: (top, at) => {
        this.arena.moveTop(top!, at!);
        this.arenaAsked = this.allocatorDepth > 0;
      },
      arenaCurrent: (region) => {
        this.arena.moveCurrent(region!);
      },
    };
    const table = exports[PROBE_TABLE] as WebAssembly.Table;
    for (const [name, { slot, params }] of Object.entries(PROBES)) {
      table.set(slot, asTableEntry(params, bodies[name as ProbeName]));
    }
  }

  /** Books what was executed since the last event; call it when the run is over. */
  settle(total: number): void {
    this.stack[this.stack.length - 1]!.self += total - this.counted;
    this.counted = total;
  }

  private enter(index: number, total: number): void {
    this.settle(total);
    this.arena.settle();
    const caller = this.stack[this.stack.length - 1]!;
    let node = caller.children.get(index);
    if (!node)
      caller.children.set(index, (node = { function: index, self: 0, calls: 0, children: new Map() }));
    node.calls++;
    this.stack.push(node);
    this.sites.push(this.site);
    this.site = -1;
    const frame = this.subject.frameBytes(index);
    const isReentry = index === this.subject.reentered && this.frameStack.length > 0;
    const before = isReentry ? this.importFrame + this.subject.entryBytes : 0;
    this.frames += before;
    if (isReentry) this.importsBelow++;
    this.noteFrame(frame, this.stack.length - 1);
    this.frames += frame;
    this.frameStack.push(before + frame);
    if (this.subject.isAllocator(index)) this.allocatorDepth++;
  }

  private leave(total: number): void {
    this.settle(total);
    this.arena.settle();
    const node = this.stack.pop()!;
    this.sites.pop();
    this.frames -= this.frameStack.pop()!;
    if (node.function === this.subject.reentered && this.frameStack.length > 0) this.importsBelow--;
    if (this.subject.isAllocator(node.function)) this.allocatorDepth--;
  }

  /** A frame is taken when twice its size is left. */
  private noteFrame(frame: number, depth: number): void {
    this.maxDepth = Math.max(this.maxDepth, depth + this.importsBelow);
    this.maxStackBytes = Math.max(this.maxStackBytes, this.frames + 2 * frame);
  }

  private allocate(bytes: number): void {
    this.pending = bytes;
    this.allocations.push({ at: this.ownSite(), bytes, item: this.subject.itemsSoFar() });
  }

  /** The innermost call that the guest's own code made on the way here. */
  private ownSite(): number {
    const known = this.sites.filter((at) => at >= 0);
    return known.findLast((at) => !this.subject.isRuntime(at)) ?? known.at(-1) ?? -1;
  }

  private allocated(ptr: number): void {
    if (this.pending === null) return;
    if (this.arena.regions.size > 0) {
      this.pending = null;
      return;
    }
    this.live.set(ptr, this.pending);
    if (this.bumpLast === null) this.use(this.inUse + this.pending);
    this.pending = null;
  }

  private free(ptr: number): void {
    const bytes = this.live.get(ptr);
    if (bytes === undefined) return;
    this.live.delete(ptr);
    if (this.bumpLast === null) this.use(this.inUse - bytes);
  }

  /**
   * A bump pointer moved: what lies below it is in use, headers and padding too. Up is an allocation, unless
   * an allocator that has a name was asked for it.
   */
  private bump(pointer: number, at: number): void {
    const grown = pointer - (this.bumpLast ?? pointer);
    this.bumpStart ??= pointer;
    this.bumpLast = pointer;
    if (grown > 0 && this.allocatorDepth === 0) {
      this.allocations.push({ at, bytes: grown, item: this.subject.itemsSoFar() });
    }
    this.use(Math.max(0, pointer - this.bumpStart));
  }

  /** Tells where a bump pointer stood before the run. */
  startBumpAt(pointer: number): void {
    this.bumpStart = this.bumpLast = pointer;
  }

  private use(bytes: number): void {
    this.inUse = bytes;
    this.highWater = Math.max(this.highWater, bytes);
    const item = this.subject.itemsSoFar();
    const last = this.curve[this.curve.length - 1]!;
    if (last.item === item) last.bytes = Math.max(last.bytes, bytes);
    else this.curve.push({ item, bytes });
  }
}

/** A JavaScript function as what a table of functions can hold: exported by a module that imports it. */
function asTableEntry(params: readonly number[], body: (...args: number[]) => void): unknown {
  const section = (id: number, content: ByteWriter): Uint8Array =>
    new ByteWriter().put(id).sized(content.bytes).bytes;
  const module = new ByteWriter()
    .put(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    .append(section(1, new ByteWriter().u32(1).append(functionType(params, []))))
    .append(section(2, new ByteWriter().u32(1).name("").name("f").put(0, 0)))
    .append(section(7, new ByteWriter().u32(1).name("f").put(0, 0)));
  const instance = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(module.bytes)), {
    "": { f: body },
  });
  return instance.exports["f"];
}
