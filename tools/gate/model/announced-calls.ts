/**
 * Calls of imports that the library announced, and whether what it tells the
 * guest of them is what the host told it.
 */
import { SubtaskState } from "../../host/tasks/subtask.js";
import type { Run } from "./run.js";
import { SubtaskEntry } from "./subtask-entry.js";
import type { ModelTable } from "./table.js";

const STATE_MASK = 15;
const HANDLE_SHIFT = 4;

/** A call, by the static memory that the library keeps of it. */
interface AnnouncedCall {
  /** Null when it has returned at once. */
  readonly entry: SubtaskEntry | null;
  taken: boolean;
}

/** All calls of one run. */
export class AnnouncedCalls {
  private readonly byAddress = new Map<number, AnnouncedCall>();

  constructor(
    private readonly run: Run,
    private readonly table: ModelTable,
  ) {}

  /** Forgets all. */
  reset(): void {
    this.byAddress.clear();
  }

  /** A call has begun, and the host has answered `packed`. */
  begun(address: number, packed: number): void {
    if ((packed & STATE_MASK) === SubtaskState.RETURNED) {
      this.byAddress.set(address, { entry: null, taken: false });
      return;
    }
    const entry = this.table.at(packed >>> HANDLE_SHIFT);
    if (!(entry instanceof SubtaskEntry))
      throw this.run.broken("handle-after-drop", "a call is announced whose handle is no subtask");
    this.byAddress.set(address, { entry, taken: false });
  }

  /** `poll` answers: whether no call goes on. */
  polled(address: number, answer: boolean): void {
    const call = this.byAddress.get(address);
    const truth = !call || stateOf(call) >= SubtaskState.RETURNED;
    this.require(
      answer === truth,
      `poll() answers ${answer}, and a call ${truth ? "does not go" : "goes"} on`,
    );
  }

  /** `started` answers. */
  started(address: number, answer: boolean): void {
    const call = this.byAddress.get(address);
    if (!call) return;
    const state = stateOf(call);
    const truth = state !== SubtaskState.STARTING && state !== SubtaskState.CANCELLED_BEFORE_STARTED;
    this.require(
      answer === truth,
      `started() answers ${answer}, and the callee has ${truth ? "" : "not "}started`,
    );
  }

  /** `cancel` answers: whether there is a result all the same. */
  cancelled(address: number, answer: boolean): void {
    const call = this.byAddress.get(address);
    const goesOn = call !== undefined && stateOf(call) < SubtaskState.RETURNED;
    this.require(!goesOn, "cancel() returns, and the call goes on");
    const truth = call !== undefined && hasResult(call);
    this.require(answer === truth, `cancel() answers ${answer}, and there is ${truth ? "a" : "no"} result`);
  }

  /** The guest is given the result. */
  taken(address: number): void {
    const call = this.byAddress.get(address);
    if (!call || !hasResult(call))
      throw this.run.broken("wrong-answer", "a result is taken that is not there");
    call.taken = true;
  }

  /** The call is forgotten, with its result. */
  forgotten(address: number): void {
    this.byAddress.delete(address);
  }

  private require(holds: boolean, message: string): void {
    if (!holds) throw this.run.broken("wrong-answer", message);
  }

  /** Words that make the state, for hashing. */
  words(take: (word: number) => void): void {
    for (const [address, call] of this.byAddress) {
      take(address);
      take((call.entry?.handle ?? 0) * 2 + (call.taken ? 1 : 0));
    }
  }
}

function stateOf({ entry }: AnnouncedCall): number {
  return entry ? entry.toldState : SubtaskState.RETURNED;
}

function hasResult(call: AnnouncedCall): boolean {
  return !call.taken && stateOf(call) === SubtaskState.RETURNED;
}
