/** The items that a board is fed, as its serial line and its guests take them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { temporaryFolder } from "../processes/temporary-folder.js";
import { writeRaw } from "../run/raw-files.js";
import type { RunPlan } from "../run/run-plan.js";

/**
 * The raw items of each stream of `plan`, at most as many as it takes.
 * @throws UserError for a parameter that is no stream
 */
export function rawInputs(
  { inputs, limit = Infinity }: Pick<RunPlan, "inputs" | "limit">,
  most = Infinity,
): Uint8Array[] {
  const folder = temporaryFolder("rill-flash-");
  try {
    return inputs.map((input, index) => {
      if (input.kind !== "stream")
        throw new UserError("a board feeds only streams; the function has another parameter");
      const file = join(folder.path, String(index));
      writeRaw(input, file, Math.min(limit, most));
      return readFileSync(file);
    });
  } finally {
    folder.remove();
  }
}
