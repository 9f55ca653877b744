/**
 * The computer's side of a guest's conversations, as firmware/remote.h draws them for boards, and
 * programs/run/remote.h for this machine: orders, and what they bring.
 */
import type { BoardMemory } from "./remote-memory.js";

/** `enum remote_order` of firmware/remote.h. */
export const ORDERS = {
  answer: 0,
  read: 1,
  write: 2,
  allocate: 3,
  arguments: 4,
  refuse: 5,
  give: 6,
  take: 7,
} as const;

/** How orders are written. */
export interface LineForm {
  /** Bytes of an order at most. */
  readonly most: number;
  /** Bytes to read at most. */
  readonly mostRead: number;
  /** How many. */
  readonly count: (byteLength: number) => Uint8Array;
  /** The index of an element type, and whether of a future. */
  readonly end: (index: number, isFuture: boolean) => Uint8Array;
  /** In the place of an end that was taken: it is one that was given. */
  readonly own: number;
  /** Characters at most of the reason why the guest traps. */
  readonly mostWhy: number;
}

/** The serial line's, as firmware/link.h and firmware/remote_ends.h have it. */
const SERIAL: LineForm = {
  most: 32,
  mostRead: 255,
  count: (byteLength) => Buffer.of(byteLength),
  end: (index, isFuture) => Buffer.of(index | (isFuture ? 0x80 : 0)),
  own: 0x80,
  mostWhy: 0,
};
const WORD = 4;

/**
 * What a board asks: its word, the hash of a function, or the number of an end that is held here, or null,
 * and core values, 8 bytes each.
 */
export interface RemoteQuestion {
  readonly word: string;
  readonly hash: number | null;
  readonly cells: Uint8Array;
}

/** Sends `c` lines: the order, the turn of the line that it answers, the payload. */
export type SendOrder = (order: number, payload: Uint8Array) => void;

/** What a board's end of the line is told outside of conversations. */
export interface RemoteNews {
  /** A call that goes on has an answer. */
  answered(): void;
  /** The run cannot go on. */
  failed(error: unknown): void;
}

/** Gives orders one after the other; each waits until the board has done it. */
export class RemoteLine implements BoardMemory {
  private waiting: ((bytes: Uint8Array) => void) | null = null;

  /**
   * @param send says an order to the board
   * @param news what comes later, when the conversation is over
   */
  constructor(
    readonly send: SendOrder,
    readonly news: RemoteNews,
    private readonly form = SERIAL,
  ) {}

  /** The board has done what it was ordered to. */
  has(bytes: Uint8Array): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.(bytes);
  }

  async read(ptr: number, byteLength: number): Promise<Uint8Array> {
    const { mostRead, count } = this.form;
    const parts: Uint8Array[] = [];
    for (let at = 0; at < byteLength; at += mostRead) {
      const length = Math.min(mostRead, byteLength - at);
      parts.push(await this.order(ORDERS.read, Buffer.concat([word(ptr + at), count(length)])));
    }
    return Buffer.concat(parts);
  }

  async write(ptr: number, bytes: Uint8Array): Promise<void> {
    const most = this.form.most - WORD;
    for (let at = 0; at < bytes.length; at += most)
      await this.order(ORDERS.write, Buffer.concat([word(ptr + at), bytes.subarray(at, at + most)]));
  }

  async allocate(alignment: number, byteLength: number): Promise<number> {
    const bytes = await this.order(ORDERS.allocate, Buffer.concat([word(alignment), word(byteLength)]));
    return Buffer.from(bytes).readUInt32LE(0);
  }

  /** Makes a stream or future for the guest. @returns its place here, and the readable end's handle */
  async give(index: number, isFuture: boolean): Promise<readonly [place: number, handle: number]> {
    const bytes = await this.order(ORDERS.give, Buffer.concat([this.form.end(index, isFuture), word(0)]));
    return [Buffer.from(bytes).readUInt32LE(0), Buffer.from(bytes).readUInt32LE(WORD)];
  }

  /**
   * Takes a readable end of the guest's over.
   * @returns its place here; of one that was given, where it was, and nobody holds it now
   */
  async take(
    index: number,
    isFuture: boolean,
    handle: number,
  ): Promise<{ readonly place: number; readonly isOwn: boolean }> {
    const { end, own } = this.form;
    const bytes = await this.order(ORDERS.take, Buffer.concat([end(index, isFuture), word(handle)]));
    const place = Buffer.from(bytes).readUInt32LE(0);
    return place >= own ? { place: place - own, isOwn: true } : { place, isOwn: false };
  }

  /** Gives the entry some of its arguments' words. */
  async arguments(place: number, words: Uint8Array): Promise<void> {
    const most = this.form.most - WORD;
    for (let at = 0; at < words.length; at += most)
      await this.order(
        ORDERS.arguments,
        Buffer.concat([Buffer.of(place + at / WORD), words.subarray(at, at + most)]),
      );
  }

  /** Ends the conversation: the guest goes on. @param cell the core result, if there is one */
  answer(cell: Uint8Array = new Uint8Array(0)): void {
    this.send(ORDERS.answer, cell);
  }

  /** Ends the conversation: the guest traps. @param why for whoever has room for it */
  refuse(why: string): void {
    this.send(ORDERS.refuse, Buffer.from(why, "latin1").subarray(0, this.form.mostWhy));
  }

  private order(order: number, payload: Uint8Array): Promise<Uint8Array> {
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.send(order, payload);
    });
  }
}

/** A number, as an order takes it. */
export function word(value: number): Buffer {
  const bytes = Buffer.alloc(WORD);
  bytes.writeUInt32LE(value >>> 0);
  return bytes;
}
