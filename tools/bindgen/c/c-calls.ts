/** Typed calls of exported functions. */
import { flatten, MAX_FLAT_PARAMS } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { type CParam, paramsOf, prototype } from "./c-function.js";
import { counts } from "./c-header.js";
import type { CPlans } from "./c-plans.js";
import { isOneCell, isView } from "./c-types.js";
import { cellIsNoValue, liftCell, lowerCell, valueIsNone } from "./c-values.js";
import type { CFunction, CWorld } from "./c-world.js";

const GUEST = "host->base.rings.host";
/** The caller's memory for a result. */
const SPACE = "rill_bindings_space(result, (uint64_t)result_room * sizeof result[0])";

/** The index of a function's core export. */
function exportIndex(world: CWorld, func: FunctionType, kind: "lift" | "post-return"): number {
  return world.coreExports.findIndex((item) => item.func === func && item.kind === kind);
}

/** Core values that the call passes, at least the one that gets its answer. */
function cellCount({ params }: FunctionType): number {
  return Math.max(1, params.flatMap(({ type }) => flatten(type)).length);
}

/** Fills the cells; ends early where the caller gives what is no value, before the guest runs. */
function argumentSteps(plans: CPlans, params: readonly CParam[]): string[] {
  return params.flatMap(({ name, type, cell, source }) => {
    if (source !== null || isView(type)) return [];
    if (!isOneCell(type))
      return refusedWhen(`!rill_bindings_flatten(${plans.values(type)}, ${name}, cells + ${cell})`);
    return [...refusedWhen(valueIsNone(type, name)), `    cells[${cell}] = ${lowerCell(type, name)};`];
  });
}

function refusedWhen(condition: string | null): string[] {
  return condition === null ? [] : [`    if (${condition}) {`, "        return false;", "    }"];
}

/** Strings and lists, once the guest is entered: its allocator runs. */
function viewSteps(plans: CPlans, params: readonly CParam[]): string[] {
  return params.flatMap(({ name, type, cell, length }) => {
    if (length === null) return [];
    const lower = `rill_bindings_lower_view(${GUEST}, ${plans.values(type)}, ${name}, ${length}, sizeof ${name}[0], cells + ${cell})`;
    return [lower];
  });
}

const ENTER = refusedWhen("!rill_bindings_enter(&host->base)");

/** Calls a function that is not async. */
export function syncCall(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func } = item;
  const { result } = func;
  const params = paramsOf(func);
  return [
    ...prototype(world, item, false),
    "{",
    `    uint64_t cells[${cellCount(func)}]${params.some(({ length }) => length !== null) ? " = {0}" : ""};`,
    ...(result !== null && isView(result) ? [`    struct rill_space space = ${SPACE};`] : []),
    "    bool is_done;",
    "",
    ...argumentSteps(plans, params),
    ...ENTER,
    ...ringCounts(world, 0, 0),
    ...(params.some(({ length }) => length !== null)
      ? [
          ...viewSteps(plans, params).map(
            (step, index) => `    is_done = ${index === 0 ? "" : "is_done && "}${step};`,
          ),
          `    is_done = is_done && rill_bindings_call(&host->base, ${exportIndex(world, func, "lift")}, cells);`,
        ]
      : [`    is_done = rill_bindings_call(&host->base, ${exportIndex(world, func, "lift")}, cells);`]),
    ...(result === null ? [] : taken(world, plans, func, result)),
    "    return rill_bindings_leave(&host->base, is_done);",
    "}",
  ];
}

