/**
 * Puts what belongs to one task apart from what an instance's tasks share.
 *
 * To a task belong the objects that the guest library and the generated bindings place with `memory.data`:
 * frames, regions of the arena, places of calls and ends. What the guest's own sources place is shared, and
 * so are literals. asc has no option for it, so the method of its compiler that places objects is wrapped; of
 * programs that did not ask, it does what it did.
 */
import { Compiler } from "assemblyscript";

/** What the wrapped method uses of asc's compiler. */
interface Placer {
  readonly program: object;
  /** Where the next object is placed: a number of 64 bits, which asc keeps as it likes. */
  memoryOffset: unknown;
  readonly currentFlow: { readonly sourceFunction: { readonly internalName: string } };
  addAlignedMemorySegment(content: Uint8Array, alignment?: number): unknown;
}

/** How asc makes and reads its numbers of 64 bits: functions that it puts beside JavaScript's own. */
declare const i64_new: (low: number) => unknown;
declare const i64_low: (value: unknown) => number;

/** Where a program's tasks have their memory, and how far it is filled. */
export interface TaskMemory {
  /** The first address: above everything that is shared. */
  readonly base: number;
  /** Behind the last object. */
  end: number;
  /** Whether a source was written by the build, by its path without extension. */
  readonly isGenerated: (path: string) => boolean;
}

const memories = new WeakMap<object, TaskMemory>();
const placer = Compiler.prototype as unknown as Placer;
const addAligned = placer.addAlignedMemorySegment;

placer.addAlignedMemorySegment = function (this: Placer, content, alignment): unknown {
  const memory = memories.get(this.program);
  if (!memory || !isTasks(this.currentFlow.sourceFunction.internalName, memory) || content.some(Boolean))
    return addAligned.call(this, content, alignment);
  const shared = this.memoryOffset;
  this.memoryOffset = i64_new(memory.end);
  const segment = addAligned.call(this, content, alignment);
  memory.end = i64_low(this.memoryOffset);
  this.memoryOffset = shared;
  return segment;
};

/** From now on what belongs to a task is placed in `memory`, in `program`, which asc has not compiled yet. */
export function placeTasks(program: object, memory: TaskMemory): void {
  memories.set(program, memory);
}

/** @param name asc's name of the function, or `start:` and the file, that places an object */
function isTasks(name: string, { isGenerated }: TaskMemory): boolean {
  const path = name.replace(/^start:/, "");
  return path.startsWith("~lib/as-rill/") || isGenerated(path);
}
