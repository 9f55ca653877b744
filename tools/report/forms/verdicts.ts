/** Sentences that every form says in the same words. */
import type { NativeFigures } from "../../native/measure/native-figures.js";
import type {
  Allocation,
  BlockCache,
  DeviceRam,
  LinearMemory,
  LineAllocations,
  PartInUse,
  Report,
  ReportImport,
  RunCost,
  RunProfile,
  SteadyCost,
} from "../model.js";
import { asyncLifted } from "../../wit/canonical-names.js";
import type { ReportWorstCase } from "../worst-cases.js";
import type { StackBytes, StackNeeds } from "../../analysis/stack-needs.js";
import { bytes, count, figure, percent } from "./format.js";

/** Whether all that allocates takes blocks from the guest library's fixed arena. */
export function isArenaOnly({ verdict, sites }: Allocation): boolean {
  return verdict === "found" && sites.every(({ kind }) => kind === "arena");
}

/** How a verdict looks: what is proven is green, what nobody knows is amber and never green. */
export type Tone = "good" | "bad" | "unsure" | "plain";

/** The tone of the verdict on allocation. */
export function allocationTone(allocation: Allocation): Tone {
  if (isArenaOnly(allocation)) return "plain";
  return ({ proven: "good", found: "bad", unknown: "unsure" } as const)[allocation.verdict];
}

/** The reasons in few words: `2 exports, 1 import`. */
function doubtWords({ reasons }: Allocation): string {
  const counts = new Map<string, number>();
  for (const { kind } of reasons) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const what: Readonly<Record<string, [one: string, many: string]>> = {
    export: ["export may hand out memory", "exports may hand out memory"],
    import: ["import may hand it in", "imports may hand it in"],
    call: ["function calls what the host hands in", "functions call what the host hands in"],
    exception: ["function throws", "functions throw"],
  };
  return [...counts].map(([kind, n]) => `${count(n)} ${what[kind]![n === 1 ? 0 : 1]}`).join(", ");
}

/** Whether the module can allocate, in one line. */
export function allocationSentence({
  allocation,
  memory_grow,
  cabi_realloc,
  notes,
  linear_memory,
}: Report): string {
  switch (allocation.verdict) {
    case "proven": {
      if (allocation.sites.length > 0)
        return "cannot allocate: no export leads to what allocates, and the build could remove it";
      const blind = notes.some((note) => note.startsWith("Without names"));
      const known = blind ? "no memory.grow and no known allocator" : "no memory.grow, no allocator";
      return `cannot allocate: ${known}${cabi_realloc ? "" : ", no cabi_realloc"} in the binary`;
    }
    case "unknown":
      return `unknown: ${doubtWords(allocation)}`;
    case "found": {
      const ways = allocation.leading;
      if (isArenaOnly(allocation)) {
        const arena = linear_memory.objects.filter(({ kind }) => kind === "arena");
        const room = arena.reduce((sum, object) => sum + object.bytes, 0);
        const where = room > 0 ? ` of ${bytes(room)} in ${count(arena.length)} regions` : "";
        return `takes blocks from a fixed arena${where}: no memory.grow, and a full region traps`;
      }
      const kinds = [...new Set(allocation.sites.map(({ kind }) => kind))];
      const how = memory_grow ? "memory.grow is used" : `without memory.grow: ${kinds.join(", ")}`;
      return `can allocate: ${count(ways)} export${ways === 1 ? " leads" : "s lead"} to an allocation (${how})`;
    }
  }
}

/** The linear memories, in one line. */
export function memorySentence(report: Report): string {
  return memoryLines(report).join("; ");
}

/** A line for each linear memory. */
export function memoryLines({ memories }: Report): string[] {
  if (memories.length === 0) return ["none"];
  return memories.map((memory) => (memories.length > 1 ? `${memoryName(memory)}: ` : "") + usedText(memory));
}

function usedText(memory: LinearMemory): string {
  const used = `${usedBytes(memory)} used of ${bytes(memory.initial_bytes)}`;
  return memory.shrinks_on_wamr ? `${used}; WAMR allots only what is used` : used;
}

