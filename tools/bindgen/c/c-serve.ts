/** Calls of imported functions: from core values to the firmware's function, and its result back. */
import { flatten } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { paramsOf } from "./c-function.js";
import type { CPlans } from "./c-plans.js";
import { isOneCell, isView } from "./c-types.js";
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
  const params = paramsOf(func);
  if (params.some(({ length }) => length !== null)) {
    const host = `((struct ${world.prefix} *)guest->context)`;
    locals.push(`    struct rill_space space = rill_bindings_space(${host}->room, sizeof ${host}->room);`);
  }
  for (const { name, type, cell, length } of params) {
    const at = `args[${cell}]`;
    if (length !== null) {
      locals.push(`    const uint8_t *${name} = NULL;`, `    uint32_t ${length} = 0;`);
      const lift = `rill_bindings_lift_view(guest, ${plans.values(type)}, args + ${cell}, &space, &${name}, &${length})`;
      steps.push(...unless(lift));
      args.push(`(const ${types.item(type)} *)(const void *)${name}`, length);
    } else if (isOneCell(type)) {
      steps.push(...refusal(cellIsNoValue(type, at)));
      args.push(liftCell(types, type, at));
    } else {
      locals.push(`    ${types.value(type)} ${name};`);
      steps.push(...unless(`rill_bindings_lift(guest, ${plans.values(type)}, args + ${cell}, &${name})`));
      args.push(`&${name}`);
    }
  }
  if (result !== null && isView(result)) {
    locals.push(`    const ${types.item(result)} *answer = NULL;`, "    uint32_t answer_length = 0;");
  } else if (result !== null) {
    const isScalar = isOneCell(result) && result.kind !== "enum";
    locals.push(`    ${types.value(result)} answer${isScalar ? " = 0" : ""};`);
    if (!isScalar) steps.unshift("    (void)memset(&answer, 0, sizeof answer);");
  }
  const call = `${cName}(${[...args, ...(result === null ? [] : isView(result) ? ["&answer", "&answer_length"] : ["&answer"])].join(", ")})`;
  const cells = params.flatMap(({ type }) => flatten(type)).length;
  const unused = [
    ...(cells === 0 && (result === null || flatten(result).length <= 1) ? ["    (void)args;"] : []),
    ...(result === null || flatten(result).length > 1 ? ["    (void)result;"] : []),
  ];
  return [
    `bool ${world.serveName(item)}(struct rill_host *guest, const uint64_t *args, uint64_t *result)`,
    "{",
    ...(locals.length === 0 ? [] : [...locals, ""]),
    ...unused,
    ...steps,
    ...(result === null ? [`    return ${call};`] : [...unless(call), ...lowered(plans, result, cells)]),
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

/** The firmware's `answer` as the core result, or where the guest wants it: at the address in cell `out`. */
function lowered(plans: CPlans, result: ValueType, out: number): string[] {
  if (isOneCell(result))
    return [
      ...refusal(valueIsNone(result, "answer")),
      `    *result = ${lowerCell(result, "answer")};`,
      "    return true;",
    ];
  const values = plans.values(result);
  if (isView(result))
    return [
      `    return rill_bindings_store_view(guest, ${values}, (uint32_t)args[${out}], answer, answer_length, sizeof answer[0]);`,
    ];
  return flatten(result).length > 1
    ? [`    return rill_bindings_store(guest, ${values}, (uint32_t)args[${out}], &answer);`]
    : [`    return rill_bindings_flatten(${values}, &answer, result) || rill_bindings_no_value(guest);`];
}
