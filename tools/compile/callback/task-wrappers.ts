/**
 * What the functions that the host calls do besides, in a guest with several tasks: each takes the block
 * that it works on. A task takes a free one, and gives it back when it ends; the host remembers it meanwhile,
 * as the task's context. Which blocks are free: see free-blocks.ts.
 * Spec: CanonicalABI.md, canon context.get, canon context.set
 */
import { type Form, headOf, operands } from "../passes/s-expression.js";
import { CONTEXT_GET, CONTEXT_SET, TASK } from "./callback-module.js";
import { FreeBlock } from "./free-blocks.js";
import { paramTypes, parseAll } from "../module-parts.js";

/** What these functions import beside backpressure. */
export const CONTEXT_IMPORTS = `
(import "$root" "[context-get-0]" (func ${CONTEXT_GET} (result i32)))
(import "$root" "[context-set-0]" (func ${CONTEXT_SET} (param i32)))`;

/** The global that they share. */
export const TASK_GLOBAL = `(global ${TASK} (mut i32) (i32.const 0))`;

/** What a task that is called back does first: it finds its block. */
export const RESUME_BLOCK = `(global.set ${TASK} (call ${CONTEXT_GET}))`;

const BORROW_BLOCK = `(global.set ${TASK} (call ${FreeBlock.BORROW}))`;

/**
 * What a task does at its begin, where it waits, and at its end.
 * @param lowers whether the host lowers parameters into a task's block before the task begins
 */
export function aroundTask(lowers: boolean): Record<"atBegin" | "atLeave" | "atEnd", readonly Form[]> {
  return {
    atBegin: parseAll(`(call ${FreeBlock.TAKE})`),
    atLeave: lowers ? parseAll(BORROW_BLOCK) : [],
    atEnd: parseAll(`(call ${FreeBlock.GIVE})`),
  };
}

/** A function that is no task's, or of a task that never waits. */
export function plainWrapper(name: string, callee: string, func: Form): Form[] {
  const result = operands(func).find((form) => headOf(form) === "result")?.items[1] as string | undefined;
  const call = `(call ${callee} ${passed(func)})`;
  return parseAll(`
(func ${name} ${declared(func)} ${result ? `(result ${result})` : ""} (local $before i32)
  ${result ? `(local $result ${result})` : ""}
  (local.set $before (global.get ${TASK}))
  ${BORROW_BLOCK}
  ${result ? `(local.set $result ${call})` : call}
  (global.set ${TASK} (local.get $before))
  ${result ? "(local.get $result)" : ""})`);
}

function declared(func: Form): string {
  return paramTypes(func)
    .map((type, index) => `(param $${index} ${type})`)
    .join(" ");
}

function passed(func: Form): string {
  return paramTypes(func)
    .map((_, index) => `(local.get $${index})`)
    .join(" ");
}
