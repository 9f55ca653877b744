/**
 * The computer's side of a board's conversations, as firmware/remote.h draws them: orders, and what they
 * bring.
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

/** Bytes of an order at most: LINK_PAYLOAD of firmware/link.h. */
const MOST_BYTES = 32;
const WORD = 4;

/**
 * What a board asks: its word, the hash of a function, or the number of an end that is held here, or null,
 * and core values, 8 bytes each.
 */
export interface BoardQuestion {
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
  ) {}

  /** The board has done what it was ordered to. */
  has(bytes: Uint8Array): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.(bytes);
  }

  async read(ptr: number, byteLength: number): Promise<Uint8Array> {
    return this.order(ORDERS.read, Buffer.concat([word(ptr), Buffer.of(byteLength)]));
  }

  async write(ptr: number, bytes: Uint8Array): Promise<void> {
    const most = MOST_BYTES - WORD;
    for (let at = 0; at < bytes.length; at += most)
      await this.order(ORDERS.write, Buffer.concat([word(ptr + at), bytes.subarray(at, at + most)]));
  }

  async allocate(alignment: number, byteLength: number): Promise<number> {
    const bytes = await this.order(ORDERS.allocate, Buffer.concat([word(alignment), word(byteLength)]));
    return Buffer.from(bytes).readUInt32LE(0);
  }

  /** Makes a stream or future for the guest. @returns its place here, and the readable end's handle */
  async give(what: number): Promise<readonly [place: number, handle: number]> {
    const bytes = await this.order(ORDERS.give, Buffer.concat([Buffer.of(what), word(0)]));
    return [Buffer.from(bytes).readUInt32LE(0), Buffer.from(bytes).readUInt32LE(WORD)];
  }

  /** Takes a readable end of the guest's over. @returns its place here */
  async take(what: number, handle: number): Promise<number> {
    const bytes = await this.order(ORDERS.take, Buffer.concat([Buffer.of(what), word(handle)]));
    return Buffer.from(bytes).readUInt32LE(0);
  }

  /** Gives the entry some of its arguments' words. */
  async arguments(place: number, words: Uint8Array): Promise<void> {
    const most = MOST_BYTES - WORD;
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

  /** Ends the conversation: the guest traps. */
  refuse(): void {
    this.send(ORDERS.refuse, new Uint8Array(0));
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
