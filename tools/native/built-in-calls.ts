/** The canonical built-ins that a guest imports, as calls of c/native/rill_native.h. */
import { builtins, type ImportDescriptor } from "../c-host/descriptor.js";
import type { FunctionSignature } from "../wasm/core-module.js";
import type { GuestModule } from "./guest-module.js";

const BASE = "&guest->base";
/** Built-ins without element type: the C function, and whether it takes the import's `async` flag. */
const PLAIN: ReadonlyMap<string, string> = new Map([
  ["waitable-set.new", "set_new"],
  ["waitable-set.drop", "set_drop"],
  ["waitable.join", "join"],
  ["subtask.drop", "subtask_drop"],
  ["task.cancel", "task_cancel"],
  ["backpressure.inc", "backpressure_inc"],
  ["backpressure.dec", "backpressure_dec"],
]);

/**
 * Statements of the function that stands for an import; its parameters are `l0`, `l1`, …
 * @param elementText the C of a pointer to an element type, by its number
 * @param serve of an imported function: the C function of the world's bindings that serves it
 */
export function builtInCall(
  guest: GuestModule,
  { builtin, type, async: isAsync, future }: ImportDescriptor,
  signature: FunctionSignature,
  elementText: (type: number) => string,
  serve?: string,
): string[] {
  const name = builtins[builtin]!;
  const element = type < 0 ? "NULL" : elementText(type);
  const params = signature.params.map((_, index) => `l${index}`);
  const call = (func: string, ...args: readonly string[]): string[] => [
    `    ${signature.results.length === 0 ? "" : "return "}rill_native_${func}(${[BASE, ...args].join(", ")});`,
  ];
  const plain = PLAIN.get(name);
  if (plain !== undefined) return call(plain, ...params);
  switch (name) {
    case "new":
      return call("new", element, String(future));
    case "read":
    case "write": {
      const kind = name === "read" ? "RILL_READABLE" : "RILL_WRITABLE";
      if (isAsync && !future) return call("copy_async", kind, element, ...params);
      return call("copy", kind, element, options(isAsync, future), ...params, ...(future ? ["1"] : []));
    }
    case "cancel-read":
    case "cancel-write":
      return call("cancel", side(name), element, options(isAsync, future), ...params);
    case "drop-readable":
    case "drop-writable":
      return call("drop", side(name), element, String(future), ...params);
    case "waitable-set.wait":
    case "waitable-set.poll":
      return call(`set_${name.slice(-4)}${isAsync ? "_cancellable" : ""}`, ...params);
    case "subtask.cancel":
      return call("subtask_cancel", String(isAsync), ...params);
    case "task.return":
      return taskReturn(guest, signature, element, call);
    case "context.get":
    case "context.set":
      return call(name.replace(".", "_"), isAsync ? "1" : "0", ...params);
    case "thread.yield":
      return call("yield", String(isAsync));
    case "call":
      return importedCall(guest, signature, serve!);
    default:
      throw guest.refusal(`imports ${name}`);
  }
}

function side(name: string): string {
  return /read/.test(name) ? "RILL_READABLE" : "RILL_WRITABLE";
}

function options(isAsync: boolean, future: boolean): string {
  const set = [...(future ? ["RILL_NATIVE_FUTURE"] : []), ...(isAsync ? ["RILL_NATIVE_ASYNC"] : [])];
  return set.length === 0 ? "0" : set.join(" | ");
}

/** The values in cells of 64 bits, as the embedder's `returned` gets them. */
function taskReturn(
  guest: GuestModule,
  { params }: FunctionSignature,
  element: string,
  call: (func: string, ...args: readonly string[]) => string[],
): string[] {
  if (params.length === 0) return call("task_return", element, "NULL");
  const cells = params.map((type, index) => cellOf(guest.numberType(type), `l${index}`));
  return [
    `    uint64_t values[${cells.length}];`,
    "",
    ...cells.map((cell, index) => `    values[${index}] = ${cell};`),
    ...call("task_return", element, "values"),
  ];
}

/** Calls what the firmware implements, by the bindings of the guest's world. */
function importedCall(guest: GuestModule, { params, results }: FunctionSignature, serve: string): string[] {
  const cells = params.map((type, index) => cellOf(guest.numberType(type), `l${index}`));
  const call = `rill_native_serve(${[BASE, serve, cells.length === 0 ? "NULL" : "cells"].join(", ")})`;
  const [result] = results;
  return [
    ...(cells.length === 0 ? [] : [`    uint64_t cells[${cells.length}];`, ""]),
    ...cells.map((cell, index) => `    cells[${index}] = ${cell};`),
    result === undefined ? `    (void)${call};` : `    return ${fromCell(guest.numberType(result), call)};`,
  ];
}

/** A core value in a cell of 64 bits. */
export function cellOf(type: string, text: string): string {
  switch (type) {
    case "f32":
      return `rill_i32_reinterpret_f32(${text})`;
    case "f64":
      return `rill_i64_reinterpret_f64(${text})`;
    default:
      return text;
  }
}

/** A core value out of a cell. */
export function fromCell(type: string, text: string): string {
  switch (type) {
    case "i32":
      return `(uint32_t)${text}`;
    case "f32":
      return `rill_f32_reinterpret_i32((uint32_t)${text})`;
    case "f64":
      return `rill_f64_reinterpret_i64(${text})`;
    default:
      return text;
  }
}
