/**
 * The report, as `rill report --json` prints it. All forms are drawn from this
 * document and from nothing else.
 *
 * Fields are only ever added within one `version`; a change of meaning raises it. `report-schema.ts` is the
 * same as JSON Schema, printed by `rill report --schema`.
 */
import type { NativeFigures } from "../native/measure/native-figures.js";
import type { StackNeeds } from "../analysis/stack-needs.js";
import type { Fit } from "../boards/fit.js";
import type { Origin } from "../source/origin.js";
import type { SourceFile } from "../source/source-places.js";
import type { Capability } from "./capabilities.js";
import type { Provenance } from "./provenance.js";
import type { RegionKind } from "./analysis/memory-map.js";
import type { StaticObject } from "./analysis/static-names.js";
import type { ReportWorstCase } from "./worst-cases.js";

/** Version of the document's form. */
export const REPORT_VERSION = 2;

/** Everything that `rill report` says; the schema of its JSON. */
export interface Report {
  readonly schema: "as-rill.report";
  readonly version: typeof REPORT_VERSION;
  /** File name, without its folder. */
  readonly file: string;
  readonly sha256: string;
  /** What made it, and how, by what it says itself. */
  readonly provenance: Provenance;
  /**
   * Length of the file: the sum of `parts`, of `origins`, and of the header's 8 bytes with all `sections`.
   */
  readonly file_bytes: number;
  /** The file without its custom sections: what a device needs. */
  readonly stripped_bytes: number;
  /** The same, compressed by gzip: what a download takes. */
  readonly gzip_bytes: number;
  /** The code section with its header. */
  readonly code_bytes: number;
  /** The data section with its header. */
  readonly data_bytes: number;
  /** All custom sections with their headers. */
  readonly custom_bytes: number;
  readonly sections: readonly ReportSection[];
  readonly origins: readonly OriginBytes[];
  /** The file cut into named pieces, each byte in exactly one; what the treemap shows. */
  readonly parts: readonly Part[];
  readonly functions: readonly ReportFunction[];
  /** Code bytes by source file and line; empty without a source map. */
  readonly sources: readonly SourceFile[];
  readonly source_map: { readonly path: string | null; readonly unmapped_code_bytes: number };
  /** Where source lines can be read (--source-url), with `{file}` and `{line}`; null when nobody said. */
  readonly source_url: string | null;
  readonly imports: ImportSummary;
  readonly exports: readonly ReportExport[];
  /** The first memory; all zeros in a module without one. */
  readonly linear_memory: LinearMemory;
  /** Every memory, the first too. */
  readonly memories: readonly LinearMemory[];
  /** Whether any function holds a memory.grow instruction. */
  readonly memory_grow: boolean;
  /** Names of functions that are allocators, or that hold one inlined. */
  readonly allocator_functions: readonly string[];
  /** Whether `cabi_realloc` is exported. */
  readonly cabi_realloc: boolean;
  readonly allocation: Allocation;
  readonly stack: StackNeeds;
  /** The most that an item or a call can cost, for each export of the guest's world; empty without one. */
  readonly worst_cases: readonly ReportWorstCase[];
  /** Measured by running on WAMR (--device); null when it was not asked for. */
  readonly device: DeviceRam | null;
  /** The guest as C, compiled for a core (--device native); null when it was not asked for. */
  readonly native: NativeFigures | null;
  /** Measured by running the guest (--run); null when it was not asked for. */
  readonly run: RunProfile | null;
  /** Whether it fits the board of --board; null when it was not asked for. */
  readonly fit: Fit | null;
  /** Outcome of --budget; null when it was not asked for. */
  readonly budget: BudgetOutcome | null;
  /** What changed since --diff OLD.wasm; null when it was not asked for. */
  readonly diff: ReportDiff | null;
  /** What the report could not see, and what would help. */
  readonly notes: readonly string[];
}

/** One section of the file, in bytes. */
export interface ReportSection {
  readonly id: number;
  readonly name: string;
  readonly offset: number;
  /** With id and length prefix. */
  readonly bytes: number;
  /** Without them and, for a custom section, without its name. */
  readonly payload_bytes: number;
}

