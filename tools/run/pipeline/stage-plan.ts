/** Guests that are connected, each one's stream with a parameter of the next: what each is to do. */
import { UserError } from "../../errors/user-error.js";
import type { ValueType } from "../../wit/model.js";
import type { RunFlags } from "../run-flags.js";
import type { RunInput, RunOutput, RunPlan } from "../run-plan.js";

/** A parameter that gets the stream of the guest before. */
export interface PipedInput {
  readonly kind: "piped";
  readonly elementType: ValueType | null;
}

/** A result that the next guest reads. */
export interface PipedOutput {
  readonly kind: "piped";
  readonly elementType: ValueType | null;
  /** Of the result: the stream, or what it is a field of. */
  readonly type: ValueType;
}

/** What one guest of several is to do. */
export interface StagePlan extends Omit<RunPlan, "inputs" | "output"> {
  readonly inputs: readonly (RunInput | PipedInput)[];
  readonly output: RunOutput | PipedOutput;
}

/** The inputs that come from files and values. */
export function ownInputs({ inputs }: StagePlan): RunInput[] {
  return inputs.filter((input) => input.kind !== "piped");
}

/** @throws UserError for flags that one guest alone can have */
export function refuseForOne({ then = [], calls = [] }: RunFlags): void {
  if (then.length > 0 && calls.length > 0)
    throw new UserError(
      "--then connects one function of each guest, named by --call and FILE#FUNCTION; calls as arguments are for one guest",
    );
}
