/** Items from a file, piece by piece: raw bytes, CSV or JSON lines. */
import Papa from "papaparse";
import { UserError } from "../../errors/user-error.js";
import { Items } from "../../host/copies/items.js";
import { Trap } from "../../host/values/trap.js";
import type { Value } from "../../host/values/value.js";
import { elemSize } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { columnsOf, fromCells } from "./csv-columns.js";
import type { ByteSource } from "./byte-source.js";
import { InputFile } from "./input-file.js";
import type { ItemFormat } from "./item-format.js";
import { fromJson, JsonMismatch, type Json } from "./json-value.js";

/** Gives items until there are no more; `later` where its source does not wait for bytes. */
export interface ItemReader<Later extends string = never> {
  /** The next items, at most `most` and at least one; null at the end. @throws UserError naming the place */
  read(most: number): Items | null | Later;
  close(): void;
}

/**
 * Opens a file of elements of `type`.
 * @throws UserError when it cannot be opened or is no whole number of items
 */
export function openItems(path: string, type: ValueType | null, format: ItemFormat): ItemReader {
  return itemsOf<never>(new InputFile(path), type, format);
}

/** The items that bytes hold. @throws UserError when a length that is known is no whole number of items */
export function itemsOf<Later extends string = never>(
  file: ByteSource<Later>,
  type: ValueType | null,
  format: ItemFormat,
): ItemReader<Later> {
  if (format === "raw") return new RawReader(file, type!);
  const texts: TextItems<Later> =
    format === "csv" ? new CsvRows<Later>(file, type) : new JsonLines<Later>(file, type);
  return new ValueReader<Later>(file, type, texts);
}

class RawReader<Later extends string> implements ItemReader<Later> {
  private readonly elemSize: number;
  private rest = Buffer.alloc(0);
  private itemsRead = 0;

  constructor(
    private readonly file: ByteSource<Later>,
    private readonly type: ValueType,
  ) {
    this.elemSize = elemSize(type);
    const { byteLength } = file;
    if (byteLength !== null && byteLength % this.elemSize !== 0) this.refuseRest(byteLength);
  }

  read(most: number): Items | null | Later {
    const wanted = Math.min(most * this.elemSize, 1 << 20);
    while (this.rest.length < this.elemSize) {
      const chunk = this.file.read(Math.max(wanted, 1 << 12));
      if (chunk === null) break;
      if (isLater(chunk)) return chunk;
      this.rest = Buffer.concat([this.rest, chunk]);
    }
    if (this.rest.length === 0) return null;
    if (this.rest.length < this.elemSize) this.refuseRest(this.itemsRead * this.elemSize + this.rest.length);
    const count = Math.min(most, Math.floor(this.rest.length / this.elemSize));
    const bytes = this.rest.subarray(0, count * this.elemSize);
    this.rest = this.rest.subarray(count * this.elemSize);
    return this.lift(bytes, count);
  }

  close(): void {
    this.file.close();
  }

  private lift(bytes: Uint8Array, count: number): Items {
    try {
      const items = Items.fromBytes(this.type, bytes);
      this.itemsRead += count;
      return items;
    } catch (error) {
      if (!(error instanceof Trap)) throw error;
      throw new UserError(
        `${this.file.name}: among items ${this.itemsRead + 1} to ${this.itemsRead + count}: ${error.message}`,
      );
    }
  }

  private refuseRest(byteLength: number): never {
    throw new UserError(
      `${this.file.name}: ${byteLength} bytes are not a whole number of items of ${this.elemSize} bytes (${this.type.kind}); ` +
        `${byteLength % this.elemSize} are left over`,
    );
  }
}

function isLater<Later extends string>(answer: unknown): answer is Later {
  return typeof answer === "string";
}

/** A value, and the line it begins on. */
interface TextItem {
  readonly line: number;
  read(): Value;
}

/** Values that a text holds. */
interface TextItems<Later extends string> {
  /** More values; null at the end. */
  next(): readonly TextItem[] | null | Later;
}

class ValueReader<Later extends string> implements ItemReader<Later> {
  private queue: readonly TextItem[] = [];
  private taken = 0;

  constructor(
    private readonly file: ByteSource<Later>,
    private readonly type: ValueType | null,
    private readonly texts: TextItems<Later>,
  ) {}

  read(most: number): Items | null | Later {
    while (this.taken === this.queue.length) {
      const more = this.texts.next();
      if (more === null || isLater<Later>(more)) return more;
      this.queue = more;
      this.taken = 0;
    }
    const next = this.queue.slice(this.taken, this.taken + most);
    this.taken += next.length;
    const values = next.map(({ line, read }) => {
      try {
        return read();
      } catch (error) {
        if (!(error instanceof JsonMismatch)) throw error;
        throw new UserError(`${this.file.name}:${line}: ${error.message}`);
      }
    });
    return Items.fromValues(this.type, values);
  }

  close(): void {
    this.file.close();
  }
}

/** Text of a file, decoded piece by piece. @throws UserError when it is not UTF-8 */
class TextPieces<Later extends string> {
  private readonly decoder = new TextDecoder("utf-8", { fatal: true });
  private done = false;

