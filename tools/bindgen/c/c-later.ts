/** Imported functions that are async: the firmware begins, and completes later. */
import { componentName } from "../../wit/function-name.js";
import { recordLayout } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { flowArgs } from "./c-flows.js";
import { freeName, hasSpace, paramsOf } from "./c-function.js";
import { giveSteps, handleSteps, TABLE } from "./c-handles.js";
import { flowsOf, hasPointers, lendsInLists, lentCount, returnsLent, takesOwn } from "./c-kept.js";
import { holdsHandles, isDeep, isFlow, isOneCell, isView } from "./c-kinds.js";
import type { CPlans } from "./c-plans.js";
import { FAIL, TAKEN, unless } from "./c-serve.js";
import { docComment, wrapped } from "./c-text.js";
import type { CFunction, CWorld } from "./c-world.js";

/** The comment of the function with which the firmware completes a call. */
export function doneComment(world: CWorld, { func, cName }: CFunction): string[] {
  const { result } = func;
  const isNumbered = isSideBySide(world);
  return docComment([
    `Completes ${theCall(world)} of \`${componentName(func)}\`: in \`${cName}\`, or later, from an interrupt, too.` +
      (isNumbered ? "" : "\nNothing happens without a call, or when it is completed already."),
    [
      "@param host whose guest has called",
      ...(isNumbered ? [CALL_TEXT] : []),
      ...(result === null || isFlow(result)
        ? []
        : isView(result)
          ? [
              "@param result the result, which is copied; what is longer than its room, or no value of its type, ends the guest",
              "@param result_length its length",
            ]
          : ["@param result the result, which is copied; no value of its type ends the guest"]),
      ...(result !== null && isDeep(result)
        ? [
            "@param space  where views of the result are, which is copied as well; the one that the call was given is the shortest way;",
            "       what is longer than the room of that one ends the guest",
          ]
        : []),
      ...(isNumbered
        ? [`@returns RILL_ENDED_WELL, or why not${mayBeTooLong(result) ? "" : ": never RILL_ENDED_TOO_LONG"}`]
        : []),
    ].join("\n"),
  ]);
}

/** What is said of the number of a call. */
const CALL_TEXT = "@param call its number; any other one does nothing";

function isSideBySide({ sideBySide }: CWorld): boolean {
  return sideBySide.calls !== null;
}

function theCall(world: CWorld): string {
  return isSideBySide(world) ? "one of the guest's calls" : "the guest's call";
}

/** Whether a result is copied into a room of its call's. */
function mayBeTooLong(result: ValueType | null): boolean {
  return result !== null && (isView(result) || isDeep(result));
}

/** What functions on calls answer with, and how they know one. */
function ending(world: CWorld, name: string, value = ""): string[] {
  return isSideBySide(world)
    ? wrapped(`enum rill_ended ${name}(struct ${world.prefix} *host, uint32_t call${value})`)
    : wrapped(`void ${name}(struct ${world.prefix} *host${value})`);
}

/** Its prototype, without a semicolon. */
export function doneHead(world: CWorld, item: CFunction): string[] {
  const { result } = item.func;
  const { types } = world;
  const value =
    result === null || isFlow(result)
      ? ""
      : isView(result)
        ? `, const ${types.item(result)} *result, uint32_t result_length`
        : isOneCell(result)
          ? `, ${types.value(result)} result`
          : `, const ${types.value(result)} *result`;
  const space = result !== null && isDeep(result) ? ", const struct rill_space *space" : "";
  return ending(world, world.doneName(item), `${value}${space}`);
}

/** The comment of the function with which the firmware says that it has stopped. */
export function cancelledComment(world: CWorld, { func, cName }: CFunction): string[] {
  const isNumbered = isSideBySide(world);
  return docComment([
    `Says that ${theCall(world)} of \`${componentName(func)}\` was cancelled: after \`host->${cName}.on_cancel\` was called, in it or ` +
      `later,\nfrom an interrupt, too.${isNumbered ? "" : " Nothing happens without such a call, or when it is completed already."}`,
    [
      "@param host whose guest has called",
      ...(isNumbered
        ? [
            CALL_TEXT,
            "@returns RILL_ENDED_WELL, or why not: RILL_ENDED_UNASKED before the guest has asked for it",
          ]
        : []),
    ].join("\n"),
  ]);
}

