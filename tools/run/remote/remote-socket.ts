/** This end of a guest's conversations: programs/run/remote.h says what goes over the socket. */
import type { Duplex } from "node:stream";
import { type FromImports, type ImportsEnd, PATIENCE } from "../imports/messages.js";
import type { RemoteCallSource } from "./remote-calls.js";
import type { RemoteGuest } from "./remote-guest.js";
import { type LineForm, ORDERS, RemoteLine, type RemoteNews, word } from "./remote-line.js";

const WORD = 4;
/** What is said, a number, the bytes of the guest's memory, and how many more there are. */
const HEADER_BYTES = 4 * WORD;

/** `enum remote_word` of programs/run/remote.h. */
const WORDS = [
  ...["has", "gone", "full", "asleep", "result", "ready"],
  ...["args", "call", "start", "next", "item", "wrote"],
] as const;
/** `enum order` of programs/run/remote.c: behind those of boards. */
const NEWS = 8;
const QUIET = 9;

/** Bytes of an order at most: ORDER_BYTES of programs/run/remote.c. */
const MOST = 1 << 17;
const SOCKET_FORM: LineForm = {
  ...{ most: MOST, mostRead: MOST, count: word, own: 0x8000_0000, mostWhy: 255 },
  end: (index, isFuture) => word(index + (isFuture ? 0x8000_0000 : 0)),
};

/** The computer's side of a guest. */
export interface RemoteSide {
  readonly guest: RemoteGuest;
  /** What is called, where the program asks for it. */
  readonly calls?: RemoteCallSource;
  /** Whether the guest is to get an item of a file, which may take its time. */
  readonly isFed?: () => boolean;
}

/** Answers a program of the C host. */
export class RemoteSocket implements RemoteNews {
  /** Rejects when the run cannot go on. */
  readonly failure: Promise<never>;
  private side: RemoteSide | null = null;
  private line: RemoteLine | null = null;
  private pending = Buffer.alloc(0);
  private fail: (error: unknown) => void = () => undefined;
  private sleeping: NodeJS.Timeout | null = null;
  /** Of the guest's sleep that the file's thread has been told of. */
  private asleep: number | null = null;

  /**
   * @param socket to the program, which was started with the other end
   * @param open makes the computer's side, when the bytes of the guest's memory are known
   * @param end the line to a file of imports, which may wake a guest that sleeps
   */
  constructor(
    private readonly socket: Duplex,
    private readonly open: (memoryBytes: number) => RemoteSide,
    private readonly end: ImportsEnd | null,
  ) {
    this.failure = new Promise((_, reject) => {
      this.fail = reject;
    });
    this.failure.catch(() => undefined);
    socket.on("data", (bytes: Buffer) => {
      this.take(bytes);
    });
    socket.on("error", () => undefined); // the program is gone; it has said why
    socket.on("close", () => {
      this.wakes();
    });
    end?.port.on("message", ({ kind }: FromImports) => {
      if (kind === "quiet" && this.asleep !== null) this.send(QUIET, word(this.asleep));
    });
  }

  answered(): void {
    this.send(NEWS, new Uint8Array(0));
  }

  failed(error: unknown): void {
    this.fail(error);
  }

  private take(bytes: Buffer): void {
    this.pending = Buffer.concat([this.pending, bytes]);
    for (;;) {
      const { pending } = this;
      if (pending.length < HEADER_BYTES) return;
      const end = HEADER_BYTES + pending.readUInt32LE(3 * WORD);
      if (pending.length < end) return;
      this.pending = pending.subarray(end);
      const [what, number, memory] = [0, 1, 2].map((at) => pending.readUInt32LE(at * WORD));
      this.side ??= this.open(memory!);
      this.hear(WORDS[what!]!, number!, pending.subarray(HEADER_BYTES, end), this.side);
    }
  }

  private hear(what: (typeof WORDS)[number], number: number, bytes: Buffer, side: RemoteSide): void {
    this.wakes();
    switch (what) {
      case "has":
        return this.line?.has(bytes);
      case "gone":
        return side.guest.gone(number);
      case "full":
        return side.guest.full(this);
      case "asleep":
        return this.sleeps(number);
      default:
        this.answer(what, number, bytes, side).catch(this.fail);
    }
  }

  private async answer(
    what: string,
    number: number,
    bytes: Buffer,
    { guest, calls }: RemoteSide,
  ): Promise<void> {
    if (what === "ready") {
      await calls!.ended(new Map());
      return this.send(ORDERS.answer, word(calls!.next()));
    }
    const line = new RemoteLine(
      (order, payload) => {
        this.send(order, payload);
      },
      this,
      SOCKET_FORM,
    );
    this.line = line;
    const isNamed = what === "call" || what === "start" || what === "wrote";
    const cells = what === "item" ? word(number) : bytes;
    await guest.serve({ word: what, hash: isNamed ? number : null, cells }, line);
  }

  private send(order: number, payload: Uint8Array): void {
    this.socket.write(Buffer.concat([word(order), word(payload.length), payload]));
  }

  /** Nothing wakes the guest but what is here or in the file's thread, which is asked for it. */
  private sleeps(number: number): void {
    this.sleeping = setTimeout(() => {
      if (this.side?.isFed?.() === true) return this.sleeps(number);
      this.asleep = number;
      if (this.end === null) this.send(QUIET, word(number));
      else this.end.port.postMessage({ kind: "asleep" });
    }, PATIENCE);
  }

  private wakes(): void {
    if (this.sleeping !== null) clearTimeout(this.sleeping);
    this.sleeping = null;
    this.asleep = null;
  }
}
