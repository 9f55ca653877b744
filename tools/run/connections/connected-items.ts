/** The items of a parameter that a connection feeds, in the thread of the guest. */
import { LATER, type ByteSource } from "../formats/byte-source.js";
import { itemsOf, type ItemReader } from "../formats/item-reader.js";
import type { Items } from "../../host/copies/items.js";
import type { ItemFile } from "../run-plan.js";
import type { Address } from "./address.js";
import type { GuestWire, Inbox } from "./guest-wire.js";

/** Items in one go, of a message. */
const MOST_OF_A_MESSAGE = 4096;

/** Opens the items of the parameter at `index`, which does not wait for any. */
export function connectedItems(
  wire: GuestWire,
  index: number,
  file: ItemFile,
  { kind, name }: Address,
): ItemReader<typeof LATER> {
  if (kind === "mqtt") return new MessageItems(wire, index, file, name);
  return itemsOf<typeof LATER>(new InboxBytes(wire, index, name), file.elementType, file.format);
}

/** The bytes of a connection that knows no messages. */
class InboxBytes implements ByteSource<typeof LATER> {
  readonly byteLength = null;
  private readonly inbox: Inbox;
  private taken = 0;

  constructor(
    private readonly wire: GuestWire,
    input: number,
    readonly name: string,
  ) {
    this.inbox = wire.inbox(input);
    wire.onSettle(() => ({ input, count: this.taken }));
  }

  read(): Buffer | null | typeof LATER {
    const parcel = this.wire.next(this.inbox);
    // Where we were who stopped, half an item is nobody's fault.
    if (parcel === null && this.wire.stopped) return LATER;
    if (parcel === null || parcel === LATER) return parcel;
    this.taken++;
    return Buffer.from(parcel.buffer, parcel.byteOffset, parcel.byteLength);
  }

  close(): void {
    // The thread of the network closes the connection.
  }
}

/**
 * Items of messages, each of which holds whole items. A message is done when the guest has taken its last
 * item and asks for the next one: what it wrote until then is what came of it.
 */
export class MessageItems implements ItemReader<typeof LATER> {
  private readonly inbox: Inbox;
  private rest: Items[] = [];
  private itemsGiven = 0;
  /** Of messages that the guest has been given and that are not done, the items until each one's end. */
  private readonly ends: number[] = [];
  private done = 0;
  private opened = 0;
  /** The guest waits for more than there is. */
  private asks = false;

  constructor(
    private readonly wire: GuestWire,
    input: number,
    private readonly file: ItemFile,
    private readonly name: string,
  ) {
    this.inbox = wire.inbox(input);
    wire.onSettle(() => {
      if (wire.completed || (wire.rowRests && this.asks)) this.doneUntil(this.itemsGiven);
      return { input, count: this.done };
    });
  }

  read(most: number): Items | null | typeof LATER {
    if (!this.wire.polls && this.wire.rowReads === null) this.doneUntil(this.itemsGiven);
    this.asks = !this.wire.polls;
    while (this.rest.length === 0) {
      const parcel = this.wire.next(this.inbox);
      if (parcel === null || parcel === LATER) return parcel;
      this.rest = this.itemsIn(parcel);
      // Without items there is nothing to wait for.
      if (this.rest.length === 0) this.ends.push(this.itemsGiven);
    }
    this.asks = false;
    const first = this.rest[0]!;
    const given = first.slice(0, Math.min(most, first.length));
    if (given.length < first.length) this.rest[0] = first.slice(given.length, first.length);
    else this.rest.shift();
    this.itemsGiven += given.length;
    if (this.rest.length === 0) this.ends.push(this.itemsGiven);
    return given;
  }

  /** The messages are done that held the first `items`. */
  doneUntil(items: number): void {
    const { ends } = this;
    const open = ends.findIndex((end) => end > items);
    this.done += ends.splice(0, open < 0 ? ends.length : open).length;
  }

  close(): void {
    // The thread of the network closes the connection.
  }

  private itemsIn(parcel: Uint8Array): Items[] {
    const { elementType, format } = this.file;
    const reader = itemsOf<never>(
      new MessageBytes(`${this.name}, message ${++this.opened}`, parcel),
      elementType,
      format,
    );
    const items: Items[] = [];
    for (let some = reader.read(MOST_OF_A_MESSAGE); some !== null; some = reader.read(MOST_OF_A_MESSAGE))
      items.push(some);
    return items;
  }
}

class MessageBytes implements ByteSource {
  private isRead = false;

  constructor(
    readonly name: string,
    private readonly bytes: Uint8Array,
  ) {}

  get byteLength(): number {
    return this.bytes.byteLength;
  }

  read(): Buffer | null {
    if (this.isRead || this.bytes.byteLength === 0) return null;
    this.isRead = true;
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset, this.bytes.byteLength);
  }

  close(): void {
    // It lies in memory.
  }
}
