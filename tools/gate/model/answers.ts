/** What somebody who knows the host can say of the functions that the guest imports. */
import type { Value } from "../../host/values/value.js";
import type { FunctionType } from "../../wit/model.js";

/** Answers of imported functions. */
export interface Answers {
  /** Whether it knows the function; the model answers for others. */
  has(func: FunctionType): boolean;
  /** What the function answers: the same to the same arguments, or states that are equal would not be. */
  of(func: FunctionType, args: readonly Value[]): Value;
}
