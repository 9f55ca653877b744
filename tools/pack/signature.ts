/** The streams and futures of a function's signature, in the order in which import names count them. */
import { UserError } from "../errors/user-error.js";
import { alignment, elemSize, holdsHandle, innerTypes, isPointerFree } from "../wit/layout.js";
import type { FunctionType, ValueType, World } from "../wit/model.js";
import type { ImageType } from "./image.js";

/** Streams and futures of the parameters, then of the result. */
export interface StreamTypes {
  readonly types: readonly ImageType[];
  readonly paramCount: number;
}

/** The function that `world` exports as `IFACE#FUNC` (or `FUNC`, when it stands in the world itself). */
export function exportedFunction(world: World, name: string): FunctionType {
  const [owner, func] = name.includes("#") ? name.split("#") : [null, name];
  const functions =
    owner === null
      ? world.exports.functions
      : (world.exports.interfaces.find(({ id }) => id === owner)?.functions ?? []);
  const found = functions.find((candidate) => candidate.name === func);
  if (found !== undefined) return found;
  throw new UserError(`world ${world.id} exports no function ${name}`);
}

/** Counts the streams and futures of `func`. */
export function streamTypes(func: FunctionType): StreamTypes {
  const params = func.params.flatMap(({ type }) => endsIn(type));
  const results = func.result === null ? [] : endsIn(func.result);
  return { types: [...params, ...results].map(describe), paramCount: params.length };
}

type EndType = ValueType & { kind: "stream" | "future" };

/** Inner streams come before the one that carries them. */
function endsIn(type: ValueType): EndType[] {
  const inner = innerTypes(type).flatMap(endsIn);
  return type.kind === "stream" || type.kind === "future" ? [...inner, type] : inner;
}

function describe({ kind, element }: EndType): ImageType {
  return {
    elemSize: element === null ? 0 : elemSize(element),
    alignment: element === null ? 1 : alignment(element),
    future: kind === "future",
    pointers: element !== null && (!isPointerFree(element) || holdsHandle(element)),
  };
}
