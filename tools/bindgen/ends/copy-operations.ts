/**
 * The stateless operations types: the canonical built-ins of one end of one stream or future,
 * behind the names that the library calls.
 */
import { createHash } from "node:crypto";
import { type ImportName, printImportName } from "../../wit/canonical-names.js";
import { isPointerFree, typeShape } from "../../wit/layout.js";
import type { CopyType, CopyVerb } from "../../wit/core-names.js";
import { witType } from "../../wit/wit-type.js";
import { camelCase } from "../names/names.js";

/** One stream or future type of a function, as the guest holds one of its ends. */
export interface EndOperations {
  /** Import module of the built-ins. */
  readonly module: string;
  /**
   * Component name of the function, and the type's place among its streams and futures:
   * what the built-ins' names are made of.
   */
  readonly funcName: string;
  readonly index: number;
  readonly type: CopyType;
  /** AssemblyScript type of an item or value. */
  readonly item: string;
  /** Name of the operations type. */
  readonly operations: string;
  /** What the names of the imported built-ins end with. */
  readonly label: string;
  /** What it is, for comments. */
  readonly what: string;
  /** Statements that drop the handles in an item at `ptr` that nobody took; none where items hold none. */
  readonly release: readonly string[];
}

/** AssemblyScript name of an imported built-in. */
export function builtinName(end: EndOperations, verb: string): string {
  return `${camelCase(verb)}_${end.label}`;
}

/** An `@external` declaration. */
export function external(module: string, name: ImportName, declaration: string): string {
  return `@external("${module}", "${printImportName(name)}")\ndeclare function ${declaration};`;
}

/**
 * The library's class for a readable end, with its type arguments: another one
 * where items hold strings or lists.
 */
export function readerType(end: EndOperations): string {
  const isFuture = end.type.kind === "future";
  const plain = isFuture ? "FutureReader" : "StreamReader";
  const withArena = isFuture ? "ArenaFutureReader" : "ArenaReader";
  return `${holdsPointers(end) ? withArena : plain}<${end.item}, ${end.operations}>`;
}

/** The library's class for a writable end, with its type arguments. */
export function writerType(end: EndOperations): string {
  const name = end.type.kind === "future" ? "FutureWriter" : "StreamWriter";
  return `${name}<${end.item}, ${end.operations}>`;
}

/** Hexadecimal digits that tell the element types of one world apart. */
const DIGITS = 12;

/**
 * A field, never used, that the operations types of readable ends have in common whose streams, or futures,
 * are of one type to the canonical ABI: such an end can be handed on where that type is wanted.
 */
export function carries({ kind, element }: CopyType): string {
  const shape = typeShape(element);
  const [, plain] = /^\["(\w+)"\]$/.exec(shape) ?? [];
  const name =
    element === null ? "" : (plain ?? createHash("sha256").update(shape).digest("hex").slice(0, DIGITS));
  return name === "" ? `carries_${kind}` : `carries_${kind}_${name}`;
}

/** The longest type that a message of asc's has, so that its line needs no break. */
const TOLD = 40;

function told(type: CopyType): string {
  const text = witType(type);
  return text.length > TOLD ? `${type.kind} of another type` : text;
}

/**
 * Statements on an argument that is a readable end to be handed on, or `made`.
 * @param argument what holds it, of a type parameter
 * @param type     the stream or future that is wanted
 * @param what     where, for asc's message
 * @param take     statements, from an expression for the end's handle
 */
export function handingOn(
  argument: string,
  type: CopyType,
  what: string,
  take: (handle: string) => readonly string[],
): string[] {
  return [
    `if (!isDefined(${argument}.isMade)) {`,
    `  if (!isDefined(${argument}.operations.${carries(type)})) {`,
    `    ERROR("as-rill: ${what} is a ${told(type)}");`,
    "  }",
    ...take(`${argument}.handOn()`).map((line) => `  ${line}`),
    "}",
  ];
}

/** Whether what the end's items point to has to lie in the arena. */
export function holdsPointers({ type: { element } }: EndOperations): boolean {
  return element !== null && !isPointerFree(element);
}

