/** Calls of imported functions: from core values to the firmware's function, and its result back. */
import { flatten, MAX_FLAT_PARAMS } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { flowArgs } from "./c-flows.js";
import { type CParam, hasSpace, paramsOf } from "./c-function.js";
import { giveSteps, GUESTS, handleSteps, TABLE } from "./c-handles.js";
import { lendsInLists, lentCount, paramCells, returnsLent, takesOwn, tupleExtent } from "./c-kept.js";
import { holdsHandles, isDeep, isFlow, isOneCell, isResource, isView } from "./c-kinds.js";
import type { CPlans } from "./c-plans.js";
import { cellIsNoValue, liftCell, lowerCell, valueIsNone } from "./c-values.js";
import { type CFunction, type CWorld, destructorIndex, type GuestUse } from "./c-world.js";

/** What the guest hands over is the firmware's. */
export const TAKEN = `    rill_resources_taken(${TABLE});`;
/** What ends a function that answers false for a trap. */
export const FAIL: readonly string[] = ["return false;"];

/** What the function that serves a call is made of. */
interface Serving {
  readonly world: CWorld;
  readonly plans: CPlans;
  readonly item: CFunction;
  readonly locals: string[];
  /** Before the firmware's function. */
  readonly steps: string[];
  /** After it has answered true. */
  readonly after: string[];
  /** What it is given. */
  readonly args: string[];
}

/** The function that serves calls of `item`. */
export function served(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func, cName } = item;
  const { result } = func;
  const params = paramsOf(func);
  const needsHost = usesHost(func);
  const serving: Serving = {
    world,
    plans,
    item,
    locals: needsHost ? [`    struct ${world.prefix} *host = (struct ${world.prefix} *)guest->context;`] : [],
    steps: [],
    after: [],
    args: [needsHost ? "host" : `(struct ${world.prefix} *)guest->context`],
  };
  const { locals, steps, after, args } = serving;
  if (usesRoom(func))
    locals.push("    struct rill_space space = rill_bindings_space(host->room, sizeof host->room);");
  const lent = lentCount(func);
  if (lent > 0) {
    locals.push(`    uint32_t lent_handles[${lent}] = {0};`);
    after.push(...returnsLent(lent, "lent_handles", `    rill_resource_return(${TABLE}, `));
  }
  const cells = paramCells(func);
  const isInMemory = cells > MAX_FLAT_PARAMS;
  if (isInMemory)
    steps.push(...unless(`rill_bindings_is_place(guest, ${tupleExtent(func)}, (uint32_t)args[0])`));
  let firstLent = 0;
  for (const param of params) {
    passed(serving, param, isInMemory, firstLent);
    firstLent += lentCount({ ...func, params: [{ name: "", type: param.type }] });
  }
  if (hasSpace(func)) args.push("&space");
  if (result !== null) answered(serving, result);
  if (takesOwn(func)) steps.push(TAKEN);
  if (lendsInLists(func)) after.push(`    rill_resources_return(${TABLE}, &space, sizeof host->room);`);
  const call = `${cName}(${args.join(", ")})`;
  const out = isInMemory ? 1 : cells;
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
    ...(result === null && after.length === 0
      ? [`    return ${call};`]
      : [
          ...unless(call),
          ...after,
          ...(result === null ? ["    return true;"] : lowered(serving, result, out)),
        ]),
    "}",
  ];
}

/** Whether the guest's strings and lists go to the host's room. */
export function usesRoom(func: FunctionType): boolean {
  return func.params.some(({ type }) => isView(type)) || hasSpace(func);
}

function usesHost(func: FunctionType): boolean {
  const types = [...func.params.map(({ type }) => type), ...(func.result === null ? [] : [func.result])];
  return usesRoom(func) || types.some((type) => isFlow(type) || holdsHandles(type));
}

/** Lifts a parameter. */
function passed(serving: Serving, param: CParam, isInMemory: boolean, firstLent: number): void {
  const { world, plans, item, locals, steps, after, args } = serving;
  const { types } = world;
  const { name, type, cell, length, offset } = param;
  const from = isInMemory ? `(uint32_t)args[0] + ${offset}u` : `args + ${cell}`;
  const verb = isInMemory ? "load" : "lift";
  if (length !== null && !isInMemory) {
    locals.push(`    const uint8_t *${name} = NULL;`, `    uint32_t ${length} = 0;`);
    const lift = `rill_bindings_lift_view(guest, ${plans.values(type)}, ${from}, &space, &${name}, &${length})`;
    steps.push(...unless(lift));
    args.push(`(const ${types.item(type)} *)(const void *)${name}`, length);
    return;
  }
  if (isOneCell(type) && !isInMemory && !isResource(type)) {
    const at = `args[${cell}]`;
    steps.push(...refusal(cellIsNoValue(type, at)));
    args.push(liftCell(types, type, at));
    return;
  }
  if ((isFlow(type) || isResource(type)) && !isInMemory)
    locals.push(`    uint32_t ${name} = (uint32_t)args[${cell}];`);
  else {
    const isWide = length !== null || isDeep(type);
    locals.push(`    ${isFlow(type) ? "uint32_t" : types.member(type)} ${name};`);
    const space = isWide ? ", &space" : "";
    steps.push(
      ...unless(
        `rill_bindings_${verb}${isWide ? "_deep" : ""}(guest, ${plans.values(type)}, ${from}, &${name}${space})`,
      ),
    );
  }
  if (isFlow(type)) {
    const flow = `&host->${world.memberName(item)}.${name}`;
    steps.push(...unless(`rill_flow_take(${flowArgs(world, type, flow)}, ${name})`));
    after.push(...unless(`rill_flow_settle(&host->base, ${flow})`));
    args.push(flow);
    return;
  }
  if (holdsHandles(type))
    steps.push(
      ...handleSteps(
        { world, way: "take", fail: FAIL, lent: "lent_handles", space: "&space" },
        type,
        name,
        firstLent,
      ),
    );
  if (length !== null)
    args.push(`(const ${types.item(type)} *)rill_view_in(&space, ${name})`, `${name}.length`);
  else if (type.kind === "enum") args.push(`(${types.value(type)})${name}`);
  else args.push(isOneCell(type) ? name : `&${name}`);
}

