/**
 * The calls of a guest, made in a file of imports: values become JavaScript's, what a function answers
 * becomes a value, and what it does wrong becomes one message that names the function and the file.
 */
import type { Value } from "../../host/values/value.js";
import type { ValueType } from "../../wit/model.js";
import { findClass, findFunction, type FileClass, type FileFunction, NoFunction } from "./file-functions.js";
import { placeIn, thrownText } from "./file-place.js";
import type { ImportedFunction } from "./imported-function.js";
import { fromJs, type HandleType, type JsHandles, JsMismatch, toJs } from "./js-values.js";
import { inWords } from "./js-names.js";
import type { FromImports, ToImports } from "./messages.js";

interface Bound {
  readonly wanted: ImportedFunction;
  readonly body: FileFunction;
}

/** A stream that the guest writes, as the file reads it. */
interface Given {
  readonly element: ValueType | null;
  push(item: Value): void;
  end(): void;
}

/** A stream that the file writes. */
interface Made {
  next(): Promise<{ readonly item: Value } | null>;
  leave(): void;
}

/** A file of imports at work. */
export class FileImports implements JsHandles {
  /** Functions that the file does not have. */
  readonly missing: readonly string[];
  private exports: object;
  private readonly bound = new Map<string, Bound>();
  private readonly objects = new Map<number, object>();
  private readonly given = new Map<number, Given>();
  private readonly made = new Map<number, Made>();
  private lastNumber = 0;
  /** The functions have not been called yet. */
  private isFresh = true;
  /** Whose result becomes a value. */
  private answering: ImportedFunction | null = null;

  /**
   * @param file as the user names it
   * @param source the file's default export: the functions, or what makes them for an instance
   * @param send to the guest's side
   * @param own functions in place of those that the file lacks
   * @throws NoFunction when something stands in a function's place
   */
  constructor(
    private readonly file: string,
    private readonly source: unknown,
    private readonly functions: readonly ImportedFunction[],
    private readonly send: (message: FromImports) => void,
    private readonly own: object | null = null,
  ) {
    this.exports = madeBy(source);
    this.bind();
    this.missing = functions.flatMap(({ id }) => (this.bound.has(id) ? [] : [id]));
  }

  /** Does what the guest's side asks for. */
  take(message: Exclude<ToImports, { kind: "asleep" }>): void {
    switch (message.kind) {
      case "begin":
        return this.begin();
      case "call":
        return this.call(this.bound.get(message.id)!, message.call, message.args);
      case "drop":
        return this.drop(message.representation);
      case "item":
        return this.given.get(message.stream)?.push(message.item);
      case "end":
        return this.given.get(message.stream)?.end();
      case "want":
        return void this.pull(message.stream);
      case "leave":
        this.made.get(message.stream)?.leave();
        this.made.delete(message.stream);
    }
  }

  /** What the file throws outside of any call. */
  fail(error: unknown): void {
    this.send({ kind: "failed", message: `${placeIn(this.file, error)}: ${thrownText(error)}` });
  }

  toJs(type: HandleType, handle: Value): unknown {
    const number = handle as number;
    switch (type.kind) {
      case "own": {
        const object = this.objects.get(number);
        this.objects.delete(number);
        return object;
      }
      case "borrow":
        return this.objects.get(number);
      case "stream":
        return this.give(number, type.element);
      case "future":
        return this.promise(number, type.element);
      case "error-context":
        return undefined;
    }
  }

  fromJs(type: HandleType, value: unknown): Value | null {
    switch (type.kind) {
      case "own": {
        const expected = this.classOf(type.resource.owner, type.resource.name);
        const isOne = typeof value === "object" && value !== null && (!expected || value instanceof expected);
        if (!isOne) return null;
        this.objects.set(++this.lastNumber, value);
        return this.lastNumber;
      }
      case "stream":
        return this.make(streamOf(value), type.element);
      case "future":
        return isPromise(value) ? this.make(once(value), type.element) : null;
      default:
        return null;
    }
  }

