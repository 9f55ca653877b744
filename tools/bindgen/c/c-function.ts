/** A function of a world in C: its parameters, its prototype, and what its comment says. */
import { flatten, holdsEnd, isPointerFree, recordLayout } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { componentName } from "../../wit/function-name.js";
import { CScope, memberName, snakeCase } from "./c-names.js";
import { docComment, wrapped } from "./c-text.js";
import { holdsGuests, isDeep, isFlow, isGuests, isOneCell, isResource, isSource, isView } from "./c-kinds.js";
import type { CFunction, CGuestResource, CResource, CWorld } from "./c-world.js";

/** Names that generated functions have for their own purposes. */
const OWN = (
  "answer answer_length args args_at cells guest handles host is_async is_done is_held lent_handles result result_length " +
  "result_room result_space room space"
).split(" ");

/** A parameter with its C name and its place among the core values, or, of a task's stream, the sources. */
export interface CParam {
  readonly name: string;
  readonly witName: string;
  readonly type: ValueType;
  /** Of its first core value. */
  readonly cell: number;
  /** In the tuple that all parameters are, where they are in memory. */
  readonly offset: number;
  /** The C name of its length; null of what is no string or list. */
  readonly length: string | null;
  /** What is lowered in its place: a handle, a copy of it. */
  readonly given: string;
  /** Place among the host's sources; null of a value. */
  readonly source: number | null;
}

/** The parameters, in order. */
export function paramsOf(func: FunctionType): CParam[] {
  const scope = new CScope(OWN);
  let sources = 0;
  let cells = 0;
  const { offsets } = recordLayout(func.params);
  const named = func.params.map(({ name: witName, type }, index) => {
    const name = scope.claim(witName, memberName(witName));
    const length = isView(type) ? scope.claim(`${witName} length`, `${snakeCase(witName)}_length`) : null;
    const cell = cells;
    cells += flatten(type).length;
    const source = isSource(type) ? sources++ : null;
    return { name, witName, type, cell, offset: offsets[index]!, length, source };
  });
  return named.map((param) => ({
    ...param,
    given: scope.claim(`${param.witName} given`, `given_${param.name}`),
  }));
}

/** A name that none of the function's parameters has: `wanted`, or with a number behind it. */
export function freeName(func: FunctionType, wanted: string): string {
  const scope = new CScope(
    paramsOf(func).flatMap(({ name, length, given }) => [name, given, ...(length === null ? [] : [length])]),
  );
  return scope.claim("own", wanted);
}

/** What a call is known by that is one of several of its function; null of one that is alone. */
export function callParam({ sideBySide }: CWorld, func: FunctionType, isImport: boolean): string | null {
  return isImport && func.async && sideBySide.calls !== null ? freeName(func, "call") : null;
}

/** Whether calls of an export go on side by side. */
function isSideBySide({ sideBySide }: CWorld, func: FunctionType, isImport: boolean): boolean {
  return !isImport && func.async && sideBySide.tasks !== null;
}

/** Whether strings or lists are inside of its values: then it has a space. */
export function hasSpace({ params, result }: FunctionType): boolean {
  return params.some(({ type }) => isDeep(type)) || (result !== null && isDeep(result));
}

/** `bool name(struct demo_host *host, …)` without a semicolon. */
export function prototype(world: CWorld, { func, cName }: CFunction, isImport: boolean): string[] {
  const { types } = world;
  const params = paramsOf(func).map(({ name, type, length }) => {
    if (isFlow(type)) return `struct ${flowStruct(func, isImport)} *${name}`;
    if (length !== null) return `const ${types.item(type)} *${name}, uint32_t ${length}`;
    return isOneCell(type) ? `${types.value(type)} ${name}` : `const ${types.value(type)} *${name}`;
  });
  const host = `struct ${world.prefix} *host`;
  const call = callParam(world, func, isImport);
  if (call !== null) params.unshift(`uint32_t ${call}`);
  const isBegun = isSideBySide(world, func, isImport);
  if (isBegun)
    params.unshift(`struct ${world.begunName({ owner: "", func, cName })} *${freeName(func, "begun")}`);
  if (hasSpace(func)) params.push("struct rill_space *space");
  const out = isImport && func.async && !isFlow(func.result) ? [] : resultParams(world, func, isImport);
  return wrapped(`bool ${cName}(${[host, ...params, ...out].join(", ")})`);
}

/** What stands for a stream or future: a task has rings alone, for it ends what goes through them. */
function flowStruct({ async }: FunctionType, isImport: boolean): string {
  return isImport || !async ? "rill_flow" : "rill_ring";
}

