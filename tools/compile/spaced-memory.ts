/**
 * Leaves unused memory behind every static object that asc places: buffers, literals, frames, tables.
 *
 * For the memory-safety gate, which refuses each access to such a gap. asc has no option
 * for it, so the two methods of its compiler that place objects are wrapped; of programs
 * that did not ask, they do what they did.
 */
import { Compiler } from "assemblyscript";

/** Bytes between two objects: more than one element that is read or written one too many. */
const GAP_BYTES = 64;

/** What the wrapped methods use of asc's compiler. */
interface Placer {
  readonly program: object;
  readonly memorySegments: unknown[];
  addAlignedMemorySegment(content: Uint8Array, alignment?: number): unknown;
  addRuntimeMemorySegment(content: Uint8Array): unknown;
}

const spaced = new WeakSet<object>();
const placer = Compiler.prototype as unknown as Placer;
const { addAlignedMemorySegment: addAligned, addRuntimeMemorySegment: addRuntime } = placer;

placer.addAlignedMemorySegment = function (this: Placer, content, alignment): unknown {
  return withGap(this, addAligned.call(this, content, alignment));
};
placer.addRuntimeMemorySegment = function (this: Placer, content): unknown {
  return withGap(this, addRuntime.call(this, content));
};

/** From now on objects of `program`, which asc has not compiled yet, are placed with gaps. */
export function spaceOut(program: object): void {
  spaced.add(program);
}

/** A gap is a segment that is placed and then forgotten. */
function withGap(compiler: Placer, segment: unknown): unknown {
  if (spaced.has(compiler.program)) {
    addAligned.call(compiler, new Uint8Array(GAP_BYTES), 1);
    compiler.memorySegments.pop();
  }
  return segment;
}
