/**
 * What stands around the functions that the host calls, in a guest with several tasks: each takes the block
 * that it works on. A task takes the first free one; it leaves the list of free ones when it waits first, and
 * goes back when it ends. The host remembers it meanwhile, as the task's context. Backpressure is raised
 * exactly while no block is free.
 * Spec: CanonicalABI.md, canon context.get, canon context.set, canon backpressure.inc
 */
import { LOWER, RAISE } from "../backpressure.js";
import { type Form, headOf, operands } from "../passes/s-expression.js";
import { FREE, SPARE, TASK } from "./callback-module.js";
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
(global ${SPARE} i32 (i32.const 0))`;

/** A task's function and the names of what stands around it. */
export interface WrappedTask {
  readonly name: string;
  readonly func: Form;
  /** Address of the word that links free blocks. */
  readonly next: number;
  /** Whether the host lowers parameters into the block before the function is called. */
  readonly lowers: boolean;
}

/** Begins a task. @param name what the function is to be called */
export function liftWrapper(name: string, { name: task, func, next, lowers }: WrappedTask): Form[] {
  return parseAll(`
(func ${name} ${declared(func)} (result i32) (local $answer i32)
  (global.set ${TASK} (global.get ${FREE}))
  (if (local.tee $answer (call ${task} ${passed(func)}))
    (then
      (call ${CONTEXT_SET} (global.get ${TASK}))
      (global.set ${FREE} (i32.load (i32.const ${next})))
      ${lowers ? toFree : ""}
      (if (i32.eq (global.get ${FREE}) (global.get ${SPARE})) (then (call ${RAISE})))))
  (local.get $answer))`);
}

/**
 * What the host calls back.
 * @param name  what the function is to be called
 * @param event statements that take in the event, of the parameters `$code`, `$waitable`, `$payload`
 */
export function callbackWrapper(
  name: string,
  event: string,
  { name: task, func, next, lowers }: WrappedTask,
): Form[] {
  const none = paramTypes(func).map((type) => `(${type}.const 0)`);
  return parseAll(`
(func ${name} (param $code i32) (param $waitable i32) (param $payload i32) (result i32) (local $answer i32)
  (global.set ${TASK} (call ${CONTEXT_GET}))
  ${event}
  (if (i32.eqz (local.tee $answer (call ${task} ${none.join(" ")})))
    (then
      (if (i32.eq (global.get ${FREE}) (global.get ${SPARE})) (then (call ${LOWER})))
      (i32.store (i32.const ${next}) (global.get ${FREE}))
      (global.set ${FREE} (global.get ${TASK})))
    ${lowers ? `(else ${toFree})` : ""})
  (local.get $answer))`);
}

const toFree = `(global.set ${TASK} (global.get ${FREE}))`;

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