/** Where the result goes. */
function resultParams({ types }: CWorld, func: FunctionType, isImport: boolean): string[] {
  const { result } = func;
  if (result === null) return [];
  if (isFlow(result)) return [`struct ${flowStruct(func, isImport)} *result`];
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
export function importComment(world: CWorld, item: CFunction): string[] {
  const { func } = item;
  const { result } = func;
  const call = callParam(world, func, true);
  return docComment([
    func.docs,
    `${title(item)}: the firmware ${func.async ? "begins it here, and completes it when it likes" : "implements it"}.`,
    [
      "@param host whose guest calls",
      ...(call === null
        ? []
        : [`@param ${call} the call's number, never 0: others of the function may be under way beside it`]),
      ...paramTexts(world, item, true),
      ...(isFlow(result)
        ? [
            `@param result set \`result->ring\`${func.async ? ", at the latest before the call is completed" : ""}: ${flowText(world, result)}, ${result.kind === "stream" ? "go" : "goes"} to the guest when it is in the ring, also after`,
            `       the call; ${result.kind === "stream" ? "set `is_over` behind the last item" : "the guest waits for it"}`,
          ]
        : result === null || func.async
          ? []
          : isView(result)
            ? viewText(true)
            : isResource(result)
              ? [
                  "@param result gets an index of the firmware's, which it gets back with each call and when the guest gives it up",
                ]
              : ["@param result gets the result"]),
      "@returns false to end the guest, with a text that stays in place in `host->base.rings.host->trap`, or none",
    ].join("\n"),
  ]);
}

/** The comment of a destructor. */
export function dropComment({ resource, owner }: CResource): string[] {
  const where = owner === "$root" ? "the world itself" : `\`${owner}\``;
  return docComment([
    resource.docs,
    `The guest has dropped a \`${resource.name}\` of ${where}, or was closed while it owned one: its place in the firmware's table is free.`,
    ["@param host  the guest's", "@param index as the firmware gave it"].join("\n"),
  ]);
}

/** The comment of the function with which the firmware drops one of the guest's resources. */
export function guestDropComment({ resource, owner }: CGuestResource): string[] {
  return docComment([
    resource.docs,
    `Drops a \`${resource.name}\` of \`${owner}\`, and runs the guest's destructor.`,
    [
      "@param host   the guest's",
      "@param handle that a call of the guest has answered with",
      "@returns false when the guest trapped, with the reason in `host->base.rings.host->trap`; also, without one, when it",
      "         is not RILL_HELD, and while the guest's code runs: nothing has happened then",
    ].join("\n"),
  ]);
}

/** The comment of the function that says what a handle is. */
export function guestHeldComment({ resource }: CGuestResource): string[] {
  return docComment([
    `What a handle of a \`${resource.name}\` is that the firmware has: nothing is asked of the guest.`,
    ["@param host   the guest's", "@param handle any number", "@returns RILL_HELD, or why not"].join("\n"),
  ]);
}

/** The comment of an exported function's typed call. */
export function exportComment(world: CWorld, item: CFunction): string[] {
  const { func } = item;
  const { result } = func;
  const isBegun = isSideBySide(world, func, false);
  const hasFlows = func.params.some(({ type }) => isFlow(type)) || isFlow(result);
  const returned =
    result === null
      ? []
      : isFlow(result)
        ? [
            func.async
              ? `@param result ring that gets ${flowText(world, result)}` +
                (result.kind === "stream" ? "; while it is full the guest waits" : ", before the call ends")
              : `@param result the firmware's, with \`result->ring\` set: it gets ${flowText(world, result)}, also after the call`,
          ]
        : isView(result)
          ? viewText(false)
          : [
              isGuests(result)
                ? `@param result gets the handle of a \`${(result as ValueType & { kind: "own" }).resource.name}\`: the firmware drops it, or hands it over`
                : "@param result gets the result",
            ];
  return docComment([
    func.docs,
    isBegun
      ? `Begins a call of ${title(item)}: it runs until it waits or is done, and goes on beside others.`
      : `Calls ${title(item)}${func.async ? ", and runs its task to its end" : ""}.`,
    [
      "@param host the guest's",
      ...(isBegun
        ? [
            `@param ${freeName(func, "begun")} the call, not RILL_BEGUN_ON; in place, with all that it is given, until it is that no more`,
          ]
        : []),
      ...paramTexts(world, item, false),
      ...returned,
      "@returns false when the guest trapped, with the reason in `host->base.rings.host->trap`; also, without one, for an",
      isBegun
        ? "         argument that is no value of its type, when `call` is RILL_BEGUN_ON, and while the guest's code runs"
        : "         argument that is no value of its type, and while another call is under way",
      ...(hasFlows && !func.async ? ["         likewise for a flow that is open, or is given twice"] : []),
      ...(func.params.some(({ type }) => !isFlow(type) && holdsGuests(type))
        ? [
            "         likewise for a handle that the firmware does not hold, and to hand one over that is lent",
          ]
        : []),
      ...(func.params.some(({ type }) => !isFlow(type) && holdsEnd(type))
        ? ["         likewise for the number of an end that the firmware cannot pass, or passes twice"]
        : []),
      ...(func.params.some(({ type }) => isDeep(type))
        ? [
            "Traps: an argument with views in it that is no value, or has a view that reaches out of the space",
          ]
        : []),
      ...(hasFlows
        ? [
            func.async
              ? "Lends: the rings, for the call"
              : "Lends: the flows and their rings, while rill_flow_is_open",
          ]
        : []),
    ].join("\n"),
  ]);
}

/** What is said of parameters: where they lie, and how long. */
function paramTexts(world: CWorld, { func, cName }: CFunction, isImport: boolean): string[] {
  const texts = paramsOf(func).flatMap(({ name, type, length, source }) => {
    if (length !== null)
      return [
        `@param ${name} ${type.kind === "string" ? "UTF-8, without a zero behind it" : "items"}, valid ` +
          `${isImport && func.async ? "until the call is completed" : "for the call"}; \`${length}\` of them`,
      ];
    if (isResource(type)) {
      if (isGuests(type))
        return [
          `@param ${name} the handle of a \`${type.resource.name}\` that the firmware holds` +
            (type.kind === "own" ? ": the guest's from then on" : ", lent for the call"),
        ];
      const whose = type.kind === "own" ? "the guest's no more" : "lent, for the call";
      const what = `the index of a \`${type.resource.name}\``;
      return [
        `@param ${name} ${what}${isImport ? `, ${whose}` : type.kind === "own" ? ", the guest's from then on" : ", lent for the call"}`,
      ];
    }
    if (!isFlow(type)) return [];
    if (isImport)
      return [
        `@param ${name} set \`${name}->ring\`: it gets ${flowText(world, type)}, also after the call;`,
        "       rill_flow_is_open says whether more may come; without a ring the guest is told that nobody reads",
      ];
    const ring = func.async ? "ring" : `the firmware's, zero but for \`${name}->ring\`: ring`;
    return type.kind === "stream"
      ? [
          `@param ${name} ${ring} of the items to read, ${flowItem(world, type)}; the stream ends when it is empty and`,
          isSideBySide(world, func, false)
            ? `       \`flows.${name}.is_over\` of the call is set`
            : !func.async
              ? `       \`${name}->is_over\` is set, also after the call`
              : source === null
                ? `       \`host->${world.memberName({ owner: "", func, cName })}.${name}.is_over\` is set, in the call`
                : `       \`host->sources[${source}].is_over\` is set, which goes back to 0 after the call`,
        ]
      : [
          `@param ${name} ${ring} whose first item is the future's value, ${flowItem(world, type)}, now or later`,
        ];
  });
  if (hasSpace(func))
    texts.push(
      isImport
        ? `@param space where views of the parameters are${func.result === null || !isDeep(func.result) ? "" : ", and those of the result go: rill_view_put"}; ` +
            `${func.async ? "until the call is completed" : "for the call"}`
        : "@param space where views of the parameters are, and those of the result go, behind what it has",
    );
  return texts;
}

function title({ owner, func }: CFunction): string {
  return owner === "$root"
    ? `\`${componentName(func)}\` of the world itself`
    : `\`${componentName(func)}\` of \`${owner}\``;
}

function flowText(world: CWorld, type: ValueType & { readonly kind: "stream" | "future" }): string {
  return type.kind === "stream"
    ? `the items, ${flowItem(world, type)}`
    : `the value, ${flowItem(world, type)}`;
}

function flowItem({ types }: CWorld, type: ValueType): string {
  const { element } = type as ValueType & { readonly kind: "stream" | "future" };
  if (element === null) return "of no bytes: RILL_RING_OF";
  const place = isPointerFree(element) ? "" : " in a RILL_ITEM_PLACE";
  return `${type.kind === "stream" ? "each " : ""}a \`${types.member(element)}\`${place}`;
}
