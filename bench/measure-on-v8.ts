/** What a guest executes on V8, counted in the guest itself: the same on every machine. */
import { readFileSync } from "node:fs";
import type { BuildResult } from "../tools/build/build-guest.js";
import { allocationCount, withAllocationCounter } from "../tools/host/count-allocations.js";
import { instructionCount, withInstructionCounter } from "../tools/host/count-instructions.js";
import { Guest } from "../tools/host/guest.js";
import type { CopyPolicy } from "../tools/host/host-loop.js";
import { Items } from "../tools/host/items.js";
import { isPlain } from "../tools/host/plain-copy.js";
import type { SharedStream } from "../tools/host/shared-stream.js";
import { StreamSink } from "../tools/host/stream-sink.js";
import { StreamSource, sourceOf } from "../tools/host/stream-source.js";
import { findFunction } from "../tools/report/run/find-function.js";
import type { ValueType } from "../tools/wit/model.js";
import type { Workload } from "./workloads.js";

/** Counts of one run. */
interface Counts {
  readonly instructions: number;
  readonly hostCalls: number;
  readonly allocations: number;
}

/**
 * Counts a guest's runs over the shorter and the longer input.
 * @returns figures per item, but for the allocations, which are those of the longer run as a whole
 */
export function measureOnV8(workload: Workload, built: BuildResult, policy: CopyPolicy): Counts {
  const core = readFileSync(built.corePath);
  const counting = withInstructionCounter(withAllocationCounter(core)?.bytes ?? core).bytes;
  const module = new WebAssembly.Module(counting);
  const [few, many] = workload.runs.map((length) => runOnce(workload, built, module, length, policy));
  const items = workload.runs[1] - workload.runs[0];
  return {
    instructions: (many!.instructions - few!.instructions) / items,
    hostCalls: (many!.hostCalls - few!.hostCalls) / items,
    allocations: many!.allocations,
  };
}

function runOnce(
  workload: Workload,
  built: BuildResult,
  module: WebAssembly.Module,
  length: number,
  policy: CopyPolicy,
): Counts {
  const guest = new Guest(module, built.world);
  const stream = findFunction(built.world, workload.call).func.params[0]!.type;
  if (stream.kind !== "stream" || stream.element === null)
    throw new Error(`${workload.call}: no stream of items`);
  const items = itemsOf(stream.element, workload.input(length));
  const source = guest.loop.add(new StreamSource(stream.element, sourceOf(items), policy));
  const call = guest.start(workload.call, [source.shared], (result) => {
    guest.loop.add(new StreamSink(result as SharedStream, { push: () => true }, policy));
  });
  guest.finish(call);
  return {
    instructions: instructionCount(guest.exports),
    hostCalls: guest.hostCallCount,
    allocations: allocationCount(guest.exports),
  };
}

function itemsOf(type: ValueType, file: Uint8Array): Items {
  if (isPlain(type)) return Items.fromBytes(type, file);
  const lines = new TextDecoder().decode(file).trimEnd().split("\n");
  return Items.fromValues(
    type,
    lines.map((line) => JSON.parse(line) as string),
  );
}