  constructor(private readonly file: ByteSource<Later>) {}

  /** More text; null at the end. */
  next(): { readonly text: string } | null | Later {
    if (this.done) return null;
    const bytes = this.file.read();
    if (isLater<Later>(bytes)) return bytes;
    this.done = bytes === null;
    try {
      return { text: bytes === null ? this.decoder.decode() : this.decoder.decode(bytes, { stream: true }) };
    } catch {
      throw new UserError(`${this.file.name}: not UTF-8 text`);
    }
  }

  get ended(): boolean {
    return this.done;
  }
}

class JsonLines<Later extends string> implements TextItems<Later> {
  private readonly text: TextPieces<Later>;
  private rest = "";
  private line = 0;

  constructor(
    file: ByteSource<Later>,
    private readonly type: ValueType | null,
  ) {
    this.text = new TextPieces(file);
  }

  next(): TextItem[] | null | Later {
    const piece = this.text.next();
    if (piece === null || isLater<Later>(piece)) return piece;
    const lines = (this.rest + piece.text).split("\n");
    this.rest = this.text.ended ? "" : lines.pop()!;
    return lines.flatMap((text) => {
      this.line++;
      return text.trim() === "" ? [] : [{ line: this.line, read: () => this.valueOf(text) }];
    });
  }

  private valueOf(text: string): Value {
    let json: Json;
    try {
      json = JSON.parse(text) as Json;
    } catch (error) {
      throw new JsonMismatch(`not JSON: ${(error as Error).message}`);
    }
    if (this.type !== null) return fromJson(this.type, json);
    if (json !== null) throw new JsonMismatch("the stream has no element type; write null for each item");
    return null;
  }
}

class CsvRows<Later extends string> implements TextItems<Later> {
  private readonly text: TextPieces<Later>;
  private rest = "";
  private line = 1;
  private order: readonly number[] | null = null;
  private newline = "\n";
  private readonly emptyIsValue: boolean;

  constructor(
    private readonly file: ByteSource<Later>,
    private readonly type: ValueType | null,
  ) {
    this.text = new TextPieces(file);
    this.emptyIsValue = type !== null && hasOneColumnThatMayBeEmpty(type);
  }

  next(): TextItem[] | null | Later {
    const piece = this.text.next();
    if (piece === null || isLater<Later>(piece)) return piece;
    this.rest += piece.text;
    if (this.order === null && this.rest.includes("\r\n")) this.newline = "\r\n";
    if (this.text.ended) {
      // The last line break ends a row; it does not begin an empty one.
      if (this.rest.endsWith(this.newline)) this.rest = this.rest.slice(0, -this.newline.length);
      else if (this.rest === "") return [];
    }
    const parser = new Papa.Parser({ delimiter: ",", newline: this.newline as "\n" });
    const parsed = parser.parse(this.rest, 0, !this.text.ended) as Papa.ParseResult<string[]>;
    const [error] = parsed.errors;
    if (error !== undefined && this.text.ended)
      throw new UserError(`${this.file.name}:${this.line}: ${error.message}`);
    this.rest = this.rest.slice(this.text.ended ? this.rest.length : parsed.meta.cursor);
    return parsed.data.flatMap((cells) => this.itemOf(cells));
  }

  private itemOf(cells: string[]): TextItem[] {
    const { line } = this;
    this.line += 1 + cells.reduce((sum, cell) => sum + cell.split("\n").length - 1, 0);
    if (cells.length === 1 && cells[0] === "" && !(this.order !== null && this.emptyIsValue)) return [];
    if (this.order === null) {
      this.order = this.readHeader(cells, line);
      return [];
    }
    const order = this.order;
    return [{ line, read: () => this.valueOf(cells, order) }];
  }

  /** Where in a row each column of the type stands. */
  private readHeader(cells: readonly string[], line: number): number[] {
    if (this.type === null) return [];
    const header = cells.map((cell) => cell.trim());
    const columns = columnsOf(this.type);
    if (columns.length === 1 && this.type.kind !== "record" && header.length === 1) return [0];
    const extra = header.find((name) => !columns.includes(name));
    if (extra !== undefined || header.length !== columns.length) {
      throw new UserError(
        `${this.file.name}:${line}: the header is "${header.join(",")}"; expected the columns ${columns.join(",")}`,
      );
    }
    return columns.map((name) => header.indexOf(name));
  }

  private valueOf(cells: readonly string[], order: readonly number[]): Value {
    if (this.type === null) return null;
    if (cells.length !== order.length)
      throw new JsonMismatch(`${cells.length} cells instead of ${order.length}`);
    return fromCells(
      this.type,
      order.map((column) => cells[column]!),
    );
  }
}

/** An empty line is a row of such a type, not a stray line break. */
function hasOneColumnThatMayBeEmpty(type: ValueType): boolean {
  if (type.kind === "record")
    return type.fields.length === 1 && hasOneColumnThatMayBeEmpty(type.fields[0]!.type);
  return type.kind === "string" || type.kind === "option";
}
