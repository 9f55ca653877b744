import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { drawEcg, picturePath } from "../../dev/plot/draw-ecg.js";

test("docs/ecg.svg is what npm run docs:plot draws from the guest of today", async () => {
  assert.equal(readFileSync(picturePath, "utf8"), await drawEcg());
});
