/**
 * Feeds a program of the C host from connections. It tells when none of its guests can go on
 * (programs/run/rests.c); a guest is given its next message then, when it waits for one, and not before: what
 * it has been given until then is done.
 */
import { itemBytes, itemsAtOnce } from "../item-bytes.js";
import type { Feed } from "../feed.js";
import { connectedItems, MessageItems } from "./connected-items.js";
import type { GuestWire } from "./guest-wire.js";
import type { Address } from "./address.js";
import type { ItemReader } from "../formats/item-reader.js";

/** How far the guests of a program are. */
export interface Rest {
  /** Items of the result. */
  readonly out: number;
  /** All guests but the first wait to read from the one before, or never will again. */
  readonly reads: boolean;
  /** All have ended. */
  readonly over: boolean;
  /** Of inputs: the descriptor, the items that its guest has taken, whether it waits for more. */
  readonly inputs: readonly (readonly [number, number, boolean])[];
  /** Of each guest, whether nobody will ever read what it answers with. */
  readonly unread: readonly boolean[];
}

/** Bytes for a descriptor of the program; null: no more come. */
export interface Fed {
  readonly descriptor: number;
  readonly bytes: Uint8Array | null;
}

/** A parameter that a connection feeds. */
export interface ConnectedFeed extends Feed {
  readonly address: Address;
  readonly descriptor: number;
}

interface Inlet {
  readonly feed: ConnectedFeed;
  readonly items: ItemReader<"later">;
  left: number;
  /** It may be given more. */
  isOpen: boolean;
  isOver: boolean;
}

/** The connections of a program. */
export class ConnectedFeeds {
  private readonly inlets: readonly Inlet[];
  private unread: readonly boolean[] = [];

  constructor(
    private readonly wire: GuestWire,
    feeds: readonly ConnectedFeed[],
    private readonly give: (fed: Fed) => void,
  ) {
    // What is done is told by the rests alone.
    wire.rowReads = () => false;
    this.inlets = feeds.map((feed) => ({
      feed,
      items: connectedItems(wire, feed.input, feed, feed.address),
      left: feed.limit ?? Infinity,
      isOpen: feed.address.kind !== "mqtt",
      isOver: false,
    }));
  }

  /** Gives each guest what there is for it. @throws UserError for bad items, ConnectionLost */
  pump(): void {
    for (const inlet of this.inlets) if (inlet.isOpen && !inlet.isOver) this.feed(inlet);
  }

  /** The program has taken what a line brought. */
  taken(descriptor: number): void {
    for (const inlet of this.inlets)
      if (inlet.feed.descriptor === descriptor && inlet.feed.address.kind !== "mqtt") inlet.isOpen = true;
  }

  /** All that the guests have written until then has been. */
  rest({ reads, over, inputs, unread }: Rest): void {
    this.unread = unread;
    for (const { feed, items } of this.inlets) {
      const [, count = 0, asks = false] = inputs.find(([descriptor]) => descriptor === feed.descriptor) ?? [];
      if (items instanceof MessageItems && (over || (reads && asks))) items.doneUntil(count);
    }
    this.wire.settle();
    for (const inlet of this.inlets) {
      const { feed } = inlet;
      if (inputs.some(([descriptor, , asks]) => asks && descriptor === feed.descriptor)) inlet.isOpen = true;
    }
  }

  private feed(inlet: Inlet): void {
    const { feed, items } = inlet;
    const { descriptor, elementType, address } = feed;
    const ends = this.wire.stopped || this.unread.slice(feed.guest).includes(true);
    // What has come over a line will not come again; a message that nobody took will.
    const isAtEnd = inlet.left === 0 || (ends && address.kind === "mqtt");
    const some = isAtEnd ? null : items.read(Math.min(inlet.left, itemsAtOnce(elementType)));
    if (some === "later" && !ends) return;
    inlet.isOpen = false;
    if (some === null || some === "later") {
      inlet.isOver = true;
      this.give({ descriptor, bytes: null });
      return;
    }
    inlet.left -= some.length;
    this.give({ descriptor, bytes: itemBytes(some, elementType) });
  }
}
