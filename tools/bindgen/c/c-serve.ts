/** Calls of imported functions: from core values to the firmware's function, and its result back. */
import { flatten } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { paramsOf } from "./c-function.js";
import type { CPlans } from "./c-plans.js";
import { isOneCell } from "./c-types.js";
import { cellIsNoValue, liftCell, lowerCell, valueIsNone } from "./c-values.js";
import type { CFunction, CWorld } from "./c-world.js";

/** The function that serves calls of `item`. */
export function served(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func, cName } = item;
  const { types } = world;
  const { result } = func;
  const locals: string[] = [];
  const steps: string[] = [];
  const args = [`(struct ${world.prefix} *)guest->context`];
  let cell = 0;
  for (const { name, type } of paramsOf(func)) {
    const at = `args[${cell}]`;
    if (isOneCell(type)) {
      steps.push(...refusal(cellIsNoValue(type, at)));
      args.push(liftCell(types, type, at));
    } else {
      locals.push(`    ${types.value(type)} ${name};`);
      steps.push(...unless(`rill_bindings_lift(guest, ${plans.values(type)}, args + ${cell}, &${name})`));
      args.push(`&${name}`);
    }
    cell += flatten(type).length;
  }
  if (result !== null) {
    const isScalar = isOneCell(result) && result.kind !== "enum";
    locals.push(`    ${types.value(result)} value${isScalar ? " = 0" : ""};`);
    if (!isScalar) steps.unshift("    (void)memset(&value, 0, sizeof value);");
  }
  const call = `${cName}(${[...args, ...(result === null ? [] : ["&value"])].join(", ")})`;
  const unused = [
    ...(cell === 0 && (result === null || flatten(result).length <= 1) ? ["    (void)args;"] : []),
    ...(result === null || flatten(result).length > 1 ? ["    (void)result;"] : []),
  ];
  return [
    `bool ${world.serveName(item)}(struct rill_host *guest, const uint64_t *args, uint64_t *result)`,
    "{",
    ...(locals.length === 0 ? [] : [...locals, ""]),
    ...unused,
    ...steps,
    ...(result === null ? [`    return ${call};`] : [...unless(call), ...lowered(plans, result, cell)]),
    "}",
  ];
}

function unless(condition: string): string[] {
  return [`    if (!${condition}) {`, "        return false;", "    }"];
}

function refusal(condition: string | null): string[] {
  return condition === null
    ? []
    : [`    if (${condition}) {`, "        return rill_bindings_no_value(guest);", "    }"];
}

/** The firmware's `value` as the core result, or where the guest wants it: at the address in cell `out`. */
function lowered(plans: CPlans, result: ValueType, out: number): string[] {
  if (isOneCell(result))
    return [
      ...refusal(valueIsNone(result, "value")),
      `    *result = ${lowerCell(result, "value")};`,
      "    return true;",
    ];
  const values = plans.values(result);
  return flatten(result).length > 1
    ? [`    return rill_bindings_store(guest, ${values}, (uint32_t)args[${out}], &value);`]
    : [`    return rill_bindings_flatten(${values}, &value, result) || rill_bindings_no_value(guest);`];
}
