/**
 * Which arguments of a world's core imports point into linear memory: what the host
 * may touch while a call or a copy lasts.
 */
import {
  MAX_FLAT_PARAMS,
  elemSize,
  flatten,
  flattenFunction,
  isPointerFree,
  functionTypes,
} from "../wit/layout.js";
import type { FunctionType, World } from "../wit/model.js";
import { canonicalField } from "./callback/expected-events.js";
import type { LentArgument, LentArguments } from "./passes/promote-frame.js";
import { guestImports } from "../wit/pair-types.js";

/** Bytes that an event takes: the waitable's handle and the payload. */
const EVENT_BYTES = 8;

/** Looks a world's imports up; null for an import whose pointers are not followed here. */
export function lentArguments(world: World): LentArguments {
  const known = new Map<string, readonly LentArgument[] | null>();
  for (const { module, name, meaning } of guestImports(world)) {
    known.set(`${module} ${name}`, argumentsOf(meaning));
  }
  return (module, name) => known.get(`${module} ${canonicalField(name)}`) ?? null;
}

type Meaning = ReturnType<typeof guestImports>[number]["meaning"];

function argumentsOf(meaning: Meaning): readonly LentArgument[] | null {
  switch (meaning.kind) {
    case "builtin": {
      const writesEvent = meaning.builtin === "waitable-set.wait" || meaning.builtin === "waitable-set.poll";
      return writesEvent ? [{ pointer: 1, byteLength: () => EVENT_BYTES }] : [];
    }
    case "copy": {
      if (!/\.(read|write)$/.test(meaning.builtin)) return [];
      const bytes = meaning.element ? elemSize(meaning.element) : 0;
      const isStream = meaning.builtin.startsWith("stream");
      const follows = meaning.element !== null && !isPointerFree(meaning.element);
      return [{ pointer: 1, byteLength: (constants) => lengthOf(isStream, constants, bytes), follows }];
    }
    case "task.return":
      return returnArguments(meaning.func);
    case "call":
      return callArguments(meaning.func, meaning.async);
    case "resource":
      return [];
  }
}

function lengthOf(isStream: boolean, constants: readonly (number | null)[], bytes: number): number | null {
  if (!isStream) return bytes;
  const length = constants[2];
  return length === undefined || length === null ? null : length * bytes;
}

/** A result that does not fit core parameters is read from memory. */
function returnArguments({ result }: FunctionType): readonly LentArgument[] | null {
  if (!result) return [];
  if (!isPointerFree(result)) return null;
  if (flatten(result).length <= MAX_FLAT_PARAMS) return [];
  return [{ pointer: 0, byteLength: () => elemSize(result) }];
}

/**
 * A lowered call lends its result's place, and its parameters' when they stand
 * in memory; pointers are not followed.
 */
function callArguments(func: FunctionType, async: boolean): readonly LentArgument[] | null {
  const flat = flattenFunction(func, { context: "lower", async });
  if (!functionTypes(func).every(isPointerFree)) return null;
  const lent: LentArgument[] = [];
  if (flat.paramsInMemory) {
    const bytes = elemSize({ kind: "tuple", types: func.params.map((param) => param.type) });
    lent.push({ pointer: 0, byteLength: () => bytes });
  }
  if (flat.resultInMemory && func.result) {
    const bytes = elemSize(func.result);
    lent.push({ pointer: flat.params.length - 1, byteLength: () => bytes });
  }
  return lent;
}
