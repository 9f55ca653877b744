/** The parameters of a lifted core function. */
import { MAX_FLAT_PARAMS } from "../../wit/layout.js";
import type { FunctionType } from "../../wit/model.js";
import type { ExportedFunction } from "../functions/exported-function.js";
import { loadFlat } from "../types/flat-values.js";

/**
 * The lifted function's parameters, and the statements that name each core value when they come in memory.
 */
export function liftedParams(
  func: FunctionType,
  bound: ExportedFunction,
): { readonly params: string; readonly taken: readonly string[] } {
  if (bound.coreParams.length <= MAX_FLAT_PARAMS)
    return { params: bound.coreParams.map(({ name, type }) => `${name}: ${type}`).join(", "), taken: [] };
  const values = loadFlat({ kind: "tuple", types: func.params.map((param) => param.type) }, "entry_params");
  return {
    params: "entry_params: usize",
    taken: bound.coreParams.map(({ name, type }, index) => `const ${name}: ${type} = ${values[index]!};`),
  };
}
