/** The bench's smaller tables: copies of several items, calls, and other people's guests beside ours. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { callsText } from "../../bench/calls.js";
import { copiesText } from "../../bench/copies.js";
import { peersText } from "../../bench/peers.js";
import { figures } from "./figures.js";

test("copies: a row for each length, a dash for what was not measured", () => {
  const text = copiesText({
    1: { instructions: 76, classic: 2356, fast: 1250 },
    4096: { instructions: 19.04, classic: 356.4, fast: null },
  });
  assert.match(text, /│ +1 │ +76 │ +2,356 │ +1,250 │/);
  assert.match(text, /│ +4,096 │ +19 │ +356.4 │ +- │/);
});

test("calls: each kind by its name", () => {
  assert.match(
    callsText({ sync: 14, ready: 23, blocking: 49 }),
    /function: 14 .* 23 when it answers at once, 49 when/,
  );
});

test("peers: each figure with its ratio to ours, a dash for what was not measured", () => {
  const text = peersText(figures, [{ ...figures, guest: "other", file_bytes: 1400 }]);
  assert.match(text, /stripped: bytes +│ +700 │ +1,400 \(2\.00\) │/);
  assert.doesNotMatch(text, /allocations/);
  assert.match(text, /WAMR fast: machine instructions per item, ready +│ +- │ +- │/);
});
