/**
 * Gives every instruction of a mapped function a source line. asc writes positions for some
 * instructions only: the operands in front of one belong to it, so an instruction without a line
 * takes the next one's, and at the end of the function the last one's. Functions without any line,
 * and declarations of locals, stay without.
 */
import type { CoreModule } from "../wasm/core-module.js";
import type { SourceMap } from "./source-map.js";

/** `map` with its gaps filled. */
export function fillGaps(map: SourceMap, module: CoreModule): SourceMap {
  const offsets: number[] = [];
  const source: number[] = [];
  const line: number[] = [];
  let at = 0;
  for (const { code, end } of module.code) {
    while (at < map.offsets.length && map.offsets[at]! < code) at++;
    const first = at;
    while (at < map.offsets.length && map.offsets[at]! < end) at++;
    const known = knownBetween(map, first, at);
    if (known.length === 0) continue;
    known.forEach((index, position) => {
      offsets.push(position === 0 ? code : gapStart(map, known[position - 1]!, index));
      source.push(map.source[index]!);
      line.push(map.line[index]!);
    });
    // What follows the function is nobody's until the next one.
    offsets.push(end);
    source.push(-1);
    line.push(0);
  }
  return {
    ...map,
    offsets: Uint32Array.from(offsets),
    source: Int32Array.from(source),
    line: Uint32Array.from(line),
  };
}

function knownBetween(map: SourceMap, first: number, last: number): number[] {
  const known: number[] = [];
  for (let index = first; index < last; index++) if (map.source[index]! >= 0) known.push(index);
  return known;
}

/** Where the bytes that count to mapping `index` begin: behind the instructions of the mapping before it. */
function gapStart(map: SourceMap, before: number, index: number): number {
  return index === before + 1 ? map.offsets[index]! : map.offsets[before + 1]!;
}
