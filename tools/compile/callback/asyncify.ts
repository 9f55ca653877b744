/**
 * Strategy `callback` with a stack, for what suspend.ts cannot enter again: a task that has to wait unwinds,
 * answers WAIT and goes on when the host calls it back.
 *
 * It starts from the finished module of strategy `wait` and changes one thing: `waitable-set.wait` and
 * `thread.yield` are no imports any more. Binaryen's Asyncify saves the locals of the functions below it to
 * a static stack and brings them back. All memory stays where it is: the operations and their slots are
 * static in both strategies. One task at a time is in progress; a task raises backpressure while it lasts,
 * so the host keeps further calls waiting.
 * Spec: CanonicalABI.md, canon lift (callback), backpressure.inc and backpressure.dec
 */
import binaryen from "../../wasm/binaryen.js";
import { BACKPRESSURE_IMPORTS, LOWER, RAISE } from "../backpressure.js";
import { UserError } from "../../errors/user-error.js";
import { asyncLifted, callbackName } from "../../wit/canonical-names.js";
import type { ExportName } from "../link.js";
import { optimizeAgain, withModule } from "../optimize.js";
import { type Form, headOf, operands, parseForm, printForm, visitForms } from "../passes/s-expression.js";
import { CALLBACK_LIBRARY, CallbackCode, type CallbackModule, strategyFunction } from "./callback-module.js";
import {
  addImports,
  exportOf,
  importedFunction,
  memoryEnd,
  PAUSE,
  paramTypes,
  parseAll,
  removeImport,
  setGlobal,
  setMemoryEnd,
  WAIT,
} from "../module-parts.js";
import { CALLBACK_STACK } from "../../source/static-places.js";

/** Bytes in front of the stack: where it is filled to, where it ends. Asyncify's own structure. */
const STACK_HEADER_BYTES = 8;
/**
 * Gives a finished module of strategy `wait` the strategy `callback`.
 * @param exports the guest's, `[callback]` ones among them
 */
export function unwind(text: string, exports: readonly ExportName[]): CallbackModule {
  const module = parseForm(text);
  const wait = importedFunction(module, WAIT);
  const pause = importedFunction(module, PAUSE);
  if (wait === null && pause === null) return { text, stack: null };
  removeImport(module, WAIT);
  removeImport(module, PAUSE);
  const address = memoryEnd(module);
  const pauses = pause !== null;
  const functions = strategyFunctions(address, pauses);
  if (wait !== null) functions.push(...waitFunction(wait, address));
  if (pauses) functions.push(...pauseFunction(pause, address));
  for (const { canonical } of exports)
    if (asyncLifted(canonical) !== null) functions.push(...wrapTask(module, canonical, pauses));
  addImports(module, `${BACKPRESSURE_IMPORTS}${IMPORTS}`);
  module.items.push(...parseAll(pauses ? `${GLOBALS}${IN_TASK}` : GLOBALS), ...functions);
  const { unwinding, bytes } = asyncify(printForm(module));
  const sized = parseForm(unwinding);
  const byteLength = STACK_HEADER_BYTES + bytes;
  setGlobal(sized, STACK_END, address + byteLength);
  setMemoryEnd(sized, address + byteLength);
  return {
    text: optimizeAgain(printForm(sized)),
    stack: { name: CALLBACK_STACK, address, bytes: byteLength },
  };
}

const STACK_END = "$rill_stack_end";

const IMPORTS = `
(import "asyncify" "start_unwind" (func $rill_start_unwind (param i32)))
(import "asyncify" "stop_unwind" (func $rill_stop_unwind))
(import "asyncify" "start_rewind" (func $rill_start_rewind (param i32)))
(import "asyncify" "stop_rewind" (func $rill_stop_rewind))`;

/**
 * What the host is answered while the task waits (0: it does not), where its event goes, that event's
 * code, whether it is being brought back.
 */
