/**
 * What the functions that the host calls do besides, in a guest with several tasks: each takes the block
 * that it works on. A task takes the first free one out of their list, and puts it back when it ends. The
 * host remembers it meanwhile, as the task's context. Backpressure is raised exactly while no block is free.
 * The link of a free block counts from the block behind it, so that a list in their order is all zero.
 * Spec: CanonicalABI.md, canon context.get, canon context.set, canon backpressure.inc
 */
import { LOWER, RAISE } from "../backpressure.js";
import { type Form, headOf, operands } from "../passes/s-expression.js";
import { BLOCK_BYTES, FREE, SPARE, TASK } from "./callback-module.js";
import { paramTypes, parseAll } from "../module-parts.js";

const CONTEXT_GET = "$rill_context_get";
const CONTEXT_SET = "$rill_context_set";

/** What these functions import beside backpressure. */
export const CONTEXT_IMPORTS = `
(import "$root" "[context-get-0]" (func ${CONTEXT_GET} (result i32)))
(import "$root" "[context-set-0]" (func ${CONTEXT_SET} (param i32)))`;

/** The globals that they share; task-blocks.ts gives them their values. */
export const TASK_GLOBALS = `
(global ${TASK} (mut i32) (i32.const 0))
(global ${FREE} (mut i32) (i32.const 0))
(global ${BLOCK_BYTES} i32 (i32.const 0))
(global ${SPARE} i32 (i32.const 0))`;

/** What a task that is called back does first: it finds its block. */
export const RESUME_BLOCK = `(global.set ${TASK} (call ${CONTEXT_GET}))`;

/**
 * What a task does at its begin, where it waits, and at its end.
 * @param next   address of the word that links free blocks
 * @param lowers whether the host lowers parameters into a task's block before the task begins
 */
export function aroundTask(
  next: number,
  lowers: boolean,
): Record<"atBegin" | "atLeave" | "atEnd", readonly Form[]> {
  const link = `(i32.const ${next})`;
  const behind = `(i32.add (global.get ${TASK}) (global.get ${BLOCK_BYTES}))`;
  const whenNoneIsFree = (change: string): string =>
    `(if (i32.eq (global.get ${FREE}) (global.get ${SPARE})) (then (call ${change})))`;
  return {
    atBegin: parseAll(`
(global.set ${TASK} (global.get ${FREE}))
(global.set ${FREE} (i32.add (i32.load ${link}) ${behind}))
(call ${CONTEXT_SET} (global.get ${TASK}))
${whenNoneIsFree(RAISE)}`),
    atLeave: lowers ? parseAll(`(global.set ${TASK} (global.get ${FREE}))`) : [],
    atEnd: parseAll(`
${whenNoneIsFree(LOWER)}
(i32.store ${link} (i32.sub (global.get ${FREE}) ${behind}))
(global.set ${FREE} (global.get ${TASK}))`),
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
  (global.set ${TASK} (global.get ${FREE}))
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
