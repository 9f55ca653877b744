/** Binds the imports of a guest to what they were planned to be. */
import type { HostFunction } from "../../host/calls/lower.js";
import type { Guest } from "../../host/guest.js";
import type { CopyPolicy } from "../../host/tasks/host-loop.js";
import type { GuestWire } from "../connections/guest-wire.js";
import { ImportsLine } from "./imports-line.js";
import type { ImportsPlan } from "./open-imports.js";
import { logLine } from "./log-line.js";
import { stubFunction } from "./stub-function.js";

/** Imports that are bound. */
export interface BoundImports {
  readonly functions: ReadonlyMap<string, HostFunction>;
  /** To be told of the guest before it is called. @param wire over which something comes, too */
  attach(guest: Guest, wire?: GuestWire): void;
}

/** The functions of a file and stubs, in the guest's thread. @param log is told of each call of a stub */
export function bindImports(plan: ImportsPlan, policy: CopyPolicy, log = logLine): BoundImports {
  const { functions, stubbed, end } = plan;
  const line = end === null ? null : new ImportsLine(end);
  let guest: Guest | null = null;
  const host = { guest: () => guest!, policy, log };
  const bound = functions.map((one) => {
    const isStub = line === null || stubbed.includes(one.id);
    return [one.id, isStub ? stubFunction(one, host) : line.functionFor(one)] as const;
  });
  return {
    functions: new Map(bound),
    attach: (attached, wire) => {
      guest = attached;
      line?.attach(attached, functions, policy, wire ?? null);
    },
  };
}
