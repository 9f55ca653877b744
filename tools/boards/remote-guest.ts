/**
 * What a board's guest is given and asked for over the serial line: its arguments, its result, and answers to
 * the functions that the firmware does not have. Values are lifted and lowered here, by their types.
 */
import { CoreValues, liftValues, lowerValues, type CoreValue } from "../host/values/flat.js";
import { SubtaskState } from "../host/tasks/subtask.js";
import type { Value } from "../host/values/value.js";
import type { Packed } from "../pack/pack.js";
import { wordCount } from "../pack/entry-shape.js";
import type { PackedFunction } from "../pack/image-functions.js";
import {
  type CoreType,
  flatten,
  flattenFunction,
  MAX_FLAT_ASYNC_PARAMS,
  MAX_FLAT_PARAMS,
  MAX_FLAT_RESULTS,
} from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { coreBytes, fromCells } from "./core-cells.js";
import type { BoardQuestion, RemoteLine } from "./remote-line.js";
import { RemoteMemory } from "./remote-memory.js";

/** Functions of the computer's for a guest on a board. */
export interface BoardFunctions {
  /** Whether there is one for each of these hashes. */
  has(hash: number): boolean;
  /** Calls one. */
  call(wanted: PackedFunction, args: readonly Value[]): Promise<Value>;
}

/** The computer's side of one guest. */
export class RemoteGuest {
  private readonly memory: RemoteMemory;
  /** What the entry answered, where that is a value; undefined until it has. */
  result: Value | undefined;

  /** @param argument the value of a parameter that is no stream or future, by its place */
  constructor(
    private readonly packed: Packed,
    private readonly argument: (index: number) => Value,
    private readonly functions: BoardFunctions,
  ) {
    this.memory = new RemoteMemory(packed.needs.memory, packed.encoding);
  }

  /** Whether each function that the firmware lacks is here. */
  hasAll(hashes: readonly number[]): boolean {
    return hashes.every((hash) => this.functions.has(hash));
  }

  /**
   * Answers a question of the board's.
   * @throws Trap for what cannot be lifted or lowered, UserError when a function is at fault
   */
  async serve(question: BoardQuestion, line: RemoteLine): Promise<void> {
    switch (question.word) {
      case "args":
        return this.giveArguments(line);
      case "result":
        return this.takeResult(question.cells, line);
      default:
        return this.call(question, line);
    }
  }

  private async giveArguments(line: RemoteLine): Promise<void> {
    const { params } = this.packed.func;
    const all = params.map(({ type }) => type);
    if (all.flatMap(flatten).length > MAX_FLAT_PARAMS) {
      const values = params.map((_, index) => this.argument(index));
      const ptr = await this.memory.lower(line, (cx) => lowerValues(cx, MAX_FLAT_PARAMS, values, all));
      await line.arguments(0, wordsOf(ptr, ["i32"]));
    } else await this.giveEach(line);
    line.answer();
  }

  private async giveEach(line: RemoteLine): Promise<void> {
    let place = 0;
    for (const [index, { type }] of this.packed.func.params.entries()) {
      const types = flatten(type);
      if (type.kind !== "stream" && type.kind !== "future") {
        const value = this.argument(index);
        const values = await this.memory.lower(line, (cx) =>
          lowerValues(cx, MAX_FLAT_PARAMS, [value], [type]),
        );
        await line.arguments(place, wordsOf(values, types));
      }
      place += wordCount(types);
    }
  }

  private async takeResult(cells: Uint8Array, line: RemoteLine): Promise<void> {
    const { result } = this.packed.func;
    this.result = null;
    if (result !== null) {
      const most = this.packed.shape.isSync ? MAX_FLAT_RESULTS : MAX_FLAT_PARAMS;
      [this.result] = await this.lift(line, most, cells, [result]);
    }
    line.answer();
  }

  private async call({ hash, cells }: BoardQuestion, line: RemoteLine): Promise<void> {
    const wanted = this.packed.functions.find((one) => one.hash === hash)!;
    const { func, isAsync } = wanted;
    const { params, results, resultInMemory } = flattenFunction(func, { context: "lower", async: isAsync });
    const types = func.params.map(({ type }) => type);
    const args = await this.lift(line, isAsync ? MAX_FLAT_ASYNC_PARAMS : MAX_FLAT_PARAMS, cells, types);
    const answer = await this.functions.call(wanted, args);
    let core: CoreValue[] = [];
    if (func.result !== null) {
      const place = fromCells(cells, params).slice(-1);
      core = await this.memory.lower(line, (cx) =>
        lowerValues(
          cx,
          isAsync ? 0 : MAX_FLAT_RESULTS,
          [answer],
          [func.result!],
          resultInMemory ? new CoreValues(place) : null,
        ),
      );
    }
    if (isAsync) core = [SubtaskState.RETURNED];
    line.answer(wordsOf(core, results));
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

function wordsOf(values: readonly CoreValue[], types: readonly CoreType[]): Uint8Array {
  return Buffer.concat(values.map((value, index) => coreBytes(value, types[index]!)));
}
