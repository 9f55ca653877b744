/** Typed calls of exported functions. */
import { flatten, holdsEnd, MAX_FLAT_PARAMS } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { elementOf, ENDS, flowArgs, flowCells, flowParams, flowsTaken, flowTaken } from "./c-flows.js";
import { type CParam, paramsOf, prototype } from "./c-function.js";
import { CALLS, GIVEN, GUESTS, handleSteps, TABLE } from "./c-handles.js";
import { counts } from "./c-counts.js";
import { flowsOf, paramCells, tupleExtent } from "./c-kept.js";
import {
  holds,
  holdsGuests,
  holdsHandleLists,
  holdsHandles,
  isDeep,
  isFlow,
  isOneCell,
  isResource,
  isSource,
  isView,
} from "./c-kinds.js";
import type { CPlans } from "./c-plans.js";
import { FAIL, TAKEN } from "./c-serve.js";
import { cellIsNoValue, liftCell, lowerCell, valueIsNone } from "./c-values.js";
import { type CFunction, type CGuestResource, type CWorld, destructorIndex } from "./c-world.js";

/** The guest's side of the host, where `host` is the world's struct. */
export const GUEST = "host->base.rings.host";
/** The caller's memory for a result. */
const SPACE = "rill_bindings_space(result, (uint64_t)result_room * sizeof result[0])";

/** The index of a function's core export. */
export function exportIndex(world: CWorld, func: FunctionType, kind: "lift" | "post-return"): number {
  return world.coreExports.findIndex((item) => item.func === func && item.kind === kind);
}

/** Whether the parameters are in the guest's memory. */
export function isInMemory(func: FunctionType): boolean {
  return paramCells(func) > MAX_FLAT_PARAMS;
}

/** What the guest's allocator, or its table of handles, has a part in: only once the guest is entered. */
export function isEntered(func: FunctionType, type: ValueType): boolean {
  return isInMemory(func) || isView(type) || isDeep(type) || holdsHandles(type);
}

/** Fills the cells; ends early where the caller gives what is no value, before the guest runs. */
export function argumentSteps(plans: CPlans, func: FunctionType): string[] {
  return paramsOf(func).flatMap(({ name, type, cell }) => {
    if (isFlow(type) || isView(type) || isDeep(type)) return [];
    if (isOneCell(type)) {
      const none = refusedWhen(valueIsNone(type, name));
      return isEntered(func, type) ? none : [...none, `    cells[${cell}] = ${lowerCell(type, name)};`];
    }
    return isEntered(func, type)
      ? []
      : refusedWhen(`!rill_bindings_flatten(${plans.values(type)}, ${name}, cells + ${cell})`);
  });
}

/** Ends a function where the condition holds, by `steps`; nothing without one. */
export function refusedWhen(
  condition: string | null,
  steps: readonly string[] = ["return false;"],
): string[] {
  return condition === null
    ? []
    : [`    if (${condition}) {`, ...steps.map((step) => `        ${step}`), "    }"];
}

/** How a call lowers what needs the guest: locals, and conditions that are true when all went well. */
export interface Lowering {
  readonly locals: string[];
  /** Handles, all of them in any case: what is not given goes back to the firmware. */
  readonly gives: string[];
  readonly conditions: string[];
  /** Core values that are known then. */
  readonly cells: string[];
}

/**
 * Arguments for which the guest is entered first: its allocator runs, its handles are made.
 * @param call what stands for the call in C
 */
export function lowering(world: CWorld, plans: CPlans, item: CFunction, call: string): Lowering {
  const { func } = item;
  const locals: string[] = [];
  const gives: string[] = [];
  const conditions: string[] = [];
  const cells: string[] = [];
  const inMemory = isInMemory(func);
  if (inMemory) {
    locals.push("    uint32_t args_at = 0;");
    conditions.push(`rill_bindings_place(${GUEST}, ${tupleExtent(func)}, &args_at)`);
    cells.push("    cells[0] = args_at;");
  }
  for (const param of paramsOf(func)) {
    const { type } = param;
    if (isFlow(type) || !isEntered(func, type)) continue;
    const to = inMemory ? `args_at + ${param.offset}u` : `cells + ${param.cell}`;
    if (holdsHandles(type))
      gives.push(
        `${giver(world, item, param.given)}(host, &${param.given}${holdsHandleLists(type) ? ", space" : ""}${notes(world, type) ? `, ${call}` : ""})`,
      );
    if (isResource(type) && !inMemory) cells.push(`    cells[${param.cell}] = ${param.given};`);
    conditions.push(...lowered(world, plans, param, { to, inMemory, locals }));
  }
  return { locals, gives, conditions, cells };
}

