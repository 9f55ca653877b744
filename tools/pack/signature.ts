/** The function that a board runs: found in the world, and one whose parameters and result are streams. */
import { UserError } from "../errors/user-error.js";
import { exportedFunctions } from "../wit/exported-functions.js";
import { holdsHandle, isPointerFree } from "../wit/layout.js";
import type { FunctionType, ValueType, World } from "../wit/model.js";

/** Element types of the streams that a board feeds and reads. */
export interface StreamTypes {
  /** Parameters first, then the result. */
  readonly elements: readonly ValueType[];
  readonly paramCount: number;
}

/**
 * The function that `world` exports as `IFACE#FUNC` (or `FUNC`, when it stands in the world itself).
 * @throws UserError for methods
 */
export function exportedFunction(world: World, name: string): FunctionType {
  if (name.includes("["))
    throw new UserError(`${name} belongs to a resource: a board starts only functions that do not`);
  const found = exportedFunctions(world).get(name);
  if (found !== undefined) return found;
  throw new UserError(`world ${world.id} exports no function ${name}`);
}

/**
 * The streams of `func`.
 * @param isInner whether a stream, counted from 0 with the result behind all `count` parameters, goes from
 *   guest to guest: its items may hold strings and lists
 * @throws UserError when a parameter or the result is something else
 */
export function streamTypes(
  func: FunctionType,
  isInner: (at: number, count: number) => boolean = () => false,
): StreamTypes {
  const count = func.params.length;
  const params = func.params.map(({ name, type }, at) =>
    element(type, `parameter ${name} of ${func.name}`, isInner(at, count)),
  );
  const result =
    func.result === null ? [] : [element(func.result, `the result of ${func.name}`, isInner(count, count))];
  return { elements: [...params, ...result], paramCount: params.length };
}

function element(type: ValueType, where: string, isInner: boolean): ValueType {
  if (type.kind === "stream" && type.element !== null) {
    if (isPointerFree(type.element) || (isInner && !holdsHandle(type.element))) return type.element;
    throw new UserError(
      `${where} has items with strings, lists or handles: a board feeds and reads only plain items`,
    );
  }
  throw new UserError(`${where} is not a stream of items: a board feeds and reads only streams`);
}