  /** For another instance what was of the one before is forgotten, and the functions are made anew. */
  private begin(): void {
    if (!this.isFresh) {
      for (const table of [this.objects, this.given, this.made]) table.clear();
      try {
        this.exports = madeBy(this.source);
        this.bind();
      } catch (error) {
        this.fail(error);
      }
    }
    this.isFresh = false;
  }

  private bind(): void {
    for (const wanted of this.functions) {
      const body = this.find(wanted);
      if (body !== null) this.bound.set(wanted.id, { wanted, body });
    }
  }

  private find(wanted: ImportedFunction): FileFunction | null {
    try {
      const found = findFunction(this.exports, wanted);
      return found ?? (this.own === null ? null : findFunction(this.own, wanted));
    } catch (error) {
      if (error instanceof NoFunction)
        throw new NoFunction(
          error.message.startsWith('"') ? error.message : `${inWords(wanted)} ${error.message}`,
        );
      throw error;
    }
  }

  private classOf(owner: string, name: string): FileClass | null {
    const one = this.functions.find(
      ({ func }) => func.resource?.owner === owner && func.resource.name === name,
    );
    return one === undefined ? null : findClass(this.exports, one);
  }

  private call({ wanted, body }: Bound, call: number, args: readonly Value[]): void {
    const { func } = wanted;
    let answer: unknown;
    try {
      const values = args.map((arg, i) => toJs(func.params[i]!.type, arg, this));
      const self = func.kind === "method" ? (values.shift() as object) : null;
      answer = body(self, values);
    } catch (error) {
      this.thrown(wanted, call, error);
      return;
    }
    if (func.async && isPromise(answer)) {
      answer.then(
        (value) => {
          this.returned(wanted, call, value);
        },
        (error: unknown) => {
          this.thrown(wanted, call, error);
        },
      );
      return;
    }
    if (isPromise(answer) && func.result?.kind !== "future") {
      this.refuse(
        wanted,
        "returned a promise, and is no async function in WIT: it has to return its result itself",
      );
      return;
    }
    this.returned(wanted, call, answer);
  }

  private returned(wanted: ImportedFunction, call: number, answer: unknown): void {
    const { result } = wanted.func;
    this.answering = wanted;
    try {
      const value =
        result === null
          ? null
          : result.kind === "result"
            ? { ok: result.ok === null ? null : fromJs(result.ok, answer, this) }
            : fromJs(result, answer, this);
      this.send({ kind: "returned", call, value });
    } catch (error) {
      if (!(error instanceof JsMismatch)) throw error;
      this.refuse(wanted, `returned ${/^[.[]/.test(error.message) ? "what in " : ""}${error.message}`);
    }
  }

  /** What a function throws is its error if its result is a `result`; an `Error` without `payload` is not. */
  private thrown(wanted: ImportedFunction, call: number, error: unknown): void {
    const { result } = wanted.func;
    const hasPayload = typeof error === "object" && error !== null && Object.hasOwn(error, "payload");
    if (result?.kind !== "result" || (error instanceof Error && !hasPayload)) {
      if (error instanceof NoFunction) {
        this.refuse(wanted, error.message);
        return;
      }
      const hint =
        result?.kind === "result"
          ? "; what the guest is to get as its error is thrown as it is, or as `payload` of an Error"
          : "";
      const message = `${placeIn(this.file, error)}: ${inWords(wanted)} threw ${thrownText(error)}${hint}`;
      this.send({ kind: "failed", message });
      return;
    }
    const payload = hasPayload ? (error as { payload: unknown }).payload : error;
    try {
      const value = { error: result.error === null ? null : fromJs(result.error, payload, this) };
      this.send({ kind: "returned", call, value });
    } catch (mismatch) {
      if (!(mismatch instanceof JsMismatch)) throw mismatch;
      this.refuse(wanted, `threw ${mismatch.message}`);
    }
  }

