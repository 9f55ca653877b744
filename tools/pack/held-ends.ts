/**
 * Streams and futures that the computer holds for a guest on a board: those inside of values, those whose
 * items hold handles, and those of functions that the guest imports, or that do not wait. An image says how
 * many there are at once.
 */
import { reachesPointer } from "../wit/arena-use.js";
import { casesOf, fieldsOf, functionTypes, innerTypes } from "../wit/layout.js";
import type { FunctionType, ValueType } from "../wit/model.js";

/** Of each list of streams, and each stream of them: what has no bound has this one. */
export const OPEN_ENDS = 4;

/** How many a value brings at most. */
export function endCount(type: ValueType): number {
  const sum = (types: readonly ValueType[]): number =>
    types.reduce((total, inner) => total + endCount(inner), 0);
  switch (type.kind) {
    case "stream":
    case "future": {
      const inner = type.element === null ? 0 : endCount(type.element);
      return 1 + inner * (type.kind === "stream" ? OPEN_ENDS : 1);
    }
    case "list":
      return endCount(type.element) * (type.length ?? OPEN_ENDS);
    case "record":
    case "tuple":
      return sum(fieldsOf(type).map((field) => field.type));
    case "variant":
    case "option":
    case "result":
      return Math.max(...casesOf(type).map((one) => (one.type === null ? 0 : endCount(one.type))));
    default:
      return 0;
  }
}

/** How many a call of a function brings at most. */
export function callEnds(func: FunctionType): number {
  return functionTypes(func).reduce((total, type) => total + endCount(type), 0);
}

/** Element types of all streams and futures in a type, those of the outermost one's items among them. */
export function elementsIn(type: ValueType): readonly (ValueType | null)[] {
  const own = type.kind === "stream" || type.kind === "future" ? [type.element] : [];
  return [...own, ...innerTypes(type).flatMap(elementsIn)];
}

/** Whether streams or futures in it bring strings or lists. */
export function hasPointersInItems(type: ValueType): boolean {
  return elementsIn(type).some((element) => element !== null && reachesPointer(element));
}

/** Whether an error context is in it. */
export function holdsErrorContext(type: ValueType): boolean {
  return type.kind === "error-context" || innerTypes(type).some(holdsErrorContext);
}