function lowered(
  world: CWorld,
  plans: CPlans,
  { name, type, length, given: own }: CParam,
  { to, inMemory, locals }: { readonly to: string; readonly inMemory: boolean; readonly locals: string[] },
): string[] {
  const values = (): string => plans.values(type);
  if (length !== null)
    return inMemory
      ? [`rill_bindings_store_view(${GUEST}, ${values()}, ${to}, ${name}, ${length}, sizeof ${name}[0])`]
      : [`rill_bindings_lower_view(${GUEST}, ${values()}, ${name}, ${length}, sizeof ${name}[0], ${to})`];
  if (isResource(type)) {
    locals.push(`    uint32_t ${own} = ${name};`);
    return inMemory ? [`rill_bindings_store(${GUEST}, ${values()}, ${to}, &${own})`] : [];
  }
  let from = name;
  if (holdsHandles(type)) {
    locals.push(`    ${types(world, type)} ${own} = *${name};`);
    from = `&${own}`;
  } else if (isOneCell(type)) {
    if (type.kind === "enum")
      locals.push(`    ${world.types.member(type)} ${own} = (${world.types.member(type)})${name};`);
    from = type.kind === "enum" ? `&${own}` : `&${name}`;
  }
  const verb = inMemory ? "store" : "lower";
  return isDeep(type)
    ? [
        inMemory
          ? `rill_bindings_${verb}_deep(${GUEST}, ${values()}, ${to}, ${from}, space)`
          : `rill_bindings_${verb}_deep(${GUEST}, ${values()}, ${from}, space, ${to})`,
      ]
    : [
        inMemory
          ? `rill_bindings_store(${GUEST}, ${values()}, ${to}, ${from})`
          : `(rill_bindings_flatten(${values()}, ${from}, ${to}) || rill_bindings_no_value(${GUEST}))`,
      ];
}

function types(world: CWorld, type: ValueType): string {
  return world.types.value(type);
}

const ENTER = refusedWhen("!rill_bindings_enter(&host->base)");

/**
 * Statements that ask for each of the guest's resources that a call passes, and end the function where
 * one is not the firmware's: nothing has changed then. `is_held` is declared.
 */
export function asks(world: CWorld, func: FunctionType, otherwise: readonly string[]): string[] {
  const pass = { world, way: "ask", fail: ["is_held = false;"], lent: null, space: "space" } as const;
  const steps = paramsOf(func).flatMap(({ name, type }) =>
    isFlow(type) ? [] : handleSteps(pass, type, isOneCell(type) ? name : `(*${name})`),
  );
  if (steps.length === 0) return [];
  const forget = [
    ...(passesGuests(func) ? [`rill_guest_resources_forget(${GUESTS});`] : []),
    ...(givesEnds(func) ? [`rill_ends_forget(${ENDS});`] : []),
  ];
  return [...steps, ...refusedWhen("!is_held", [...forget, ...otherwise])];
}

/** Whether a call passes resources that the guest implements. */
export function passesGuests({ params }: FunctionType, kind?: "own" | "borrow"): boolean {
  return params.some(({ type }) => !isFlow(type) && holdsGuests(type, kind));
}

/** Whether a call of an export passes streams or futures in values. */
export function givesEnds({ params }: FunctionType): boolean {
  return params.some(({ type }) => !isFlow(type) && holdsEnd(type));
}

/** Whether each number that a call passes is asked for first. */
export function isAsking(func: FunctionType): boolean {
  return passesGuests(func) || givesEnds(func);
}

/** The local of a function that asks. */
const HELD = "    bool is_held = true;";
const REFUSE: readonly string[] = ["return rill_bindings_refuse(&host->base);"];