/** Bytes of one origin. */
export interface OriginBytes {
  readonly origin: Origin;
  readonly bytes: number;
}

/** One part of the file; all parts add up to it. */
export interface Part {
  readonly section: string;
  readonly name: string;
  readonly bytes: number;
  readonly origin: Origin;
}

/** One function and what it costs. */
export interface ReportFunction {
  /** In the function index space, imports first. */
  readonly index: number;
  readonly name: string;
  /** With the length prefix; all functions, their section's header and their count make `code_bytes`. */
  readonly bytes: number;
  /** Without the length prefix, as other tools count. */
  readonly body_bytes: number;
  /** With the functions to which every way leads through this one: what goes when it goes. */
  readonly retained_bytes: number;
  /**
   * Why it is in: the functions on the shortest way from where execution starts, the nearest caller
   * last; empty for one that starts it, null for one that no way leads to.
   */
  readonly called_by: readonly string[] | null;
  /** `file:line` where it starts; null without a source map. */
  readonly source: string | null;
  readonly origin: Origin;
  /** Bytes by origin, where inlining mixes them. */
  readonly origins: Partial<Record<Origin, number>>;
  readonly instructions: number;
  /** WAMR's frame on a 32-bit classic interpreter; null when it cannot be computed. */
  readonly frame_bytes: number | null;
  readonly exports: readonly string[];
}

/** What the imports cost. */
export interface ImportSummary {
  readonly count: number;
  /** Whole entries. */
  readonly bytes: number;
  /** Module and field names with their lengths. */
  readonly name_bytes: number;
  /** What the module's names would take if each were one letter long. */
  readonly shortest_name_bytes: number;
  readonly canonical_count: number;
  readonly entries: readonly ReportImport[];
}

/** One import, with what it lets the module do. */
export interface ReportImport extends Capability {
  readonly module: string;
  readonly field: string;
  readonly kind: string;
  /** Name of the canonical built-in (`stream.read`), null for other imports. */
  readonly canonical: string | null;
  readonly bytes: number;
  readonly name_bytes: number;
  /** Call instructions that name it. */
  readonly call_sites: number;
}

/** One export. */
export interface ReportExport {
  readonly name: string;
  readonly kind: string;
  readonly canonical: string | null;
  readonly bytes: number;
  readonly name_bytes: number;
}

/** A linear memory, in bytes. */
export interface LinearMemory {
  readonly index: number;
  /** Under what it is exported or imported (module and field); empty for one that is neither. */
  readonly name: string;
  readonly imported: boolean;
  readonly shared: boolean;
  /** Whether addresses have 64 bits. */
  readonly memory64: boolean;
  readonly page_bytes: number;
  readonly initial_bytes: number;
  readonly maximum_bytes: number | null;
  readonly used_bytes: number;
  /**
   * What says so: the exported `__heap_base`, the stack pointer, static addresses
   * in the code, or a library's `dylink.0`.
   */
  readonly used_by: string;
  /** Whether code uses addresses that it does not fix, so that it may use more than `used_bytes`. */
  readonly used_is_at_least: boolean;
  /**
   * The global from which addresses count (`__memory_base` of a shared library);
   * null where they count from 0.
   */
  readonly base: string | null;
  readonly heap_base: number | null;
  readonly data_end: number | null;
  /** Where the compiler's stack begins, known by how code uses a global; null where there is none. */
  readonly stack_pointer: number | null;
  /** Whether WAMR allots `used_bytes` instead of whole pages. */
  readonly shrinks_on_wamr: boolean;
  readonly shrink_obstacles: readonly string[];
  /** Covers `initial_bytes`, each byte once. */
  readonly regions: readonly ReportRegion[];
  /**
   * Which source file `used_bytes` are of, most first: the one that declares them, else the first whose code
   * uses them; null for what nothing tells.
   */
  readonly by_source: readonly { readonly file: string | null; readonly bytes: number }[];
  /**
   * Frames, arena regions and other static memory that the build named, each as a
   * whole; empty for other compilers' modules.
   */
  readonly objects: readonly StaticObject[];
}

/** A region of static memory. */
export interface ReportRegion {
  readonly address: number;
  readonly bytes: number;
  readonly kind: RegionKind;
  readonly label: string;
}