/** Bytes in use, with "at least" where code computes addresses. */
export function usedBytes({ used_bytes: used, used_is_at_least: more }: LinearMemory): string {
  return more ? `at least ${bytes(used)}` : bytes(used);
}

/** What to call a memory beside others. */
export function memoryName({ index, name, imported }: LinearMemory): string {
  if (name === "") return `memory ${index}`;
  return `memory ${index} (${imported ? "imported" : "exported"} as ${name})`;
}

/** Kind and source of the figure for a memory, in one line. */
export function memoryBasis(memory: LinearMemory): string {
  const { used_by: by, base, shared, memory64 } = memory;
  const more = memory.used_is_at_least ? ", and the code computes addresses" : "";
  const traits = [
    memory.imported && "imported",
    shared && "shared",
    memory64 && "64-bit addresses",
    base !== null && `addresses count from ${base}`,
  ].filter((trait) => trait !== false);
  return `${by} ${by === "static addresses" ? "give" : "gives"} what is used${more}${traits.length > 0 ? ` (${traits.join(", ")})` : ""}`;
}

/** The stack, in one line. */
export function stackSentence({ stack }: Report): string {
  if (stack.stack_bytes === null)
    return stack.recursion.length > 0 ? "unbounded: calls can recurse" : "not computed";
  return `${bytes(stack.stack_bytes)} (${stack.interpreter}), call depth ${stack.call_depth}`;
}

/** A bar of the stack's waterfall: what takes the bytes, and how many are taken by then. */
export interface StackStep extends StackBytes {
  readonly what: string;
  readonly total: number;
}

const STACK_WORDS: Readonly<Record<StackBytes["kind"], (name: string) => string>> = {
  entry: (name) => `entry frame, for the host's call of ${name}`,
  call: (name) => name,
  import: (name) => `frame in front of the host's ${name}`,
  "re-entry": (name) => `entry frame, for the host's call back of ${name}`,
  reserve: () => "the last frame again: the interpreter asks for twice its size",
};

/** The stack piece by piece; the last step's total is the whole. */
export function stackSteps({ parts }: StackNeeds): StackStep[] {
  let total = 0;
  return parts.map((part) => {
    total += part.bytes;
    return { ...part, what: STACK_WORDS[part.kind](part.function), total };
  });
}

/** The imports, in one line. */
export function importsSentence({ imports }: Report): string {
  if (imports.count === 0) return "none";
  const canonical =
    imports.canonical_count === imports.count ? "all canonical" : `${imports.canonical_count} canonical`;
  return `${imports.count} (${canonical}), names ${bytes(imports.name_bytes)}`;
}

/** What goes into an import and comes out of it: `(x: u32) → u8`. */
export function carriedText({ takes, gives }: Pick<ReportImport, "takes" | "gives">): string {
  return `(${takes.join(", ")})${gives.length > 0 ? ` → ${gives.join(", ")}` : ""}`;
}

/** How many of how many were used. */
export function partInUse({ used, total }: PartInUse): string {
  return `${count(used)} of ${count(total)} used`;
}

/** What a guest takes of the pool, by what it is for. */
export function deviceRows(device: DeviceRam): [name: string, bytes: number][] {
  const stack =
    device.stack_basis === "computed" ? "computed for the worst chain of calls" : "measured: calls recurse";
  return [
    ["smallest pool, one guest", device.pool_bytes],
    ["each further guest, sharing the exec env", device.next_instance_bytes],
    ["runtime", device.runtime_bytes],
    ["module", device.module_bytes],
    ["instance", device.instance_bytes],
    ["of which linear memory", device.linear_memory_bytes],
    ["exec env", device.exec_env_bytes],
    [`of which stack (stack_size), ${stack}`, device.stack_bytes],
    ["smallest stack for this run, measured", device.run_stack_bytes],
  ];
}

/** What the guest takes as C on a core; null is a figure that is open. */
export function nativeRows(native: NativeFigures): [name: string, bytes: number | null][] {
  const counted =
    native.counted_calls === null
      ? ""
      : `, with ${native.counted_calls} calls of functions that call themselves`;
  return [
    ["flash: guest, host and rings", native.flash_bytes],
    ["of which the guest's own C", native.guest_flash_bytes],
    ["RAM: all variables, without the items in rings", native.ram_bytes],
    ["of which one instance", native.instance_bytes],
    [`stack: the deepest chain of calls${counted}`, native.stack_bytes],
  ];
}

