/**
 * The computer's end of the serial line: answers what the firmware asks for and gathers what it reports.
 * firmware/link.h describes the lines.
 */

import type { RemoteCallSource } from "../run/remote/remote-calls.js";
import { type RemoteQuestion, ORDERS, RemoteLine, type RemoteNews } from "../run/remote/remote-line.js";

/** How samples reach the guest. The numbers are those of `enum feed_policy` in firmware/feed.h. */
export const FEED_POLICIES = {
  /** From the serial line, at the rate; the computer is held back when the guest is slow. */
  line: 0,
  /**
   * Counted up by the tick interrupt at the rate, like a converter that never waits;
   * what finds no room is lost and counted.
   */
  drop: 1,
  /** Counted up by the tick interrupt; held back when there is no room. */
  hold: 2,
  /** Counted up without interrupt, an item always ready: for counting instructions. */
  ready: 3,
  /** The same, but every read finds nothing first: every item blocks once. */
  turns: 4,
} as const;
/** What the firmware does with a sample that finds its ring full. */
export type FeedPolicy = keyof typeof FEED_POLICIES;

/** An error line of the firmware. */
export interface BoardError {
  readonly code: number;
  readonly word: string;
  /** Where the image lies. */
  readonly address: number;
  readonly name: string;
  readonly text: string;
}

/** A task that ended, with what the firmware counted. */
export interface BoardEnd {
  readonly name: string;
  readonly counts: Readonly<Record<string, number>>;
}

/** Everything that a run brought. */
export interface BoardReport {
  /** The banner's counts. */
  readonly banner: Readonly<Record<string, number>>;
  readonly board: string;
  /** Items of each result stream, one after the other, by image (in the order run) and stream. */
  readonly outputs: ReadonlyMap<string, Uint8Array>;
  readonly ready: readonly string[];
  /** Where each image that is ready lies. */
  readonly readyAt: readonly number[];
  readonly ends: readonly BoardEnd[];
  readonly errors: readonly BoardError[];
  /** Hashes of functions that images import and the firmware does not have. */
  readonly missing: readonly number[];
  /** Bytes that a guest's arena lacked when it trapped; 0 when that was not why. */
  readonly lacks: number;
  /** Every line, as it came. */
  readonly log: readonly string[];
}

/** What to feed and how. */
export interface FeedOptions {
  readonly policy: FeedPolicy;
  /** Hertz; 0 as fast as it goes. For `drop`, `hold` and `ready` the upper 16 bits are not used. */
  readonly rate: number;
  /** Items that `drop`, `hold` and `ready` count. */
  readonly items?: number;
  /** Live instances of the guest, each with streams of its own; 0 as many as the RAM holds. Default 1. */
  readonly guests?: number;
  /** Raw items of stream S of the image that runs; called once for each image and stream. */
  readonly stream: (image: string, index: number) => Uint8Array;
  /** Told each line; for progress and tests. */
  readonly onLine?: (line: string) => void;
  /** Functions of the guest that are called one after the other in one instance; without it, the first. */
  readonly calls?: RemoteCallSource;
  /** What the guest at an address is given and asked for, beside the items of its streams. */
  readonly remote?: (address: number) => RemoteServer | undefined;
  /** Told each line that a guest writes to the firmware's log. */
  readonly onLog?: (text: string) => void;
  /** May spoil what goes out: noise in tests. */
  readonly spoil?: (line: Buffer) => Buffer;
}

/** Answers a board's questions. */
export interface RemoteServer {
  /** Whether it has each function that the firmware lacks. */
  hasAll(hashes: readonly number[]): boolean;
  serve(question: RemoteQuestion, line: RemoteLine): Promise<void>;
  /** The guest has cancelled a call of this number, or dropped an end. */
  gone(number: number): void;
  /** The guest waits with an item that nobody wants yet. */
  full(news: RemoteNews): void;
}

/** Until the board has taken the last line: it has room for one. */
const AFTER_TALK_MS = 5;

/** Words that begin a conversation: firmware/remote.h. */
const QUESTIONS: ReadonlySet<string> = new Set(["args", "result", "call", "start", "next", "item", "wrote"]);

/** CRC-16/CCITT-FALSE. */
export function crc16(bytes: Uint8Array): number {
  let crc = 0xffff;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++) crc = ((crc & 0x8000) !== 0 ? (crc << 1) ^ 0x1021 : crc << 1) & 0xffff;
  }
  return crc;
}

/** A line to the firmware: four characters, payload, CRC. */
export function encodeLine(head: string, payload: Uint8Array): Buffer {
  const text = `${head} ${Buffer.from(payload).toString("hex")} `;
  return Buffer.from(
    `${text}${crc16(Buffer.from(text, "latin1")).toString(16).padStart(4, "0")}\n`,
    "latin1",
  );
}

/** What a stream of the guest's has been given. */
interface Feed {
  readonly bytes: Uint8Array;
  offset: number;
  turn: string;
  /** The last line's items. */
  chunk: Uint8Array;
}