const GLOBALS = `
(global $rill_answer (mut i32) (i32.const 0))
(global $rill_event (mut i32) (i32.const 0))
(global $rill_code (mut i32) (i32.const 0))
(global $rill_resuming (mut i32) (i32.const 0))
(global ${STACK_END} i32 (i32.const 0))`;

/** Whether a task's code runs: a function that is not async has nothing to go back to when it pauses. */
const IN_TASK = "(global $rill_in_task (mut i32) (i32.const 0))";

/** The task goes on where it waited. */
const RESUMED = `
  (if (global.get $rill_resuming)
    (then
      (global.set $rill_resuming (i32.const 0))
      (call $rill_stop_rewind)
      (return (global.get $rill_code))))`;

/** The place of `waitable-set.wait`. */
function waitFunction(name: string, stack: number): Form[] {
  return parseAll(`
(func ${name} (param $set i32) (param $event i32) (result i32)${RESUMED}
  (global.set $rill_answer (i32.or (i32.shl (local.get $set) (i32.const 4)) (i32.const ${CallbackCode.WAIT})))
  (global.set $rill_event (local.get $event))
  (call $rill_start_unwind (i32.const ${stack}))
  (i32.const 0))`);
}

/** The place of `thread.yield`. */
function pauseFunction(name: string, stack: number): Form[] {
  return parseAll(`
(func ${name} (result i32)${RESUMED}
  (if (i32.eqz (global.get $rill_in_task)) (then (return (i32.const 0))))
  (global.set $rill_answer (i32.const ${CallbackCode.YIELD}))
  (call $rill_start_unwind (i32.const ${stack}))
  (i32.const 0))`);
}

/** @param pauses whether a task may come back without an event */
function strategyFunctions(stack: number, pauses: boolean): Form[] {
  const event = `
  (i32.store (global.get $rill_event) (local.get $waitable))
  (i32.store offset=4 (global.get $rill_event) (local.get $payload))`;
  const waited = `(if (i32.ne (global.get $rill_answer) (i32.const ${CallbackCode.YIELD})) (then ${event}))`;
  return parseAll(`
(func $rill_begin
  (call ${RAISE})
  (i32.store (i32.const ${stack}) (i32.const ${stack + STACK_HEADER_BYTES}))
  (i32.store (i32.const ${stack + 4}) (global.get ${STACK_END})))
(func $rill_resume (param $code i32) (param $waitable i32) (param $payload i32)
  ${pauses ? waited : event}
  (global.set $rill_code (local.get $code))
  (global.set $rill_answer (i32.const 0))
  (global.set $rill_resuming (i32.const 1))
  (call $rill_start_rewind (i32.const ${stack})))`);
}

/**
 * What the host is told when the task's function has returned. Asyncify leaves alone the
 * functions that call `stop_unwind` themselves.
 */
const ANSWER = `
  (if (global.get $rill_answer)
    (then
      (call $rill_stop_unwind)
      (return (global.get $rill_answer))))
  (call ${LOWER})
  (i32.const 0)`;

/**
 * Puts functions around a task's lifted function and its callback. The event of a cancellation is an event as
 * any other: the guest library hears it where the task waits. One that has answered is never told.
 */
function wrapTask(module: Form, canonical: string, pauses: boolean): Form[] {
  const lift = exportOf(module, canonical);
  const callback = exportOf(module, callbackName(asyncLifted(canonical)!));
  const task = operands(lift)[0]!.items[1] as string;
  const func = operands(module).find((form) => headOf(form) === "func" && form.items[1] === task)!;
  const types = paramTypes(func);
  const names = types.map((_, index) => `$${index}`);
  const within = (call: string): string =>
    pauses
      ? `(global.set $rill_in_task (i32.const 1)) ${call} (global.set $rill_in_task (i32.const 0))`
      : call;
  const [entered, calledBack] = [
    strategyFunction("lift", canonical),
    strategyFunction("callback", canonical),
  ];
  operands(lift)[0]!.items[1] = entered;
  operands(callback)[0]!.items[1] = calledBack;
  return parseAll(`
(func ${entered} ${types.map((type, index) => `(param ${names[index]!} ${type})`).join(" ")} (result i32)
  (call $rill_begin)
  ${within(`(drop (call ${task} ${names.map((name) => `(local.get ${name})`).join(" ")}))`)}${ANSWER})
(func ${calledBack} (param $code i32) (param $waitable i32) (param $payload i32) (result i32)
  (call $rill_resume (local.get $code) (local.get $waitable) (local.get $payload))
  ${within(`(drop (call ${task} ${types.map((type) => `(${type}.const 0)`).join(" ")}))`)}${ANSWER})`);
}

