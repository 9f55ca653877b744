/** Element types as C has them: the words of a plan, and rows of `struct rill_type`. */
import type { TypeDescriptor } from "./copy-plan.js";

/** The plan as a table of that name. */
export function planText(name: string, { plan }: TypeDescriptor): string {
  return `static const uint16_t ${name}[] = {${plan.join(", ")}};`;
}

/** The initialiser of a type whose plan is the table `plan`. */
export function typeText(
  plan: string,
  { elemSize, alignment, isNumber }: TypeDescriptor,
  id: number,
): string {
  return `{${plan}, ${elemSize}u, ${alignment}, ${isNumber ? 1 : 0}, ${id}}`;
}