/** Whether the module can allocate. */
export interface Allocation {
  /**
   * `proven`: it cannot. `found`: it can, along `paths`. `unknown`: nothing was found, but `reasons` stand.
   */
  readonly verdict: "proven" | "found" | "unknown";
  /** What was looked at and what came out, in sentences. */
  readonly evidence: readonly string[];
  /**
   * Why the code alone does not tell: exports and imports through which memory
   * can be had, calls that nothing bounds.
   */
  readonly reasons: readonly AllocationReason[];
  /** How many exports lead to an allocation; `paths` may be fewer. */
  readonly leading: number;
  readonly sites: readonly {
    readonly function: string;
    readonly kind: string;
    readonly source: string | null;
  }[];
  readonly paths: readonly AllocationRoute[];
}

/** Why nobody can say that the module does not allocate. */
export interface AllocationReason {
  readonly kind: "export" | "import" | "call" | "exception";
  readonly name: string;
  readonly why: string;
  readonly source: string | null;
}

/** Calls that lead from an export to an allocating instruction. */
export interface AllocationRoute {
  readonly export: string;
  /** From the exported function to the one that allocates; `source` is where each calls the next. */
  readonly chain: readonly { readonly function: string; readonly source: string | null }[];
  readonly kind: string;
  readonly source: string | null;
}

/** RAM on the device, measured on WAMR. */
export interface DeviceRam {
  readonly interpreter: string;
  readonly word_bits: number;
  /** `stack_size` that the guest gets. */
  readonly stack_bytes: number;
  /**
   * `computed`: what the worst chain of calls needs; `measured`, where that has
   * no bound: what this run needs.
   */
  readonly stack_basis: "computed" | "measured";
  /**
   * The least `stack_size` with which this run ends: `stack_bytes`, when the run
   * goes through the worst chain.
   */
  readonly run_stack_bytes: number;
  readonly linear_memory_bytes: number;
  /** WAMR itself, with the natives of the module's imports. */
  readonly runtime_bytes: number;
  readonly module_bytes: number;
  readonly instance_bytes: number;
  /** The stack with what WAMR keeps beside it. */
  readonly exec_env_bytes: number;
  /**
   * A pool that runs one guest, which one byte less does not: the sum of the four above, and what loading
   * needs for a while. It is to be given exactly: how WAMR cuts it up may leave one a little larger short.
   */
  readonly pool_bytes: number;
  /** Pool bytes for each further guest that shares the exec env. */
  readonly next_instance_bytes: number;
  /** Guests that fit in pools of these many KiB. */
  readonly fits: readonly { readonly kib: number; readonly guests: number }[];
  /**
   * What other sizes of the classic interpreter's cache of blocks would cost and give; none on the fast one.
   */
  readonly block_caches: readonly BlockCache[];
}

/** A size of WAMR's cache of blocks, `BLOCK_ADDR_CACHE_SIZE`. */
export interface BlockCache {
  readonly places: number;
  /** The exec env with it. */
  readonly exec_env_bytes: number;
  /** Of this machine's processor for this call, every copy ready; null where valgrind is missing. */
  readonly instructions: number | null;
}

/** What a run with `--run` counted. */
export interface RunProfile {
  readonly host: string;
  readonly call: string;
  readonly items_in: number | null;
  readonly items_out: number | null;
  readonly trap: string | null;
  readonly instructions: number;
  readonly instructions_per_item: number | null;
  readonly host_calls: number;
  readonly host_calls_per_item: number | null;
  /** What one more item costs; null where the run cannot be repeated on half of its items. */
  readonly steady: SteadyCost | null;
  readonly host_calls_by_import: readonly { readonly import: string; readonly calls: number }[];
  readonly allocations: RunAllocations;
  readonly arena: RunArena;
  readonly operations: RunOperations;
  readonly functions: readonly {
    readonly function: string;
    readonly instructions: number;
    readonly calls: number;
  }[];
  readonly lines: readonly { readonly source: string; readonly instructions: number }[];
  /** The flame graph: instructions by stack of calls. */
  readonly flame: FlameNode;
  readonly stack_used: { readonly call_depth: number; readonly stack_bytes: number | null };
}

