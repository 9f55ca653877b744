/** What both ways of strategy `callback` make, and what they call the things in it. */
import type { StaticPlace } from "../../source/static-places.js";
import { type Form, parseForm } from "../passes/s-expression.js";

/** A module of strategy `callback`. */
export interface CallbackModule {
  readonly text: string;
  /** Where a waiting task's locals are kept; null when nothing is. */
  readonly stack: StaticPlace | null;
  /** Addresses of words of the guest's frames in which they are kept besides. */
  readonly words?: readonly number[];
}

/** In front of the names of functions, from which reports tell that they are the library's. */
export const CALLBACK_LIBRARY = "~lib/as-rill/callback-strategy/";

/** The name of the function behind a lifted function's callback, or in front of the lifted function. */
export function strategyFunction(what: string, canonical: string): string {
  return `$${CALLBACK_LIBRARY}${what}|${canonical.replaceAll(/[^\w-]/g, "_")}`;
}

/**
 * What a task answers its host when it waits: that others may go on, and besides the set that it waits for.
 * Spec: CanonicalABI.md, CallbackCode
 */
export const CallbackCode = { YIELD: 1, WAIT: 2 } as const;

/** The answer of a task that waits for an event in `set`. */
export function waitingFor(set: Form): Form {
  const shifted: Form = { items: ["i32.shl", set, parseForm("(i32.const 4)")] };
  return { items: ["i32.or", shifted, parseForm(`(i32.const ${CallbackCode.WAIT})`)] };
}

/** The block of the task in progress, in a global of a module with several tasks: see task-blocks.ts. */
export const TASK = "$rill_task";
/** The blocks that no task has, see free-blocks.ts. */
export const FREE = "$rill_free";
/** The built-in with which a task has the host remember its block. */
export const CONTEXT_SET = "$rill_context_set";
/** The built-in with which it asks the host for that. */
export const CONTEXT_GET = "$rill_context_get";
