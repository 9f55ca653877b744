/** `subtask.cancel` and `subtask.drop`. Spec: CanonicalABI.md, canon subtask.{cancel,drop} */
import { Subtask } from "./entries.js";
import type { ModelHost } from "./host.js";
import { subtaskWords } from "./words.js";

/** `subtask.cancel`, synchronous. @returns the state that the call has come to */
export function cancelSubtask(handle: number, host: ModelHost): number {
  const name = "subtask.cancel";
  host.note(`${name}, handle ${handle}`, "");
  const subtask = find(handle, name, host);
  if (subtask.over)
    throw host.broken("illegal-call", `${name}: the call of ${subtask.what} is over, only drop is allowed`);
  if (subtask.set !== 0) throw host.broken("illegal-call", `${name}: handle ${handle} is in a waitable set`);
  const outcomes = subtask.cancelStates();
  const state = outcomes[host.choices.choose(outcomes.length)]!;
  subtask.end(state);
  host.say(subtaskWords(subtask, state));
  return state;
}

/** `subtask.drop`. */
export function dropSubtask(handle: number, host: ModelHost): void {
  const name = "subtask.drop";
  host.note(`${name}, handle ${handle}`, "");
  const subtask = find(handle, name, host);
  if (!subtask.over)
    throw host.broken("dropped-while-copying", `${name}: the call of ${subtask.what} has not returned`);
  host.remove(handle);
}

function find(handle: number, name: string, host: ModelHost): Subtask {
  const entry = host.known(handle, name);
  if (entry instanceof Subtask) return entry;
  throw host.broken("illegal-call", `${name}: handle ${handle} is not a subtask`);
}
