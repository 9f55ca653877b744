/** What `struct W_host` keeps of each function: calls under way, streams, futures, strings of the guest's. */
import { componentName } from "../../wit/function-name.js";
import { flatten, functionTypes, isPointerFree, recordLayout } from "../../wit/layout.js";
import type { FunctionType, ValueType } from "../../wit/model.js";
import { paramsOf } from "./c-function.js";
import { borrowCount, holds, isFlow, isSource, lendsLists } from "./c-kinds.js";
import type { CFunction, CWorld } from "./c-world.js";

/** Its streams and futures that go through a `struct rill_flow`, by name. */
export function flowsOf(func: FunctionType, isImport: boolean): string[] {
  const isKept = (type: ValueType | null): boolean =>
    isFlow(type) && (isImport || !func.async || !isSource(type));
  const params = paramsOf(func).filter(({ type }) => isKept(type));
  return [...params.map(({ name }) => name), ...(isKept(func.result) ? ["result"] : [])];
}

/** Whether strings or lists are parameters or the result, or in them. */
export function hasPointers(func: FunctionType): boolean {
  return functionTypes(func).some((type) => !isPointerFree(type));
}

/** How many handles a call may have lent. */
export function lentCount({ params }: FunctionType): number {
  return params.reduce((sum, { type }) => sum + borrowCount(type), 0);
}

/** Statements on each of so many handles that are noted in `array`; many are gone through in a loop. */
export function returnsLent(count: number, array: string, head: string): string[] {
  if (count <= 8) return Array.from({ length: count }, (_, at) => `${head}${array}[${at}]);`);
  return [
    "    {",
    "        uint32_t lent_at;",
    "",
    `        for (lent_at = 0; lent_at < ${count}u; lent_at++) {`,
    `        ${head}${array}[lent_at]);`,
    "        }",
    "    }",
  ];
}

/** Whether a call may have handles in lists lent. */
export function lendsInLists({ params }: FunctionType): boolean {
  return params.some(({ type }) => lendsLists(type));
}

/** Whether a call hands handles over. */
export function takesOwn({ params }: FunctionType): boolean {
  return params.some(({ type }) => holds(type, "own"));
}

/** The member; nothing for a function of which nothing is kept. */
export function keptMember(world: CWorld, item: CFunction, isImport: boolean): string[] {
  const { func } = item;
  const isLater = isImport && func.async;
  const onCancel = (params: string): string[] => [
    "/* The firmware's, set before the first call: the guest asks for cancellation. NULL: it waits for the answer. */",
    `void (*on_cancel)(${params});`,
  ];
  const lines =
    isLater && world.sideBySide.calls !== null
      ? [
          ...onCancel(`struct ${world.prefix} *host, uint32_t call`),
          `struct ${world.pendingName(item)} calls[${world.callsMacro(item)}]; /* private */`,
        ]
      : [
          ...(isLater
            ? [
                "struct rill_pending pending;",
                ...onCancel(`struct ${world.prefix} *host`),
                "uint8_t is_cancelling; /* private */",
              ]
            : []),
          ...ofCall(world, item, isImport),
        ];
  return lines.length === 0
    ? []
    : ["    struct {", ...lines.map((line) => `        ${line}`), `    } ${world.memberName(item)};`];
}

/** What is kept of each call. */
function ofCall(world: CWorld, { func }: CFunction, isImport: boolean): string[] {
  const isLater = isImport && func.async;
  return [
    ...(isLater && func.result !== null
      ? [isFlow(func.result) ? "uint32_t answer;" : `${world.types.member(func.result)} result;`]
      : []),
    ...(isLater && hasPointers(func)
      ? ["struct rill_space space;", `uint64_t room[(${world.macro("ROOM_BYTES")} + 7u) / 8u];`]
      : []),
    ...(isLater && lentCount(func) > 0 ? [`uint32_t lent[${lentCount(func)}];`] : []),
    // Those of a function that is not async, which the guest exports, are the firmware's own.
    ...(isImport || func.async ? flowsOf(func, isImport) : []).map((name) => `struct rill_flow ${name};`),
  ];
}

/** The struct of one of the calls of an async import that may be under way at once. */
export function pendingStruct(world: CWorld, item: CFunction): string[] {
  return [
    `/** A call of \`${componentName(item.func)}\`, beside others. All fields are private. */`,
    `struct ${world.pendingName(item)} {`,
    "    struct rill_numbered call; /* first */",
    ...ofCall(world, item, true).map((line) => `    ${line}`),
    "};",
    "",
  ];
}

/** Where parameters are that are in memory, as a tuple: its bytes and its alignment, as arguments in C. */
export function tupleExtent({ params }: FunctionType): string {
  const { elemSize, alignment } = recordLayout(params);
  return `${elemSize}, ${alignment}`;
}

/** Core values of the parameters, in cells. */
export function paramCells({ params }: FunctionType): number {
  return params.flatMap(({ type }) => flatten(type)).length;
}
