/**
 * How a board calls the function that an image is for: which of its parameters are streams that the firmware
 * feeds, whose handles it puts in, and whether its result is a stream that it reads, or a value, which
 * whoever started it takes. Streams and futures inside of values, and those whose items hold handles, count
 * as values.
 */
import { UserError } from "../errors/user-error.js";
import { reachesPointer } from "../wit/arena-use.js";
import {
  type CoreType,
  flatten,
  functionTypes,
  holdsHandle,
  isPointerFree,
  MAX_FLAT_PARAMS,
} from "../wit/layout.js";
import type { FunctionType, ValueType } from "../wit/model.js";
import { elementsIn, endCount, hasPointersInItems, holdsErrorContext } from "./held-ends.js";

/** A stream or future of the entry. */
export interface EntryStream {
  /** Null without element type. */
  readonly element: ValueType | null;
  readonly isFuture: boolean;
  /** Of a parameter: the 32-bit word of the core parameters that is its handle. */
  readonly place: number;
  /** Of a parameter: which one. */
  readonly param: number;
}

/** The entry of an image. */
export interface EntryShape {
  /** The parameters that are fed streams or futures, then the result, if it is one that is read. */
  readonly streams: readonly EntryStream[];
  /** Element types of all others; null without. */
  readonly held: readonly (ValueType | null)[];
  /** Of these, how many there are at once at most. */
  readonly ends: number;
  readonly paramCount: number;
  /** 32-bit words of all parameters' core values. */
  readonly words: number;
  readonly isSync: boolean;
  /** It answers with a value, or with nothing: no stream that is read. */
  readonly answersValue: boolean;
  /**
   * Parameters, or items of theirs, are lowered into memory of the guest's allocator: strings, lists, or too
   * many core values.
   */
  readonly lowersPointers: boolean;
  /** Items of others than `streams` are, while the guest waits for them. */
  readonly holdsPointers: boolean;
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
  if (functionTypes(func).some(holdsErrorContext))
    throw new UserError(`${name} passes an error-context: a board's host has none`);
  const flat = params.map(({ type }) => flatten(type));
  const cells = flat.reduce((sum, types) => sum + types.length, 0);
  const inMemory = cells > MAX_FLAT_PARAMS;
  let words = 0;
  const streams: EntryStream[] = [];
  const held: ValueType[] = [];
  let lowersPointers = false;
  params.forEach(({ type }, index) => {
    const stream = inMemory ? null : streamOf(func, type, words, index);
    if (stream === null) held.push(type);
    else streams.push(stream);
    lowersPointers ||= stream === null ? reachesPointer(type) : hasValues(stream);
    words += wordCount(flat[index]!);
  });
  const holdsPointers = held.some(hasPointersInItems);
  const paramCount = streams.length;
  if (inMemory) words = 1;
  const answer = result === null ? null : streamOf(func, result, 0, params.length);
  if (answer !== null) streams.push(answer);
  else if (result !== null) held.push(result);
  return {
    streams,
    held: held.flatMap(elementsIn),
    ends: held.reduce((sum, type) => sum + endCount(type), 0),
    paramCount,
    words,
    isSync: !func.async,
    answersValue: answer === null,
    lowersPointers: lowersPointers || inMemory,
    holdsPointers,
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

/**
 * A stream or future that the firmware feeds or reads itself; null for anything else. It does so while the
 * function waits.
 */
function streamOf(
  { async: isAsync }: FunctionType,
  type: ValueType,
  place: number,
  param: number,
): EntryStream | null {
  if ((type.kind !== "stream" && type.kind !== "future") || !isAsync) return null;
  const { element } = type;
  if (element !== null && holdsHandle(element)) return null;
  return { element, isFuture: type.kind === "future", place, param };
}
