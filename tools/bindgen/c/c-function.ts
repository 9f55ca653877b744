/** A function of a world in C: its parameters, its prototype, and what its comment says. */
import type { FunctionType, ValueType } from "../../wit/model.js";
import { componentName } from "../../wit/function-name.js";
import { CScope, memberName } from "./c-names.js";
import { docComment, wrapped } from "./c-text.js";
import { isOneCell } from "./c-types.js";
import type { CFunction, CWorld } from "./c-world.js";

/** Names that generated functions have for their own purposes. */
const OWN = ["args", "cells", "guest", "handles", "host", "is_done", "result", "value", "values"];

/** A parameter with its C name; streams have a place among the sources. */
export interface CParam {
  readonly name: string;
  readonly witName: string;
  readonly type: ValueType;
  /** Place among the host's sources; null of a value. */
  readonly source: number | null;
}

/** The parameters, in order. */
export function paramsOf(func: FunctionType): CParam[] {
  const scope = new CScope(OWN);
  let sources = 0;
  return func.params.map(({ name, type }) => ({
    name: scope.claim(name, memberName(name)),
    witName: name,
    type,
    source: type.kind === "stream" ? sources++ : null,
  }));
}

/** `bool name(struct demo_host *host, …)` without a semicolon. */
export function prototype(world: CWorld, { func, cName }: CFunction): string[] {
  const params = paramsOf(func).map(({ name, type, source }) =>
    source !== null
      ? `struct rill_ring *${name}`
      : isOneCell(type)
        ? `${world.types.value(type)} ${name}`
        : `const ${world.types.value(type)} *${name}`,
  );
  const { result } = func;
  const out =
    result === null
      ? []
      : [result.kind === "stream" ? "struct rill_ring *result" : `${world.types.value(result)} *result`];
  return wrapped(`bool ${cName}(${[`struct ${world.prefix} *host`, ...params, ...out].join(", ")})`);
}

/** The comment of an imported function, which the firmware implements. */
export function importComment(item: CFunction): string[] {
  return docComment([
    item.func.docs,
    `${title(item)}: the firmware implements it.`,
    [
      "@param host whose guest calls",
      ...(item.func.result === null ? [] : ["@param result gets the result"]),
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
        : ["@param result gets the result"];
  return docComment([
    func.docs,
    `Calls ${title(item)}${func.async ? ", and runs its task to its end" : ""}.`,
    [
      "@param host the guest's",
      ...streams,
      ...returned,
      "@returns false when the guest trapped, with the reason in `host->base.rings.host->trap`; also, without one, for an",
      "         argument that is no value of its type, and while another call is under way",
      ...(streams.length > 0 || result?.kind === "stream" ? ["Lends: the rings, for the call"] : []),
    ].join("\n"),
  ]);
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