/** Its prototype, without a semicolon. */
export function cancelledHead(world: CWorld, item: CFunction): string[] {
  return ending(world, world.cancelledName(item));
}

/** How a call's memory is named in C. */
interface Kept {
  /** What the call's members stand behind, with its operator. */
  readonly at: string;
  readonly pending: string;
  readonly isCancelling: string;
}

/** @param place of a call that is one of several, the pointer to it */
function keptOf(world: CWorld, { cName }: CFunction, place: string): Kept {
  const at = isSideBySide(world) ? `${place}->` : `host->${cName}.`;
  const own = isSideBySide(world) ? `${at}call.` : at;
  return { at, pending: `${own}pending`, isCancelling: `${own}is_cancelling` };
}

/** Both functions that serve its calls, and those that end them. */
export function servedLater(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func, cName } = item;
  const { result } = func;
  const finish = finishes(world, item);
  const own = func.params.map(({ type }) => type);
  return [
    ...(finish.length === 0 ? [] : [...finish, ""]),
    ...(isSideBySide(world) ? [...places(world, item), ""] : []),
    ...cancels(world, item),
    "",
    `static const struct rill_func func_${cName} = {${plans.tuple(own)}, ${plans.tuple(result === null ? [] : [result])}};`,
    "",
    ...begins(world, item, finish.length > 0),
    ...[false, true].flatMap((isAsync) => [
      "",
      `bool ${world.serveName(item, isAsync)}(struct rill_host *guest, const uint64_t *args, uint64_t *result)`,
      "{",
      `    return begin_${cName}(guest, ${isAsync}, args, result);`,
      "}",
    ]),
    "",
    ...doneHead(world, item),
    "{",
    ...completes(world, item),
    "}",
    "",
    ...cancelledHead(world, item),
    "{",
    ...gaveUp(world, item),
    "}",
  ];
}

/** Places of calls side by side: a free one, and the one with a number. */
function places(world: CWorld, item: CFunction): string[] {
  const { func, cName } = item;
  const type = `struct ${world.pendingName(item)}`;
  const flows = flowsOf(func, true).map(
    (name) => `rill_flow_is_free(&host->base, &host->${cName}.calls[i].${name})`,
  );
  const isFree = [`host->${cName}.calls[i].call.pending.is_active == 0u`, ...flows].join(" && ");
  return [
    "/** A place for one more call; NULL when there is none. */",
    `static ${type} *next_${cName}(struct ${world.prefix} *host)`,
    "{",
    "    uint32_t i;",
    "",
    `    for (i = 0; i < ${world.callsMacro(item)}; i++) {`,
    `        if (${isFree}) {`,
    `            return &host->${cName}.calls[i];`,
    "        }",
    "    }",
    "    return NULL;",
    "}",
    "",
    "/** The number by which the firmware knows a call. */",
    `static uint32_t number_${cName}(const struct ${world.prefix} *host, const ${type} *of)`,
    "{",
    `    return rill_numbered_number(&of->call, (uint32_t)(of - host->${cName}.calls));`,
    "}",
    "",
    "/** The place that a number names; NULL for none. */",
    `static ${type} *find_${cName}(struct ${world.prefix} *host, uint32_t call)`,
    "{",
    "    const uint32_t place = call & RILL_NUMBERED_PLACE;",
    "",
    `    return place < ${world.callsMacro(item)} ? &host->${cName}.calls[place] : NULL;`,
    "}",
  ];
}

