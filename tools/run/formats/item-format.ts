/** Which form a file of items has: by its extension, or as `--format` says for standard input and output. */
import { extname } from "node:path";
import { UserError } from "../../errors/user-error.js";
import { isPlain } from "../../host/values/plain-copy.js";
import type { ValueType } from "../../wit/model.js";

/** How a file spells items. */
export type ItemFormat = "raw" | "csv" | "jsonl";

/** Element types that a raw file's extension can name. */
const rawExtension = /^\.(u8|s8|(?:[us](?:16|32|64)|f32|f64)le)$/;

/**
 * The form of the file at `path` of elements of `type`.
 * @throws UserError when the extension is unknown or names another type, or raw bytes cannot hold the type
 */
export function formatOf(path: string, type: ValueType | null, given: ItemFormat | undefined): ItemFormat {
  const format = path === "-" ? (given ?? "raw") : byExtension(path, type);
  const name = path === "-" ? "standard input and output" : path;
  const instead = `.jsonl or .csv${path === "-" ? " (--format jsonl)" : ""}`;
  if (format === "raw") refuseRaw(type, name, instead);
  return format;
}

/** @throws UserError when raw bytes cannot hold elements of `type`; `instead` is what can */
export function refuseRaw(type: ValueType | null, name: string, instead: string): void {
  if (type !== null && isPlain(type)) return;
  const what =
    type === null ? "items without a type" : `items of type ${type.kind}, which hold pointers or handles`;
  throw new UserError(`${name}: raw bytes cannot hold ${what}; use ${instead}`);
}

function byExtension(path: string, type: ValueType | null): ItemFormat {
  const extension = extname(path).toLowerCase();
  if (extension === ".csv") return "csv";
  if (extension === ".jsonl" || extension === ".ndjson") return "jsonl";
  if (extension === ".bin") return "raw";
  const raw = rawExtension.exec(extension);
  if (raw === null) {
    throw new UserError(
      `${path}: the extension "${extension}" is not an item format; use .bin (raw), .u16le and the like (raw numbers), .csv or .jsonl`,
    );
  }
  const kind = raw[1]!.replace("le", "");
  if (type?.kind !== kind) {
    throw new UserError(
      `${path}: the extension says items of type ${kind}, but the stream's are ${type?.kind ?? "without a type"}`,
    );
  }
  return "raw";
}