/** After a call that is alone: what it had lent is not lent any more. */
function forgets(func: FunctionType): string[] {
  return passesGuests(func, "borrow") ? [`    rill_guest_resources_forget(${GUESTS});`] : [];
}

function held(func: FunctionType): string[] {
  return isAsking(func) ? [HELD] : [];
}

/** `is_done = … && …;`, each condition on its line, behind what is done in any case. */
export function chain(gives: readonly string[], conditions: readonly string[]): string[] {
  return [
    ...gives.map((give, index) => `    is_done = ${give}${index === 0 ? "" : " && is_done"};`),
    ...conditions.map(
      (condition, index) => `    is_done = ${gives.length + index === 0 ? "" : "is_done && "}${condition};`,
    ),
  ];
}

/** Helpers in front of a call: those that give the guest handles within a value. */
export function givers(world: CWorld, item: CFunction): string[] {
  return paramsOf(item.func).flatMap(({ given, type }) => {
    if (isFlow(type) || !holdsHandles(type)) return [];
    const call = notes(world, type) ? "call" : null;
    const pass = { world, way: "give", fail: GIVEN, lent: null, space: "space", call } as const;
    const space = holdsHandleLists(type) ? ", struct rill_space *space" : "";
    const of = call === null ? "" : ", const void *call";
    return [
      `static bool ${giver(world, item, given)}(struct ${world.prefix} *host, ${types(world, type)} *to${space}${of})`,
      "{",
      "    bool is_given = true;",
      "",
      ...handleSteps(pass, type, "(*to)"),
      "    return is_given;",
      "}",
      "",
    ];
  });
}

/** Whether it is noted which call a value lends something to. */
function notes(world: CWorld, type: ValueType): boolean {
  return world.lendsToCalls && holds(type, "borrow");
}

/** The name of a helper. */
function giver(world: CWorld, item: CFunction, given: string): string {
  return `${world.memberName(item)}_${given}`;
}

/** Whether the guest is lent resources, which it drops before it answers. */
function settles({ params }: FunctionType): boolean {
  return params.some(({ type }) => holds(type, "borrow"));
}

function settle(world: CWorld, call: string): string {
  return world.lendsToCalls
    ? `rill_resources_settle_call(${TABLE}, ${CALLS}, ${call})`
    : `rill_resources_settle(${TABLE})`;
}

/** After a call that goes on beside others was cancelled: it may not keep what it was lent, either. */
export function settlesCancelled(world: CWorld, func: FunctionType): string[] {
  if (!settles(func)) return [];
  return [
    "    if (begun->state == (uint8_t)RILL_BEGUN_CANCELLED && begun->has_started != 0u) {",
    `        (void)${settle(world, "begun")};`,
    "    }",
  ];
}

/** Calls a function that is not async. */
export function syncCall(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func } = item;
  const { result } = func;
  const { locals, gives, conditions, cells } = lowering(world, plans, item, "host");
  const call = `rill_bindings_call(&host->base, ${exportIndex(world, func, "lift")}, cells)`;
  const flows = flowParams(func);
  const opens = flows.map(
    ({ name, type, given }) => `rill_flow_give(${flowArgs(world, type, name)}, &${given})`,
  );
  const all = [...opens, ...conditions];
  const open = flowsTaken(func);
  return [
    ...givers(world, item),
    ...prototype(world, item, false),
    "{",
    `    uint64_t cells[${cellCount(func)}]${gives.length + all.length === 0 ? "" : " = {0}"};`,
    ...flows.map(({ given }) => `    uint32_t ${given} = 0;`),
    ...(result !== null && isView(result) ? [`    struct rill_space result_space = ${SPACE};`] : []),
    ...locals,
    ...held(func),
    "    bool is_done;",
    "",
    ...argumentSteps(plans, func),
    ...ENTER,
    ...(open.length === 0 ? [] : refusedWhen([...open, `${GUEST}->trap != NULL`].join(" || "), REFUSE)),
    ...asks(world, func, REFUSE),
    ...ringCounts(world, 0, 0),
    ...chain(gives, all),
    ...flowCells(plans, func, isInMemory(func)),
    ...cells,
    ...(gives.length + all.length === 0 ? [`    is_done = ${call};`] : [`    is_done = is_done && ${call};`]),
    ...(settles(func) ? [`    is_done = is_done && ${settle(world, "host")};`] : []),
    ...(result === null
      ? []
      : isFlow(result)
        ? flowTaken(world, result, "cells[0]")
        : taken(world, plans, func, result)),
    ...(result !== null && holds(result, "own") ? whenDone([TAKEN]) : []),
    ...forgets(func),
    "    return rill_bindings_leave(&host->base, is_done);",
    "}",
  ];
}

