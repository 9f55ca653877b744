/**
 * Finds the addresses of a task's memory in a module's code.
 *
 * A number does not say whether it is an address. So the guest is compiled twice, with the memory of a task
 * at two places: what differs between the two modules by just the distance is an address, and all else is
 * equal.
 */
import { type Form, headOf, operands } from "../passes/s-expression.js";

/**
 * Where a task's memory lies in the two modules: far above all that is shared, in numbers of equal length.
 */
export const TASK_BASES = [0x400_0000, 0x480_0000] as const;

const DISTANCE = TASK_BASES[1] - TASK_BASES[0];

/**
 * @param module the module with the memory of a task at the first place
 * @param other  with that at the second one
 * @returns the constants of `module` that are addresses, in 32 bits or extended to 64
 * @throws Error when the two differ in anything else
 */
export function taskAddresses(module: Form, other: Form): Set<Form> {
  const found = new Set<Form>();
  compare(module, other, found);
  return found;
}

function compare(form: Form, other: Form, found: Set<Form>): void {
  if (form.items.length !== other.items.length) throw different(form, other);
  form.items.forEach((item, index) => {
    const there = other.items[index]!;
    if (typeof item === "object" && typeof there === "object") compare(item, there, found);
    else if (item !== there) {
      const isAddress = /^i(32|64)\.const$/.test(headOf(form)) && Number(there) - Number(item) === DISTANCE;
      if (!isAddress) throw different(form, other);
      found.add(form);
    }
  });
}

function different(form: Form, other: Form): Error {
  const heads = [form, other].map((shown) => [headOf(shown), ...operands(shown).map(headOf)].join(" "));
  return new Error(`a guest is another one with its tasks elsewhere: ${heads.join(" against ")}`);
}
