/** Instruments a guest, runs it, and turns the counts into the report's figures. */
import { basename } from "node:path";
import { UserError } from "../../errors/user-error.js";
import { TASK_REGION_LABEL } from "../analysis/static-names.js";
import { classicEntryFrame } from "../../analysis/wamr-frames.js";
import { bindImports } from "../../run/imports/bind-imports.js";
import { openImports, type ImportsFlags, type ImportsPlan } from "../../run/imports/open-imports.js";
import type { RunPlan } from "../../run/run-plan.js";
import type { Analysis } from "../analysis.js";
import type { PartInUse, RunArena, RunOperations, RunProfile } from "../model.js";
import { sumAllocations } from "./allocation-phases.js";
import { mapAllocators } from "./allocator-map.js";
import { countLines, linesOf } from "./line-counts.js";
import { drawFlame } from "./flame.js";
import { instrument } from "./instrument.js";
import { TOTAL_COUNTER } from "./probe-interface.js";
import { type CallNode, ProbeHost } from "./probe-host.js";
import { type CallRequest, planCall } from "./plan-call.js";
import { steadyCost } from "./steady-cost.js";
import { runGuest, type RunHooks, type RunOutcome } from "./run-guest.js";

/** V8 takes no more exports than these, and each basic block has one. */
const MOST_BLOCKS = 99_000;
const MOST_CURVE_POINTS = 2000;

/**
 * Runs the guest of `analysis` as `request` says and reports what it cost.
 * @param flags what the guest imports
 */
export async function profileRun(
  analysis: Analysis,
  request: CallRequest,
  flags: ImportsFlags,
): Promise<RunProfile> {
  const plan = planCall(analysis.input.path, analysis.input.bytes, request);
  const imports = await openImports(plan, flags);
  try {
    return profilePlan(analysis, plan, imports.plan);
  } finally {
    await imports.close();
  }
}

function profilePlan(analysis: Analysis, plan: RunPlan, imports: ImportsPlan): RunProfile {
  const { input, functions, report, places } = analysis;
  const allocators = mapAllocators(analysis);
  const instrumented = instrument(input.module, functions, allocators);
  if (instrumented.blocks.length > MOST_BLOCKS) {
    throw new UserError(
      `${basename(input.path)} is too large to count its instructions block by block; report on it without --run`,
    );
  }
  const frames = new Map(report.functions.map(({ index, frame_bytes }) => [index, frame_bytes ?? 0]));
  let itemsSoFar = (): number => 0;
  const probes = new ProbeHost({
    frameBytes: (index) => frames.get(index) ?? importFrame(analysis, index),
    entryBytes: classicEntryFrame(1),
    reentered: analysis.reentry?.target ?? null,
    isAllocator: (index) => allocators.sizeParam.has(index),
    isRuntime: (at) => places.isRuntime(at),
    itemsSoFar: () => itemsSoFar(),
  });
  let exports: WebAssembly.Exports = {};
  const hooks: RunHooks = {
    onInstance: (own) => {
      exports = own;
      probes.attach(own);
      const start = bumpStart(analysis, allocators.bumpGlobals);
      if (start !== null) probes.startBumpAt(start);
    },
    onItems: (ask) => {
      itemsSoFar = ask;
    },
  };
  const outcome = runGuest(plan, instrumented.bytes, hooks, bindImports(imports, "ready"));
  const counter = (name: string): number =>
    Number((exports[name] as WebAssembly.Global | undefined)?.value ?? 0);
  const total = counter(TOTAL_COUNTER);
  probes.settle(total);
  const items = outcome.itemsIn || (outcome.itemsOut ?? 0) || null;
  const hostCalls = [...outcome.hostCalls].filter(([, calls]) => calls > 0).sort((x, y) => y[1] - x[1]);
  const allHostCalls = hostCalls.reduce((sum, [, calls]) => sum + calls, 0);
  const counts = countLines(analysis, instrumented, counter);
  return {
    host: `V8 ${process.versions.v8}`,
    call: plan.call,
    items_in: outcome.itemsIn,
    items_out: outcome.itemsOut,
    trap: outcome.trap,
    instructions: total,
    instructions_per_item: items === null ? null : total / items,
    host_calls: allHostCalls,
    host_calls_per_item: items === null ? null : allHostCalls / items,
    host_calls_by_import: hostCalls.map(([name, calls]) => ({ import: name, calls })),
    allocations: sumAllocations(
      probes.allocations,
      outcome.itemsIn,
      (at) => places.callerAt(at) ?? `byte ${at}`,
    ),
    arena: arenaOf(analysis, probes),
    operations: operationsOf(analysis, outcome),
    steady: outcome.trap === null ? steadyCost(plan, instrumented, imports, items) : null,
    functions: functionsOf(analysis, probes.root),
    lines: linesOf(counts),
    flame: drawFlame(analysis, probes.root, counts, plan.call),
    stack_used: {
      call_depth: probes.maxDepth,
      stack_bytes: report.stack.stack_bytes === null ? null : probes.maxStackBytes,
    },
  };
}