/** The function that asks the firmware to stop. */
function cancels(world: CWorld, item: CFunction): string[] {
  const { cName } = item;
  const { isCancelling } = keptOf(world, item, "of");
  const number = isSideBySide(world) ? `, number_${cName}(host, of)` : "";
  return [
    `static bool cancel_${cName}(struct rill_call *call)`,
    "{",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)call->host->context;`,
    ...(isSideBySide(world)
      ? [
          "    /* SAFETY: calls of this function alone have this one; each is the first member of its place. */",
          `    struct ${world.pendingName(item)} *of = (struct ${world.pendingName(item)} *)(void *)call;`,
        ]
      : []),
    "",
    `    ${isCancelling} = 1;`,
    `    if (host->${cName}.on_cancel != NULL) {`,
    `        host->${cName}.on_cancel(host${number});`,
    "    }",
    "    return true;",
    "}",
  ];
}

/** The function in which a call begins. */
function begins(world: CWorld, item: CFunction, hasFinish: boolean): string[] {
  const { func, cName } = item;
  const { result } = func;
  const { types } = world;
  const params = paramsOf(func);
  const isNumbered = isSideBySide(world);
  const place = freeName(func, "of");
  const { at, pending, isCancelling } = keptOf(world, item, place);
  const space = hasPointers(func) ? `&${at}space` : "NULL";
  const local = (type: ValueType): string => (isFlow(type) ? "uint32_t" : types.member(type));
  const args = params.flatMap(({ name, type, length }) =>
    length !== null
      ? [`(const ${types.item(type)} *)rill_view_in(${space}, ${name})`, `${name}.length`]
      : isFlow(type)
        ? [`&${at}${name}`]
        : [type.kind === "enum" ? `(${types.value(type)})${name}` : isOneCell(type) ? name : `&${name}`],
  );
  if (isNumbered) args.unshift(`number_${cName}(host, ${place})`);
  if (hasSpace(func)) args.push(space);
  if (isFlow(result)) args.push(`&${at}result`);
  const own = `${cName}(${["host", ...args].join(", ")})`;
  const to = result === null ? "NULL" : `&${at}${isFlow(result) ? "answer" : "result"}`;
  const { elemSize: bytes } = recordLayout(func.params);
  const { before, after } = aroundCall(world, item, at);
  const makeSpace = `${at}space = rill_bindings_space(${at}room, sizeof ${at}room);`;
  return [
    `static bool begin_${cName}(struct rill_host *guest, bool is_async, const uint64_t *args, uint64_t *result)`,
    "{",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)guest->context;`,
    ...(isNumbered ? [`    struct ${world.pendingName(item)} *${place} = next_${cName}(host);`] : []),
    ...(params.length === 0 ? [] : [`    uint8_t room[${bytes}];`]),
    ...params.map(({ name, type }) => `    ${local(type)} ${name};`),
    "",
    ...(isNumbered
      ? [
          `    if (${place} == NULL) {`,
          "        return rill_numbered_none(guest);",
          "    }",
          `    rill_numbered_begin(&${place}->call);`,
        ]
      : []),
    ...(space === "NULL"
      ? []
      : isNumbered
        ? [`    ${makeSpace}`]
        : [`    if (${pending}.is_active == 0u) {`, `        ${makeSpace}`, "    }"]),
    `    if (!rill_pending_begin(guest, &${pending}, &func_${cName}, is_async, args, ` +
      `${params.length === 0 ? "NULL" : "room"}, ${to}, ${space})) {`,
    "        return false;",
    "    }",
    `    ${isCancelling} = 0;`,
    `    ${pending}.call.on_cancel = cancel_${cName};`,
    ...(hasFinish ? [`    ${pending}.finish = finish_${cName};`] : []),
    ...params.map(({ name, offset }) => `    (void)memcpy(&${name}, room + ${offset}, sizeof ${name});`),
    ...before,
    ...(after.length === 0
      ? [`    return ${own} && rill_pending_end(guest, &${pending}, result);`]
      : [...unless(own), ...after, `    return rill_pending_end(guest, &${pending}, result);`]),
    "}",
  ];
}

/** What happens to handles before the firmware's function, and to streams around it. */
function aroundCall(
  world: CWorld,
  item: CFunction,
  at: string,
): { readonly before: string[]; readonly after: string[] } {
  const { func } = item;
  const before: string[] = [];
  const after: string[] = [];
  const lent = lentCount(func);
  if (lent > 0) before.push(`    (void)memset(${at}lent, 0, sizeof ${at}lent);`);
  let first = 0;
  for (const { name, type } of paramsOf(func)) {
    if (isFlow(type)) {
      before.push(...unless(`rill_flow_take(${flowArgs(world, type, `&${at}${name}`)}, ${name})`));
      after.push(...unless(`rill_flow_settle(&host->base, &${at}${name})`));
    } else if (holdsHandles(type)) {
      const pass = {
        world,
        way: "take",
        fail: FAIL,
        lent: `${at}lent`,
        space: `&${at}space`,
      } as const;
      before.push(...handleSteps(pass, type, name, first));
      first += lentCount({ ...func, params: [{ name, type }] });
    }
  }
  if (takesOwn(func)) before.push(TAKEN);
  if (isFlow(func.result)) before.push(...unless(`rill_flow_prepare(&host->base, &${at}result)`));
  return { before, after };
}

