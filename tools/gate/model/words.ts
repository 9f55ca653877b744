/** Results and events in words, for traces. */
import { type End } from "./end.js";
import { Subtask } from "./entries.js";
import { BLOCKED, PROGRESS_SHIFT } from "./outcomes.js";

const codes = ["COMPLETED", "DROPPED", "CANCELLED"];
const states = ["STARTING", "STARTED", "RETURNED", "CANCELLED_BEFORE_STARTED", "CANCELLED_BEFORE_RETURNED"];

/** A packed result: `COMPLETED, 1 item`. */
export function resultWords(end: End, result: number): string {
  if (result === BLOCKED) return "BLOCKED";
  if (end.copyKind === "future") return codes[result]!;
  const progress = result >>> PROGRESS_SHIFT;
  return `${codes[result & 0xf]!}, ${progress} item${progress === 1 ? "" : "s"}`;
}

/** How far a call has come. */
export function subtaskWords({ what }: Subtask, state: number): string {
  return `the call of ${what} is ${states[state]!}`;
}

/** An event: whose, and what. */
export function eventWords(entry: End | Subtask, payload: number): string {
  if (entry instanceof Subtask) return `event: ${subtaskWords(entry, payload)}`;
  return `event: ${entry.direction} of ${entry.what}: ${resultWords(entry, payload)}`;
}

/** The code of an end's events. Spec: CanonicalABI.md, EventCode */
export function eventCode({ copyKind, direction }: End): number {
  return (copyKind === "stream" ? 2 : 4) + (direction === "read" ? 0 : 1);
}
