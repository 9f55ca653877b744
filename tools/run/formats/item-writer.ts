/** Items to a file: raw bytes, CSV or JSON lines. */
import type { Items } from "../../host/copies/items.js";
import type { ValueType } from "../../wit/model.js";
import type { ItemFormat } from "./item-format.js";
import { itemsHead, itemsText } from "./item-text.js";
import { OutputFile, type OpenOutput } from "./output-file.js";

/** Where the items of a result go. */
export interface ItemOutput {
  /** Takes items in their order. */
  write(items: Items): void;
  /** Writes what is left and gives the output up. */
  close(): void;
  /** Gives the output up: what has come is no result. */
  discard(): void;
  /** Gives the output up with what has come: there will be no more. */
  keep(): void;
}

/** Takes items and puts them into a file. */
export class ItemWriter implements ItemOutput {
  private readonly file: OutputFile;

  /** Creates the file. @throws UserError when it cannot be */
  constructor(
    path: string,
    private readonly type: ValueType | null,
    private readonly format: ItemFormat,
  ) {
    this.file = new OutputFile(path);
    const head = itemsHead(type, format);
    if (head !== null) this.file.write(head, false);
  }

  write(items: Items): void {
    this.file.write(itemsText(items, this.type, this.format));
  }

  /** What `keepWhatArrived` takes. */
  get open(): OpenOutput {
    return this.file.open;
  }

  close(): void {
    this.file.close();
  }

  discard(): void {
    this.file.discard();
  }

  keep(): void {
    this.file.close();
  }
}
