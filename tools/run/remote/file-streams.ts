/**
 * Streams and futures between a board's guest and the file of imports: numbers stand for them in what goes to
 * the file's thread and comes from it, which asks for each item and is asked.
 */
import type { Value } from "../../host/values/value.js";
import { mapHandles } from "../calls/received.js";
import type { FromImports, StreamMessage, ToImports } from "../imports/messages.js";
import type { ValueType } from "../../wit/model.js";
import { isEnd, type Pulled } from "./held-items.js";

/** One that the file writes. */
interface Written {
  readonly element: ValueType | null;
  readonly waiting: ((next: { readonly item: Value } | null) => void)[];
}

/** One that it reads. */
interface Read {
  readonly element: ValueType | null;
  readonly from: Pulled;
}

/** What numbers the guest's side gives stand above, for the file counts its own from 1. */
const FIRST_NUMBER = 0x4000_0000;

/** The streams and futures of one run. */
export class FileStreams {
  private readonly written = new Map<number, Written>();
  private readonly read = new Map<number, Read>();
  private last = FIRST_NUMBER;

  /** @param send to the file's thread */
  constructor(
    private readonly send: (message: ToImports) => void,
    private readonly fail: (error: unknown) => void,
  ) {}

  /** What the file gets of a value: numbers in place of streams and futures. */
  toFile(type: ValueType, value: Value): Value {
    return mapHandles(type, value, (inner, of) => {
      if (!isEnd(inner)) return of;
      this.read.set(++this.last, { element: inner.element, from: of as unknown as Pulled });
      return this.last;
    });
  }

  /** What the guest gets of a value. */
  fromFile(type: ValueType, value: Value): Value {
    return mapHandles(type, value, (inner, of) =>
      isEnd(inner) ? (this.pulled(inner.element, of as number) as unknown as Value) : of,
    );
  }

  /** The file's thread says so. @returns whether that was of a stream */
  take(message: FromImports): message is StreamMessage {
    switch (message.kind) {
      case "want":
        this.pull(message.stream).catch(this.fail);
        return true;
      case "leave":
        this.read.get(message.stream)?.from.leave();
        this.read.delete(message.stream);
        return true;
      case "item": {
        const { element, waiting } = this.written.get(message.stream)!;
        waiting.shift()?.({ item: element === null ? null : this.fromFile(element, message.item) });
        return true;
      }
      case "end":
        for (const resolve of this.written.get(message.stream)?.waiting ?? []) resolve(null);
        this.written.delete(message.stream);
        return true;
      default:
        return false;
    }
  }

  private async pull(stream: number): Promise<void> {
    const read = this.read.get(stream);
    const next = (await read?.from.next()) ?? null;
    if (next === null) {
      if (this.read.delete(stream)) this.send({ kind: "end", stream });
      return;
    }
    const { element } = read!;
    this.send({ kind: "item", stream, item: element === null ? null : this.toFile(element, next.item) });
  }

  private pulled(element: ValueType | null, stream: number): Pulled {
    this.written.set(stream, { element, waiting: [] });
    return {
      next: () =>
        new Promise((resolve) => {
          const open = this.written.get(stream);
          if (open === undefined) {
            resolve(null);
            return;
          }
          open.waiting.push(resolve);
          this.send({ kind: "want", stream });
        }),
      leave: () => {
        if (this.written.delete(stream)) this.send({ kind: "leave", stream });
      },
    };
  }
}
