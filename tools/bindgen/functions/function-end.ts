/** The ends that a function's own signature names: those of its parameters and of its result. */
import type { CopyType } from "../../wit/core-names.js";
import { componentName } from "../../wit/function-name.js";
import type { FunctionType } from "../../wit/model.js";
import type { EndOperations } from "../ends/copy-operations.js";
import { identifierPart } from "../names/names.js";
import type { Place } from "../refuse.js";
import type { ValueClasses } from "../types/value-classes.js";

/**
 * The end of a function's parameter or result that is itself a stream or future.
 * @param index the type's place among the streams and futures of the function's signature
 * @throws UserError for an element type that is not bound
 */
export function functionEnd(
  func: FunctionType,
  module: string,
  type: CopyType,
  index: number,
  classes: ValueClasses,
  place: Place,
): EndOperations {
  const funcName = componentName(func);
  const number = `${type.kind}${index}`;
  return {
    module,
    funcName,
    index,
    type,
    item: classes.itemType(type, place),
    operations: `${identifierPart(funcName)}_${number}`,
    label: `${number}_${identifierPart(funcName)}`,
    what: `${type.kind} ${index} of \`${funcName}\``,
    release: classes.releaseItem(type, place),
  };
}
