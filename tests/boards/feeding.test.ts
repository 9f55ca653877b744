/** How samples reach a guest: more than it can take, over a noisy line, to many guests at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BOARDS } from "../../tools/pack/board-table.js";
import { runImages } from "./board-runs.js";
import { image, words } from "./guests.js";

/** Instances that must be live at once. */
const LIVE: Readonly<Record<string, number>> = {
  lm3s811evb: 4,
  microbit: 11,
  hifive1: 11,
  netduinoplus2: 120,
};

function values(bytes: Uint8Array | undefined): number[] {
  const items = Buffer.from(bytes ?? []);
  return Array.from({ length: items.length / 4 }, (_, index) => items.readUInt32LE(4 * index));
}

/** A seeded generator: Marsaglia's xorshift. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}

for (const board of BOARDS) {
  test(`${board.name}: a source that outruns the guest loses whole items, and counts them`, async () => {
    // A microsecond an instruction: a slow core, so that ticks come faster than the guest reads.
    const report = await runImages(board, [await image("double")], Buffer.alloc(0), {
      policy: "drop",
      rate: 1000,
      items: 300,
      shift: 10,
    });
    assert.deepEqual(report.errors, []);
    const { in: taken, dropped } = report.ends[0]!.counts;
    assert.ok(dropped! > 0, "nothing was dropped");
    assert.equal(taken! + dropped!, 300);
    const got = values(report.outputs.get("0:01"));
    assert.equal(got.length, taken);
    got.forEach((value, index) => {
      assert.equal(value % 2, 0);
      assert.ok(value < 600 && (index === 0 || value > got[index - 1]!), `${value} at ${index}`);
    });
  });

  test(`${board.name}: the same source held back loses nothing`, async () => {
    const report = await runImages(board, [await image("double")], Buffer.alloc(0), {
      policy: "hold",
      rate: 1000,
      items: 300,
      shift: 10,
    });
    assert.deepEqual(report.errors, []);
    assert.equal(report.ends[0]!.counts.dropped, 0);
    assert.deepEqual(
      values(report.outputs.get("0:01")),
      Array.from({ length: 300 }, (_, index) => 2 * index),
    );
  });

  test(`${board.name}: noise on the line costs lines, never items`, async () => {
    const next = random(0x5eed);
    const input = Array.from({ length: 400 }, (_, index) => index * 7);
    const report = await runImages(board, [await image("double")], words(input), {
      spoil: (line) => {
        const noisy = Buffer.from(line);
        if (next() < 0.2) noisy[Math.floor(next() * (noisy.length - 1))]! ^= 1 + Math.floor(next() * 127);
        return next() < 0.1 ? Buffer.concat([Buffer.from([0xff, 0x00, 0x69, 0x0a]), noisy]) : noisy;
      },
    });
    assert.deepEqual(report.errors, []);
    assert.ok(report.ends[0]!.counts.noise! > 0, "no line was damaged");
    assert.deepEqual(
      values(report.outputs.get("0:01")),
      input.map((value) => 2 * value),
    );
  });

  test(`${board.name}: ${LIVE[board.name]} live guests at least, each with its own stream, twice`, async () => {
    const report = await runImages(
      board,
      [await image("double")],
      (_, stream) => words([stream, stream + 1000, stream + 2000]),
      { guests: 0 },
    );
    assert.deepEqual(report.errors, []);
    const live = report.ends.length / 2;
    assert.ok(live >= LIVE[board.name]!, `${live} live guests`);
    for (let guest = 0; guest < live; guest++) {
      const stream = 2 * guest;
      const once = [stream, stream + 1000, stream + 2000].map((value) => 2 * value);
      const key = `0:${(stream + 1).toString(16).padStart(2, "0")}`;
      assert.deepEqual(values(report.outputs.get(key)), [...once, ...once], `guest ${guest}`);
    }
  });
}
