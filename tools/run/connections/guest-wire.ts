/** The guest's side of the wire: parcels in, parcels out, and what is done with. */
import { receiveMessageOnPort } from "node:worker_threads";
import { UserError } from "../../errors/user-error.js";
import { LATER } from "../formats/byte-source.js";
import { rings, sleepUntilRung } from "./bell.js";
import { FLUSHED, type Done, type Parcel, type ToGuest, type ToNetwork, type WireEnd } from "./wire.js";

/** Parcels, and their bytes, that may be on their way out: whoever sends more waits. */
const MOST_PARCELS = 4096;
const MOST_BYTES = 1 << 20;
/** Parcels, in and out, after which what is kept is told: one message for many. */
const KEPT = 64;

/** A connection is gone: what came until then is kept. */
export class ConnectionLost extends UserError {}

/** Parcels of one input that have come, and were not taken. */
export interface Inbox {
  readonly parcels: Parcel[];
  /** No more come. */
  ended: boolean;
}

/** A line beside the wire, over which something may come too. */
export interface OtherLine {
  /** Something will come. */
  readonly isAwaited: boolean;
  /** Takes in what has come. @returns false when nothing had */
  takeIn(): boolean;
  /** Before the thread sleeps: asks for what may be needed so that something comes. */
  askAhead(): void;
}

/** A wire, in the thread of the guest. */
export class GuestWire {
  /** The run is to come to an end. */
  stopped = false;
  /** The guest only looks whether something is there, and has not said that it is through with anything. */
  polls = false;
  /** The guest's function has returned: it is through with everything that it was given. */
  completed = false;
  /**
   * Of guests in a row: whether each of them but the first waits to read from the one before. What one has
   * been given is done with when all of them wait, and not before.
   */
  rowReads: (() => boolean) | null = null;
  /** All guests of the row wait to read, and nothing else can happen. */
  rowRests = false;
  private readonly words: Int32Array;
  private readonly inboxes = new Map<number, Inbox>();
  private readonly settling: (() => Done | null)[] = [];
  private outgoing: Parcel[] = [];
  private done: Done[] = [];
  /** Bytes of each parcel that was sent and not flushed. */
  private sizes: number[] = [];
  private bytesInFlight = 0;
  private flushed = 0;
  private heard = 0;
  private loss: string | null = null;
  private taken = 0;
  private flushOutput: () => void = () => undefined;
  private readonly others: OtherLine[] = [];

  constructor(private readonly end: WireEnd) {
    this.words = new Int32Array(end.words);
  }

  /** The parcels of the parameter at `input`. */
  inbox(input: number): Inbox {
    const known = this.inboxes.get(input);
    if (known !== undefined) return known;
    const inbox = { parcels: [], ended: false };
    this.inboxes.set(input, inbox);
    return inbox;
  }

  /**
   * The next parcel of an inbox; null when no more come.
   * @throws ConnectionLost when nothing more can come, as a connection is lost
   */
  next({ parcels, ended }: Inbox): Parcel | null | typeof LATER {
    const parcel = parcels.shift();
    if (parcel !== undefined) {
      if (++this.taken >= KEPT) this.settle();
      return parcel;
    }
    if (ended) return null;
    this.refuseLoss();
    return LATER;
  }

  /** Has `flush` called before anything is said to be done. */
  set output(flush: () => void) {
    this.flushOutput = flush;
  }

  /** Something may come over `line`, too, which rings the same bell. */
  beside(line: OtherLine): void {
    this.others.push(line);
  }

  /** Runs `body` as what happens while the guest polls. */
  polling(body: () => void): void {
    this.polls = true;
    body();
    this.polls = false;
  }

  /** Has `of` asked what of its input is done, each time that this is told. */
  onSettle(of: () => Done | null): void {
    this.settling.push(of);
  }

  /** Sends a parcel, when there is room for it. */
  send(parcel: Parcel): void {
    this.outgoing.push(parcel);
    this.hear();
    if (this.outgoing.length >= KEPT) this.tell();
    this.waitUntil(() => this.hasRoom());
  }

  /** Has `heard` called when something has come, in a thread that is free to hear of it. */
  onArrival(heard: () => void): void {
    this.end.port.on("message", (message: ToGuest) => {
      this.take(message);
      heard();
    });
  }

  /** Takes in what has come, if anything has since the last time. */
  hear(): void {
    if (rings(this.words) !== this.heard) this.takeIn();
  }

  /** Takes in what has come. @returns false when nothing had */
  private takeIn(): boolean {
    this.heard = rings(this.words);
    let any = false;
    for (;;) {
      const received = receiveMessageOnPort(this.end.port) as { message: ToGuest } | undefined;
      if (received === undefined) return any;
      any = true;
      this.take(received.message);
    }
  }

  /**
   * For when nothing else can happen: tells what is done, and waits until something comes.
   * @returns false when nothing can come any more
   */
  idle(): boolean {
    const bell = rings(this.words);
    this.rowRests = this.rowReads?.() ?? false;
    this.settle();
    this.rowRests = false;
    if (this.takeIn() || this.others.some((other) => other.takeIn())) return true;
    this.refuseLoss();
    for (const other of this.others) other.askAhead();
    const isOver = this.stopped || [...this.inboxes.values()].every(({ ended }) => ended);
    if (isOver && !this.others.some(({ isAwaited }) => isAwaited)) return false;
    sleepUntilRung(this.words, bell);
    return true;
  }

  /** Tells all that is done, and waits until all that was sent has been flushed. */
  finish(): void {
    this.settle();
    this.waitUntil(() => {
      this.noteFlushed();
      return this.sizes.length === 0;
    });
  }

  private refuseLoss(): void {
    if (this.loss !== null) throw new ConnectionLost(this.loss);
  }

  private take(message: ToGuest): void {
    if (message.kind === "lost") this.loss = message.message;
    else if (message.kind === "stop") this.stopped = true;
    // A guest of a row may be asked for its parameters only later.
    else if (message.kind === "end") this.inbox(message.input).ended = true;
    else this.inbox(message.input).parcels.push(message.parcel);
  }

  /** Tells what is done, and sends what is kept. */
  settle(): void {
    this.taken = 0;
    const done = this.settling.flatMap((of) => of() ?? []);
    this.flushOutput();
    this.done.push(...done);
    this.tell();
  }

  /** Sends what is kept. */
  tell(): void {
    const { outgoing, done } = this;
    if (outgoing.length === 0 && done.length === 0) return;
    for (const { byteLength } of outgoing) {
      this.sizes.push(byteLength);
      this.bytesInFlight += byteLength;
    }
    this.end.port.postMessage({ parcels: outgoing, done } satisfies ToNetwork);
    this.outgoing = [];
    this.done = [];
  }

  private hasRoom(): boolean {
    if (this.sizes.length < MOST_PARCELS && this.bytesInFlight < MOST_BYTES) return true;
    this.noteFlushed();
    return this.sizes.length < MOST_PARCELS && this.bytesInFlight < MOST_BYTES;
  }

  private noteFlushed(): void {
    const count = (Atomics.load(this.words, FLUSHED) - this.flushed) | 0;
    for (const byteLength of this.sizes.splice(0, count)) this.bytesInFlight -= byteLength;
    this.flushed = (this.flushed + count) | 0;
  }

  private waitUntil(holds: () => boolean): void {
    for (;;) {
      const bell = rings(this.words);
      if (holds()) return;
      this.refuseLoss();
      if (!this.takeIn()) sleepUntilRung(this.words, bell);
    }
  }
}
