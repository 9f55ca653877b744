/**
 * What a board's guest is given and asked for over the serial line: its arguments, its result, and answers to
 * the functions that the firmware does not have. Values are lifted and lowered here, by their types.
 */
import { CoreValues, liftValues, lowerValues, type CoreValue } from "../../host/values/flat.js";
import { SubtaskState } from "../../host/tasks/subtask.js";
import { Trap } from "../../host/values/trap.js";
import type { Value } from "../../host/values/value.js";
import { droppedResource, numberedHandles, ownUse } from "../../c-host/resource-numbers.js";
import { type Borrowed, ResourceTable } from "../imports/resource-table.js";
import { mapHandles } from "../calls/received.js";
import type { Asking } from "../../native/board-guest.js";
import type { Board } from "../../pack/board-table.js";
import { wordCount } from "../../pack/entry-shape.js";
import { type Flow, gatherEnds, type Reading } from "./gathered-items.js";
import { type EndType, HELD_ANSWERS, HELD_END, HeldItems, isEnd, type Pulled } from "./held-items.js";
import type { PackedFunction } from "../../pack/image-functions.js";
import {
  type CoreType,
  flatten,
  flattenFunction,
  MAX_FLAT_ASYNC_PARAMS,
  MAX_FLAT_PARAMS,
  MAX_FLAT_RESULTS,
} from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { coreBytes, fromCells } from "./core-cells.js";
import { nextTurn, thisTurn } from "./next-turn.js";
import { type RemoteQuestion, type RemoteLine, type RemoteNews, word } from "./remote-line.js";
import { RemoteMemory } from "./remote-memory.js";

/** Functions of the computer's for a guest on a board. */
export interface RemoteFunctions {
  /** Whether there is one for each of these hashes. */
  has(hash: number): boolean;
  /** Calls one. Streams and futures in values are `Pulled`, either way. */
  call(wanted: PackedFunction, args: readonly Value[]): Promise<Value>;
  /** Is told when the guest has dropped a resource of theirs. */
  drop?(representation: Value): void;
}

/** Where a guest runs. */
export interface GuestPlace extends Pick<Board, "lowersInCalls"> {
  /** On this machine: what a thread answers comes later, however fast it is. */
  readonly isHere?: true;
}

/** A call of an async function that goes on. */
interface OpenCall {
  readonly wanted: PackedFunction;
  readonly cells: Uint8Array;
  readonly borrowed: Borrowed;
  /** What it answered; null until it has. */
  answer: { readonly value: Value } | null;
}

/** The computer's side of one guest. */
export class RemoteGuest {
  private readonly memory: RemoteMemory;
  /** By number; in the order in which they were begun. */
  private readonly open = new Map<number, OpenCall>();
  private readonly resources = new ResourceTable((representation) => this.functions.drop?.(representation));
  private readonly held: HeldItems;
  /** Streams and futures in results. */
  private readonly reading: Reading[] = [];
  private lastNumber = 0;
  /** The function that runs. */
  private called: Pick<Asking, "func" | "shape">;
  /**
   * What the entry answered, where that is a value; undefined until it has. Streams and futures in it are
   * read, and are `Gathered` and `Awaited`.
   */
  result: Value | undefined;
  /** Items with strings or lists that it wrote to the stream, or future, that it answered with. */
  written: Value[] = [];
  /** Why the guest had to trap, if that was for what it passed. */
  trap: string | null = null;
  /** Items of each stream in a result after which it is read no longer. */
  limit = Infinity;
  /** Where the result goes as it comes, if it is a stream that is read here. */
  flow: Flow | null = null;
  /** Items of streams in results. */
  itemsOut = 0;

  /**
   * @param argument the value of a parameter that is not fed, by its place; streams and futures in it are
   * `Pulled`
   * @param board that it runs on, if it does
   * @param nextItem of a parameter's stream, by its number, whose items hold strings or lists; undefined
   * at its end
   */
  constructor(
    private readonly packed: Asking,
    private argument: (index: number) => Value,
    private readonly functions: RemoteFunctions,
    private readonly board: GuestPlace = {},
    private nextItem: (stream: number) => Value | undefined = () => undefined,
  ) {
    this.called = packed;
    this.memory = new RemoteMemory(packed.needs.memory, packed.encoding, packed.elements);
    this.held = new HeldItems(packed.elements);
  }

  /** From now on another function of the guest runs. */
  begin(
    called: Pick<Asking, "func" | "shape">,
    argument: (index: number) => Value,
    nextItem: (stream: number) => Value | undefined,
  ): void {
    this.called = called;
    this.argument = argument;
    this.nextItem = nextItem;
    this.result = undefined;
    this.written = [];
  }

