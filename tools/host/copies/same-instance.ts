import { isNumberOrNone } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { ComponentInstance } from "../tasks/component-instance.js";
import { trapIf } from "../values/trap.js";

/**
 * Traps when both ends of a copy are in one instance and the elements are neither numbers nor of no type: a
 * limit of the present specification. The host's ends have no instance.
 *
 * Spec: CanonicalABI.md, `none_or_number_type`
 */
export function checkSameInstance(
  one: ComponentInstance | null,
  other: ComponentInstance | null,
  elementType: ValueType | null,
  what: string,
): void {
  trapIf(
    one !== null && one === other && !isNumberOrNone(elementType),
    `both ends of a ${what} of ${elementType?.kind ?? "nothing"} copy in one instance; only numbers may`,
  );
}
