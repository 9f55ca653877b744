/** Whether a world needs memory for values that hold pointers. */
import { MAX_FLAT_PARAMS, flatten, functionTypes, innerTypes, isPointerFree } from "./layout.js";
import type { FunctionType, ValueType, World } from "./model.js";

/** Every function of a world, with the side that it is on. */
export function worldFunctions(
  world: World,
): { readonly func: FunctionType; readonly owner: string; readonly exported: boolean }[] {
  return [[true, world.exports] as const, [false, world.imports] as const].flatMap(([exported, items]) => [
    ...items.interfaces.flatMap((item) => item.functions.map((func) => ({ func, owner: item.id, exported }))),
    ...items.functions.map((func) => ({ func, owner: "$root", exported })),
  ]);
}

/** True when a string or list can pass between the guest and its host, or parameters that come in memory. */
export function needsArena(world: World): boolean {
  return worldFunctions(world).some(({ func, exported }) => {
    const types = functionTypes(func);
    const inMemory = exported && func.params.flatMap((param) => flatten(param.type)).length > MAX_FLAT_PARAMS;
    return inMemory || types.some(reachesPointer);
  });
}

/** True when a value, or an item of a stream or future in it, holds a string or list. */
export function reachesPointer(type: ValueType): boolean {
  return !isPointerFree(type) || innerTypes(type).some(reachesPointer);
}
