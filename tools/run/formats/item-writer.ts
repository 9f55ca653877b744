/** Items to a file: raw bytes, CSV or JSON lines. */
import Papa from "papaparse";
import type { Items } from "../../host/copies/items.js";
import type { ValueType } from "../../wit/model.js";
import { columnsOf, toCells } from "./csv-columns.js";
import type { ItemFormat } from "./item-format.js";
import { jsonText, toJson } from "./json-value.js";
import { OutputFile, type OpenOutput } from "./output-file.js";

/** Takes items and puts them into a file. */
export class ItemWriter {
  private readonly file: OutputFile;

  /** Creates the file. @throws UserError when it cannot be */
  constructor(
    path: string,
    private readonly type: ValueType | null,
    private readonly format: ItemFormat,
  ) {
    this.file = new OutputFile(path);
    if (format === "csv")
      this.writeText(Papa.unparse([[...(type === null ? ["value"] : columnsOf(type))]]), false);
  }

  /** Writes items. */
  write(items: Items): void {
    const { type, format } = this;
    if (format === "raw") {
      this.file.write(items.canonicalBytes()!);
      return;
    }
    const values = items.values();
    if (format === "csv") {
      this.writeText(
        Papa.unparse(
          values.map((value) => (type === null ? [""] : toCells(type, value))),
          { newline: "\n" },
        ),
      );
    } else {
      this.writeText(
        values.map((value) => (type === null ? "null" : jsonText(toJson(type, value)))).join("\n"),
      );
    }
  }

  /** What `keepWhatArrived` takes. */
  get open(): OpenOutput {
    return this.file.open;
  }

  /** Writes what is left and closes the file. */
  close(): void {
    this.file.close();
  }

  /** Takes the file back: what is in it is no result. */
  discard(): void {
    this.file.discard();
  }

  private writeText(lines: string, areItems = true): void {
    this.file.write(Buffer.from(`${lines}\n`), areItems);
  }
}