  /** Whether each function that the firmware lacks is here. */
  hasAll(hashes: readonly number[]): boolean {
    return hashes.every((hash) => {
      const wanted = this.packed.functions.find((one) => one.hash === hash);
      return (wanted !== undefined && ownUse(wanted.func) !== null) || this.functions.has(hash);
    });
  }

  /**
   * Answers a question of the board's, or has its guest trap for what cannot be lifted or lowered.
   * @throws UserError when a function is at fault
   */
  async serve(question: RemoteQuestion, line: RemoteLine): Promise<void> {
    try {
      await this.serveValues(question, line);
    } catch (error) {
      if (!(error instanceof Trap)) throw error;
      this.trap = error.message;
      line.refuse(error.message);
    }
  }

  private serveValues(question: RemoteQuestion, line: RemoteLine): Promise<void> {
    switch (question.word) {
      case "args":
        return this.giveArguments(line);
      case "result":
        return this.takeResult(question.cells, line);
      case "start":
        return this.start(question, line);
      case "next":
        return this.giveAnswer(line);
      case "item":
        return this.giveItem(question.cells, line);
      case "wrote":
        return this.takeItem(question, line);
      default:
        return this.call(question, line);
    }
  }

  private async giveArguments(line: RemoteLine): Promise<void> {
    const { params } = this.called.func;
    const all = params.map(({ type }) => numberedHandles(type));
    if (all.flatMap(flatten).length > MAX_FLAT_PARAMS) {
      const values: Value[] = [];
      for (const index of params.keys()) values.push(await this.numbered(index, line));
      const ptr = await this.memory.lower(line, (cx) => lowerValues(cx, MAX_FLAT_PARAMS, values, all));
      await line.arguments(0, wordsOf(ptr, ["i32"]));
    } else await this.giveEach(line);
    line.answer();
  }

  private async giveEach(line: RemoteLine): Promise<void> {
    let place = 0;
    const { func, shape } = this.called;
    for (const [index, { type }] of func.params.entries()) {
      const types = flatten(type);
      if (!shape.streams.some(({ param }) => param === index)) {
        const value = await this.numbered(index, line);
        const values = await this.memory.lower(line, (cx) =>
          lowerValues(cx, MAX_FLAT_PARAMS, [value], [numberedHandles(type)]),
        );
        await line.arguments(place, wordsOf(values, types));
      }
      place += wordCount(types);
    }
  }

  /** An argument, with a number for each handle in it. */
  private numbered(index: number, line: RemoteLine): Promise<Value> {
    return this.give(this.called.func.params[index]!.type, this.argument(index), line);
  }

  /** A value for the guest, with a number for each handle; what is borrowed of its own stands for itself. */
  private async give(type: ValueType, value: Value, line: RemoteLine): Promise<Value> {
    const numbered = await this.giveEnds(type, value, line);
    return mapHandles(type, numbered, (inner, of) => {
      if (inner.kind === "own") return this.resources.add(inner.resource, of);
      const isLent = inner.kind === "borrow" && inner.resource.exported !== true;
      return isLent ? this.resources.lend(inner.resource, of) : of;
    });
  }

  /** A value of the guest's, with what the numbers in it stand for. Traps: one that is none of its handles */
  private async take(type: ValueType, numbered: Value, line: RemoteLine): Promise<Value> {
    const value = await this.takeEnds(type, numbered, line);
    return mapHandles(type, value, (inner, of) =>
      inner.kind === "own" ? this.resources.take(inner.resource, of as number) : of,
    );
  }

  private giveEnds(type: ValueType, value: Value, line: RemoteLine): Promise<Value> {
    return mapEnds(type, value, (inner, of) => this.held.give(line, inner, of as unknown as Pulled));
  }

  private takeEnds(type: ValueType, value: Value, line: RemoteLine): Promise<Value> {
    return mapEnds(
      type,
      value,
      async (inner, of) => (await this.held.take(line, inner, of as number)) as unknown as Value,
    );
  }

  private async takeResult(cells: Uint8Array, line: RemoteLine): Promise<void> {
    const { result } = this.called.func;
    this.result = null;
    this.resources.checkReturned();
    if (result !== null) {
      const most = this.called.shape.isSync ? MAX_FLAT_RESULTS : MAX_FLAT_PARAMS;
      const [numbered] = await this.lift(line, most, cells, [numberedHandles(result)]);
      const value = await this.take(result, numbered!, line);
      const isFed = this.called.func.params.some(({ type }) => type.kind === "stream");
      this.result = gatherEnds(result, value, {
        limit: isFed ? Infinity : this.limit,
        flow: this.flow,
        reading: (one) => this.reading.push(one),
        came: () => this.itemsOut++,
      });
    }
    line.answer();
  }

