/** The items that a board is fed, as its serial line and its guests take them. */
import { layOut } from "../c-host/item-chunks.js";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../processes/temporary-folder.js";
import { writeRaw } from "../run/raw-files.js";
import type { RunInput, RunPlan } from "../run/run-plan.js";

/** The raw items of each stream of `plan`, at most as many as it takes; of a future its one value. */
export function rawInputs(
  { inputs, limit = Infinity }: Pick<RunPlan, "inputs" | "limit">,
  most = Infinity,
): Uint8Array[] {
  const folder = temporaryFolder("rill-flash-");
  try {
    return inputs.flatMap((input, index) => {
      if (input.kind === "value") return [];
      if (input.kind === "future") return [futureItem(input)];
      const file = join(folder.path, String(index));
      writeRaw(input, file, Math.min(limit, most));
      return [readFileSync(file)];
    });
  } finally {
    folder.remove();
  }
}

/** The value of a future, in canonical layout. */
function futureItem({ elementType, value }: RunInput & { readonly kind: "future" }): Uint8Array {
  return elementType === null ? new Uint8Array(0) : layOut(elementType, [value]).items;
}
