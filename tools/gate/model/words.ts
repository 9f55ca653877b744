/** Results and events in words, for traces. */
import { EventCode } from "../../host/tasks/waitable.js";
import { type End } from "./end.js";
import { SubtaskEntry } from "./subtask-entry.js";
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
export function subtaskWords({ what }: SubtaskEntry, state: number): string {
  return `the call of ${what} is ${states[state]!}`;
}

/** An event: whose, and what. */
export function eventWords(entry: End | SubtaskEntry, payload: number): string {
  if (entry instanceof SubtaskEntry) return `event: ${subtaskWords(entry, payload)}`;
  return `event: ${entry.direction} of ${entry.what}: ${resultWords(entry, payload)}`;
}

/** The code of an end's events. Spec: CanonicalABI.md, EventCode */
export function eventCode({ copyKind, direction }: End): EventCode {
  const { STREAM_READ, STREAM_WRITE, FUTURE_READ, FUTURE_WRITE } = EventCode;
  if (copyKind === "stream") return direction === "read" ? STREAM_READ : STREAM_WRITE;
  return direction === "read" ? FUTURE_READ : FUTURE_WRITE;
}