  /** The call has ended: reads what is left of its result, where the guest only passed it on. */
  async settled(): Promise<void> {
    for (let next = this.reading.shift(); next !== undefined; next = this.reading.shift()) {
      if (next.from.isGuests === true) next.from.leave();
      await next.done;
    }
  }

  private async giveItem(cells: Uint8Array, line: RemoteLine): Promise<void> {
    const stream = fromCells(cells, ["i32"])[0] as number;
    if (stream >>> 0 >= HELD_END) return this.giveHeld(stream >>> 0, line);
    const value = this.nextItem(stream);
    if (value !== undefined) {
      const { streams } = this.called.shape;
      const { element } = streams[stream % streams.length]!;
      await line.arguments(0, await this.memory.lowerItem(line, element!, value));
    }
    line.answer(word(value === undefined ? 0 : 1));
  }

  private async giveHeld(number: number, line: RemoteLine): Promise<void> {
    const element = this.held.elementOf(number);
    const next = await this.held.pull(line, number);
    if (typeof next === "string") return line.answer(word(HELD_ANSWERS[next]));
    if (element !== null) {
      const item = await this.give(element, next.item, line);
      const bytes = await this.memory.lowerItem(line, numberedHandles(element), item);
      await line.arguments(0, inWords(bytes));
    }
    line.answer(word(HELD_ANSWERS.item));
  }

  private async takeHeld(number: number, cells: Uint8Array, line: RemoteLine): Promise<void> {
    const element = this.held.elementOf(number);
    let item: Value = null;
    if (element !== null) {
      const numbered = await this.memory.liftItem(line, numberedHandles(element), cells);
      item = await this.take(element, numbered, line);
    }
    line.answer(word(await this.held.push(number, item)));
  }

  private async takeItem({ hash, cells }: RemoteQuestion, line: RemoteLine): Promise<void> {
    if (hash !== null) return this.takeHeld(hash, cells, line);
    const { streams, paramCount } = this.called.shape;
    this.written.push(await this.memory.liftItem(line, streams[paramCount]!.element!, cells));
    line.answer();
  }

  /** The guest has cancelled a call: its answer is nobody's. Or it has dropped an end that is held here. */
  gone(number: number): void {
    if (number >= HELD_END) return this.held.gone(number);
    this.open.get(number)?.borrowed.over();
    this.open.delete(number);
  }

  /** The guest waits with an item: whoever reads it may do so only for the sake of an item of its own. */
  full(news: RemoteNews): void {
    this.held.askAhead(news);
  }

  private async call({ hash, cells }: RemoteQuestion, line: RemoteLine): Promise<void> {
    const wanted = this.wanted(hash);
    const { results } = flattenFunction(wanted.func, { context: "lower", async: false });
    const numbers = await this.liftNumbers(wanted, cells, line);
    const dropped = droppedResource(wanted.func);
    if (dropped !== null) {
      this.resources.drop(dropped, numbers[0] as number);
      return line.answer();
    }
    const own = ownUse(wanted.func);
    if (own !== null) {
      const use = ({ new: "add", rep: "representation", drop: "take" } as const)[own];
      return line.answer(word(this.resources[use](wanted.func.resource!, numbers[0] as number) as number));
    }
    const { args, borrowed } = await this.liftHandles(wanted, numbers, line);
    const answer = await this.functions.call(wanted, args);
    borrowed.over();
    const core = await this.lowerResult(wanted, cells, answer, line);
    // A board without a clock has no calls that go on: an async one has returned, too.
    line.answer(wanted.isAsync ? word(SubtaskState.RETURNED) : wordsOf(core, results));
  }

