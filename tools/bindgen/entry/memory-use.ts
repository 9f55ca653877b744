/** What a world's functions do with the arena, and the statements that this takes. */
import { needsArena, worldFunctions } from "../../wit/arena-use.js";
import type { World } from "../../wit/model.js";

/**
 * What a world's functions do with the arena: there is `none`; each gives back all of the `task`'s
 * when it has ended; or they are `mixed`, sync ones beside async ones, and a sync one that is called
 * while a task waits gives back its own alone.
 */
export type MemoryUse = "none" | "task" | "mixed";

/** Asks the world. */
export function memoryUse(world: World): MemoryUse {
  if (!needsArena(world)) return "none";
  const exported = worldFunctions(world).filter((item) => item.exported);
  const kinds = new Set(exported.map(({ func }) => func.async));
  return kinds.size > 1 ? "mixed" : "task";
}

/** Statements in front of a task's own. */
export function beforeTask(memory: MemoryUse): readonly string[] {
  return memory === "mixed" ? ["beginTask();"] : [];
}

/** Statements in front of a sync function's own. @param first where its parameters begin in the arena */
export function beforeCall(memory: MemoryUse, first: string): readonly string[] {
  return memory === "mixed" ? [`beginCall(${first});`] : [];
}

/** Statements that give back what a task held. */
export function afterTask(memory: MemoryUse): readonly string[] {
  if (memory === "none") return [];
  return memory === "mixed" ? ["endTask();"] : ["useTaskRegion();"];
}

/** Statements that give back what a sync function held whose result the host has read. */
export function afterCall(memory: MemoryUse): readonly string[] {
  if (memory === "none") return [];
  return memory === "mixed" ? ["endCall();"] : ["useTaskRegion();"];
}

/** The runtime takes the place of asc's; the rest is what the entry's own functions call. */
export const ARENA_IMPORTS = `import "as-rill/assembly/runtime";
import {
  beginCall,
  beginTask,
  endCall,
  endTask,
  liftPair,
  lowerBlock,
  reallocBlock,
  storeElement,
  useTaskRegion,
} from "as-rill/assembly/bindings";`;

/** What an entry with an arena exports besides its functions. */
export const REALLOC_ENTRY = `
/** What the host lowers strings and lists through. */
export function realloc(ptr: usize, oldLength: usize, alignment: usize, newLength: usize): usize {
  return reallocBlock(ptr, oldLength, newLength);
}`;
