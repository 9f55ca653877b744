/** The stateless operations types: the canonical built-ins of one end of one stream, behind the names that the library calls. */
import type { ValueType } from "../wit/model.js";
import { isPointerFree } from "../wit/layout.js";
import { camelCase, identifierPart } from "./names.js";

/** One stream or future type of a function, as the guest holds one of its ends. */
export interface EndOperations {
  /** Import module of the built-ins. */
  readonly module: string;
  /** Component name of the function, and its name in identifiers. */
  readonly funcName: string;
  readonly index: number;
  readonly kind: "stream";
  readonly element: ValueType | null;
}

/** Name of the operations type. */
export function operationsName(end: EndOperations): string {
  return `${identifierPart(end.funcName)}_${end.kind}${String(end.index)}`;
}

/** AssemblyScript name of an imported built-in. */
export function builtinName(end: EndOperations, verb: string): string {
  return `${camelCase(verb)}_${end.kind}${String(end.index)}_${identifierPart(end.funcName)}`;
}

/** An `@external` declaration. */
export function external(module: string, name: string, declaration: string): string {
  return `@external("${module}", "${name}")\ndeclare function ${declaration};`;
}

/** The library's class for a readable end: another one where items hold strings or lists. */
export function readerClass(end: EndOperations): string {
  return holdsPointers(end) ? "ArenaReader" : "StreamReader";
}

function holdsPointers(end: EndOperations): boolean {
  return end.element !== null && !isPointerFree(end.element);
}

function regionName(end: EndOperations): string {
  return `${operationsName(end)}_region`;
}

function region(end: EndOperations): string {
  return `/** The part of the arena that holds what an item of ${end.kind} ${String(end.index)} of \`${end.funcName}\` points to. */\nconst ${regionName(end)}: usize = memory.data(ARENA_BYTES, 8);`;
}

function regionMethod(end: EndOperations): string {
  return `  @inline\n  region(_end: usize): usize {\n    return ${regionName(end)};\n  }`;
}

/** The built-ins and the operations type of a readable end that the guest reads from. */
export function readableOperations(end: EndOperations): string[] {
  return [
    ...(holdsPointers(end) ? [region(end)] : []),
    importBuiltin(end, "read", "handle: u32, ptr: usize, length: u32", "u32"),
    importBuiltin(end, "cancel-read", "handle: u32", "u32"),
    importBuiltin(end, "drop-readable", "handle: u32", "void"),
    operationsClass(end, [
      method(end, "read", "handle: u32, ptr: usize, length: u32", "u32"),
      method(end, "cancel-read", "handle: u32", "u32"),
      method(end, "drop-readable", "handle: u32", "void"),
      ...(holdsPointers(end) ? [regionMethod(end)] : []),
    ]),
  ];
}

/** The built-ins and the operations type of a writable end that the guest makes and writes to. */
export function writableOperations(end: EndOperations): string[] {
  return [
    importBuiltin(end, "new", "", "u64"),
    importBuiltin(end, "write", "handle: u32, ptr: usize, length: u32", "u32"),
    importBuiltin(end, "cancel-write", "handle: u32", "u32"),
    importBuiltin(end, "drop-writable", "handle: u32", "void"),
    operationsClass(end, [
      method(end, "write", "handle: u32, ptr: usize, length: u32", "u32"),
      method(end, "cancel-write", "handle: u32", "u32"),
      method(end, "drop-writable", "handle: u32", "void"),
    ]),
  ];
}

function importBuiltin(end: EndOperations, verb: string, params: string, result: string): string {
  const lowered = verb === "read" || verb === "write" ? "[async-lower]" : "";
  const name = `${lowered}[${end.kind}-${verb}-${String(end.index)}]${end.funcName}`;
  return external(end.module, name, `${builtinName(end, verb)}(${params}): ${result}`);
}

function method(end: EndOperations, verb: string, params: string, result: string): string {
  const name = verb.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const args = params.replaceAll(/: \w+/g, "");
  return `  @inline\n  ${name}(${params}): ${result} {\n    ${result === "void" ? "" : "return "}${builtinName(end, verb)}(${args});\n  }`;
}

function operationsClass(end: EndOperations, methods: readonly string[]): string {
  const head = `/** The canonical built-ins of ${end.kind} ${String(end.index)} of \`${end.funcName}\`. */\n@unmanaged`;
  return `${head}\nclass ${operationsName(end)} {\n${methods.join("\n")}\n}`;
}
