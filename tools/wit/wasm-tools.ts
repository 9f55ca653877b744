/** How wasm-tools, compiled to WebAssembly, is asked, and what it says when it refuses. */

/** A module without anything: what a world is embedded in just to resolve it. */
export const EMPTY_MODULE: Uint8Array = new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);

/**
 * Features of the WIT that are active: those of the list, or all. Without any, what is
 * unstable is not there, as with wasm-tools.
 */
export type Features = readonly string[] | "all";

/** The same as wasm-tools takes it. */
export function featureSet(features: Features): { tag: "all" } | { tag: "list"; val: string[] } {
  return features === "all" ? { tag: "all" } : { tag: "list", val: [...features] };
}

/** What wasm-tools said. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