function regionName(end: EndOperations): string {
  return `${end.operations}_region`;
}

function region(end: EndOperations): string {
  const item = end.type.kind === "future" ? "the value" : "an item";
  return `/** The part of the arena that holds what ${item} of ${end.what} points to. */\nconst ${regionName(end)}: usize = memory.data(<i32>ARENA_BYTES, 8);`;
}

function regionMethod(end: EndOperations, answer: readonly string[] | undefined): string {
  const body = answer ?? [`return ${regionName(end)};`];
  return `  @inline\n  region(${answer === undefined ? "_end" : "end"}: usize): usize {\n${body.map((line) => `    ${line}\n`).join("")}  }`;
}

/** Drops what an item owns that nobody took. */
function releaseMethods({ release }: EndOperations): string[] {
  if (release.length === 0) return [];
  return [
    `  release(ptr: usize): void {\n    // SAFETY: at \`ptr\` lies an item in canonical layout.\n${release.map((line) => `    ${line}`).join("\n")}\n  }`,
  ];
}

/**
 * The built-ins and the operations type of a readable end that the guest reads from.
 * @param ownRegion statements that return the region of the operation `end`; by
 * default there is one region for the type
 */
export function readableOperations(end: EndOperations, ownRegion?: readonly string[]): string[] {
  const copy = copyParams(end);
  return [
    ...(holdsPointers(end) && ownRegion === undefined ? [region(end)] : []),
    importBuiltin(end, "read", copy, "u32"),
    importBuiltin(end, "cancel-read", "handle: u32", "u32"),
    importBuiltin(end, "drop-readable", "handle: u32", "void"),
    operationsClass(end, [
      method(end, "read", copy, "u32"),
      method(end, "cancel-read", "handle: u32", "u32"),
      method(end, "drop-readable", "handle: u32", "void"),
      ...(holdsPointers(end) ? [regionMethod(end, ownRegion)] : []),
      ...releaseMethods(end),
      `  ${carries(end.type)}: bool;`,
    ]),
  ];
}

/** The built-ins and the operations type of a writable end that the guest makes and writes to. */
export function writableOperations(end: EndOperations): string[] {
  const copy = copyParams(end);
  return [
    importBuiltin(end, "new", "", "u64"),
    importBuiltin(end, "write", copy, "u32"),
    importBuiltin(end, "cancel-write", "handle: u32", "u32"),
    importBuiltin(end, "drop-writable", "handle: u32", "void"),
    operationsClass(end, [
      method(end, "write", copy, "u32"),
      method(end, "cancel-write", "handle: u32", "u32"),
      method(end, "drop-writable", "handle: u32", "void"),
      ...releaseMethods(end),
    ]),
  ];
}

/** The built-in that drops a readable end which the guest made and could not give away. */
export function dropReadableBuiltin(end: EndOperations, name: string): string {
  return external(end.module, copyImport(end, "drop-readable"), `${name}(handle: u32): void`);
}

/** A future has one value, and its copies no length. */
function copyParams({ type }: EndOperations): string {
  return `handle: u32, ptr: usize${type.kind === "future" ? "" : ", length: u32"}`;
}

function copyImport({ type, index, funcName }: EndOperations, verb: CopyVerb): ImportName {
  const async = verb === "read" || verb === "write";
  return { builtin: `${type.kind}.${verb}`, async, type: index, subject: funcName };
}

function importBuiltin(end: EndOperations, verb: CopyVerb, params: string, result: string): string {
  return external(end.module, copyImport(end, verb), `${builtinName(end, verb)}(${params}): ${result}`);
}

function method(end: EndOperations, verb: string, params: string, result: string): string {
  const name = verb.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const args = params.replaceAll(/: \w+/g, "");
  return `  @inline\n  ${name}(${params}): ${result} {\n    ${result === "void" ? "" : "return "}${builtinName(end, verb)}(${args});\n  }`;
}

function operationsClass(end: EndOperations, methods: readonly string[]): string {
  const head = `/** The canonical built-ins of ${end.what}. */\n@unmanaged`;
  return `${head}\nclass ${end.operations} {\n${methods.join("\n")}\n}`;
}
