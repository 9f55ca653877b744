/** Where the result of a call goes, as `--out` says it. */
import { UserError } from "../errors/user-error.js";
import type { FunctionType, ValueType } from "../wit/model.js";
import { itemFile, refuseHandles, type ItemFile } from "./item-file.js";
import type { RunFlags } from "./run-flags.js";

/** Where the result goes: items to a file (nowhere when `file` is null), or one value. */
export type RunOutput =
  | { readonly kind: "none" }
  | { readonly kind: "items"; readonly elementType: ValueType | null; readonly file: ItemFile | null }
  | {
      readonly kind: "value";
      readonly type: ValueType | null;
      readonly isFuture: boolean;
      readonly path: string | null;
    };

/** @throws UserError for what does not fit */
export function planOutput(func: FunctionType, call: string, flags: RunFlags): RunOutput {
  const { result } = func;
  const { out } = flags;
  if (out === "-" && flags.json)
    throw new UserError("--out - and --json both write to standard output; give --out a file");
  if (result === null) {
    if (out !== undefined) throw new UserError(`--out ${out}: ${call} has no result`);
    return { kind: "none" };
  }
  const path = out ?? (flags.json ? null : "-");
  if (result.kind === "stream") {
    refuseHandles(result.element, "the result");
    const { element: elementType } = result;
    if (out !== undefined)
      return { kind: "items", elementType, file: itemFile(out, elementType, "--out ", "out", flags) };
    const file = path === null ? null : { path, format: flags.format ?? "jsonl", elementType, address: null };
    return { kind: "items", elementType, file };
  }
  const type = result.kind === "future" ? result.element : result;
  refuseHandles(type, "the result");
  return { kind: "value", type, isFuture: result.kind === "future", path };
}
