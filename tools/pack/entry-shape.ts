/**
 * How a board calls the function that an image is for: which of its parameters are streams, whose handles the
 * firmware puts in, and whether its result is a stream or a value, which whoever started it takes.
 */
import { UserError } from "../errors/user-error.js";
import { type CoreType, flatten, holdsHandle, isPointerFree, MAX_FLAT_PARAMS } from "../wit/layout.js";
import type { FunctionType, ValueType } from "../wit/model.js";

/** A stream or future of the entry. */
export interface EntryStream {
  /** Null without element type. */
  readonly element: ValueType | null;
  readonly isFuture: boolean;
  /** Of a parameter: the 32-bit word of the core parameters that is its handle. */
  readonly place: number;
}

/** The entry of an image. */
export interface EntryShape {
  /** The parameters that are streams or futures, then the result, if it is one. */
  readonly streams: readonly EntryStream[];
  readonly paramCount: number;
  /** 32-bit words of all parameters' core values. */
  readonly words: number;
  readonly isSync: boolean;
  /** It answers with a value, or with nothing: no stream. */
  readonly answersValue: boolean;
  /**
   * Parameters, or items of theirs, are lowered into memory of the guest's allocator: strings, lists, or too
   * many core values.
   */
  readonly lowersPointers: boolean;
}

/** Whether format 1 holds it: streams in and a stream out. */
export function isFilter({ streams, words, paramCount, isSync, answersValue }: EntryShape): boolean {
  const isPlain = ({ element, isFuture }: EntryStream): boolean =>
    !isFuture && element !== null && isPointerFree(element);
  return !isSync && !answersValue && words === paramCount && streams.every(isPlain);
}

/** Whether the computer lifts and lowers the stream's items: they hold strings or lists. */
export function hasValues({ element }: EntryStream): boolean {
  return element !== null && !isPointerFree(element);
}

/** @throws UserError when a board cannot call `func` */
export function entryShape(func: FunctionType): EntryShape {
  const { name, params, result } = func;
  const flat = params.map(({ type }) => flatten(type));
  const cells = flat.reduce((sum, types) => sum + types.length, 0);
  const inMemory = cells > MAX_FLAT_PARAMS;
  let words = 0;
  const streams: EntryStream[] = [];
  let lowersPointers = false;
  params.forEach((param, index) => {
    const stream = streamOf(param.type, `parameter ${param.name} of ${name}`, words);
    if (stream !== null) streams.push(stream);
    lowersPointers ||= stream === null ? !isPointerFree(param.type) : hasValues(stream);
    words += wordCount(flat[index]!);
  });
  const paramCount = streams.length;
  if (inMemory && paramCount > 0)
    throw new UserError(
      `${name} takes ${cells} core values as parameters, streams among them; with streams a board gives at most ${MAX_FLAT_PARAMS}`,
    );
  if (inMemory) words = 1;
  const answer = result === null ? null : streamOf(result, `the result of ${name}`, 0);
  if (answer !== null) streams.push(answer);
  if (!func.async && streams.length > 0)
    throw new UserError(
      `${name} passes streams and is not async, so it could not wait for them: make it async`,
    );
  return {
    streams,
    paramCount,
    words,
    isSync: !func.async,
    answersValue: answer === null,
    lowersPointers: lowersPointers || inMemory,
  };
}

/** 32-bit words that core values of these types take. */
export function wordCount(types: readonly CoreType[]): number {
  return types.reduce((sum, type) => sum + (type === "i64" || type === "f64" ? 2 : 1), 0);
}

/** Handles of a stream parameter and its waitable set, and of a result's two ends with theirs. */
const PARAM_HANDLES = 2;
const RESULT_HANDLES = 3;

/** Handles that an entry with so many streams as parameters and as its result has at once. */
export function handleCount(paramCount: number, resultCount: number): number {
  return PARAM_HANDLES * paramCount + RESULT_HANDLES * resultCount;
}

/** @throws UserError for handles */
function streamOf(type: ValueType, where: string, place: number): EntryStream | null {
  if (type.kind !== "stream" && type.kind !== "future") {
    if (!holdsHandle(type)) return null;
    throw new UserError(`${where} holds a resource, or a stream inside of a value: a board passes neither`);
  }
  const { element } = type;
  if (element !== null && holdsHandle(element))
    throw new UserError(
      `${where} has items with resources, streams or futures: a board feeds and reads only items of values`,
    );
  return { element, isFuture: type.kind === "future", place };
}
