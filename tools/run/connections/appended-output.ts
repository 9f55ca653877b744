/**
 * Items that are appended to a file: the output of a run whose input comes from a broker. Such a run has no
 * whole result that could replace the file, and goes on where it was when it is started again.
 */
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readSync, writeSync } from "node:fs";
import { systemReason } from "../../errors/system-error.js";
import { UserError } from "../../errors/user-error.js";
import { visible } from "../../errors/visible-text.js";
import type { Items } from "../../host/copies/items.js";
import { elemSize } from "../../wit/layout.js";
import { itemsHead, itemsText } from "../formats/item-text.js";
import type { ItemOutput } from "../formats/item-writer.js";
import type { ItemFile } from "../run-plan.js";
import type { GuestWire } from "./guest-wire.js";

/** Bytes that are looked at in one go for the last line's end. */
const PIECE = 1 << 12;

/** Appends items to a file. */
export class AppendedOutput implements ItemOutput {
  private readonly descriptor: number;
  private kept: Uint8Array[] = [];

  /** @throws UserError when it cannot be opened */
  constructor(
    wire: GuestWire,
    private readonly file: ItemFile,
  ) {
    wire.output = () => {
      this.flush();
    };
    this.descriptor = this.doing("opened", () => openSync(file.path, "a+"));
    this.cutHalf();
    const head = fstatSync(this.descriptor).size === 0 ? itemsHead(file.elementType, file.format) : null;
    if (head !== null) this.kept.push(head);
  }

  write(items: Items): void {
    this.kept.push(itemsText(items, this.file.elementType, this.file.format));
  }

  /** Has what was written on the disk. @throws UserError when it cannot be written */
  flush(): void {
    const { kept, descriptor } = this;
    if (kept.length === 0) return;
    this.kept = [];
    const bytes = Buffer.concat(kept);
    this.doing("written", () => {
      for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
      fdatasyncSync(descriptor);
    });
  }

  close(): void {
    this.flush();
    closeSync(this.descriptor);
  }

  /** What has come is kept: it may have been said to be done. */
  discard(): void {
    this.close();
  }

  keep(): void {
    this.close();
  }

  /** Takes away what a run that was killed has written of an item; its message will come again. */
  private cutHalf(): void {
    const { path, format, elementType } = this.file;
    const { size } = fstatSync(this.descriptor);
    const whole = format === "raw" ? size - (size % elemSize(elementType!)) : this.endOfLastLine(size);
    if (whole === size) return;
    ftruncateSync(this.descriptor, whole);
    process.stderr.write(
      `rill: warning: ${visible(path)}: ${size - whole} bytes of half an item at its end are removed\n`,
    );
  }

  private endOfLastLine(size: number): number {
    const piece = Buffer.alloc(PIECE);
    for (let end = size; end > 0; end -= PIECE) {
      const start = Math.max(0, end - PIECE);
      const count = readSync(this.descriptor, piece, 0, end - start, start);
      const at = piece.subarray(0, count).lastIndexOf("\n");
      if (at >= 0) return start + at + 1;
    }
    return 0;
  }

  private doing<R>(what: string, body: () => R): R {
    try {
      return body();
    } catch (error) {
      throw new UserError(`${this.file.path}: cannot be ${what}: ${systemReason(error)}`);
    }
  }
}