/** Follows one run of the firmware from its banner to `done`. */
export class SerialLink implements RemoteNews {
  private readonly outputs = new Map<string, Buffer[]>();
  private readonly ready: string[] = [];
  private readonly readyAt: number[] = [];
  private readonly ends: BoardEnd[] = [];
  private readonly errors: BoardError[] = [];
  private readonly log: string[] = [];
  private banner: Record<string, number> = {};
  private board = "";
  private image = "";
  private feeds = new Map<number, Feed>();
  private partial = "";
  private lastSent: Buffer | null = null;
  private readonly missing: number[] = [];
  /** Of these, the ones of the image that is about to run. */
  private wanted: number[] = [];
  private lacks = 0;
  /** The image that is about to run needs functions, and all are here. */
  private isAsked = false;
  private hasAll = true;
  /** Calls of its functions that were ordered. */
  private calls = 0;
  private turn = "";
  private remote: RemoteLine | null = null;
  /** A call that goes on has an answer, and the board has not asked for it. */
  private hasAnswer = false;
  /** The board awaits an order. */
  private isTalking = false;
  /** The last reminder was of that answer. */
  private remindsOfAnswer = false;
  /** Whether `done` has come. */
  done = false;

  constructor(
    private readonly options: FeedOptions,
    private readonly send: (bytes: Buffer) => void,
    private readonly fail: (error: unknown) => void = () => undefined,
  ) {}

  /** Takes bytes that the board sent. */
  receive(chunk: Buffer): void {
    this.partial += chunk.toString("latin1");
    const lines = this.partial.split("\n");
    this.partial = lines.pop()!;
    for (const line of lines) this.line(line.trimEnd());
  }

  /**
   * Sends the last line again: the board has said nothing for a while, so it was lost. While a call has an
   * answer that may be what was lost, too: in turns, for the board has room for one line.
   */
  remind(): void {
    this.remindsOfAnswer = this.hasAnswer && !this.isTalking && !this.remindsOfAnswer;
    if (this.remindsOfAnswer) this.sayAnswered();
    else if (this.lastSent !== null) this.transmit(Buffer.concat([Buffer.from("\n"), this.lastSent]));
  }

  /** The lines that the firmware reported. */
  report(): BoardReport {
    const outputs = new Map([...this.outputs].map(([key, parts]) => [key, Buffer.concat(parts)]));
    const { banner, board, ready, readyAt, ends, errors, missing, lacks, log } = this;
    return { banner, board, outputs, ready, readyAt, ends, errors, missing, lacks, log };
  }

  private line(line: string): void {
    if (line === "") return;
    this.log.push(line);
    this.options.onLine?.(line);
    const [word, ...rest] = line.split(" ");
    if (word === "rill") {
      this.board = rest[1] ?? "";
      this.banner = counts(rest);
    } else if (word === "ready") this.start(rest);
    else if (word === "want") this.feed(parseInt(rest[0] ?? "0", 16), rest[1] ?? "0", Number(rest[2]));
    else if (word === "out") this.collect(rest[0] ?? "0", rest[1] ?? "");
    else if (word === "end") this.end(rest);
    else if (word === "error") this.errors.push(boardError(rest));
    else if (word === "done") this.done = true;
    else if (word === "more") this.goOn();
    else this.functionLine(word!, rest, line);
  }

  /** Lines of guests that are more than filters. */
  private functionLine(word: string, rest: readonly string[], line: string): void {
    if (word === "import") {
      const hash = Buffer.from(rest[0] ?? "", "hex").readUInt32LE(0);
      this.missing.push(hash);
      this.wanted.push(hash);
    } else if (word === "lacks") this.lacks = Number(rest[0]);
    else if (word === "log") this.options.onLog?.(line.slice("log ".length));
    else if (word === "again") this.repeat();
    else if (word === "full") this.server?.full(this);
    else if (word === "gone") this.server?.gone(parseInt(rest[0] ?? "", 16));
    else if (word === "has") this.has(rest);
    else if (QUESTIONS.has(word)) this.ask(word, rest);
  }

  /** Of the image that runs. */
  private get server(): RemoteServer | undefined {
    return this.options.remote?.(this.readyAt.at(-1) ?? -1);
  }

  private repeat(): void {
    if (this.lastSent !== null) this.transmit(this.lastSent);
  }

  private has([turn = "", hex = ""]: readonly string[]): void {
    this.turn = turn;
    this.remote?.has(Buffer.from(hex, "hex"));
  }

