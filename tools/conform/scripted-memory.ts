import { isDeepStrictEqual } from "node:util";
import { LinearMemory } from "../host/values/linear-memory.js";
import type { Realloc } from "../host/values/lift-lower-context.js";
import { Mismatch } from "./mismatch.js";
import type { ScriptFile, Step } from "./script.js";

/**
 * A scripted guest's memory and allocator, beside what the script says that they should be:
 * memory is compared whole after each step.
 */
export class ScriptedMemory {
  /** The guest's linear memory. */
  readonly memory: LinearMemory;
  private readonly expected: Uint8Array;
  private next: number;
  private reallocCalls: number[][] = [];

  constructor(
    { memory, heap }: Pick<ScriptFile, "memory" | "heap">,
    source?: { readonly buffer: ArrayBuffer },
  ) {
    const bytes = source === undefined ? new Uint8Array(memory.bytes) : new Uint8Array(source.buffer);
    bytes.fill(memory.fill);
    this.memory = new LinearMemory(source ?? bytes);
    this.expected = bytes.slice();
    this.next = heap;
  }

  /** The allocator that every scripted guest has: bumps, never frees. */
  readonly realloc: Realloc = (oldPtr, oldByteLength, alignment, newByteLength) => {
    let ptr = oldPtr;
    if (oldPtr === 0 || newByteLength > oldByteLength) {
      ptr = Math.ceil(this.next / alignment) * alignment;
      this.next = ptr + newByteLength;
      const kept = Math.min(oldByteLength, newByteLength);
      this.memory.bytes.copyWithin(ptr, oldPtr, oldPtr + kept);
    }
    this.reallocCalls.push([oldPtr, oldByteLength, alignment, newByteLength, ptr]);
    return ptr;
  };

  /** The guest stores bytes. */
  poke(ptr: number, hex: string): void {
    const bytes = Buffer.from(hex, "hex");
    this.memory.bytes.set(bytes, ptr);
    this.expected.set(bytes, ptr);
  }

  /** Compares memory and calls of the allocator with what the step says. @throws Mismatch */
  check(step: Step): void {
    for (const [ptr, hex] of step.mem ?? []) this.expected.set(Buffer.from(hex, "hex"), ptr);
    const calls = this.reallocCalls;
    this.reallocCalls = [];
    if (!isDeepStrictEqual(calls, step.realloc ?? []))
      throw new Mismatch("realloc", step.realloc ?? [], calls);
    if (Buffer.compare(this.memory.bytes, this.expected) === 0) return;
    const at = this.expected.findIndex((byte, i) => byte !== this.memory.bytes[i]);
    const window = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(at, at + 16)).toString("hex");
    throw new Mismatch(`memory at ${at}`, window(this.expected), window(this.memory.bytes));
  }
}