  private refuse(wanted: ImportedFunction, what: string): void {
    this.send({ kind: "failed", message: `${this.file}: ${inWords(wanted)} ${what}` });
  }

  private drop(representation: number): void {
    const object = this.objects.get(representation) as { [Symbol.dispose]?: () => void } | undefined;
    this.objects.delete(representation);
    try {
      object?.[Symbol.dispose]?.();
    } catch (error) {
      this.fail(error);
    }
  }

  /** A stream that the guest writes: it is asked for an item when the file asks for one. */
  private give(stream: number, element: ValueType | null): AsyncIterable<unknown> {
    const waiting: { resolve: (result: IteratorResult<unknown, undefined>) => void }[] = [];
    let ended = false;
    const over = { done: true, value: undefined } as const;
    const finish = (): void => {
      ended = true;
      for (const { resolve } of waiting.splice(0)) resolve(over);
      this.given.delete(stream);
    };
    this.given.set(stream, {
      element,
      push: (item) => {
        const value = element === null ? undefined : toJs(element, item, this);
        waiting.shift()?.resolve({ done: false, value });
      },
      end: finish,
    });
    const iterator: AsyncIterableIterator<unknown, undefined> = {
      next: () => {
        if (ended) return Promise.resolve(over);
        this.send({ kind: "want", stream });
        return new Promise((resolve) => waiting.push({ resolve }));
      },
      return: () => {
        if (!ended) this.send({ kind: "leave", stream });
        finish();
        return Promise.resolve(over);
      },
      [Symbol.asyncIterator]: () => iterator,
    };
    return iterator;
  }

  private async promise(stream: number, element: ValueType | null): Promise<unknown> {
    const result = await this.give(stream, element)[Symbol.asyncIterator]().next();
    return result.value as unknown;
  }

  private make(
    items: AsyncIterator<unknown> | Iterator<unknown> | null,
    element: ValueType | null,
  ): number | null {
    if (items === null) return null;
    const wanted = this.answering!;
    this.made.set(++this.lastNumber, {
      next: async () => {
        const { done, value } = await items.next();
        if (done) return null;
        try {
          return { item: element === null ? null : fromJs(element, value, this) };
        } catch (error) {
          if (!(error instanceof JsMismatch)) throw error;
          this.refuse(wanted, `answered with a stream or future that brought ${error.message}`);
          return null;
        }
      },
      leave: () => void items.return?.(),
    });
    return this.lastNumber;
  }

  private async pull(stream: number): Promise<void> {
    const made = this.made.get(stream);
    try {
      const next = (await made?.next()) ?? null;
      if (next === null) this.made.delete(stream);
      this.send(next === null ? { kind: "end", stream } : { kind: "item", stream, item: next.item });
    } catch (error) {
      this.fail(error);
    }
  }
}

/** @throws NoFunction when it is no object */
function madeBy(source: unknown): object {
  const exports: unknown = typeof source === "function" ? (source as () => unknown)() : source;
  if (typeof exports === "object" && exports !== null) return exports;
  const what = typeof source === "function" ? "what the default export returns" : "the default export";
  const has =
    exports === undefined
      ? "there is no default export"
      : `${what} is ${exports === null ? "null" : `a ${typeof exports}`}`;
  throw new NoFunction(
    `${has}; it has to be an object of the functions, as in export default { "my:gpio/board": { set(pin, on) {} } }`,
  );
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === "function";
}

/** The items of what a file answers with where a stream is wanted; null for what has none. */
function streamOf(value: unknown): AsyncIterator<unknown> | Iterator<unknown> | null {
  if (typeof value !== "object" || value === null) return null;
  const iterable = value as Partial<AsyncIterable<unknown>> & Partial<Iterable<unknown>>;
  return iterable[Symbol.asyncIterator]?.() ?? iterable[Symbol.iterator]?.() ?? null;
}

async function* once(value: Promise<unknown>): AsyncGenerator<unknown> {
  yield await value;
}
