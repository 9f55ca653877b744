/**
 * The function index space: imports first, then what the module defines, each with the best name there is.
 */
import { WasmFormatError } from "./byte-reader.js";
import type { CodeEntry, CoreModule, FunctionSignature, ImportEntry } from "./core-module.js";

/** A function of the module. `code` is null for an import. */
export interface FunctionInfo {
  readonly index: number;
  /** From the name section, else an export, else an import, else `func[N]`. */
  readonly name: string;
  /** Whether `name` comes from the binary. */
  readonly named: boolean;
  readonly signature: FunctionSignature;
  readonly code: CodeEntry | null;
  readonly import: ImportEntry | null;
  readonly exports: readonly string[];
}

const NO_EXPORTS: readonly string[] = [];
const NO_SIGNATURE: FunctionSignature = { params: [], results: [] };

/**
 * All functions of `module`, by index. Errors: WasmFormatError when something
 * names a function that is not there
 */
export function functionSpace(module: CoreModule): FunctionInfo[] {
  const exports = new Map<number, string[]>();
  for (const entry of module.exports) {
    if (entry.kind !== "func") continue;
    const names = exports.get(entry.index);
    if (names) names.push(entry.name);
    else exports.set(entry.index, [entry.name]);
  }
  const imported = module.imports.filter(({ kind }) => kind === "func");
  const total = imported.length + module.code.length;
  requireIndices(module, total);
  const functions: FunctionInfo[] = [];
  for (let index = 0; index < total; index++) {
    const from = imported[index] ?? null;
    const defined = index - imported.length;
    const typeIndex = from ? from.typeIndex! : module.functionTypes[defined]!;
    const exported = exports.get(index) ?? NO_EXPORTS;
    const name =
      module.names.functions.get(index) ?? exported[0] ?? (from ? `${from.module} ${from.field}` : undefined);
    functions.push({
      index,
      name: name ?? `func[${index}]`,
      named: name !== undefined,
      signature: module.types[typeIndex]?.signature ?? NO_SIGNATURE,
      code: from ? null : module.code[defined]!,
      import: from,
      exports: exported,
    });
  }
  return functions;
}

/** Refuses what names a function that is not there. */
function requireIndices(module: CoreModule, total: number): void {
  const refuse = (index: number, at: number): void => {
    if (index >= total) throw new WasmFormatError(`unknown function ${index}`, at);
  };
  for (const { kind, index, start } of module.exports) if (kind === "func") refuse(index, start);
  for (const { functions, start } of module.elements) for (const index of functions) refuse(index, start);
  if (module.start !== null)
    refuse(module.start, module.sections.find(({ name }) => name === "start")?.start ?? 0);
}
