/** Imported functions that are async: the firmware begins, and completes later. */
import { componentName } from "../../wit/function-name.js";
import { recordLayout } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { hasSpace, paramsOf } from "./c-function.js";
import { handleSteps } from "./c-handles.js";
import { hasPointers, lentCount } from "./c-kept.js";
import { holdsResource, isDeep, isFlow, isOneCell, isView } from "./c-kinds.js";
import type { CPlans } from "./c-plans.js";
import { FAIL, flowArgs, TABLE, unless } from "./c-serve.js";
import { docComment, wrapped } from "./c-text.js";
import type { CFunction, CWorld } from "./c-world.js";

/** The comment of the function with which the firmware completes a call. */
export function doneComment({ func, cName }: CFunction): string[] {
  const { result } = func;
  return docComment([
    `Completes the guest's call of \`${componentName(func)}\`: in \`${cName}\`, or later, from an interrupt, too.\n` +
      "Nothing happens without a call, or when it is completed already.",
    [
      "@param host whose guest has called",
      ...(result === null
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
    ].join("\n"),
  ]);
}

/** Its prototype, without a semicolon. */
export function doneHead(world: CWorld, item: CFunction): string[] {
  const { result } = item.func;
  const { types } = world;
  const value =
    result === null
      ? ""
      : isView(result)
        ? `, const ${types.item(result)} *result, uint32_t result_length`
        : isOneCell(result)
          ? `, ${types.value(result)} result`
          : `, const ${types.value(result)} *result`;
  const space = result !== null && isDeep(result) ? ", const struct rill_space *space" : "";
  return wrapped(`void ${world.doneName(item)}(struct ${world.prefix} *host${value}${space})`);
}

/** The comment of the function with which the firmware says that it has stopped. */
export function cancelledComment({ func, cName }: CFunction): string[] {
  return docComment([
    `Says that the guest's call of \`${componentName(func)}\` was cancelled: after \`host->${cName}.on_cancel\` was called, in it or ` +
      "later,\nfrom an interrupt, too. Nothing happens without such a call, or when it is completed already.",
    "@param host whose guest has called",
  ]);
}

/** Its prototype, without a semicolon. */
export function cancelledHead(world: CWorld, item: CFunction): string[] {
  return wrapped(`void ${world.cancelledName(item)}(struct ${world.prefix} *host)`);
}

/** Both functions that serve its calls, and those that end them. */
export function servedLater(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func, cName } = item;
  const { result } = func;
  const { types } = world;
  const own = func.params.map(({ type }) => type);
  const params = paramsOf(func);
  const { elemSize: bytes } = recordLayout(func.params);
  const kept = `host->${cName}`;
  const space = hasPointers(func) ? `&${kept}.space` : "NULL";
  const local = (type: ValueType): string => (isFlow(type) ? "uint32_t" : types.member(type));
  const args = params.flatMap(({ name, type, length }) =>
    length !== null
      ? [`(const ${types.item(type)} *)rill_view_in(${space}, ${name})`, `${name}.length`]
      : isFlow(type)
        ? [`&${kept}.${name}`]
        : [type.kind === "enum" ? `(${types.value(type)})${name}` : isOneCell(type) ? name : `&${name}`],
  );
  const place = result === null ? "NULL" : `&${kept}.result`;
  const { before, after } = aroundCall(world, item);
  const finish = finishes(world, item);
  return [
    ...(finish.length === 0 ? [] : [...finish, ""]),
    `static bool cancel_${cName}(struct rill_call *call)`,
    "{",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)call->host->context;`,
    "",
    `    ${kept}.is_cancelling = 1;`,
    `    if (${kept}.on_cancel != NULL) {`,
    `        ${kept}.on_cancel(host);`,
    "    }",
    "    return true;",
    "}",
    "",
    `static const struct rill_func func_${cName} = {${plans.tuple(own)}, ${plans.tuple(result === null ? [] : [result])}};`,
    "",
    `static bool begin_${cName}(struct rill_host *guest, bool is_async, const uint64_t *args, uint64_t *result)`,
    "{",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)guest->context;`,
    ...(params.length === 0 ? [] : [`    uint8_t room[${bytes}];`]),
    ...params.map(({ name, type }) => `    ${local(type)} ${name};`),
    "",
    ...(space === "NULL"
      ? []
      : [
          `    if (${kept}.pending.is_active == 0u) {`,
          `        ${kept}.space = rill_bindings_space(${kept}.room, sizeof ${kept}.room);`,
          "    }",
        ]),
    `    if (!rill_pending_begin(guest, &${kept}.pending, &func_${cName}, is_async, args, ` +
      `${params.length === 0 ? "NULL" : "room"}, ${place}, ${space})) {`,
    "        return false;",
    "    }",
    `    ${kept}.is_cancelling = 0;`,
    `    ${kept}.pending.call.on_cancel = cancel_${cName};`,
    ...(finish.length === 0 ? [] : [`    ${kept}.pending.finish = finish_${cName};`]),
    ...params.map(({ name, offset }) => `    (void)memcpy(&${name}, room + ${offset}, sizeof ${name});`),
    ...before,
    ...(after.length === 0
      ? [
          `    return ${cName}(${["host", ...args, ...(hasSpace(func) ? [space] : [])].join(", ")}) && rill_pending_end(guest, &${kept}.pending, result);`,
        ]
      : [
          ...unless(`${cName}(${["host", ...args, ...(hasSpace(func) ? [space] : [])].join(", ")})`),
          ...after,
          `    return rill_pending_end(guest, &${kept}.pending, result);`,
        ]),
    "}",
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
    `    if (${kept}.pending.is_active != 0u && ${kept}.is_cancelling != 0u && ${kept}.pending.is_done == 0u) {`,
    `        ${kept}.pending.is_done = RILL_PENDING_CANCELLED;`,
    "    }",
    "}",
  ];
}

