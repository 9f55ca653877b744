/**
 * What a call of an imported function costs the guest: a sync function, an async one
 * that answers at once, one that blocks.
 */
import { Guest } from "../tools/host/guest.js";
import { type HostCall, type HostFunction, immediate } from "../tools/host/calls/lower.js";
import type { HostActivity } from "../tools/host/tasks/host-loop.js";
import { instructionCount, withInstructionCounter } from "../tools/instrument/count-instructions.js";
import { moduleWorld } from "../tools/wit/module-world.js";
import { buildAnalysed } from "./build-analysed.js";

/** Of each kind of call: wasm instructions in the guest, the loop around it included. */
export interface CallCosts {
  readonly sync: number;
  readonly ready: number;
  readonly blocking: number;
}

const FEW = 100;
const MANY = 200;

/** Builds the guest and measures. */
export async function measureCalls(): Promise<CallCosts> {
  const { input } = await buildAnalysed("asking");
  const world = moduleWorld(input.path, input.bytes)!;
  const module = new WebAssembly.Module(withInstructionCounter(input.bytes).bytes);
  const count = (name: string, times: number, later: CanBeLate): number => {
    const late = new Late();
    const functions = new Map([
      ["test:asking/given#now", answer],
      ["test:asking/given#later", later === "later" ? late.function : answer],
    ]);
    const guest = new Guest(module, world, { functions });
    guest.loop.add(late);
    guest.call(`test:asking/calls#${name}`, [times]);
    return instructionCount(guest.exports);
  };
  const each = (name: string, later: CanBeLate): number =>
    (count(name, MANY, later) - count(name, FEW, later)) / (MANY - FEW);
  return {
    sync: each("repeat-now", "at once"),
    ready: each("repeat-later", "at once"),
    blocking: each("repeat-later", "later"),
  };
}

type CanBeLate = "at once" | "later";

const answer = immediate((x) => x);

/** Answers a call once nothing else can go on. */
class Late implements HostActivity {
  private call: HostCall | null = null;

  readonly function: HostFunction = (call) => {
    this.call = call;
    return undefined;
  };

  progress(): boolean {
    const { call } = this;
    if (call === null) return false;
    this.call = null;
    call.return(call.start()[0]!);
    return true;
  }
}

/** The costs as text. */
export function callsText({ sync, ready, blocking }: CallCosts): string {
  return `a call of an imported function: ${sync} wasm instructions; of an async one ${ready} when it answers at once, ${blocking} when it blocks`;
}