/** What is left to do when the call returns: lent handles, and those in the result; nothing without. */
function finishes(world: CWorld, item: CFunction): string[] {
  const { func, cName } = item;
  const { at } = keptOf(world, item, "of");
  const lent = lentCount(func);
  const { result } = func;
  const gives = isFlow(result)
    ? unless(`rill_flow_give(${flowArgs(world, result, `&${at}result`)}, &${at}answer)`)
    : result !== null && holdsHandles(result)
      ? giveSteps({ world, space: `&${at}space` }, result, `${at}result`)
      : [];
  const lists = lendsInLists(func)
    ? [`    rill_resources_return(${TABLE}, &${at}space, sizeof ${at}room);`]
    : [];
  if (lent + lists.length + gives.length === 0) return [];
  return [
    `static bool finish_${cName}(struct rill_bindings *bindings, bool has_result)`,
    "{",
    "    /* SAFETY: the bindings are the first member of the world's struct. */",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)(void *)bindings;`,
    ...(isSideBySide(world)
      ? [
          "    /* SAFETY: the call that comes to its end is the first one, and the first member of its place. */",
          `    struct ${world.pendingName(item)} *of = (struct ${world.pendingName(item)} *)(void *)bindings->pending;`,
        ]
      : []),
    "",
    ...returnsLent(lent, `${at}lent`, `    rill_resource_return(${TABLE}, `),
    ...lists,
    ...(gives.length > 0
      ? ["    if (has_result) {", ...gives.map((line) => (line === "" ? "" : `    ${line}`)), "    }"]
      : ["    (void)has_result;"]),
    "    return true;",
    "}",
  ];
}

/** The body of the function that completes a call. */
function completes(world: CWorld, item: CFunction): string[] {
  const { types } = world;
  const { result } = item.func;
  const isNumbered = isSideBySide(world);
  const { at, pending } = keptOf(world, item, "of");
  const tooLong = (condition: string): string[] => [
    `    if (!${condition}) {`,
    `        ${pending}.is_done = RILL_PENDING_TOO_LONG;`,
    isNumbered ? "        return RILL_ENDED_TOO_LONG;" : "        return;",
    "    }",
  ];
  const value =
    result === null || isFlow(result)
      ? []
      : isView(result)
        ? [
            `    ${at}space.used = 0;`,
            ...tooLong(`rill_view_put(&${at}space, &${at}result, result, result_length, sizeof result[0])`),
          ]
        : [
            ...(isDeep(result) ? tooLong(`rill_space_copy(&${at}space, space)`) : []),
            `    ${at}result = ${result.kind === "enum" ? `(${types.member(result)})result` : isOneCell(result) ? "result" : "*result"};`,
          ];
  return [
    ...(isNumbered
      ? looked(world, item)
      : [`    if (${pending}.is_active == 0u || ${pending}.is_done != 0u) {`, "        return;", "    }"]),
    ...value,
    ...(result === null ? [] : ["    RILL_RING_BARRIER();"]),
    `    ${pending}.is_done = RILL_PENDING_DONE;`,
    ...(isNumbered ? ["    return RILL_ENDED_WELL;"] : []),
  ];
}

/** The body of the function that says that a call was cancelled. */
function gaveUp(world: CWorld, item: CFunction): string[] {
  const { pending, isCancelling } = keptOf(world, item, "of");
  return isSideBySide(world)
    ? [
        ...looked(world, item),
        `    if (${isCancelling} == 0u) {`,
        "        return RILL_ENDED_UNASKED;",
        "    }",
        `    ${pending}.is_done = RILL_PENDING_CANCELLED;`,
        "    return RILL_ENDED_WELL;",
      ]
    : [
        `    if (${pending}.is_active != 0u && ${isCancelling} != 0u && ${pending}.is_done == 0u) {`,
        `        ${pending}.is_done = RILL_PENDING_CANCELLED;`,
        "    }",
      ];
}

/** Finds the call with a number, or says why there is none. */
function looked(world: CWorld, item: CFunction): string[] {
  return [
    `    struct ${world.pendingName(item)} *of = find_${item.cName}(host, call);`,
    "    const enum rill_ended how = of == NULL ? RILL_ENDED_NO_CALL : rill_numbered_look(&of->call, call);",
    "",
    "    if (how != RILL_ENDED_WELL) {",
    "        return how;",
    "    }",
  ];
}