/**
 * The regions by the build's names; one that no run used is there with 0, an unnamed one goes by its place.
 */
function arenaOf({ report }: Analysis, { arena, highWater, curve }: ProbeHost): RunArena {
  const objects = report.linear_memory.objects.filter(({ kind }) => kind === "arena");
  const task = objects.find(({ label }) => label === TASK_REGION_LABEL)?.address;
  const named = objects.map(({ label, address, bytes }) => ({
    label,
    bytes,
    high_water_bytes: arena.regions.get(address - (task ?? 0))?.highWater ?? 0,
  }));
  return { high_water_bytes: highWater, curve: thin(curve), regions: named };
}

function operationsOf({ report }: Analysis, { inFlightMax, copyAddresses }: RunOutcome): RunOperations {
  const { regions, objects } = report.linear_memory;
  const inUse = (parts: readonly { readonly address: number; readonly bytes: number }[]): PartInUse => ({
    total: parts.length,
    used: parts.filter(({ address, bytes }) =>
      [...copyAddresses].some((at) => at >= address && at < address + bytes),
    ).length,
  });
  return {
    in_flight_max: inFlightMax,
    slots: inUse(regions.filter(({ kind }) => kind === "slot")),
    frames: objects.length > 0 ? inUse(objects.filter(({ kind }) => kind === "frame")) : null,
  };
}

function importFrame({ functions }: Analysis, index: number): number {
  const cells =
    functions[index]?.signature.params.reduce(
      (sum, type) => sum + (type === "i64" || type === "f64" ? 2 : 1),
      0,
    ) ?? 0;
  return classicEntryFrame(cells);
}

/** Where the first bump pointer stands when the module is instantiated. */
function bumpStart({ input }: Analysis, globals: ReadonlySet<number>): number | null {
  const imported = input.module.imports.filter(({ kind }) => kind === "global").length;
  for (const index of globals) {
    const value = input.module.globals[index - imported]?.initial.value;
    if (value != null && value > 0n) return Number(value);
  }
  return null;
}

function functionsOf({ functions }: Analysis, root: CallNode): RunProfile["functions"] {
  const totals = new Map<number, { instructions: number; calls: number }>();
  const visit = (node: CallNode): void => {
    if (node.function >= 0) {
      const entry = totals.get(node.function) ?? { instructions: 0, calls: 0 };
      totals.set(node.function, {
        instructions: entry.instructions + node.self,
        calls: entry.calls + node.calls,
      });
    }
    for (const child of node.children.values()) visit(child);
  };
  visit(root);
  return [...totals]
    .map(([index, entry]) => ({ function: functions[index]!.name, ...entry }))
    .sort((x, y) => y.instructions - x.instructions);
}

/** Thins a long curve out; of each stretch its highest point stays, so that peaks are kept. */
function thin(curve: readonly { item: number; bytes: number }[]): { item: number; bytes: number }[] {
  const step = Math.ceil(curve.length / MOST_CURVE_POINTS);
  if (step <= 1) return [...curve];
  const points: { item: number; bytes: number }[] = [];
  for (let at = 0; at < curve.length; at += step) {
    points.push(
      curve.slice(at, at + step).reduce((best, point) => (point.bytes > best.bytes ? point : best)),
    );
  }
  return points;
}
