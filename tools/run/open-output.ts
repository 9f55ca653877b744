/** Where the items of a result go, opened: a file, one that is appended to, or a connection. */
import { AppendedOutput } from "./connections/appended-output.js";
import { connectedOutput } from "./connections/connected-output.js";
import type { GuestWire } from "./connections/guest-wire.js";
import { ItemWriter, type ItemOutput } from "./formats/item-writer.js";
import type { OpenOutput } from "./formats/output-file.js";
import { isAppended, type ItemFile, type RunPlan } from "./run-plan.js";

/**
 * Opens it.
 * @param wire   to the connections of the run; null without
 * @param inputs of all guests
 * @param opened told of a file that a signal is to finish
 */
export function openOutput(
  file: ItemFile,
  wire: GuestWire | null,
  inputs: RunPlan["inputs"],
  opened?: (output: OpenOutput) => void,
): ItemOutput {
  if (wire !== null && file.address !== null) return connectedOutput(wire, file, file.address);
  if (wire !== null && isAppended({ inputs }, file)) return new AppendedOutput(wire, file);
  const writer = new ItemWriter(file.path, file.elementType, file.format);
  opened?.(writer.open);
  return writer;
}
