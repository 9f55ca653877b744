/** Which functions of a module allocate and free, by their names, and where each takes the bytes asked for. */
import type { Analysis } from "../build-report.js";
import { isAllocatorName } from "../analysis/allocation-verdict.js";
import type { AllocatorMap } from "./instrument.js";

/** Parameter that holds the bytes, for allocators where it is not the first. */
const SIZE_PARAMS: readonly (readonly [name: RegExp, param: number])[] = [
  [/(^|\/|_|::)(cabi_realloc)$/, 3],
  [/(^|::)__(rust|rdl)_realloc$/, 3],
  [/(^|\/)(realloc|dlrealloc|calloc|dlcalloc|memalign|dlmemalign|aligned_alloc|posix_memalign)$/, 1],
  [/(^|\/)__(realloc|renew)$/, 1],
];
const FREE = /(^|\/)(__free|free|dlfree)$|(^|::)__(rust|rdl)_dealloc$/;
/** Pointers that only a bump allocator keeps: what lies below them is in use. */
const BUMP_POINTER = /(^|\/)(rt\/stub\/offset|assembly\/arena(\/\w+)*\/(top|next|offset|used))$/;

/** Reads the names of `analysis`. */
export function mapAllocators({ functions, input }: Analysis): AllocatorMap {
  const sizeParam = new Map<number, number>();
  const frees = new Set<number>();
  for (const { index, name, exports, code, signature } of functions) {
    if (!code) continue;
    const names = [name, ...exports];
    if (names.some((own) => FREE.test(own)) && signature.params[0] === "i32") frees.add(index);
    const allocator = names.find(isAllocatorName);
    if (allocator === undefined) continue;
    const param = SIZE_PARAMS.find(([pattern]) => pattern.test(allocator))?.[1] ?? 0;
    if (signature.params[param] === "i32") sizeParam.set(index, param);
  }
  const bumpGlobals = new Set(
    [...input.module.names.globals].flatMap(([index, name]) => (BUMP_POINTER.test(name) ? [index] : [])),
  );
  return { sizeParam, frees, bumpGlobals };
}
