/** `W_host.c`: from the firmware's types to core values and back. */
import { typeDescriptor } from "../../c-host/copy-plan.js";
import { holdsHandle } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { banner, counts } from "./c-header.js";
import { type CParam, paramsOf, prototype } from "./c-function.js";
import { wrapped } from "./c-text.js";
import { cellIsNoValue, cTypeOf, liftCell, lowerCell, valueIsNone } from "./c-values.js";
import { wamrTables } from "./c-wamr-tables.js";
import type { CFunction, CWorld } from "./c-world.js";

/** The source. */
export function sourceText(world: CWorld): string {
  const text = [
    ...banner(world),
    `#include "${world.prefix}.h"`,
    "",
    ...typeTables(world),
    ...initAndClose(world),
    ...world.imports.flatMap((item) => ["", ...served(world, item)]),
    ...world.exports.flatMap((item) => [
      "",
      ...(item.func.async ? taskCall(world, item) : syncCall(world, item)),
    ]),
    "",
    ...wamrTables(world),
  ];
  return `${text.flatMap(wrapped).join("\n")}\n`;
}

function typeTables({ elements, prefix }: CWorld): string[] {
  if (elements.length === 0) return [];
  // An end of what holds handles is no stream of the firmware's: its place in the table stays empty.
  const known = elements.map((type) => (holdsHandle(type) ? null : typeDescriptor(type)));
  const plans = known.flatMap((type, id) =>
    type === null ? [] : [`static const uint16_t plan${id}[] = {${type.plan.join(", ")}};`],
  );
  const rows = known.map((type, id) =>
    type === null
      ? `    {NULL, 0, 1, 0, ${id}},`
      : `    {plan${id}, ${type.elemSize}u, ${type.alignment}, ${type.isNumber ? 1 : 0}, ${id}},`,
  );
  return [...plans, `const struct rill_type ${prefix}_types[${elements.length}] = {`, ...rows, "};", ""];
}

function initAndClose(world: CWorld): string[] {
  const { prefix } = world;
  const { sources, sinks } = counts(world);
  return [
    `bool ${prefix}_init(struct ${prefix} *host, const struct rill_engine *engine, struct rill_host *guest, ` +
      "const struct rill_chip *chip, void *context)",
    "{",
    ...(sources === 0 ? [] : ["    host->base.rings.sources = host->sources;"]),
    ...(sinks === 0 ? [] : ["    host->base.rings.sinks = host->sinks;"]),
    `    rill_host_init(guest, host->handles, ${world.macro("HANDLES")}, host->streams, ${world.macro("STREAMS")}, ` +
      "&rill_rings_port, host);",
    "    return rill_bindings_init(&host->base, engine, guest, chip, context);",
    "}",
    "",
    `void ${prefix}_close(struct ${prefix} *host)`,
    "{",
    "    rill_bindings_close(&host->base);",
    "}",
  ];
}

/** Serves calls of an imported function. */
function served(world: CWorld, item: CFunction): string[] {
  const { func, cName } = item;
  const { result } = func;
  const host = `(struct ${world.prefix} *)guest->context`;
  const values = func.params.map(({ type }, index) => liftCell(type, `args[${index}]`));
  const checks = func.params.flatMap(({ type }, index) => refusal(cellIsNoValue(type, `args[${index}]`)));
  const call = `${cName}(${[host, ...values, ...(result === null ? [] : ["&value"])].join(", ")})`;
  const none = result && valueIsNone(result, "value");
  return [
    `bool ${world.serveName(item)}(struct rill_host *guest, const uint64_t *args, uint64_t *result)`,
    "{",
    ...(result === null ? [] : [`    ${cTypeOf(result)} value = 0;`, ""]),
    ...(values.length === 0 ? ["    (void)args;"] : []),
    ...(result === null ? ["    (void)result;"] : []),
    ...checks,
    ...(result === null
      ? [`    return ${call};`]
      : [
          `    if (!${call}) {`,
          "        return false;",
          "    }",
          ...refusal(none),
          `    *result = ${lowerCell(result, "value")};`,
          "    return true;",
        ]),
    "}",
  ];
}

function refusal(condition: string | null): string[] {
  return condition === null
    ? []
    : [`    if (${condition}) {`, "        return rill_bindings_no_value(guest);", "    }"];
}

