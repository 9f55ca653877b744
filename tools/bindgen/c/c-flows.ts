/** Streams and futures that are parameters or results themselves: each goes through a `struct rill_flow`. */
import type { FunctionType, ValueType } from "../../wit/model.js";
import { type CParam, paramsOf } from "./c-function.js";
import { isFlow } from "./c-kinds.js";
import type { CPlans } from "./c-plans.js";
import type { CWorld } from "./c-world.js";

/** A stream or future. */
export type FlowType = ValueType & { readonly kind: "stream" | "future" };

/** The address of its element type. */
export function elementOf(world: CWorld, { element }: FlowType): string {
  return element === null ? "NULL" : `&${world.prefix}_types[${world.typeId(element)}]`;
}

/**
 * Arguments for rill_flow_…, up to whether it is a future.
 * @param flow its address
 */
export function flowArgs(world: CWorld, type: FlowType, flow: string): string {
  return `&host->base, ${flow}, ${elementOf(world, type)}, ${type.kind === "future"}`;
}

/** The table of ends inside of values, where `host` is the world's struct. */
export const ENDS = "&host->ends";

/** The parameters that are streams or futures. */
export function flowParams(func: FunctionType): (CParam & { readonly type: FlowType })[] {
  return paramsOf(func).flatMap((param) => (isFlow(param.type) ? [{ ...param, type: param.type }] : []));
}

/**
 * Statements that pass their handles, once they are open.
 * @param inMemory whether the parameters are in the guest's memory
 * @param handle   what a parameter's handle is in
 */
export function flowCells(
  plans: CPlans,
  func: FunctionType,
  inMemory: boolean,
  handle: (param: CParam) => string = ({ given }) => given,
): string[] {
  return flowParams(func).map((param) =>
    inMemory
      ? `    is_done = is_done && rill_bindings_store(host->base.rings.host, ${plans.values(param.type)}, args_at + ${param.offset}u, &${handle(param)});`
      : `    cells[${param.cell}] = ${handle(param)};`,
  );
}

/** Conditions under which flows of the firmware's cannot be opened: one is open, or is there twice. */
export function flowsTaken(func: FunctionType): string[] {
  const names = [...flowParams(func).map(({ name }) => name), ...(isFlow(func.result) ? ["result"] : [])];
  return names.flatMap((name, at) => [
    `!rill_flow_is_free(&host->base, ${name})`,
    ...names.slice(at + 1).map((other) => `${name} == ${other}`),
  ]);
}

/**
 * Statements that take what a function answers with, into a flow that has its ring.
 * @param cell of its handle
 */
export function flowTaken(world: CWorld, type: FlowType, cell: string): string[] {
  return [
    "    if (is_done) {",
    "        struct rill_ring *ring = result->ring;",
    "",
    `        is_done = rill_flow_take(${flowArgs(world, type, "result")}, (uint32_t)${cell});`,
    "        result->ring = ring;",
    "        is_done = is_done && rill_flow_settle(&host->base, result);",
    "    }",
  ];
}
