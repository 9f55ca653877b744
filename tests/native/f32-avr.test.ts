/** f32 on AVR, whose C library computes it: for edges and random numbers the bits are V8's. */
import assert from "node:assert/strict";
import { test } from "node:test";
import binaryen from "../../tools/wasm/binaryen.js";
import { atTier, seed } from "../tier.js";
import { onAvr } from "./avr-program.js";
import { translate } from "./translated-modules.js";

const OPERATIONS = ["add", "sub", "mul", "div"] as const;
const PAIRS = atTier(100, 2_000);

/** Zeros, the least floats, one, their neighbours, the largest, infinity, NaN. */
const EDGES = [0, 1, 2, 0x7fffff, 0x800000, 0x3f7fffff, 0x3f800000, 0x7f7fffff, 0x7f800000, 0x7fc00000];

/** Numbers that are the same for a seed on every machine (xorshift). */
function* randomWords(): Generator<number, never> {
  let state = Math.imul(seed, 2654435761) >>> 0 || 1;
  for (;;) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    yield (state >>>= 0);
  }
}

/**
 * A float's bits: an edge of either sign; a small number; one whose products are as small as floats can be;
 * any.
 */
function operand(words: Iterator<number, never>): number {
  const [kind, bits] = [words.next().value, words.next().value];
  if (kind % 4 === 0) return (EDGES[bits % EDGES.length]! | (kind & 0x80000000)) >>> 0;
  if (kind % 4 === 1) return (bits & 0x87ffffff) >>> 0;
  return kind % 4 === 2 ? ((bits & 0x807fffff) | ((48 + ((kind >>> 8) % 32)) << 23)) >>> 0 : bits;
}

test(`${PAIRS} pairs of floats`, async () => {
  const functions = OPERATIONS.map(
    (name) => `(func (export "${name}") (param i32 i32) (result i32)
      (i32.reinterpret_f32 (f32.${name} (f32.reinterpret_i32 (local.get 0)) (f32.reinterpret_i32 (local.get 1)))))`,
  );
  const module = binaryen.parseText(`(module ${functions.join("\n")})`);
  const bytes = Buffer.from(module.emitBinary());
  module.dispose();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  const words = randomWords();
  const calls = Array.from({ length: PAIRS }, () => [operand(words), operand(words)] as const).flatMap(
    ([a, b]) => OPERATIONS.map((name, call) => ({ name, a, b, call })),
  );
  const orders = calls.map(({ call, a, b }) => ({ module: 0, call, cells: [BigInt(a), BigInt(b)] }));
  const [, ...outcomes] = await onAvr([translate(bytes, 0)], [{ module: 0 }, ...orders]);
  const wrong = calls.flatMap(({ name, a, b }, index) => {
    const compute = exports[name] as (a: number, b: number) => number;
    const wanted = compute(a | 0, b | 0) >>> 0;
    const outcome = outcomes[index]!;
    const found = "cells" in outcome ? Number(outcome.cells[0]) : Number.NaN;
    const isNan = (bits: number): boolean => (bits & 0x7fffffff) > 0x7f800000;
    const isRight = isNan(wanted) ? isNan(found) && (found & 0x400000) !== 0 : found === wanted;
    return isRight
      ? []
      : [`${name} ${a.toString(16)} ${b.toString(16)}: ${found.toString(16)}, not ${wanted.toString(16)}`];
  });
  assert.deepEqual(wrong, [], `seed ${seed}`);
});