/** The index of a function's core export. */
function exportIndex(world: CWorld, func: FunctionType, kind: "lift" | "post-return"): number {
  return world.coreExports.findIndex((item) => item.func === func && item.kind === kind);
}

/** Ends early where the caller gives what is no value: before anything of the guest's runs. */
function argumentChecks(params: readonly CParam[]): string[] {
  return params.flatMap(({ name, type, source }) => {
    const condition = source === null ? valueIsNone(type, name) : null;
    return condition === null ? [] : [`    if (${condition}) {`, "        return false;", "    }"];
  });
}

const ENTER = ["    if (!rill_bindings_enter(&host->base)) {", "        return false;", "    }"];

/** Calls a function that is not async. */
function syncCall(world: CWorld, { func, cName, owner }: CFunction): string[] {
  const params = paramsOf(func);
  const { result } = func;
  const none = result && cellIsNoValue(result, "cells[0]");
  return [
    ...prototype(world, { func, cName, owner }),
    "{",
    `    uint64_t cells[${Math.max(1, params.length)}];`,
    "    bool is_done;",
    "",
    ...argumentChecks(params),
    ...ENTER,
    ...ringCounts(world, 0, 0),
    ...params.map(({ name, type }, index) => `    cells[${index}] = ${lowerCell(type, name)};`),
    `    is_done = rill_bindings_call(&host->base, ${exportIndex(world, func, "lift")}, cells);`,
    ...(result === null ? [] : taken(result, none)),
    "    return rill_bindings_leave(&host->base, is_done);",
    "}",
  ];
}

function taken(result: ValueType, none: string | null): string[] {
  return [
    ...(none === null
      ? []
      : [
          `    if (is_done && ${none}) {`,
          "        is_done = rill_bindings_no_value(host->base.rings.host);",
          "    }",
        ]),
    "    if (is_done) {",
    `        *result = ${liftCell(result, "cells[0]")};`,
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
function taskCall(world: CWorld, item: CFunction): string[] {
  const { func, cName } = item;
  const params = paramsOf(func);
  const streams = params.filter(({ source }) => source !== null);
  const sinks = func.result?.kind === "stream" ? 1 : 0;
  const answered = `answered_${cName.slice(`${world.prefix}_call_`.length)}`;
  const opens = streams.map(
    ({ source, type }) =>
      `rill_source_open(&host->base.rings, &host->sources[${source!}], ${elementOf(world, type)}, &handles[${source!}])`,
  );
  const run =
    `rill_bindings_run(&host->base, ${exportIndex(world, func, "lift")}, cells, ${answered}, ` +
    `${func.result !== null && sinks === 0 ? "result" : "NULL"})`;
  return [
    ...answer(world, answered, func.result),
    "",
    ...prototype(world, item),
    "{",
    `    uint64_t cells[${Math.max(1, params.length)}] = {0};`,
    ...(streams.length === 0 ? [] : [`    uint32_t handles[${streams.length}] = {0};`]),
    "    bool is_done;",
    "",
    ...argumentChecks(params),
    ...ENTER,
    ...ringCounts(world, streams.length, sinks),
    ...streams.map(({ name, source }) => `    host->sources[${source!}].ring = ${name};`),
    ...(sinks === 0 ? [] : ["    host->sinks[0].ring = result;"]),
    ...opens.map((open, index) => `    is_done = ${index === 0 ? "" : "is_done && "}${open};`),
    ...params.map(
      ({ name, type, source }, index) =>
        `    cells[${index}] = ${source === null ? lowerCell(type, name) : `handles[${source}]`};`,
    ),
    `    is_done = ${opens.length === 0 ? "" : "is_done && "}${run};`,
    "    return rill_bindings_leave(&host->base, is_done);",
    "}",
  ];
}

/** Takes the result of a task. */
function answer(world: CWorld, name: string, result: ValueType | null): string[] {
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
  const none = cellIsNoValue(result, "values[0]");
  return [
    head,
    "{",
    ...(none === null
      ? []
      : [`    if (${none}) {`, "        return rill_bindings_no_value(bindings->rings.host);", "    }"]),
    `    *(${cTypeOf(result)} *)bindings->result = ${liftCell(result, "values[0]")};`,
    "    return true;",
    "}",
  ];
}

function elementOf(world: CWorld, type: ValueType): string {
  const { element } = type as ValueType & { readonly kind: "stream" };
  return `&${world.prefix}_types[${world.typeId(element!)}]`;
}
