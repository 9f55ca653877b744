/** Which form the items of a connection have. */
import { UserError } from "../../errors/user-error.js";
import type { ValueType } from "../../wit/model.js";
import { refuseRaw, type ItemFormat } from "../formats/item-format.js";
import type { Address } from "./address.js";

/**
 * The form of what goes over a connection of elements of `type`: as its address says, or `--format`.
 * @throws UserError when raw bytes cannot hold the type, or a message would need a header
 */
export function connectionFormat(
  { kind, name, format: own }: Address,
  type: ValueType | null,
  given: ItemFormat | undefined,
): ItemFormat {
  const format = own ?? given ?? "raw";
  if (kind === "mqtt" && format === "csv")
    throw new UserError(`${name}: a message has no first line with the fields' names; use ?format=jsonl`);
  if (format === "raw") refuseRaw(type, name, "?format=jsonl");
  return format;
}
