/** A function of a world in C: its parameters, its prototype, and what its comment says. */
import { flatten } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { componentName } from "../../wit/function-name.js";
import { CScope, memberName, snakeCase } from "./c-names.js";
import { docComment, wrapped } from "./c-text.js";
import { isOneCell, isView } from "./c-types.js";
import type { CFunction, CWorld } from "./c-world.js";

/** Names that generated functions have for their own purposes. */
const OWN =
  "answer answer_length args cells guest handles host is_async is_done result result_length result_room room space".split(
    " ",
  );

/** A parameter with its C name and its place among the core values; streams have one among the sources. */
export interface CParam {
  readonly name: string;
  readonly witName: string;
  readonly type: ValueType;
  /** Of its first core value. */
  readonly cell: number;
  /** The C name of its length; null of what is no string or list. */
  readonly length: string | null;
  /** Place among the host's sources; null of a value. */
  readonly source: number | null;
}

/** The parameters, in order. */
export function paramsOf(func: FunctionType): CParam[] {
  const scope = new CScope(OWN);
  let sources = 0;
  let cells = 0;
  return func.params.map(({ name: witName, type }) => {
    const name = scope.claim(witName, memberName(witName));
    const length = isView(type) ? scope.claim(`${witName} length`, `${snakeCase(witName)}_length`) : null;
    const cell = cells;
    cells += flatten(type).length;
    return { name, witName, type, cell, length, source: type.kind === "stream" ? sources++ : null };
  });
}

/** `bool name(struct demo_host *host, …)` without a semicolon. */
export function prototype(world: CWorld, { func, cName }: CFunction, isImport: boolean): string[] {
  const { types } = world;
  const params = paramsOf(func).map(({ name, type, length, source }) => {
    if (source !== null) return `struct rill_ring *${name}`;
    if (length !== null) return `const ${types.item(type)} *${name}, uint32_t ${length}`;
    return isOneCell(type) ? `${types.value(type)} ${name}` : `const ${types.value(type)} *${name}`;
  });
  const host = `struct ${world.prefix} *host`;
  const out = isImport && func.async ? [] : resultParams(world, func, isImport);
  return wrapped(`bool ${cName}(${[host, ...params, ...out].join(", ")})`);
}

/** Where the result goes. */
function resultParams({ types }: CWorld, { result }: FunctionType, isImport: boolean): string[] {
  if (result === null) return [];
  if (result.kind === "stream") return ["struct rill_ring *result"];
  if (!isView(result)) return [`${types.value(result)} *result`];
  const item = types.item(result);
  return isImport
    ? [`const ${item} **result`, "uint32_t *result_length"]
    : [`${item} *result`, "uint32_t result_room", "uint32_t *result_length"];
}

/** What is said of a result that is a string or list. */
function viewText(isImport: boolean): string[] {
  return isImport
    ? [
        "@param result gets where the result lies; it stays there until the function has answered",
        "@param result_length gets its length",
      ]
    : [
        "@param result gets the result",
        "@param result_room items, or bytes, that there is room for: with more the guest traps",
        "@param result_length gets its length",
      ];
}

/** The comment of an imported function, which the firmware implements. */
export function importComment(item: CFunction): string[] {
  return docComment([
    item.func.docs,
    `${title(item)}: the firmware ${item.func.async ? "begins it here, and completes it when it likes" : "implements it"}.`,
    [
      "@param host whose guest calls",
      ...viewParams(item.func),
      ...(item.func.result === null || item.func.async
        ? []
        : isView(item.func.result)
          ? viewText(true)
          : ["@param result gets the result"]),
      "@returns false to end the guest, with a text that stays in place in `host->base.rings.host->trap`, or none",
    ].join("\n"),
  ]);
}

/** The comment of an exported function's typed call. */
export function exportComment(world: CWorld, item: CFunction): string[] {
  const { func } = item;
  const streams = paramsOf(func).flatMap(({ name, type, source }) =>
    source === null
      ? []
      : [
          `@param ${name} ring of the items to read, ${itemText(world, type)}; the stream ends when it is empty and`,
          `       \`host->sources[${source}].is_over\` is set, which goes back to 0 after the call`,
        ],
  );
  const { result } = func;
  const returned =
    result === null
      ? []
      : result.kind === "stream"
        ? [
            `@param result ring that gets the items, ${itemText(world, result)}; while it is full the guest waits`,
          ]
        : isView(result)
          ? viewText(false)
          : ["@param result gets the result"];
  return docComment([
    func.docs,
    `Calls ${title(item)}${func.async ? ", and runs its task to its end" : ""}.`,
    [
      "@param host the guest's",
      ...viewParams(func),
      ...streams,
      ...returned,
      "@returns false when the guest trapped, with the reason in `host->base.rings.host->trap`; also, without one, for an",
      "         argument that is no value of its type, and while another call is under way",
      ...(streams.length > 0 || result?.kind === "stream" ? ["Lends: the rings, for the call"] : []),
    ].join("\n"),
  ]);
}

/** Of strings and lists: valid for the call. */
function viewParams(func: FunctionType): string[] {
  return paramsOf(func).flatMap(({ name, type, length }) =>
    length === null
      ? []
      : [
          `@param ${name} ${type.kind === "string" ? "UTF-8, without a zero behind it" : "items"}, valid for the call; \`${length}\` of them`,
        ],
  );
}

function title({ owner, func }: CFunction): string {
  return owner === "$root"
    ? `\`${componentName(func)}\` of the world itself`
    : `\`${componentName(func)}\` of \`${owner}\``;
}

function itemText({ types }: CWorld, type: ValueType): string {
  const { element } = type as ValueType & { readonly kind: "stream" };
  return `each a \`${types.member(element!)}\``;
}
