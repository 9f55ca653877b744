/** Calls of a run, checked before anything runs, as plain data: it goes to a thread. */
import type { Value } from "../../host/values/value.js";
import type { FunctionType, ValueType } from "../../wit/model.js";

/** What stands for a name's value, or a part of it. */
export interface Reference {
  readonly name: string;
  /** Fields and places in it, one inside of the other. */
  readonly path: readonly string[];
  readonly from: ValueType;
  readonly to: ValueType;
}

/** An argument, or a part of one. */
export type PlannedArgument =
  | { readonly kind: "value"; readonly value: Value }
  /** What `--in` says, at this place among the inputs of the plan. */
  | { readonly kind: "input"; readonly index: number }
  | ({ readonly kind: "name" } & Reference)
  /** Of a list or tuple. */
  | { readonly kind: "items"; readonly items: readonly PlannedArgument[] }
  /** Of a record, or the case of a variant, option or result. */
  | { readonly kind: "fields"; readonly fields: readonly (readonly [string, PlannedArgument])[] }
  | {
      readonly kind: "stream";
      readonly element: ValueType | null;
      readonly items: readonly PlannedArgument[];
    }
  | { readonly kind: "future"; readonly element: ValueType | null; readonly value: PlannedArgument };

/** One call, or the drop of what a name stands for. */
export type PlannedCall =
  | { readonly kind: "drop"; readonly text: string; readonly reference: Reference }
  | {
      readonly kind: "call";
      readonly text: string;
      /** What the result is called; null when it is told. */
      readonly name: string | null;
      /** `interface#function`, or `function`. */
      readonly call: string;
      readonly func: FunctionType;
      readonly args: readonly PlannedArgument[];
    };