/** Core values that the call passes, at least the one that gets its answer. */
export function cellCount(func: FunctionType): number {
  return isInMemory(func) ? 1 : Math.max(1, paramCells(func));
}

/** Lifts what a sync function answers; what is in the guest's memory is then the guest's again. */
function taken(world: CWorld, plans: CPlans, func: FunctionType, result: ValueType): string[] {
  const after = exportIndex(world, func, "post-return");
  const handles = holdsHandles(result) ? whenDone(handleSteps(taking(world), result, "(*result)")) : [];
  if (!isOneCell(result)) {
    const values = plans.values(result);
    if (flatten(result).length === 1)
      return [`    is_done = is_done && rill_bindings_lift(${GUEST}, ${values}, cells, result);`, ...handles];
    const load = isView(result)
      ? `rill_bindings_load_view(${GUEST}, ${values}, (uint32_t)cells[0], &result_space, result_length)`
      : isDeep(result)
        ? `rill_bindings_load_deep(${GUEST}, ${values}, (uint32_t)cells[0], result, space)`
        : `rill_bindings_load(${GUEST}, ${values}, (uint32_t)cells[0], result)`;
    return [
      `    is_done = is_done && ${load};`,
      ...handles,
      `    is_done = is_done && rill_bindings_call(&host->base, ${after}, cells);`,
    ];
  }
  const none = cellIsNoValue(result, "cells[0]");
  return [
    ...(none === null
      ? []
      : [`    if (is_done && ${none}) {`, `        is_done = rill_bindings_no_value(${GUEST});`, "    }"]),
    "    if (is_done) {",
    `        *result = ${liftCell(world.types, result, "cells[0]")};`,
    "    }",
    ...handles,
  ];
}

/** How handles in results are taken: `is_done` says whether it went well. */
function taking(world: CWorld): Parameters<typeof handleSteps>[0] {
  return { world, way: "take", fail: ["is_done = false;"], lent: null, space: "space" };
}

function whenDone(steps: readonly string[]): string[] {
  return ["    if (is_done) {", ...steps.map((line) => (line === "" ? "" : `    ${line}`)), "    }"];
}

/** Runs a destructor of the guest's: the firmware drops what it holds. */
export function dropCall(world: CWorld, { dropName, heldName }: CGuestResource, number: number): string[] {
  const destructor = destructorIndex(world, number);
  return [
    `bool ${dropName}(struct ${world.prefix} *host, uint32_t handle)`,
    "{",
    "    uint64_t cells[1] = {0};",
    "    bool is_done;",
    "",
    ...ENTER,
    ...refusedWhen(`!rill_guest_resource_end(${GUESTS}, ${number}, handle, cells)`, REFUSE),
    ...ringCounts(world, 0, 0),
    `    is_done = rill_bindings_call(&host->base, ${destructor}, cells);`,
    "    return rill_bindings_leave(&host->base, is_done);",
    "}",
    "",
    `enum rill_held ${heldName}(const struct ${world.prefix} *host, uint32_t handle)`,
    "{",
    `    return rill_guest_resource_look(${GUESTS}, ${number}, handle);`,
    "}",
  ];
}

function ringCounts(world: CWorld, sources: number, sinks: number): string[] {
  const most = counts(world);
  return [
    ...(most.sources === 0 ? [] : [`    host->base.rings.source_count = ${sources};`]),
    ...(most.sinks === 0 ? [] : [`    host->base.rings.sink_count = ${sinks};`]),
  ];
}