/** Lifts what a sync function answers; what is in the guest's memory is then the guest's again. */
function taken(world: CWorld, plans: CPlans, func: FunctionType, result: ValueType): string[] {
  if (!isOneCell(result)) {
    const values = plans.values(result);
    if (flatten(result).length === 1)
      return [`    is_done = is_done && rill_bindings_lift(${GUEST}, ${values}, cells, result);`];
    const after = exportIndex(world, func, "post-return");
    if (isView(result))
      return [
        `    is_done = is_done && rill_bindings_load_view(${GUEST}, ${values}, (uint32_t)cells[0], &space, result_length);`,
        `    is_done = is_done && rill_bindings_call(&host->base, ${after}, cells);`,
      ];
    return [
      `    is_done = is_done && rill_bindings_load(${GUEST}, ${values}, (uint32_t)cells[0], result);`,
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
  const params = paramsOf(func);
  const streams = params.filter(({ source }) => source !== null);
  const sinks = func.result?.kind === "stream" ? 1 : 0;
  const answered = `answered_${cName.slice(`${world.prefix}_call_`.length)}`;
  const opens = streams.map(
    ({ source, type }) =>
      `rill_source_open(&host->base.rings, &host->sources[${source!}], ${elementOf(world, type)}, &handles[${source!}])`,
  );
  const views = viewSteps(plans, params);
  const isText = func.result !== null && isView(func.result);
  const to = isText ? "&room" : func.result !== null && sinks === 0 ? "result" : "NULL";
  const run = `rill_bindings_run(&host->base, ${exportIndex(world, func, "lift")}, cells, ${answered}, ${to})`;
  return [
    ...answer(world, plans, answered, func.result),
    "",
    ...prototype(world, item, false),
    "{",
    `    uint64_t cells[${cellCount(func)}] = {0};`,
    ...(streams.length === 0 ? [] : [`    uint32_t handles[${streams.length}] = {0};`]),
    ...(isText ? ["    struct rill_bindings_room room;"] : []),
    "    bool is_done;",
    "",
    ...(isText ? [`    room.space = ${SPACE};`, "    room.length = result_length;"] : []),
    ...argumentSteps(plans, params),
    ...ENTER,
    ...ringCounts(world, streams.length, sinks),
    ...streams.map(({ name, source }) => `    host->sources[${source!}].ring = ${name};`),
    ...(sinks === 0 ? [] : ["    host->sinks[0].ring = result;"]),
    ...[...opens, ...views].map((step, index) => `    is_done = ${index === 0 ? "" : "is_done && "}${step};`),
    ...handleCells(params),
    `    is_done = ${opens.length + views.length === 0 ? "" : "is_done && "}${run};`,
    "    return rill_bindings_leave(&host->base, is_done);",
    "}",
  ];
}

function handleCells(params: readonly CParam[]): string[] {
  return params.flatMap(({ cell, source }) =>
    source === null ? [] : [`    cells[${cell}] = handles[${source}];`],
  );
}

/** Takes the result of a task. */
function answer(world: CWorld, plans: CPlans, name: string, result: ValueType | null): string[] {
  const head = `static bool ${name}(struct rill_bindings *bindings, const uint64_t *values)`;
  if (result === null)
    return [head, "{", "    (void)bindings;", "    (void)values;", "    return true;", "}"];
  if (result.kind === "stream")
    return [
      head,
      "{",
      "    /* SAFETY: the bindings are the first member of the world's struct. */",
      `    struct ${world.prefix} *host = (struct ${world.prefix} *)(void *)bindings;`,
      "",
      `    return rill_sink_open(&bindings->rings, &host->sinks[0], ${elementOf(world, result)}, (uint32_t)values[0]);`,
      "}",
    ];
  if (isView(result)) {
    const lift = `rill_bindings_lift_view(bindings->rings.host, ${plans.values(result)}, values, &room->space, NULL, room->length)`;
    return [
      head,
      "{",
      "    struct rill_bindings_room *room = (struct rill_bindings_room *)bindings->result;",
      "",
      `    return ${lift};`,
      "}",
    ];
  }
  if (!isOneCell(result)) {
    const inMemory = flatten(result).length > MAX_FLAT_PARAMS;
    const [how, from] = inMemory ? ["load", "(uint32_t)values[0]"] : ["lift", "values"];
    const lift = `rill_bindings_${how}(bindings->rings.host, ${plans.values(result)}, ${from}, bindings->result)`;
    return [head, "{", `    return ${lift};`, "}"];
  }
  const none = cellIsNoValue(result, "values[0]");
  return [
    head,
    "{",
    ...(none === null
      ? []
      : [`    if (${none}) {`, "        return rill_bindings_no_value(bindings->rings.host);", "    }"]),
    `    *(${world.types.value(result)} *)bindings->result = ${liftCell(world.types, result, "values[0]")};`,
    "    return true;",
    "}",
  ];
}

function elementOf(world: CWorld, type: ValueType): string {
  const { element } = type as ValueType & { readonly kind: "stream" };
  return `&${world.prefix}_types[${world.typeId(element!)}]`;
}
