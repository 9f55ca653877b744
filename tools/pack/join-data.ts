/**
 * Joins data segments that lie close together: the interpreter keeps a struct in RAM for each segment, which
 * costs more than the zeros of a small gap.
 */
import { ByteWriter } from "../wasm/byte-writer.js";
import type { CoreModule, DataEntry } from "../wasm/core-module.js";
import { Op } from "../wasm/opcodes.js";

/** RAM of a segment: 48 bytes, its block's header, a pointer. Zeros are in RAM with the module, too. */
const SEGMENT = 60;

interface Run {
  readonly start: number;
  readonly parts: Uint8Array[];
  end: number;
}

/**
 * The data section's content with fewer segments.
 * @returns null where it stays as it is: few segments, or some that do not lie one behind the other
 */
export function joinedData({ data, bytes }: Pick<CoreModule, "data" | "bytes">): Uint8Array | null {
  const runs: Run[] = [];
  for (const entry of data) {
    const start = startOf(entry);
    const last = runs.at(-1);
    if (start === null || (last !== undefined && start < last.end)) return null;
    const content = bytes.subarray(entry.content.start, entry.content.end);
    if (last !== undefined && start - last.end < SEGMENT) {
      last.parts.push(new Uint8Array(start - last.end), content);
      last.end = start + content.length;
    } else runs.push({ start, parts: [content], end: start + content.length });
  }
  if (runs.length === data.length) return null;
  return new ByteWriter().vector(runs.map(segment)).bytes;
}

/** Where a segment lands; null unless that is a constant of the only memory. */
function startOf({ memory, offset }: DataEntry): number | null {
  return memory === 0 && offset !== null && offset.value !== null ? Number(offset.value) : null;
}

function segment({ start, parts }: Run): Uint8Array {
  const content = Buffer.concat(parts);
  return new ByteWriter().u32(0).put(Op.I32_CONST).s32(start).put(Op.END).u32(content.length).append(content)
    .bytes;
}