/** What happens to handles before the firmware's function, and to streams around it. */
function aroundCall(world: CWorld, item: CFunction): { readonly before: string[]; readonly after: string[] } {
  const { func, cName } = item;
  const before: string[] = [];
  const after: string[] = [];
  const lent = lentCount(func);
  if (lent > 0) before.push(`    (void)memset(host->${cName}.lent, 0, sizeof host->${cName}.lent);`);
  let first = 0;
  for (const { name, type } of paramsOf(func)) {
    if (isFlow(type)) {
      before.push(...unless(`rill_flow_take(${flowArgs(world, item, name, type)}, ${name})`));
      after.push(...unless(`rill_flow_settle(&host->base, &host->${cName}.${name})`));
    } else if (holdsResource(type)) {
      const pass = { world, way: "take", table: TABLE, fail: FAIL, lent: `host->${cName}.lent` } as const;
      before.push(...handleSteps(pass, type, name, first));
      first += lentCount({ ...func, params: [{ name, type }] });
    }
  }
  return { before, after };
}

/** What is left to do when the call returns: lent handles, and those in the result; nothing without. */
function finishes(world: CWorld, item: CFunction): string[] {
  const { func, cName } = item;
  const lent = lentCount(func);
  const { result } = func;
  const gives = result !== null && holdsResource(result);
  if (lent === 0 && !gives) return [];
  const pass = { world, way: "give", table: TABLE, fail: FAIL, lent: null } as const;
  return [
    `static bool finish_${cName}(struct rill_bindings *bindings, bool has_result)`,
    "{",
    "    /* SAFETY: the bindings are the first member of the world's struct. */",
    `    struct ${world.prefix} *host = (struct ${world.prefix} *)(void *)bindings;`,
    "",
    ...Array.from(
      { length: lent },
      (_, at) => `    rill_resource_return(${TABLE}, host->${cName}.lent[${at}]);`,
    ),
    ...(gives
      ? [
          "    if (has_result) {",
          ...handleSteps(pass, result, `host->${cName}.result`).map((line) => `    ${line}`),
          "    }",
        ]
      : ["    (void)has_result;"]),
    "    return true;",
    "}",
  ];
}

/** The body of the function that completes a call. */
function completes({ types }: CWorld, { func, cName }: CFunction): string[] {
  const kept = `host->${cName}`;
  const { result } = func;
  const tooLong = (condition: string): string[] => [
    `    if (!${condition}) {`,
    `        ${kept}.pending.is_done = RILL_PENDING_TOO_LONG;`,
    "        return;",
    "    }",
  ];
  const value =
    result === null
      ? []
      : isView(result)
        ? [
            `    ${kept}.space.used = 0;`,
            ...tooLong(
              `rill_view_put(&${kept}.space, &${kept}.result, result, result_length, sizeof result[0])`,
            ),
          ]
        : [
            ...(isDeep(result) ? tooLong(`rill_space_copy(&${kept}.space, space)`) : []),
            `    ${kept}.result = ${result.kind === "enum" ? `(${types.member(result)})result` : isOneCell(result) ? "result" : "*result"};`,
          ];
  return [
    `    if (${kept}.pending.is_active == 0u || ${kept}.pending.is_done != 0u) {`,
    "        return;",
    "    }",
    ...value,
    ...(result === null ? [] : ["    RILL_RING_BARRIER();"]),
    `    ${kept}.pending.is_done = RILL_PENDING_DONE;`,
  ];
}
