/** The function index space: imports first, then what the module defines, each with the best name there is. */
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

const NO_SIGNATURE: FunctionSignature = { params: [], results: [] };

/** All functions of `module`, by index. */
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
  const functions: FunctionInfo[] = [];
  for (let index = 0; index < total; index++) {
    const from = imported[index] ?? null;
    const defined = index - imported.length;
    const typeIndex = from ? from.typeIndex! : module.functionTypes[defined]!;
    const exported = exports.get(index) ?? [];
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
