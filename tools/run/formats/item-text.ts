/** Items as the bytes of a file or a message: canonical layout, CSV or JSON lines. */
import Papa from "papaparse";
import type { Items } from "../../host/copies/items.js";
import type { ValueType } from "../../wit/model.js";
import { columnsOf, toCells } from "./csv-columns.js";
import type { ItemFormat } from "./item-format.js";
import { jsonText, toJson } from "./json-value.js";

/** What stands in front of the items; null where nothing does. */
export function itemsHead(type: ValueType | null, format: ItemFormat): Uint8Array | null {
  return format === "csv" ? line(Papa.unparse([[...(type === null ? ["value"] : columnsOf(type))]])) : null;
}

/** The bytes of items; of text, each line with its end. */
export function itemsText(items: Items, type: ValueType | null, format: ItemFormat): Uint8Array {
  if (format === "raw") return items.canonicalBytes()!;
  const values = items.values();
  if (format === "jsonl")
    return line(values.map((value) => (type === null ? "null" : jsonText(toJson(type, value)))).join("\n"));
  const rows = values.map((value) => (type === null ? [""] : toCells(type, value)));
  return line(Papa.unparse(rows, { newline: "\n" }));
}

function line(text: string): Uint8Array {
  return Buffer.from(`${text}\n`);
}