/** Runs Asyncify. @returns the module, and the bytes that the deepest chain of waiting functions saves */
function asyncify(text: string): { unwinding: string; bytes: number } {
  const unwinding = withModule(text, (module) => {
    binaryen.setPassArgument("asyncify-ignore-imports", "1");
    if (!text.includes("(call_indirect")) binaryen.setPassArgument("asyncify-ignore-indirect", "1");
    module.runPasses(["asyncify"]);
    binaryen.clearPassArguments();
    for (const name of ["start_unwind", "stop_unwind", "start_rewind", "stop_rewind", "get_state"])
      module.removeExport(`asyncify_${name}`);
    return module.emitText().replaceAll("$asyncify_", `$${CALLBACK_LIBRARY}`);
  });
  return { unwinding, bytes: deepest(parseForm(unwinding)) };
}

/**
 * The most that one chain of calls saves.
 * @throws UserError when functions that wait call each other in a circle
 */
function deepest(module: Form): number {
  const referenced = functionsReferenced(module);
  const functions = new Map(
    operands(module)
      .filter((form) => headOf(form) === "func")
      .map((func) => [func.items[1] as string, { own: savedBytes(func), calls: calledBy(func, referenced) }]),
  );
  const known = new Map<string, number>();
  const through = (name: string): number => {
    const found = known.get(name);
    if (found === UNDER_WAY) throw circle(name);
    if (found !== undefined) return found;
    const { own, calls } = functions.get(name) ?? { own: 0, calls: [] };
    if (own === 0) return 0;
    known.set(name, UNDER_WAY);
    const below = Math.max(0, ...calls.map(through));
    known.set(name, own + below);
    return own + below;
  };
  return Math.max(...[...functions.keys()].map(through));
}

/** Stands for the bytes of a function whose calls are being followed. */
const UNDER_WAY = -1;

function circle(name: string): UserError {
  return new UserError(
    `${name.slice(1)} waits and calls itself, perhaps through others: no stack of a fixed size can hold that; ` +
      "build with --wait wait, or write it as a loop",
  );
}

/**
 * What Asyncify moves its stack down by when it brings this function's locals and place
 * back; 0 when the function never waits.
 */
function savedBytes(func: Form): number {
  let bytes = 0;
  visitForms(func, (form) => {
    const [address, value] = operands(form);
    if (headOf(form) !== "i32.store" || !value || headOf(value) !== "i32.sub") return;
    if (headOf(address!) !== "global.get" || address!.items[1] !== "$__asyncify_data") return;
    bytes += Number(operands(value)[1]!.items[1]);
  });
  return bytes;
}

/** Functions that may be called from here; through a reference, any that has one. */
function calledBy(func: Form, referenced: readonly string[]): string[] {
  const calls: string[] = [];
  visitForms(func, (form) => {
    if (headOf(form) === "call") calls.push(form.items[1] as string);
    if (headOf(form) === "call_indirect") calls.push(...referenced);
  });
  return calls;
}

/** Functions in the module's table. */
function functionsReferenced(module: Form): string[] {
  const names: string[] = [];
  for (const elements of operands(module).filter((form) => headOf(form) === "elem"))
    for (const item of elements.items.slice(2))
      if (typeof item === "string" && item.startsWith("$")) names.push(item);
  return names;
}
