/** Runs the tests of one compiled spec in this thread. */
import { type AspectExports, AspectHost, type SpecEvents } from "./aspect-host.js";
import { GuestMemory, type SpecExports } from "./guest-memory.js";
import { ScriptedHost } from "./scripted-host.js";

/** Frames of the calls that led to a failure: as-pect's own are among them. */
const FRAMES = 100;

/**
 * Runs them all, one after the other.
 * @param isWanted whether the test of this name runs: its groups' names and its own, with blanks between
 */
export function runModule(
  binary: Uint8Array,
  events: SpecEvents,
  isWanted: (name: string) => boolean = () => true,
): void {
  Error.stackTraceLimit = FRAMES;
  const memory = new GuestMemory();
  const aspect = new AspectHost(memory, events, isWanted);
  const { imports } = new ScriptedHost(binary, memory);
  const module = new WebAssembly.Module(binary as Uint8Array<ArrayBuffer>);
  const { exports } = new WebAssembly.Instance(module, { ...imports, ...aspect.imports });
  memory.exports = exports as unknown as SpecExports;
  aspect.exports = exports as unknown as AspectExports;
  aspect.run();
}
