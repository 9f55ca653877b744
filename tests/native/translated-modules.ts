/** Modules translated to C and compiled into one program, that calls their exports as it is told. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { GuestModule } from "../../tools/native/guest-module.js";
import { guestFiles } from "../../tools/native/guest-files.js";
import { nativeProgram, type NativeVariant } from "../../tools/native/native-program.js";
import { packageRoot } from "../../tools/package-root.js";
import type { CoreModule } from "../../tools/wasm/core-module.js";
import { readModule } from "../../tools/wasm/read-module.js";

/** What a call came to: the results' cells, or why it trapped. */
export type Outcome = { readonly cells: readonly bigint[] } | { readonly trap: string };

/** A module as C. */
export interface Translation {
  readonly header: string;
  readonly source: string;
  /** Exported functions, by their order in the program's table. */
  readonly exports: readonly string[];
  /** Whether it computes with f64. */
  readonly usesDoubles: boolean;
}

/** Names of a file's own, which modules that share a file must not share. */
const OWN =
  /\b(?:f\d+(?:_counted)?|data\d+|plan\d+|through_table_\w+|by_name\d+|init_any|exports|values_\w+)\b/g;

/**
 * Translates a module as number `index` of a program.
 * @throws UserError for what is not translated
 */
export function translate(bytes: Uint8Array, index: number, imports: readonly string[] = []): Translation {
  return translateModule(readModule(bytes), index, imports);
}

/** The same of a module that was read. */
export function translateModule(
  module: CoreModule,
  index: number,
  imports: readonly string[] = [],
): Translation {
  const name = `m${index}`;
  const { header, source, usesDoubles } = guestFiles({
    module: new GuestModule(module, name, true),
    name,
    imports: null,
    types: [],
    withTable: true,
    otherImport: (from, field) => (imports.includes(`${from}.${field}`) ? ["    (void)guest;"] : null),
  });
  return {
    header,
    source: source.replace(OWN, (own) => `${name}_${own}`),
    exports: module.exports.filter(({ kind }) => kind === "func").map((item) => item.name),
    usesDoubles,
  };
}

/** A line for the program: an instance of a module, a call, or a sum over its memory. */
export type Order =
  | { readonly module: number; readonly memory?: true }
  | { readonly module: number; readonly call: number; readonly cells: readonly bigint[] };

/** A program of translated modules. */
export async function programOf(
  translations: readonly Translation[],
  variant: NativeVariant,
): Promise<(orders: readonly Order[]) => Outcome[]> {
  const texts = tableTexts(translations);
  // As many files as there are processors, of about the same length.
  const files = Array.from({ length: availableParallelism() }, () => [] as string[]);
  for (const [index, { source }] of translations.entries()) files[index % files.length]!.push(source);
  for (const [index, sources] of files.entries())
    if (sources.length > 0) texts[`modules${index}.c`] = sources.join("\n");
  texts["calls.c"] = readFileSync(join(packageRoot, "tests", "native", "calls.c"), "utf8");
  const program = await nativeProgram("calls", [], texts, variant);
  return (orders) => {
    const input = orders.map(orderLine).join("");
    // Frames of a thousand locals are large under a sanitizer.
    const command = ["-c", `ulimit -s 262144; exec "${program}"`];
    const options = { input, encoding: "utf8", maxBuffer: 1 << 28 } as const;
    const { status, stdout, stderr } = spawnSync("sh", command, options);
    if (status !== 0) throw new Error(`calls ended with ${status}: ${stderr}`);
    return outcomesOf(stdout);
  };
}

/** Headers of modules, and the table of all. */
export function tableTexts(translations: readonly Translation[]): Record<string, string> {
  return {
    "calls.h": callsHeader(translations.length),
    "table.c": table(translations.length),
    ...Object.fromEntries(translations.map(({ header }, index) => [`m${index}.h`, header])),
  };
}

/** What the program is told. */
export function orderLine(order: Order): string {
  if (!("call" in order)) return `${order.module}${order.memory ? " m" : ""}\n`;
  return `${[order.module, order.call, ...order.cells.map((cell) => cell.toString(16))].join(" ")}\n`;
}

/** What it says, a line for each order. */
export function outcomesOf(lines: string): Outcome[] {
  return lines.trim().split("\n").map(outcomeOf);
}

function outcomeOf(line: string): Outcome {
  if (line.startsWith("trap ")) return { trap: line.slice(5) };
  return {
    cells: line
      .split(" ")
      .slice(1)
      .map((cell) => BigInt(`0x${cell}`)),
  };
}

function callsHeader(count: number): string {
  return (
    `#include "native_exports.h"\n#define MODULES ${Math.max(count, 1)}\n` +
    "extern const struct native_module *const modules[MODULES];\n"
  );
}

function table(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => `&m${index}_module,`);
  const declared = Array.from(
    { length: count },
    (_, i) => `extern const struct native_module m${i}_module;\n`,
  );
  return `#include "calls.h"\n${declared.join("")}const struct native_module *const modules[MODULES] = {${rows.join(" ")}};\n`;
}
