/** Imported functions that are async: the firmware begins, and completes later. */
import { componentName } from "../../wit/function-name.js";
import { recordLayout } from "../../wit/layout.js";
import { paramsOf } from "./c-function.js";
import type { CPlans } from "./c-plans.js";
import { docComment, wrapped } from "./c-text.js";
import { isOneCell } from "./c-types.js";
import type { CFunction, CWorld } from "./c-world.js";

/** The comment of the function with which the firmware completes a call. */
export function doneComment({ func, cName }: CFunction): string[] {
  return docComment([
    `Completes the guest's call of \`${componentName(func)}\`: in \`${cName}\`, or later, from an interrupt, too.\n` +
      "Nothing happens without a call, or when it is completed already.",
    [
      "@param host whose guest has called",
      ...(func.result === null
        ? []
        : ["@param result the result, which is copied; no value of its type ends the guest"]),
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
      : isOneCell(result)
        ? `, ${types.value(result)} result`
        : `, const ${types.value(result)} *result`;
  return wrapped(`void ${world.doneName(item)}(struct ${world.prefix} *host${value})`);
}

/** What `struct W_host` has of it. */
export function pendingMember({ types }: CWorld, { func, cName }: CFunction): string[] {
  if (!func.async) return [];
  return [
    "    struct {",
    "        struct rill_pending pending;",
    ...(func.result === null ? [] : [`        ${types.member(func.result)} result;`]),
    `    } ${cName};`,
  ];
}

/** Both functions that serve its calls, and the one that completes them. */
export function servedLater(world: CWorld, plans: CPlans, item: CFunction): string[] {
  const { func, cName } = item;
  const { result } = func;
  const { types } = world;
  const own = func.params.map(({ type }) => type);
  const params = paramsOf(func);
  const { offsets, elemSize: bytes } = recordLayout(func.params);
  const host = `struct ${world.prefix} *host = (struct ${world.prefix} *)guest->context;`;
  const args = params.map(({ name, type }) =>
    type.kind === "enum" ? `(${types.value(type)})${name}` : isOneCell(type) ? name : `&${name}`,
  );
  const place = result === null ? "NULL" : `&host->${cName}.result`;
  return [
    `static const struct rill_func func_${cName} = {${plans.tuple(own)}, ${plans.tuple(result === null ? [] : [result])}};`,
    "",
    `static bool begin_${cName}(struct rill_host *guest, bool is_async, const uint64_t *args, uint64_t *result)`,
    "{",
    `    ${host}`,
    ...(params.length === 0 ? [] : [`    uint8_t room[${bytes}];`]),
    ...params.map(({ name, type }) => `    ${types.member(type)} ${name};`),
    "",
    `    if (!rill_pending_begin(guest, &host->${cName}.pending, &func_${cName}, is_async, args, ` +
      `${params.length === 0 ? "NULL" : "room"}, ${place})) {`,
    "        return false;",
    "    }",
    ...params.map(
      ({ name }, index) => `    (void)memcpy(&${name}, room + ${offsets[index]!}, sizeof ${name});`,
    ),
    `    return ${cName}(${["host", ...args].join(", ")}) && rill_pending_end(guest, &host->${cName}.pending, result);`,
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
    `    if (host->${cName}.pending.is_active == 0u || host->${cName}.pending.is_done != 0u) {`,
    "        return;",
    "    }",
    ...(result === null
      ? []
      : [
          `    host->${cName}.result = ${result.kind === "enum" ? `(${types.member(result)})result` : isOneCell(result) ? "result" : "*result"};`,
          "    RILL_RING_BARRIER();",
        ]),
    `    host->${cName}.pending.is_done = 1;`,
    "}",
  ];
}
