/**
 * Streams and futures of a guest elsewhere whose other ends are here: firmware/remote_ends.h. Each is pulled
 * from, item by item, by whoever reads it: what the guest writes by the computer's functions, what these
 * write by the guest.
 */
import type { Value } from "../../host/values/value.js";
import { typesEqual } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { nextTurn } from "./next-turn.js";
import type { RemoteLine, RemoteNews } from "./remote-line.js";

/** What a stream brings, or a future, which brings one item. */
export interface Pulled {
  /** The next item; null when there are no more. */
  next(): Promise<{ readonly item: Value } | null>;
  /** Nobody reads on. */
  leave(): void;
  /** The guest writes it, so nothing comes while no task of it runs. */
  readonly isGuests?: true;
}

/** The type of a stream or future. */
export type EndType = ValueType & { readonly kind: "stream" | "future" };

/** In the number of an end, above its place: REMOTE_END of firmware/remote_ends.h. */
export const HELD_END = 0x8000_0000;
/** Beside it, where nobody reads the end any more: REMOTE_END_LEFT. */
const LEFT = 0x4000_0000;

/** What to answer when the guest waits with an item, or for one: `enum answer` of firmware/remote_ends.c. */
export const HELD_ANSWERS = { over: 0, item: 1, later: 2 } as const;

/** An end of which the guest reads. */
interface Given {
  readonly type: EndType;
  readonly from: Pulled;
  /** It was asked for, and has not come, or has and was not given yet. */
  coming: Promise<{ readonly item: Value } | null> | null;
}

/** An end that the guest writes: who reads it. */
class Taken implements Pulled {
  readonly isGuests = true;
  private waiting: ((next: { readonly item: Value } | null) => void) | null = null;
  private isOver = false;
  private hasLeft = false;
  /** The guest is being answered, and told of what has become of the end. */
  isPushing = false;

  /** @param told when an item is wanted that was not before, or none any more */
  constructor(
    readonly type: EndType,
    private readonly told: (what: "late" | "left") => void,
  ) {}

  next(): Promise<{ readonly item: Value } | null> {
    if (this.isOver || this.hasLeft) return Promise.resolve(null);
    return new Promise((resolve) => {
      this.waiting = resolve;
      this.told("late");
    });
  }

  leave(): void {
    if (this.isOver || this.hasLeft) return;
    this.hasLeft = true;
    this.waiting?.(null);
    this.waiting = null;
    this.told("left");
  }

  /** The guest waits with an item, which somebody wants. */
  push(item: Value): void {
    const { waiting } = this;
    this.waiting = null;
    waiting?.({ item });
    if (this.type.kind === "future") this.isOver = true;
  }

  end(): void {
    this.isOver = true;
    this.waiting?.(null);
    this.waiting = null;
  }

  /** What to tell the guest that waits with an item. */
  get answer(): number {
    if (this.isOver || this.hasLeft) return HELD_ANSWERS.over;
    return this.waiting === null ? HELD_ANSWERS.later : HELD_ANSWERS.item;
  }
}

/** All ends of one guest, by their places. */
export class HeldItems {
  private readonly given = new Map<number, Given>();
  private readonly taken = new Map<number, Taken>();
  /** Places that the board is to look at again, or to leave. */
  private readonly woken = new Map<number, "late" | "left">();

  /** @param elements those of the guest's image, in its order; null where streams have none */
  constructor(private readonly elements: readonly (ValueType | null)[]) {}

  /** The guest gets a readable end. @returns its handle */
  async give(line: RemoteLine, type: EndType, from: Pulled): Promise<number> {
    const [place, handle] = await line.give(...this.what(type));
    this.woken.delete(place);
    this.given.set(place, { type, from, coming: null });
    return handle;
  }

  /** The guest gives one away. */
  async take(line: RemoteLine, type: EndType, handle: number): Promise<Pulled> {
    const { place, isOwn } = await line.take(...this.what(type), handle);
    const own = this.given.get(place);
    if (isOwn && own !== undefined) {
      this.given.delete(place);
      return passedOn(own);
    }
    const taken = new Taken(type, (what) => {
      // A later one may have its place.
      if (this.taken.get(place) !== taken || taken.isPushing) return;
      this.wake(line, place, what);
      if (what === "left") this.taken.delete(place);
    });
    this.woken.delete(place);
    this.taken.set(place, taken);
    return taken;
  }

  /** The type of an item of the end of this number. */
  elementOf(number: number): ValueType | null {
    const place = number - HELD_END;
    return (this.given.get(place) ?? this.taken.get(place))!.type.element;
  }

  /**
   * The guest waits for an item. @returns it; "over" when there are no more, "later" when there is none yet
   */
  async pull(line: RemoteLine, number: number): Promise<{ readonly item: Value } | "over" | "later"> {
    const place = number - HELD_END;
    const given = this.given.get(place)!;
    given.coming ??= given.from.next();
    const { coming } = given;
    const next = await Promise.race([coming, nextTurn("later" as const)]);
    if (next === "later") {
      coming.then(
        () => {
          if (this.given.get(place) === given) this.wake(line, place, "late");
        },
        (error: unknown) => {
          line.news.failed(error);
        },
      );
      return "later";
    }
    given.coming = null;
    if (next === null) this.given.delete(place);
    return next ?? "over";
  }

  /** Asks for the next item of all ends that the guest reads. */
  askAhead(news: RemoteNews): void {
    for (const given of this.given.values()) {
      given.coming ??= given.from.next();
      given.coming.catch((error: unknown) => {
        news.failed(error);
      });
    }
  }

  /** The guest waits with an item. @returns what to answer */
  async push(number: number, item: Value): Promise<number> {
    const place = number - HELD_END;
    const taken = this.taken.get(place)!;
    taken.isPushing = true;
    taken.push(item);
    await nextTurn(null);
    taken.isPushing = false;
    if (taken.answer === HELD_ANSWERS.over) this.taken.delete(place);
    return taken.answer;
  }

  /** An end that is no longer late. @returns its number; null for none */
  news(): number | null {
    const [first] = this.woken;
    if (first === undefined) return null;
    const [place, what] = first;
    this.woken.delete(place);
    return HELD_END + place + (what === "left" ? LEFT : 0);
  }

  /** The guest has dropped its end. */
  gone(number: number): void {
    const place = number - HELD_END;
    this.woken.delete(place);
    this.given.get(place)?.from.leave();
    this.given.delete(place);
    this.taken.get(place)?.end();
    this.taken.delete(place);
  }

  private wake(line: RemoteLine, place: number, what: "late" | "left"): void {
    this.woken.set(place, what);
    line.news.answered();
  }

  private what({ kind, element }: EndType): [index: number, isFuture: boolean] {
    return [this.elements.findIndex((one) => typesEqual(one, element)), kind === "future"];
  }
}

/** What is left of an end that the guest was given, and hands on: an item that was asked for comes first. */
function passedOn({ from, coming }: Given): Pulled {
  let first = coming;
  return {
    next: () => {
      const next = first ?? from.next();
      first = null;
      return next;
    },
    leave: () => {
      from.leave();
    },
  };
}

/** Whether a handle is an end of a stream or future. */
export function isEnd(type: ValueType): type is EndType {
  return type.kind === "stream" || type.kind === "future";
}

/** Items that are there already. */
export function pulledFrom(items: readonly Value[]): Pulled {
  const left = items.values();
  return {
    next: () => {
      const { done, value } = left.next();
      return Promise.resolve(done === true ? null : { item: value as Value });
    },
    leave: () => undefined,
  };
}
