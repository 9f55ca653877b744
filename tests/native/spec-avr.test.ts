/**
 * WebAssembly's own tests on AVR, an 8-bit core with an `int` of 16 bits: on an emulated ATmega2560, those
 * whose modules have no memory, as a page is eight times its RAM. Functions that compute with f64 are left
 * out: its compiler has none.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import type { CoreModule } from "../../tools/wasm/core-module.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { isLong } from "../tier.js";
import { onAvr } from "./avr-program.js";
import { type Asked, failureOf, ordersOf, SPECTEST } from "./spec-orders.js";
import { specScripts } from "./spec-scripts.js";
import { type Outcome, translateModule, type Translation } from "./translated-modules.js";

/** What a change is judged by: integers, floats, conversions, calls through the table. */
const BY_DAY = ["i32", "i64", "conversions", "f32_bitwise", "call_indirect"];
/** Calls that are judged at night, at least. */
const CALLS = 6_900;
/**
 * Scripts of hundreds of modules or functions; scripts whose modules share tables; scripts on what a
 * translated guest does not do, as its memory never grows.
 */
const LEFT_OUT = [
  ...["const", "float_exprs", "names", "skip-stack-guard-page"],
  ...["elem", "imports", "linking"],
  ...["memory_grow", "memory_size"],
];

/** The module without the exports that reach f64; null when nothing is left, or for a memory. */
function withoutDoubles(module: CoreModule): CoreModule | null {
  if (module.memories.some(({ limits }) => limits.minimum > 0)) return null;
  const exports = module.exports.filter(
    (item) =>
      item.kind === "func" && !translateModule({ ...module, exports: [item] }, 0, SPECTEST).usesDoubles,
  );
  return exports.length === 0 ? null : { ...module, exports };
}

function translated(path: string, index: number): Translation | null {
  try {
    const module = withoutDoubles(readModule(readFileSync(path)));
    return module === null ? null : translateModule(module, index, SPECTEST);
  } catch (error) {
    if (error instanceof UserError) return null;
    throw new Error(path, { cause: error });
  }
}

/** Calls of the instance that was made last: there is room for no other. */
function ofLastInstance(asked: readonly Asked[]): Asked[] {
  let last = -1;
  return asked.filter(({ order }) => {
    if (!("call" in order)) last = order.module;
    return order.module === last;
  });
}

let called = 0;
/** Answers of functions that call themselves more often than there is room for. */
let tooDeep = 0;

function failure({ command }: Asked, outcome: Outcome): string | null {
  if (command.type === "assert_return" && "trap" in outcome && outcome.trap === "call stack exhausted") {
    tooDeep++;
    return null;
  }
  called++;
  return failureOf(command, outcome);
}

const scripts = (await specScripts()).filter(({ name }) =>
  isLong ? !LEFT_OUT.includes(name) : BY_DAY.includes(name),
);

for (const script of scripts) {
  const translations: Translation[] = [];
  const add = (path: string): number | null => {
    const made = translated(path, translations.length);
    return made === null ? null : translations.push(made) - 1;
  };
  const asked = ofLastInstance(ordersOf(script, { all: translations, add, isSharing: () => false }));
  if (!asked.some(({ order }) => "call" in order)) continue;
  test(script.name, async () => {
    const outcomes = await onAvr(
      translations,
      asked.map(({ order }) => order),
    );
    const failures = asked.flatMap((one, index) => {
      const found = failure(one, outcomes[index]!);
      return found === null ? [] : [`line ${one.command.line}: ${found}`];
    });
    assert.deepEqual(failures, []);
  });
}

test("how much is judged", (context) => {
  context.diagnostic(`${called} answers; too deep for its RAM: ${tooDeep}`);
  if (isLong) assert.ok(called >= CALLS, `${called}`);
});
