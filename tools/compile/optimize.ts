/**
 * Binaryen's optimiser and the passes of this folder, in the order that makes the smallest and fastest guest.
 */
import binaryen, { type Module } from "../wasm/binaryen.js";
import { biasGlobals } from "./passes/bias-globals.js";
import { branchOut } from "./passes/branch-out.js";
import { dropClassLoads } from "./passes/drop-class-loads.js";
import { dropLoads } from "./passes/drop-loads.js";
import { settleLoneTasks } from "./passes/lone-tasks.js";
import type { Range } from "./passes/escaping-addresses.js";
import { settleOwnSets } from "./passes/own-sets.js";
import { type LentArguments, promoteFrame } from "./passes/promote-frame.js";
import { type Form, parseForm, printForm } from "./passes/s-expression.js";
import { settleBits } from "./passes/settle-bits.js";
import { settleFlags } from "./passes/settle-flags.js";
import { threadConditions } from "./passes/thread-conditions.js";

/** How often the fixed sequence of passes runs at most; measured, later rounds change nothing. */
const ROUNDS = 3;

/** An optimised module. */
export interface Optimized {
  /** Source positions included. */
  readonly text: string;
  /** Addresses of words of 4 bytes, 4-aligned and ascending, that had a use and have none any more. */
  readonly freeWords: readonly number[];
}

/**
 * Optimises a module for size.
 * @param frames where the bindings' frames lie; null when the host reads memory that no import's argument
 * names, and they stay
 * @param isLone whether one task at a time is at work
 */
export function optimize(
  text: string,
  lentArguments: LentArguments,
  frames: readonly Range[] | null,
  isLone = false,
): Optimized {
  setOptions();
  let current = rewrite(text, (module) => {
    dropClassLoads(module);
    settleFlags(module);
    tellLibrary(module, isLone);
  });
  current = binaryenRounds(current);
  let freeWords: readonly number[] = [];
  current = rewrite(current, (module) => {
    if (frames) freeWords = promoteFrame(module, lentArguments, frames);
    threadConditions(module);
    biasGlobals(module);
  });
  let optimized = binaryenRounds(current);
  for (let round = 0; round < ROUNDS; round++) {
    const next = rewrite(optimized, (module) => {
      dropLoads(module);
      settleBits(module);
      threadConditions(module);
    });
    if (next === current) break; // every further round would do the same again
    current = next;
    optimized = binaryenRounds(current);
  }
  return { text: rewrite(optimized, branchOut), freeWords };
}

/**
 * Tells the guest library of a linked module what it assumes otherwise. It calls the host differently then:
 * so a module that is compared with an optimised one is told too.
 * @param isLone whether one task at a time is at work
 */
export function tellLibrary(module: Form, isLone: boolean): void {
  settleOwnSets(module);
  if (isLone) settleLoneTasks(module);
}

/**
 * Optimises what was optimised before and has since been added to.
 * @returns its text, source positions included
 */
export function optimizeAgain(text: string): string {
  setOptions();
  return rewrite(binaryenRounds(text), branchOut);
}

/** Assembles text and hands the module to `use`, which must not keep it. */
export function withModule<T>(text: string, use: (module: Module) => T): T {
  binaryen.setDebugInfo(true);
  const module = parseText(text);
  try {
    module.setFeatures(
      binaryen.Features.MutableGlobals | binaryen.Features.SignExt | binaryen.Features.NontrappingFPToInt,
    );
    if (!module.validate()) throw new Error("the build made a module that does not validate");
    return use(module);
  } finally {
    module.dispose();
  }
}

/** Binaryen throws what is no error. */
function parseText(text: string): Module {
  try {
    return binaryen.parseText(text);
  } catch (thrown) {
    const { message } = thrown as { readonly message?: string };
    throw new Error(`the build made text that Binaryen refuses: ${message ?? String(thrown)}`);
  }
}

/** asc shares this Binaryen and sets its own options, so every build sets all of them. */
function setOptions(): void {
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  binaryen.setDebugInfo(true);
  binaryen.setLowMemoryUnused(false);
  binaryen.setFastMath(false);
  binaryen.setAllowInliningFunctionsWithLoops(true);
  binaryen.setAlwaysInlineMaxSize(6);
  binaryen.setFlexibleInlineMaxSize(20);
  binaryen.setOneCallerInlineMaxSize(65_536);
}

function binaryenRounds(text: string): string {
  return withModule(text, (module) => {
    let current = "";
    for (let round = 0; round < ROUNDS; round++) {
      module.optimize();
      const next = module.emitText(); // a tenth of what a round costs
      if (next === current) break;
      current = next;
    }
    return current;
  });
}

/** What `change` makes of a module's text. */
export function rewrite(text: string, change: (module: Form) => void): string {
  const module = parseForm(text);
  change(module);
  return printForm(module);
}
