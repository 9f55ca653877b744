/** Streams the recording through the guest on V8, the host that every Node has. */
import { readFileSync } from "node:fs";
import { allocationCount, withAllocationCounter } from "../../tools/instrument/count-allocations.js";
import { instructionCount, withInstructionCounter } from "../../tools/instrument/count-instructions.js";
import { Guest } from "../../tools/host/guest.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { type PullSource, StreamSource } from "../../tools/host/copies/stream-source.js";
import { decodeComponentType } from "../../tools/wit/component-type.js";
import { type Beat, decodeBeats } from "./beat.js";
import { BEATS, type EcgCounts, type EcgInput, type EcgRun } from "./stream-ecg.js";

/** Runs the guest until the recording is over. Traps: whatever the guest does wrong */
export function streamOnV8(input: EcgInput): EcgRun & EcgCounts {
  const core = readFileSync(input.corePath);
  const counting = withInstructionCounter(withAllocationCounter(core)?.bytes ?? core).bytes;
  const guest = new Guest(new WebAssembly.Module(counting), decodeComponentType(core)!);
  const started = performance.now();
  const beats = stream(guest, input);
  return {
    host: `V8 ${process.versions.v8} in Node ${process.versions.node}`,
    beats,
    seconds: (performance.now() - started) / 1000,
    allocations: allocationCount(guest.exports),
    instructions: instructionCount(guest.exports),
    hostCalls: guest.hostCallCount,
  };
}

function stream(guest: Guest, { samples, progress }: EcgInput): Beat[] {
  const beats: Beat[] = [];
  let given = 0;
  const source: PullSource = {
    pull: (most) => {
      if (given === samples.length) return "end";
      const next = samples.subarray(given, given + most);
      given += next.length;
      progress.update(given, beats.length);
      return Items.fromValues({ kind: "u16" }, [...next]);
    },
  };
  const push = (items: Items): boolean => {
    beats.push(...decodeBeats(items.canonicalBytes()!));
    return true;
  };
  const input = guest.loop.add(new StreamSource({ kind: "u16" }, source, "ready"));
  const call = guest.start(BEATS, [input.shared], (result) => {
    guest.loop.add(new StreamSink(result as SharedStream, { push }, "ready"));
  });
  guest.finish(call);
  return beats;
}
