/** The figures that firmware needs at compile time, as a C header. */
import { basename } from "node:path";
import type { NativeFigures } from "../../native/measure/native-figures.js";
import type { Report } from "../model.js";

/** Draws the header; a figure that is not known is left out, with the reason. */
export function cHeaderForm(report: Report): string {
  const base = basename(report.file, ".wasm").replace(/\.core$/, "");
  const prefix = `RILL_${base
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_|_$/g, "")}`;
  const { stack, device, linear_memory: memory } = report;
  const lines = [
    `/* ${report.file}, sha256 ${report.sha256}. Written by \`rill report --c-header\`; do not edit. */`,
    `#ifndef ${prefix}_FIGURES_H`,
    `#define ${prefix}_FIGURES_H`,
    "",
    define(`${prefix}_WASM_BYTES`, report.stripped_bytes, "the module without custom sections"),
    define(
      `${prefix}_LINEAR_MEMORY_BYTES`,
      memory.shrinks_on_wamr ? memory.used_bytes : memory.initial_bytes,
      "linear memory that WAMR allots",
    ),
    define(
      `${prefix}_STACK_BYTES`,
      device?.stack_bytes ?? stack.stack_bytes,
      `stack_size for wasm_runtime_instantiate, ${stackMeaning(report)}`,
      why(report),
    ),
    define(`${prefix}_CALL_DEPTH`, stack.call_depth, "longest chain of calls, imports included", why(report)),
    define(
      `${prefix}_OPERAND_CELLS`,
      stack.operand_cells?.cells ?? null,
      "deepest operand stack of one function, in cells of 4 bytes",
      "the module defines no function",
    ),
    define(
      `${prefix}_POOL_BYTES`,
      device?.pool_bytes ?? null,
      "smallest pool for wasm_runtime_full_init with one guest, measured",
      "measure it with --device",
    ),
    define(
      `${prefix}_NEXT_INSTANCE_BYTES`,
      device?.next_instance_bytes ?? null,
      "pool for each further guest that shares the exec env",
      "measure it with --device",
    ),
    ...nativeDefines(prefix, report.native),
    "",
    `#endif /* ${prefix}_FIGURES_H */`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Of the guest as C, for a core. */
function nativeDefines(prefix: string, native: NativeFigures | null): string[] {
  if (native === null) return [];
  const name = (figure: string): string => `${prefix}_NATIVE_${figure}_BYTES`;
  const made = `as C on ${native.cpu}, ${native.compiler}`;
  return [
    define(name("FLASH"), native.flash_bytes, `flash of guest, host and rings, ${made}`),
    define(name("RAM"), native.ram_bytes, `all variables, without the items in rings, ${made}`),
    define(
      name("STACK"),
      native.stack_bytes,
      `the deepest chain of calls, host included, ${made}`,
      native.stack_open ?? "",
    ),
  ];
}

function define(name: string, value: number | null, what: string, missing = ""): string {
  return value === null
    ? `/* ${name} is not known: ${missing} */`
    : `/** ${what} */\n#define ${name} ${value}u`;
}

function stackMeaning({ stack, device }: Report): string {
  const interpreter = device?.interpreter ?? stack.interpreter;
  return device?.stack_basis === "measured"
    ? `${interpreter}: the least with which the measured run ends; calls recurse, others may need more`
    : `${interpreter}: the worst chain of calls; where it is run, one byte less overflows`;
}

function why({ stack }: Report): string {
  return stack.recursion.length > 0 ? "calls can recurse" : "a function is not understood";
}
