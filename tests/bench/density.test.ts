/** What is made of the program's figures of live guests. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { densityOf, densityText } from "../../bench/density.js";

const told = {
  guests: 1000,
  shared: 7000,
  first_half: { instances: 500 * 1700, hosts: 500 * 600 },
  second_half: { instances: 500 * 1700, hosts: 500 * 600 },
  memory: 96,
};

test("what a guest takes, and how many there are in a gibibyte", () => {
  const density = densityOf(told);
  assert.equal(density.bytes_each, 2300);
  assert.equal(density.in_a_gibibyte, Math.floor((2 ** 30 - 7000) / 2300));
  assert.match(
    densityText(density),
    /each 2,300 bytes: 1,604 WAMR's instance, 96 linear memory, 600 the host/,
  );
});

test("guests that take more the more of them there are have no slope", () => {
  const second_half = { instances: 500 * 1800, hosts: 500 * 600 };
  assert.throws(
    () => densityOf({ ...told, second_half }),
    /2300 bytes among the first 500, 2400 behind them/,
  );
});
