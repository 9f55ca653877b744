/** C of a guest on a board that asks the computer: for arguments, functions, where its result goes. */
import type { GuestDescriptor } from "../c-host/descriptor.js";
import type { EntryShape } from "../pack/entry-shape.js";
import type { PackedFunction } from "../pack/image-functions.js";
import type { CoreModule } from "../wasm/core-module.js";
import { functionSpace } from "../wasm/function-space.js";
import { entryFlags } from "../pack/image.js";
import { needsArena } from "../wit/arena-use.js";
import { callbackName, postReturnName } from "../wit/canonical-names.js";
import { flatten, MAX_FLAT_PARAMS } from "../wit/layout.js";
import type { FunctionType, World } from "../wit/model.js";
import { cellOf, fromCell } from "./built-in-calls.js";
import { cType, isNumberType, type NumberType } from "./value.js";

/** A guest to tie. */
export interface AskingParts {
  readonly module: CoreModule;
  readonly world: World;
  /** `IFACE#FUNC`. */
  readonly call: string;
  /** The core export behind it. */
  readonly entry: string;
  readonly func: FunctionType;
  readonly shape: EntryShape;
  /** It goes back to the firmware while it waits. */
  readonly isCallback: boolean;
  /** Calls of imported async functions that go on at once at most. */
  readonly calls: number;
  readonly functions: readonly PackedFunction[];
  /** What stands behind the names of tables. */
  readonly suffix: string;
  /** The C function of an export. */
  readonly cName: (name: string) => string;
}

/** The C of one. */
export interface AskingGlue {
  /** Headers that it needs. */
  readonly includes: readonly string[];
  /** `native_more` of firmware/native/native_guest.h, and what it points to. */
  readonly more: string;
}

/** Ties a guest. */
export function askingGlue(parts: AskingParts): AskingGlue {
  const { module, call, entry, shape, isCallback, calls } = parts;
  const { params, results } = signatureOf(module, entry);
  const post = shape.isSync ? postReturnName(call) : "";
  const hasPost = module.exports.some(({ name }) => name === post);
  const floats = [...params, ...results];
  return {
    includes: [
      ...(calls > 0 ? ["calls.h"] : []),
      ...(floats.includes("f64")
        ? ["rill_native_doubles.h"]
        : floats.includes("f32")
          ? ["rill_native_floats.h"]
          : []),
    ],
    more: [
      caller(parts, "enter", entry),
      ...(isCallback ? [caller(parts, "call_back", callbackName(call))] : []),
      ...(hasPost ? [caller(parts, "give_back", post)] : []),
      moreText(parts, results.length, hasPost),
    ].join("\n"),
  };
}

/** A function that calls an export: arguments and result are words. */
function caller({ module, cName }: AskingParts, name: string, of: string): string {
  const { params, results } = signatureOf(module, of);
  const [result] = results;
  const args = wordArguments(params);
  const isWide = result === "i64" || result === "f64";
  const qualifier = result === undefined ? "const " : "";
  return `
static bool ${name}(${qualifier}uint32_t *words)
{
${[
  ...(result === undefined ? [] : [`    ${cType(result)} result = 0;`]),
  ...(isWide ? ["    uint64_t cell;"] : []),
  ...(result === undefined ? [] : [""]),
  ...(params.length + results.length === 0 ? ["    (void)words;"] : []),
  ...(result === undefined
    ? [`    return ${cName(of)}(${["&instance", ...args].join(", ")});`]
    : [
        `    if (!${cName(of)}(${["&instance", ...args, "&result"].join(", ")})) {`,
        "        return false;",
        "    }",
        ...(isWide
          ? [
              `    cell = ${cellOf(result, "result")};`,
              "    words[0] = (uint32_t)cell;",
              "    words[1] = (uint32_t)(cell >> 32);",
            ]
          : [`    words[0] = ${cellOf(result, "result")};`]),
        "    return true;",
      ]),
].join("\n")}
}
`;
}

/** `native_more`. @param results of the core function */
function moreText(
  { world, func, shape, isCallback, calls, functions, suffix }: AskingParts,
  results: number,
  hasPost: boolean,
): string {
  const { streams, paramCount, words, isSync, answersValue } = shape;
  const list = (values: readonly (number | string)[]): string =>
    values.length === 0 ? "0" : values.join(", ");
  const flat = func.result === null || !answersValue ? 0 : flatten(func.result).length;
  const cells = isSync ? results : flat > MAX_FLAT_PARAMS ? 1 : flat;
  const futures = streams.reduce((bits, { isFuture }, index) => bits | (isFuture ? 1 << index : 0), 0);
  const flags = entryFlags({ isSync, isCallback, answersValue, hasArena: needsArena(world) });
  return `
static uint32_t words[${Math.max(isSync ? CELL_WORDS : 1, words)}];
static const uint8_t places[] = {${list(streams.slice(0, paramCount).map(({ place }) => place))}};
static const uint32_t imports[] = {${list(functions.map(({ hash }) => `${hash}u`))}};
${calls === 0 ? "" : `static struct call_place calls[${calls}];\n`}${suffix === "" ? "" : `extern const struct native_more native_more${suffix};\n`}const struct native_more native_more${suffix} = {
    enter, ${isCallback ? "call_back" : "NULL"}, ${hasPost ? "give_back" : "NULL"}, words, places, imports, ${calls === 0 ? "NULL" : "calls"}, ${futures},
    {${flags}, ${words}, ${calls}}, ${functions.length}, ${cells},
};
`;
}

/** Words of a core result. */
const CELL_WORDS = 2;

/** C of a core function's arguments, from words of 32 bits. */
function wordArguments(types: readonly NumberType[]): string[] {
  let at = 0;
  return types.map((type) => {
    const low = `words[${at++}]`;
    if (type === "i32" || type === "f32") return type === "i32" ? low : fromCell(type, low);
    return fromCell(type, `((uint64_t)words[${at++}] << 32 | ${low})`);
  });
}

function signatureOf(
  module: CoreModule,
  name: string,
): { readonly params: readonly NumberType[]; readonly results: readonly NumberType[] } {
  const { index } = module.exports.find((item) => item.kind === "func" && item.name === name)!;
  const { params, results } = functionSpace(module)[index]!.signature;
  return { params: params.filter(isNumberType), results: results.filter(isNumberType) };
}

/** The C function that serves import `index`. */
export function serveName(index: number): string {
  return `serve_${index}`;
}

/**
 * A header with those functions: each names the one that is called by its hash.
 * @param goesOn whether calls that are lowered with `async` become subtasks; else they are answered at once
 */
export function serveHeader(
  functions: readonly PackedFunction[],
  { imports }: GuestDescriptor,
  goesOn: (wanted: PackedFunction) => boolean,
): string {
  const one = (wanted: PackedFunction): string => {
    const { index, hash, text, isAsync } = wanted;
    const { signature } = imports[index]!;
    return `/* ${text} */
static inline bool ${serveName(index)}(struct rill_host *host, const uint64_t *args, uint64_t *result)
{
    return functions_${isAsync && goesOn(wanted) ? "start" : "serve"}(host, ${hash}u, ${signature.indexOf(")") - 1}u, args, result);
}
`;
  };
  return `#include "functions.h"\n\n${functions.map(one).join("\n")}`;
}
