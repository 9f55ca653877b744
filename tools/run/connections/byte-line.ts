/** A connection that knows no messages, as a stream of Node's: TCP, or a serial line. */
import type { Duplex } from "node:stream";
import { systemReason } from "../../errors/system-error.js";
import type { Closable, Inlet, InletEvents, Outlet } from "./connection.js";
import type { Parcel } from "./wire.js";

/** Bytes that may have come and not been taken before the other side is held back. */
const WINDOW = 1 << 20;
/** Milliseconds for which the other side may take what is left, at the end. */
const LINGER = 5000;

/** Both directions of a line. */
export class ByteLine implements Inlet, Outlet, Closable {
  private readonly sizes: number[] = [];
  private untaken = 0;
  private events: InletEvents | null = null;
  private closing = false;

  constructor(
    private readonly stream: Duplex,
    private readonly name: string,
    private readonly lost: (message: string) => void,
  ) {
    stream.on("error", (error) => {
      this.lose(systemReason(error));
    });
    stream.on("close", () => {
      this.lose("the connection is closed");
    });
  }

  /** Begins to bring what comes. */
  startReading(events: InletEvents): void {
    this.events = events;
    this.stream.on("data", (bytes: Buffer) => {
      this.sizes.push(bytes.length);
      this.untaken += bytes.length;
      if (this.untaken > WINDOW) this.stream.pause();
      events.parcel(new Uint8Array(bytes));
    });
    this.stream.on("end", () => {
      this.stop();
    });
  }

  done(): void {
    this.untaken -= this.sizes.shift() ?? 0;
    if (this.untaken <= WINDOW && this.events !== null) this.stream.resume();
  }

  stop(): void {
    const { events } = this;
    this.events = null;
    if (events === null) return;
    this.stream.pause();
    events.ended();
  }

  send(parcel: Parcel, flushed: () => void): void {
    this.stream.write(parcel, (error) => {
      if (!error) flushed();
    });
  }

  async close(): Promise<void> {
    if (this.closing) return;
    this.closing = true;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, LINGER);
      this.stream.end(() => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.stream.destroy();
  }

  private lose(why: string): void {
    if (this.closing) return;
    this.closing = true;
    this.stream.destroy();
    this.lost(`${this.name}: ${why}`);
  }
}