  private ask(word: string, [turn = "", first = "", second = ""]: readonly string[]): void {
    this.turn = turn;
    this.isTalking = true;
    if (word === "next") this.hasAnswer = false;
    const remote = new RemoteLine((order, payload) => {
      const head = `c${order.toString(16).padStart(2, "0")}${this.turn}`;
      this.transmit((this.lastSent = encodeLine(head, payload)));
      this.isTalking = order !== ORDERS.answer && order !== ORDERS.refuse;
      if (!this.isTalking && this.hasAnswer) setTimeout(() => this.answered(), AFTER_TALK_MS);
    }, this);
    this.remote = remote;
    const isNamed = word === "call" || word === "start" || (word === "wrote" && first !== "");
    const hash = isNamed ? Buffer.from(first, "hex").readUInt32LE(0) : null;
    const cells = Buffer.from(second, "hex");
    this.server?.serve({ word, hash, cells }, remote).catch(this.fail);
  }

  /** A call that goes on has an answer: a line says so, or the board is told with the next one. */
  answered(): void {
    this.hasAnswer = true;
    if (!this.isTalking && !this.done) this.sayAnswered();
  }

  /** The run cannot go on. */
  failed(error: unknown): void {
    this.fail(error);
  }

  private sayAnswered(): void {
    this.transmit(encodeLine("p000", new Uint8Array(0)));
  }

  private start(words: readonly string[]): void {
    this.image = words[0] ?? "";
    this.ready.push(this.image);
    this.readyAt.push((counts(words).at ?? -1) >>> 0);
    this.feeds = new Map();
    this.calls = 0;
    this.hasAnswer = false;
    this.hasAll = this.wanted.length === 0 || this.server?.hasAll(this.wanted) === true;
    this.isAsked = this.wanted.length > 0;
    this.wanted = [];
    try {
      this.order(this.options.calls?.next() ?? 0);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Says how to run, and which function: 0 for the first one alone. */
  private order(entry: number): void {
    const payload = Buffer.alloc(this.options.calls !== undefined ? 11 : this.isAsked ? 10 : 9);
    payload.writeUInt32LE(this.options.rate, 0);
    payload.writeUInt32LE(this.options.items ?? 0, 4);
    // Of several calls each has a number, by which one that is said again is known.
    payload.writeUInt8(
      this.options.calls === undefined ? (this.options.guests ?? 1) : ++this.calls & 0xff,
      8,
    );
    if (payload.length > 9) payload.writeUInt8(this.hasAll ? 1 : 0, 9);
    if (payload.length > 10) payload.writeUInt8(entry, 10);
    this.transmit((this.lastSent = encodeLine(`g00${FEED_POLICIES[this.options.policy]}`, payload)));
  }

  /** The guest's next function, if there is one. */
  private goOn(): void {
    const { calls } = this.options;
    const goOn = async (): Promise<void> => {
      await calls?.ended(this.takeOutputs());
      this.order(calls?.next() ?? 0);
    };
    goOn().catch(this.fail);
  }

  /** What the image has written since this was asked. */
  private takeOutputs(): ReadonlyMap<number, Uint8Array> {
    const taken = new Map<number, Uint8Array>();
    const run = `${this.ready.length - 1}:`;
    for (const [key, parts] of [...this.outputs]) {
      if (!key.startsWith(run)) continue;
      taken.set(parseInt(key.slice(run.length), 16), Buffer.concat(parts));
      this.outputs.delete(key);
    }
    return taken;
  }

  /** The next task reads its streams from their beginning. */
  private end(words: readonly string[]): void {
    this.ends.push({ name: words[0] ?? "", counts: counts(words) });
    this.feeds = new Map();
  }

  private feed(index: number, turn: string, room: number): void {
    let feed = this.feeds.get(index);
    if (feed === undefined) {
      feed = { bytes: this.options.stream(this.image, index), offset: 0, turn: "", chunk: new Uint8Array(0) };
      this.feeds.set(index, feed);
    }
    if (feed.turn !== turn) {
      feed.chunk = feed.bytes.subarray(feed.offset, feed.offset + room);
      feed.offset += feed.chunk.length;
      feed.turn = turn;
    }
    const kind = this.hasAnswer ? "I" : "i";
    const head = `${kind}${index.toString(16).padStart(2, "0")}${turn}`;
    this.transmit((this.lastSent = encodeLine(head, feed.chunk)));
  }

  private collect(stream: string, hex: string): void {
    const key = `${this.ready.length - 1}:${stream}`;
    const parts = this.outputs.get(key);
    const bytes = Buffer.from(hex, "hex");
    if (parts === undefined) this.outputs.set(key, [bytes]);
    else parts.push(bytes);
  }

  private transmit(line: Buffer): void {
    this.send(this.options.spoil?.(line) ?? line);
  }
}

function counts(words: readonly string[]): Record<string, number> {
  const pairs = words.flatMap((word) => {
    const [, key, value] = /^(\w+)=(-?\d+)$/.exec(word) ?? [];
    return key === undefined ? [] : [[key, Number(value)] as const];
  });
  return Object.fromEntries(pairs);
}

function boardError([code, word, address, name, ...text]: readonly string[]): BoardError {
  return {
    code: Number(code),
    word: word ?? "",
    address: parseInt(address ?? "0", 16),
    name: name ?? "",
    text: text.join(" "),
  };
}
