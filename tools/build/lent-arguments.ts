/** Which arguments of a world's core imports point into linear memory: what the host may touch while a call or a copy lasts. */
import { coreImports } from "../wit/core-names.js";
import { elemSize, flattenFunction, isPointerFree } from "../wit/layout.js";
import type { FunctionType, World } from "../wit/model.js";
import type { LentArgument, LentArguments } from "./passes/promote-frame.js";

/** Bytes that an event takes: the waitable's handle and the payload. */
const EVENT_BYTES = 8;

/** Looks a world's imports up; null for an import whose pointers are not followed here. */
export function lentArguments(world: World): LentArguments {
  const known = new Map<string, readonly LentArgument[] | null>();
  for (const { module, name, meaning } of coreImports(world)) {
    known.set(`${module} ${name}`, argumentsOf(meaning));
  }
  return (module, name) => known.get(`${module} ${name}`) ?? null;
}

type Meaning = ReturnType<typeof coreImports>[number]["meaning"];

function argumentsOf(meaning: Meaning): readonly LentArgument[] | null {
  switch (meaning.kind) {
    case "builtin": {
      const writesEvent = meaning.builtin === "waitable-set.wait" || meaning.builtin === "waitable-set.poll";
      return writesEvent ? [{ pointer: 1, byteLength: () => EVENT_BYTES }] : [];
    }
    case "copy": {
      if (!/\.(read|write)$/.test(meaning.builtin)) return [];
      if (meaning.element && !isPointerFree(meaning.element)) return null;
      const bytes = meaning.element ? elemSize(meaning.element) : 0;
      const isStream = meaning.builtin.startsWith("stream");
      return [{ pointer: 1, byteLength: (constants) => lengthOf(isStream, constants, bytes) }];
    }
    case "task.return":
      return meaning.func.result && !isPointerFree(meaning.func.result) ? null : [];
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

/** A lowered call lends its result's place; parameters or results with pointers, or parameters in memory, are not followed. */
function callArguments(func: FunctionType, async: boolean): readonly LentArgument[] | null {
  const flat = flattenFunction(func, { context: "lower", async });
  const types = [...func.params.map((param) => param.type), ...(func.result ? [func.result] : [])];
  if (flat.paramsInMemory || !types.every(isPointerFree)) return null;
  if (!flat.resultInMemory || !func.result) return [];
  const bytes = elemSize(func.result);
  return [{ pointer: flat.params.length - 1, byteLength: () => bytes }];
}