/** Runs the task of an async function. */
export function taskCall(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func, cName } = item;
  const { result } = func;
  const streams = flowParams(func).filter(({ source }) => source !== null);
  const others = flowParams(func).filter(({ source }) => source === null);
  const sinks = isSource(result) ? 1 : 0;
  const answered = `answered_${cName.slice(`${world.prefix}_call_`.length)}`;
  const { locals, gives, conditions, cells } = lowering(world, plans, item, "host");
  const kept = `host->${world.memberName(item)}`;
  const opens = [
    ...streams.map(
      ({ source, type }) =>
        `rill_source_open(&host->base.rings, &host->sources[${source!}], ${elementOf(world, type)}, &handles[${source!}])`,
    ),
    ...others.map(
      ({ name, type, given }) => `rill_flow_give(${flowArgs(world, type, `&${kept}.${name}`)}, &${given})`,
    ),
  ];
  const all = [...opens, ...conditions];
  const isText = result !== null && isView(result);
  const isInSpace = result !== null && isDeep(result);
  const to = isText || isInSpace ? "&room" : result !== null && sinks === 0 ? "result" : "NULL";
  const run = `rill_bindings_run(&host->base, ${exportIndex(world, func, "lift")}, cells, ${answered}, ${to})`;
  const flows = flowsOf(func, false);
  return [
    ...givers(world, item),
    ...answer(world, plans, item, answering(world, answered, func, item)),
    "",
    ...prototype(world, item, false),
    "{",
    `    uint64_t cells[${cellCount(func)}] = {0};`,
    ...(streams.length === 0 ? [] : [`    uint32_t handles[${streams.length}] = {0};`]),
    ...others.map(({ given }) => `    uint32_t ${given} = 0;`),
    ...locals,
    ...(isText ? ["    struct rill_bindings_room room;"] : []),
    ...(isInSpace ? ["    struct rill_bindings_value room;"] : []),
    ...held(func),
    "    bool is_done;",
    "",
    ...(isText ? [`    room.space = ${SPACE};`, "    room.length = result_length;"] : []),
    ...(isInSpace ? ["    room.result = result;", "    room.space = space;"] : []),
    ...argumentSteps(plans, func),
    ...ENTER,
    ...asks(world, func, REFUSE),
    ...ringCounts(world, streams.length, sinks),
    ...streams.map(({ name, source }) => `    host->sources[${source!}].ring = ${name};`),
    ...(sinks === 0 ? [] : ["    host->sinks[0].ring = result;"]),
    ...others.flatMap(({ name }) => [
      `    (void)memset(&${kept}.${name}, 0, sizeof ${kept}.${name});`,
      `    ${kept}.${name}.ring = ${name};`,
    ]),
    ...chain(gives, all),
    ...flowCells(plans, func, isInMemory(func), ({ source, given }) =>
      source === null ? given : `handles[${source}]`,
    ),
    ...cells,
    `    is_done = ${gives.length + all.length === 0 ? "" : "is_done && "}${run};`,
    ...flows.map((name) => `    rill_flow_end(&host->base, &${kept}.${name});`),
    ...forgets(func),
    "    return rill_bindings_leave(&host->base, is_done);",
    "}",
  ];
}

/** What takes the result of a task goes by. */
export interface Answering {
  /** What stands for the call. */
  readonly call: string;
  /** The function, up to its body. */
  readonly head: string;
  /** Locals that say whose task it is. */
  readonly host: readonly string[];
  /** Locals that say which call it is. */
  readonly own: readonly string[];
  /** Parameters, where nothing of them is needed. */
  readonly unused: readonly string[];
  /** Those that a result of one core value does not need. */
  readonly spare: readonly string[];
  /** What the task's streams and futures are members of, with the operator behind it. */
  readonly kept: string;
  /** The ring for a result that is a stream or future. */
  readonly ring: string;
  /** Where a result goes: the address, and what is there. */
  readonly to: string;
  readonly value: (type: string) => string;
  /** Of a string or list: locals, its space, and where its length goes. */
  readonly view: { readonly locals: readonly string[]; readonly space: string; readonly length: string };
  /** Of a value with strings or lists in it. */
  readonly deep: { readonly locals: readonly string[]; readonly to: string; readonly space: string };
}

