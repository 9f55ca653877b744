/**
 * Binaryen, kept to V8's baseline compiler. V8 recompiles what of a module runs often with its optimising
 * compiler, and of Binaryen that is so much that it takes two thirds of a build's processor time; even forty
 * builds in one process do not earn it back. A module keeps the tiers that it was loaded with, so guests
 * that run later in this process have both.
 */
import { setFlagsFromString } from "node:v8";

// V8 asks the second flag when a module comes, the first whenever it compiles a
// function of a module without dynamic tiers.
setFlagsFromString("--no-wasm-tier-up");
setFlagsFromString("--no-wasm-dynamic-tiering");
const { default: binaryen } = await import("binaryen");
setFlagsFromString("--wasm-dynamic-tiering");

/** Binaryen itself, for who loads it late. */
export type Binaryen = typeof binaryen;
/** A module that Binaryen holds. */
export type Module = ReturnType<typeof binaryen.parseText>;

export default binaryen;