/** How the deepest chain goes, or why it is open. */
export function nativeStack({ stack_chain: chain, stack_open: open }: NativeFigures): string {
  return open === null ? chain.join(" → ") : `open: ${open}`;
}

/** Heads of the columns that `blockCacheCells` fills. */
export const BLOCK_CACHE_HEAD = ["BLOCK_ADDR_CACHE_SIZE", "exec env", "instructions of this call"];

/** A size of WAMR's cache of blocks, what it costs and what it gives. */
export function blockCacheCells({ places, exec_env_bytes: bytes, instructions }: BlockCache): string[] {
  return [count(places), count(bytes), instructions === null ? "-" : count(instructions)];
}

/** The most that an item or a call of an exported function can take, in one line. */
export function worstCaseText({ per, instructions, loop, obstacles }: ReportWorstCase): string {
  const where = loop === null ? "" : ` (loop at ${loop})`;
  if (instructions !== null) return `at most ${count(instructions)} instructions per ${per}${where}`;
  const why = obstacles.map(({ what, source }) => `${what}${source === null ? "" : ` at ${source}`}`);
  return `no bound per ${per}${where}: ${why.join("; ")}`;
}

/** The same in cycles of the board that was asked for, in one line; null where none was. */
export function boardCyclesText({ per, on_board: on }: ReportWorstCase): string | null {
  if (on === null) return null;
  if (on.cycles === null) return `no bound in cycles on ${on.board}: ${on.obstacles.join("; ")}`;
  return `at most ${count(on.cycles)} cycles per ${per} on ${on.board}, interrupts and wait states apart`;
}

/** What items took that board on average, in one line; null where none ran there. */
export function boardMeanText({ on_board: on }: ReportWorstCase): string | null {
  if (on === null || on.mean === null) return null;
  const { ready, blocking, items } = on.mean;
  const from = Math.floor(items / 2) + 1;
  return `measured on ${on.board}: about ${count(ready)} cycles with every copy ready, ${count(blocking)} with every copy blocked (mean of items ${count(from)} to ${count(items)})`;
}

/** What was measured, to stand beside it; empty where nothing was. */
export function measuredText(steady: SteadyCost): string {
  const { ready, blocking } = steady;
  return `measured: ${figure(ready.instructions_per_item)} with every copy ready, ${figure(blocking.instructions_per_item)} with every copy blocked`;
}

/** The measured cost of the run, where it was of this export. */
export function measuredOf({ run }: Report, { export: name }: ReportWorstCase): SteadyCost | null {
  return run !== null && (name === run.call || asyncLifted(name) === run.call) ? run.steady : null;
}

/** What one more item costs. */
export function steadyText(cost: RunCost): string {
  return `${figure(cost.instructions_per_item)} instructions, ${figure(cost.host_calls_per_item)} host calls`;
}

/** Heads of the columns that `allocationCells` fills. */
export const ALLOCATION_HEAD = [
  "count",
  "bytes",
  "first item: count",
  "bytes",
  "each later item: count",
  "bytes",
] as const;

/** A line's allocations: in the whole run, up to the first item, and for one item in the steady state. */
export function allocationCells({
  count: times,
  bytes: size,
  first_item,
  steady_per_item,
}: LineAllocations): string[] {
  const steady = steady_per_item
    ? [figure(steady_per_item.count), figure(steady_per_item.bytes)]
    : ["?", "?"];
  return [count(times), count(size), count(first_item.count), count(first_item.bytes), ...steady];
}

/** Heads of the columns that `instructionCells` fills. */
export const INSTRUCTION_HEAD = ["instructions", "share", "per item"] as const;

/** Instructions of a function or a line: how many, which part of the run's, how many for one item. */
export function instructionCells(
  { instructions }: { readonly instructions: number },
  run: RunProfile,
): string[] {
  const perItem = run.items_in ? figure(instructions / run.items_in) : "";
  return [count(instructions), percent(instructions, run.instructions), perItem];
}

/** A sentence's beginning. */
export function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