/** Of the only task. */
function answering(world: CWorld, name: string, { result }: FunctionType, item: CFunction): Answering {
  const isNested = result !== null && isDeep(result);
  const to = isNested ? "value->result" : "bindings->result";
  return {
    call: "host",
    head: `static bool ${name}(struct rill_bindings *bindings, const uint64_t *values)`,
    host: [
      "    /* SAFETY: the bindings are the first member of the world's struct. */",
      `    struct ${world.prefix} *host = (struct ${world.prefix} *)(void *)bindings;`,
    ],
    own: [],
    unused: ["    (void)bindings;"],
    spare: [],
    kept: `host->${world.memberName(item)}.`,
    ring: "(struct rill_ring *)bindings->result",
    to,
    value: (type) => `*(${type} *)${to}`,
    view: {
      locals: ["    struct rill_bindings_room *room = (struct rill_bindings_room *)bindings->result;"],
      space: "&room->space",
      length: "room->length",
    },
    deep: {
      locals: ["    struct rill_bindings_value *value = (struct rill_bindings_value *)bindings->result;"],
      to,
      space: "value->space",
    },
  };
}

/** Takes the result of a task. */
export function answer(world: CWorld, plans: CPlans, item: CFunction, by: Answering): string[] {
  const { func } = item;
  const { result } = func;
  const { head, kept, to } = by;
  const needsHost = settles(func) || (result !== null && (isFlow(result) || holdsHandles(result)));
  const host = needsHost ? by.host : [];
  const settled = settles(func) ? refusedWhen(`!${settle(world, by.call)}`) : [];
  if (result === null)
    return [
      head,
      "{",
      ...(needsHost ? [...host, ""] : by.unused),
      "    (void)values;",
      ...settled,
      "    return true;",
      "}",
    ];
  if (isFlow(result)) {
    const flow = `${kept}result`;
    const open = isSunk(world, func)
      ? [
          `    return rill_sink_open(&bindings->rings, &host->sinks[0], ${elementOf(world, result)}, (uint32_t)values[0]);`,
        ]
      : [
          ...refusedWhen(`!rill_flow_take(${flowArgs(world, result, `&${flow}`)}, (uint32_t)values[0])`),
          `    ${flow}.ring = ${by.ring};`,
          `    return rill_flow_settle(&host->base, &${flow});`,
        ];
    return [head, "{", ...host, ...by.own, "", ...settled, ...open, "}"];
  }
  const type = world.types.value(result);
  const isNested = isDeep(result);
  const locals = [...host, ...by.own, ...(isNested ? by.deep.locals : isView(result) ? by.view.locals : [])];
  const begin = [head, "{", ...(locals.length === 0 ? [] : [...locals, ""]), ...settled];
  const handles = holdsHandles(result)
    ? [
        ...handleSteps({ ...taking(world), fail: FAIL, space: by.deep.space }, result, `(${by.value(type)})`),
        ...(holds(result, "own") ? [TAKEN] : []),
      ]
    : [];
  if (isOneCell(result)) {
    const none = cellIsNoValue(result, "values[0]");
    return [
      ...begin,
      ...(none === null && !needsHost ? by.spare : []),
      ...(none === null
        ? []
        : [`    if (${none}) {`, "        return rill_bindings_no_value(bindings->rings.host);", "    }"]),
      `    ${by.value(type)} = ${liftCell(world.types, result, "values[0]")};`,
      ...handles,
      "    return true;",
      "}",
    ];
  }
  const [how, from] =
    flatten(result).length > MAX_FLAT_PARAMS ? ["load", "(uint32_t)values[0]"] : ["lift", "values"];
  const lift = isView(result)
    ? `rill_bindings_lift_view(bindings->rings.host, ${plans.values(result)}, values, ${by.view.space}, NULL, ${by.view.length})`
    : `rill_bindings_${how}${isNested ? "_deep" : ""}(bindings->rings.host, ${plans.values(result)}, ${from}, ${isNested ? `${by.deep.to}, ${by.deep.space}` : to})`;
  return handles.length === 0
    ? [...begin, `    return ${lift};`, "}"]
    : [...begin, ...refusedWhen(`!${lift}`), ...handles, "    return true;", "}"];
}

/** Whether a task's result goes through a sink of the host's. */
function isSunk({ sideBySide }: CWorld, { result }: FunctionType): boolean {
  return isSource(result) && sideBySide.tasks === null;
}