  /**
   * Of an async function: what has answered by the next turn of the event loop has returned at once, and what
   * could not be lowered later.
   */
  private async start({ hash, cells }: RemoteQuestion, line: RemoteLine): Promise<void> {
    const wanted = this.wanted(hash);
    const numbers = await this.liftNumbers(wanted, cells, line);
    const { args, borrowed } = await this.liftHandles(wanted, numbers, line);
    const call: OpenCall = { wanted, cells, borrowed, answer: null };
    const number = ++this.lastNumber;
    const answering = this.functions.call(wanted, args);
    const answer = answering.then((value) => ({ value }));
    const isWaitedFor = wanted.lowersPointers && this.board.lowersInCalls === true;
    const goesOn = this.board.isHere === true ? thisTurn(null) : nextTurn(null);
    const answered = await (isWaitedFor ? answer : Promise.race([answer, goesOn]));
    if (answered !== null) {
      borrowed.over();
      return this.answerWith(0, call, answered.value, line);
    }
    this.open.set(number, call);
    line.answer(word(number));
    answering.then(
      (value) => {
        call.answer = { value };
        if (this.open.has(number)) line.news.answered();
      },
      (error: unknown) => {
        line.news.failed(error);
      },
    );
  }

  /** Of the first call that has one, or the end. */
  private async giveAnswer(line: RemoteLine): Promise<void> {
    const news = this.held.news();
    if (news !== null) return line.answer(word(news));
    for (const [number, call] of this.open) {
      if (call.answer === null) continue;
      this.open.delete(number);
      call.borrowed.over();
      return this.answerWith(number, call, call.answer.value, line);
    }
    line.answer(word(0));
  }

  /** Of a call that was not lowered with `async`, and waits, the core result goes with its number. */
  private async answerWith(
    number: number,
    { wanted, cells }: OpenCall,
    value: Value,
    line: RemoteLine,
  ): Promise<void> {
    const core = await this.lowerResult(wanted, cells, value, line);
    const { results } = flattenFunction(wanted.func, { context: "lower", async: false });
    line.answer(Buffer.concat([word(number), wanted.isAsync ? new Uint8Array(0) : wordsOf(core, results)]));
  }

  private wanted(hash: number | null): PackedFunction {
    return this.packed.functions.find((one) => one.hash === hash)!;
  }

  private async liftHandles(
    { func }: PackedFunction,
    numbers: readonly Value[],
    line: RemoteLine,
  ): Promise<ReturnType<ResourceTable["lift"]>> {
    const args: Value[] = [];
    for (const [index, number] of numbers.entries())
      args.push(await this.takeEnds(func.params[index]!.type, number, line));
    return this.resources.lift(func, args);
  }

  /** The arguments, with a number for each handle. */
  private liftNumbers(
    { func, isAsync }: PackedFunction,
    cells: Uint8Array,
    line: RemoteLine,
  ): Promise<Value[]> {
    const types = func.params.map(({ type }) => numberedHandles(type));
    return this.lift(line, isAsync ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS, cells, types);
  }

  private async lowerResult(
    { func, isAsync }: PackedFunction,
    cells: Uint8Array,
    value: Value,
    line: RemoteLine,
  ): Promise<CoreValue[]> {
    if (func.result === null) return [];
    const result = numberedHandles(func.result);
    const numbered = this.resources.lower(func, await this.giveEnds(func.result, value, line));
    const { params, resultInMemory } = flattenFunction(func, { context: "lower", async: isAsync });
    const place = fromCells(cells, params).slice(-1);
    return this.memory.lower(line, (cx) =>
      lowerValues(
        cx,
        isAsync ? 0 : MAX_FLAT_RESULTS,
        [numbered],
        [result],
        resultInMemory ? new CoreValues(place) : null,
      ),
    );
  }

  private lift(
    line: RemoteLine,
    most: number,
    cells: Uint8Array,
    types: readonly ValueType[],
  ): Promise<Value[]> {
    const flat = types.flatMap(flatten);
    const core = fromCells(cells, flat.length > most ? ["i32"] : flat);
    return this.memory.lift(line, (cx) => liftValues(cx, most, new CoreValues(core), types));
  }
}

/** What `change` makes of each stream and future in a value, one after the other. */
async function mapEnds(
  type: ValueType,
  value: Value,
  change: (type: EndType, value: Value) => Promise<Value>,
): Promise<Value> {
  const found: { readonly type: EndType; readonly value: Value }[] = [];
  mapHandles(type, value, (inner, of) => {
    if (isEnd(inner)) found.push({ type: inner, value: of });
    return of;
  });
  const changed: Value[] = [];
  for (const one of found) changed.push(await change(one.type, one.value));
  let next = 0;
  return mapHandles(type, value, (inner, of) => (isEnd(inner) ? changed[next++]! : of));
}

/** With zeros up to a whole word. */
function inWords(bytes: Uint8Array): Uint8Array {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

function wordsOf(values: readonly CoreValue[], types: readonly CoreType[]): Uint8Array {
  return Buffer.concat(values.map((value, index) => coreBytes(value, types[index]!)));
}
