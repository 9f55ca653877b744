/** The items of a result that go to a connection, in the thread of the guest. */
import type { Items } from "../../host/copies/items.js";
import { itemsHead, itemsText } from "../formats/item-text.js";
import type { ItemOutput } from "../formats/item-writer.js";
import type { ItemFile } from "../run-plan.js";
import type { Address } from "./address.js";
import type { GuestWire } from "./guest-wire.js";
import type { Parcel } from "./wire.js";

/** Opens the output of `file` at `address`. */
export function connectedOutput(wire: GuestWire, file: ItemFile, address: Address): ItemOutput {
  return address.kind === "mqtt" ? new MessageOutput(wire, file, address.items) : new LineOutput(wire, file);
}

/** Bytes that are kept back at most: many items leave in one piece. */
const MOST_KEPT = 1 << 16;
/** Milliseconds between two pieces of a guest that writes without a pause. */
const BETWEEN_PIECES = 5;

/**
 * To a connection that knows no messages: bytes as in a file. Many leave in one piece, none waits
 * for more: they leave when the guest waits.
 */
class LineOutput implements ItemOutput {
  private kept: Uint8Array[] = [];
  private keptBytes = 0;
  private sentAt = 0;

  constructor(
    private readonly wire: GuestWire,
    private readonly file: ItemFile,
  ) {
    wire.output = () => {
      this.sendKept();
    };
    const head = itemsHead(file.elementType, file.format);
    if (head !== null) this.gather(head);
  }

  write(items: Items): void {
    this.gather(itemsText(items, this.file.elementType, this.file.format));
    if (this.keptBytes < MOST_KEPT && performance.now() - this.sentAt < BETWEEN_PIECES) return;
    this.sendKept();
    this.wire.tell();
  }

  close(): void {
    this.wire.finish();
  }

  discard(): void {
    // What was sent cannot be taken back.
  }

  keep(): void {
    // What was sent is kept by whoever has it.
  }

  private gather(bytes: Uint8Array): void {
    this.kept.push(bytes);
    this.keptBytes += bytes.length;
  }

  private sendKept(): void {
    if (this.keptBytes === 0) return;
    this.wire.send(parcelOf(Buffer.concat(this.kept)));
    this.kept = [];
    this.keptBytes = 0;
    this.sentAt = performance.now();
  }
}

/** To a topic: so many items a message, or fewer when the guest waits for more input. */
class MessageOutput implements ItemOutput {
  private kept: Uint8Array[] = [];
  private keptItems = 0;

  constructor(
    private readonly wire: GuestWire,
    private readonly file: ItemFile,
    private readonly itemsInMessage: number,
  ) {
    wire.output = () => {
      this.sendKept();
    };
  }

  write(items: Items): void {
    for (let next = 0; next < items.length;) {
      const end = Math.min(items.length, next + this.itemsInMessage - this.keptItems);
      this.kept.push(itemsText(items.slice(next, end), this.file.elementType, this.file.format));
      this.keptItems += end - next;
      next = end;
      if (this.keptItems === this.itemsInMessage) this.sendKept();
    }
  }

  close(): void {
    this.wire.finish();
  }

  discard(): void {
    // What was sent cannot be taken back.
  }

  keep(): void {
    // What was sent is kept by whoever has it.
  }

  private sendKept(): void {
    if (this.keptItems === 0) return;
    const bytes = Buffer.concat(this.kept);
    this.kept = [];
    this.keptItems = 0;
    // The last line of a message needs no end.
    this.wire.send(parcelOf(this.file.format === "raw" ? bytes : bytes.subarray(0, -1)));
  }
}

/** Bytes of their own: a small buffer is a view of what it shares with others. */
function parcelOf(bytes: Uint8Array): Parcel {
  return new Uint8Array(bytes);
}
