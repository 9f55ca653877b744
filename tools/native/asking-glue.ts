/** C of a guest on a board that asks the computer: for arguments, functions, where its result goes. */
import type { GuestDescriptor } from "../c-host/descriptor.js";
import type { EntryShape } from "../pack/entry-shape.js";
import type { PackedFunction } from "../pack/image-functions.js";
import type { CoreModule } from "../wasm/core-module.js";
import { functionSpace } from "../wasm/function-space.js";
import { needsArena } from "../wit/arena-use.js";
import { postReturnName } from "../wit/canonical-names.js";
import { flatten, MAX_FLAT_PARAMS } from "../wit/layout.js";
import type { FunctionType, World } from "../wit/model.js";
import { cellOf, fromCell } from "./built-in-calls.js";
import { cType, isNumberType, type NumberType } from "./value.js";

/** NATIVE_* of firmware/native/native_guest.h. */
const FLAGS = { isSync: 1, answersValue: 2, hasArena: 4 } as const;

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
  readonly functions: readonly PackedFunction[];
  /** What stands behind the names of tables. */
  readonly suffix: string;
  /** The C function of an export. */
  readonly cName: (name: string) => string;
}

/** The C of one. */
export interface AskingGlue {
  /** Headers that the statements need. */
  readonly includes: readonly string[];
  /** Statements of the function that calls the guest's. */
  readonly run: string;
  /** `native_more` of firmware/native/native_guest.h. */
  readonly more: string;
}

/** Ties a guest. */
export function askingGlue({ module, call, entry, cName, ...rest }: AskingParts): AskingGlue {
  const { shape } = rest;
  const signature = signatureOf(module, entry);
  const args = wordArguments(signature.params);
  const results = signature.results.slice(0, 1);
  const post = postReturnName(call);
  const hasPost = module.exports.some(({ name }) => name === post);
  const answer = results.length === 0 ? "NULL" : "&cell";
  const run = [
    ...(signature.params.length === 0 ? ["    (void)arguments;"] : []),
    ...results.map((type) => `    ${cType(type)} result = 0;`),
    ...(shape.isSync ? results.map(() => "    uint64_t cell;") : []),
    "",
    `    if (!${cName(entry)}(${["&instance", ...args, ...results.map(() => "&result")].join(", ")})) {`,
    "        return false;",
    "    }",
    ...(shape.isSync
      ? [
          ...results.map((type) => `    cell = ${cellOf(type, "result")};`),
          `    return values_answer(${answer})${hasPost ? ` && ${cName(post)}(${["&instance", ...results.map(() => "result")].join(", ")})` : ""};`,
        ]
      : ["    return true;"]),
  ];
  const floats = [...signature.params, ...signature.results];
  return {
    includes: [
      "native/values.h",
      ...(floats.includes("f64")
        ? ["rill_native_doubles.h"]
        : floats.includes("f32")
          ? ["rill_native_floats.h"]
          : []),
    ],
    run: run.join("\n"),
    more: moreText(rest, signature.results.length),
  };
}

/** `native_more`. @param results of the core function */
function moreText(
  {
    world,
    func,
    shape,
    functions,
    suffix,
  }: Pick<AskingParts, "world" | "func" | "shape" | "functions" | "suffix">,
  results: number,
): string {
  const { streams, paramCount, words, isSync, answersValue } = shape;
  const list = (values: readonly (number | string)[]): string =>
    values.length === 0 ? "0" : values.join(", ");
  const flat = func.result === null || !answersValue ? 0 : flatten(func.result).length;
  const cells = isSync ? results : flat > MAX_FLAT_PARAMS ? 1 : flat;
  const futures = streams.reduce((bits, { isFuture }, index) => bits | (isFuture ? 1 << index : 0), 0);
  const flags =
    (isSync ? FLAGS.isSync : 0) |
    (answersValue ? FLAGS.answersValue : 0) |
    (needsArena(world) ? FLAGS.hasArena : 0);
  return `
static uint32_t words[${Math.max(1, words)}];
static const uint8_t places[] = {${list(streams.slice(0, paramCount).map(({ place }) => place))}};
static const uint32_t imports[] = {${list(functions.map(({ hash }) => `${hash}u`))}};
${suffix === "" ? "" : `extern const struct native_more native_more${suffix};\n`}const struct native_more native_more${suffix} = {
    words, places, imports, ${futures}, ${words}, ${functions.length}, ${flags}, ${cells},
};
`;
}

/** C of a core function's arguments, from words of 32 bits. */
function wordArguments(types: readonly NumberType[]): string[] {
  let at = 0;
  return types.map((type) => {
    const low = `arguments[${at++}]`;
    if (type === "i32" || type === "f32") return type === "i32" ? low : fromCell(type, low);
    return fromCell(type, `((uint64_t)arguments[${at++}] << 32 | ${low})`);
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

/** A header with those functions: each names the one that is called by its hash. */
export function serveHeader(functions: readonly PackedFunction[], { imports }: GuestDescriptor): string {
  const one = ({ index, hash, text }: PackedFunction): string => {
    const { signature } = imports[index]!;
    return `/* ${text} */
static inline bool ${serveName(index)}(struct rill_host *host, const uint64_t *args, uint64_t *result)
{
    return functions_serve(host, ${hash}u, ${signature.indexOf(")") - 1}u, args, result);
}
`;
  };
  return `#include "functions.h"\n\n${functions.map(one).join("\n")}`;
}