/** Where the firmware's answer goes. */
function answered(serving: Serving, result: ValueType): void {
  const { world, item, locals, steps, args } = serving;
  const { types } = world;
  if (isFlow(result)) {
    const flow = `&host->${world.memberName(item)}.result`;
    locals.push("    uint32_t answer = 0;");
    steps.push(...unless(`rill_flow_prepare(&host->base, ${flow})`));
    args.push(flow);
  } else if (isView(result)) {
    locals.push(`    const ${types.item(result)} *answer = NULL;`, "    uint32_t answer_length = 0;");
    args.push("&answer", "&answer_length");
  } else {
    const isScalar = isOneCell(result) && result.kind !== "enum";
    locals.push(`    ${types.value(result)} answer${isScalar ? " = 0" : ""};`);
    if (!isScalar) steps.unshift("    (void)memset(&answer, 0, sizeof answer);");
    args.push("&answer");
  }
}

/** Ends the function where the condition does not hold. */
export function unless(condition: string): string[] {
  return [`    if (!${condition}) {`, "        return false;", "    }"];
}

function refusal(condition: string | null): string[] {
  return condition === null
    ? []
    : [`    if (${condition}) {`, "        return rill_bindings_no_value(guest);", "    }"];
}

/** The firmware's `answer` as the core result, or where the guest wants it: at the address in cell `out`. */
function lowered(serving: Serving, result: ValueType, out: number): string[] {
  const { world, plans, item } = serving;
  if (isFlow(result))
    return [
      ...unless(
        `rill_flow_give(${flowArgs(world, result, `&host->${world.memberName(item)}.result`)}, &answer)`,
      ),
      "    *result = answer;",
      "    return true;",
    ];
  const given = holdsHandles(result) ? giveSteps({ world, space: "&space" }, result, "answer") : [];
  if (isOneCell(result))
    return [
      ...given,
      ...refusal(valueIsNone(result, "answer")),
      `    *result = ${lowerCell(result, "answer")};`,
      "    return true;",
    ];
  const values = plans.values(result);
  const to = `(uint32_t)args[${out}]`;
  if (isView(result))
    return [
      `    return rill_bindings_store_view(guest, ${values}, ${to}, answer, answer_length, sizeof answer[0]);`,
    ];
  if (isDeep(result))
    return [...given, `    return rill_bindings_store_deep(guest, ${values}, ${to}, &answer, &space);`];
  return flatten(result).length > 1
    ? [...given, `    return rill_bindings_store(guest, ${values}, ${to}, &answer);`]
    : [
        ...given,
        `    return rill_bindings_flatten(${values}, &answer, result) || rill_bindings_no_value(guest);`,
      ];
}

/** The function that serves drops of a resource's handles. */
export function servedDrop(world: CWorld, number: number): string[] {
  const resource = world.resources[number]!;
  return [
    `bool ${world.serveDropName(resource)}(struct rill_host *guest, const uint64_t *args, uint64_t *result)`,
    "{",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)guest->context;`,
    "    bool is_owner = false;",
    "    uint32_t index = 0;",
    "",
    "    (void)result;",
    ...unless(`rill_resource_drop(${TABLE}, ${number}, (uint32_t)args[0], &is_owner, &index)`),
    "    if (is_owner) {",
    `        ${resource.dropName}(host, index);`,
    "    }",
    "    return true;",
    "}",
  ];
}

/** The functions that serve the guest's built-ins on a resource of its own. */
export function servedOwn(world: CWorld, number: number): string[] {
  const { serveNames } = world.guestResources[number]!;
  const head = (use: GuestUse): string[] => [
    `bool ${serveNames[use]}(struct rill_host *guest, const uint64_t *args, uint64_t *result)`,
    "{",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)guest->context;`,
  ];
  const plain = (use: "new" | "rep"): string[] => [
    ...head(use),
    "",
    `    return rill_guest_resource_${use}(${GUESTS}, ${number}, (uint32_t)args[0], result);`,
    "}",
    "",
  ];
  return [
    ...plain("new"),
    ...plain("rep"),
    ...head("drop"),
    "    uint64_t cells[1] = {0};",
    "",
    "    (void)result;",
    `    return rill_guest_resource_drop(${GUESTS}, ${number}, (uint32_t)args[0], cells)`,
    `           && rill_guest_resource_dropped(${GUESTS}, host->base.engine->call(guest, ${destructorIndex(world, number)}, cells));`,
    "}",
  ];
}