/** What one more item costs, with every copy ready at once, and with every copy answered BLOCKED first. */
export interface SteadyCost {
  readonly ready: RunCost;
  readonly blocking: RunCost;
}

/** Cost of an item. */
export interface RunCost {
  readonly instructions_per_item: number;
  readonly host_calls_per_item: number;
}

/** Memory in use during a run: the arena's blocks, or whatever an allocator handed out. */
export interface RunArena {
  /** Most bytes in use at once, over all regions. */
  readonly high_water_bytes: number;
  /** For each item the most bytes in use while it was the last one taken. */
  readonly curve: readonly CurvePoint[];
  /** The arena's regions with the most bytes that each held; empty without an arena. */
  readonly regions: readonly {
    readonly label: string;
    readonly bytes: number;
    readonly high_water_bytes: number;
  }[];
}

/** Copies in flight, and the static memory that they used. */
export interface RunOperations {
  readonly in_flight_max: number;
  /** Slots in static memory, and how many of them a copy used. */
  readonly slots: PartInUse;
  /** Static frames, and how many a copy used; null when the build did not name them. */
  readonly frames: PartInUse | null;
}

/** How many of how many. */
export interface PartInUse {
  readonly total: number;
  readonly used: number;
}

/** How many allocations, and the bytes that they asked for. */
export interface AllocationCost {
  readonly count: number;
  readonly bytes: number;
}

/** Allocations of the whole run, and of its phases. */
export interface AllocationPhases extends AllocationCost {
  /** Those up to the end of the first item, the first call's included. */
  readonly first_item: AllocationCost;
  /** Those for one item in the run's second half; null with less than three items. */
  readonly steady_per_item: AllocationCost | null;
}

/** Allocations of one source line. */
export interface LineAllocations extends AllocationPhases {
  readonly source: string;
}

/** Allocations of a run. */
export interface RunAllocations extends AllocationPhases {
  readonly by_line: readonly LineAllocations[];
}

/** Bytes in use after `item` items. */
export interface CurvePoint {
  readonly item: number;
  readonly bytes: number;
}

/** One box of the flame graph. */
export interface FlameNode {
  readonly name: string;
  readonly source: string | null;
  readonly origin: Origin;
  /** Instructions executed in this function itself, called this way. */
  readonly self: number;
  readonly children: readonly FlameNode[];
}

/** How the module stands against its budget. */
export interface BudgetOutcome {
  readonly path: string;
  readonly passed: boolean;
  /** Whether the budget says how large functions were, so that it can tell which grew. */
  readonly names_functions: boolean;
  /** The imports that the budget allows, and those that it does not; null where it allows all. */
  readonly imports: { readonly allowed: readonly string[]; readonly denied: readonly string[] } | null;
  readonly checks: readonly BudgetCheck[];
}

/** One line of a budget. */
export interface BudgetCheck {
  readonly name: string;
  readonly limit: number;
  /** Null when the figure was not measured (it needs --run or --device). */
  readonly actual: number | null;
  readonly passed: boolean;
  /** Functions that grew most since the budget was written, largest first. */
  readonly grown: readonly { readonly function: string; readonly by: number }[];
}

/** What changed against an older module. */
export interface ReportDiff {
  readonly old_file: string;
  /** Whether both builds are the same, byte for byte. */
  readonly identical: boolean;
  readonly figures: readonly { readonly name: string; readonly before: number; readonly after: number }[];
  /** Every section of either build, by name, the older build's first. */
  readonly sections: readonly SectionChange[];
  readonly functions: readonly FunctionChange[];
  readonly imports: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly exports: { readonly added: readonly string[]; readonly removed: readonly string[] };
  readonly allocation: { readonly before: string; readonly after: string };
}

/** A section before and after, in bytes; 0 where there was none. */
export interface SectionChange {
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** One function that changed. */
export interface FunctionChange {
  readonly name: string;
  /** In this build's function index space; null for one that is gone. */
  readonly index: number | null;
  /** Its old name, when it was matched by shape. */
  readonly old_name: string | null;
  readonly change: "added" | "removed" | "changed";
  /** How it was paired. */
  readonly matched: "name" | "shape" | null;
  readonly before: number;
  readonly after: number;
  readonly source: string | null;
}
