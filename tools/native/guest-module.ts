/**
 * The module that is translated, with what its functions ask of it: types, names, its memory's size.
 */
import { UserError } from "../errors/user-error.js";
import type { CoreModule, FunctionSignature } from "../wasm/core-module.js";
import { type FunctionInfo, functionSpace } from "../wasm/function-space.js";
import { SIGNATURES } from "../wasm/opcodes.js";
import { integer, floatAt } from "./literals.js";
import { atom, cType, isNumberType, type NumberType, type Value } from "./value.js";

const PAGE = 65_536;
const LETTERS: Readonly<Record<NumberType, string>> = { i32: "i", i64: "I", f32: "f", f64: "F" };

/** A module that can be translated. */
export class GuestModule {
  /** All functions, by index. */
  readonly functions: readonly FunctionInfo[];
  /** Bytes of linear memory: those below `__heap_base`, where that is exported. */
  readonly memoryBytes: number;
  /** The functions in the table, null in empty places. */
  readonly table: readonly (number | null)[];
  /** Whether a number is a float: their header is needed. */
  usesFloats = false;
  /** Whether one is of 64 bits: not every compiler has such a type. */
  usesDoubles = false;
  /** Data segments that instructions copy or drop. */
  readonly segments = new Set<number>();
  /** Types of functions with several results, by their C name. */
  readonly resultTypes = new Map<string, readonly NumberType[]>();
  /** Types of calls through the table, by their key. */
  readonly dispatchers = new Map<string, FunctionSignature>();

  /**
   * @param source what errors call the module
   * @param hasWholePages whether the memory has its pages, whatever the guest uses of them
   * @throws UserError for what is not translated
   */
  constructor(
    readonly module: CoreModule,
    readonly source: string,
    hasWholePages = false,
  ) {
    this.functions = functionSpace(module);
    for (const { kind, module: from, field } of module.imports)
      if (kind !== "func") throw this.refusal(`imports the ${kind} ${from} ${field}`);
    if (module.memories.length > 1) throw this.refusal("has several memories");
    if (module.memories[0]?.limits.memory64 === true) throw this.refusal("has a memory of 64 bits");
    if (module.tables.length > 1) throw this.refusal("has several tables");
    this.memoryBytes = memoryBytesOf(module, hasWholePages);
    this.table = this.readTable();
    for (const { offset, content } of module.data) {
      const end = offset === null ? 0 : Number(offset.value ?? -1n) + content.end - content.start;
      if (end > this.memoryBytes) throw this.refusal("has data behind its memory's end");
      if (offset !== null && offset.value === null)
        throw this.refusal("has data at an address that is no constant");
    }
  }

  /** The table as its segments fill it: no instruction that is translated changes it. */
  private readTable(): (number | null)[] {
    const { tables, elements } = this.module;
    const places = new Array<number | null>(tables[0]?.limits.minimum ?? 0).fill(null);
    if (tables.some(({ functions }) => functions.length > 0))
      throw this.refusal("has a table with an initial value");
    for (const { offset, items } of elements) {
      if (offset === null) continue;
      const start = Number(offset.value ?? -1n);
      if (start < 0 || start + items.length > places.length)
        throw this.refusal("fills places of its table that are not there");
      for (const [index, item] of items.entries()) places[start + index] = item;
    }
    return places;
  }

  /** An error about the module. */
  refusal(what: string): UserError {
    return new UserError(
      `${this.source} ${what}, which is not translated to C; build the guest with rill build`,
    );
  }

  /** The type as a number's. @throws UserError for any other */
  numberType(type: string): NumberType {
    this.usesFloats ||= type === "f32" || type === "f64";
    this.usesDoubles ||= type === "f64";
    if (isNumberType(type)) return type;
    throw this.refusal(`has a value of type ${type}`);
  }

  /** The signature of a type. */
  signatureOf(typeIndex: number): FunctionSignature {
    const signature = this.module.types[typeIndex]?.signature;
    if (!signature) throw this.refusal(`has type ${typeIndex}, which is no function's`);
    return signature;
  }

  /** How many operands a numeric instruction takes. */
  takes(opcode: number): number {
    const signature = SIGNATURES[opcode] ?? "*";
    return signature === "*" ? 0 : signature.indexOf(":");
  }

  /** A call's result in C. */
  resultType({ results }: FunctionSignature): string {
    const types = results.map((type) => this.numberType(type));
    if (types.length === 0) return "void";
    if (types.length === 1) return cType(types[0]!);
    const name = `values_${types.map((type) => LETTERS[type]).join("")}`;
    this.resultTypes.set(name, types);
    return `struct ${name}`;
  }

  /** Letters of a signature, as `(iI)f`. */
  letters({ params, results }: FunctionSignature): string {
    const of = (types: readonly string[]): string =>
      types.map((type) => LETTERS[this.numberType(type)]).join("");
    return `(${of(params)})${of(results)}`;
  }

  /** The C function of function `index`. */
  functionName(index: number): string {
    return `f${index}`;
  }

  /** @throws UserError when there is no function `index` */
  requireFunction(index: number): void {
    if (index >= this.functions.length) throw this.refusal(`calls function ${index}, which is not there`);
  }

  /** The C function that calls through the table. */
  dispatcher(typeIndex: number, table: number): string {
    if (table !== 0) throw this.refusal("has several tables");
    const signature = this.signatureOf(typeIndex);
    const key = this.letters(signature);
    this.dispatchers.set(key, signature);
    return dispatcherName(key);
  }

  /** What `global.get` gives. */
  globalValue(index: number): Value {
    const { type, mutable } = this.global(index);
    const number = this.numberType(type);
    return mutable ? atom(number, `guest->g${index}`, { readsGlobals: true }) : this.initialValue(index);
  }

  /** The initial value of a global. */
  initialValue(index: number): Value {
    const { type, initial } = this.global(index);
    const number = this.numberType(type);
    if (number === "f32" || number === "f64") return floatAt(this.module.bytes, initial.start + 1, number);
    if (initial.relative !== null) {
      const base = this.initialValue(initial.relative.global);
      return integer(number, base.constant! + initial.relative.delta);
    }
    if (initial.value === null) throw this.refusal(`has global ${index} with a value that is no number`);
    return integer(number, initial.value);
  }

  private global(index: number): CoreModule["globals"][number] {
    const global = this.module.globals[index];
    if (global === undefined) throw this.refusal(`uses global ${index}, which is not there`);
    return global;
  }
}

/** The C name of the dispatcher for a signature in letters. */
export function dispatcherName(letters: string): string {
  return `through_table_${letters.replace("(", "").replace(")", "_") || "_"}`;
}

function memoryBytesOf(module: CoreModule, hasWholePages: boolean): number {
  const pages = module.memories[0]?.limits.minimum ?? 0;
  if (hasWholePages) return pages * PAGE;
  const heapBase = module.exports.find(({ name, kind }) => name === "__heap_base" && kind === "global");
  const value = heapBase === undefined ? null : module.globals[heapBase.index]?.initial.value;
  return value === null || value === undefined ? pages * PAGE : Math.min(Number(value), pages * PAGE);
}
