/**
 * The classic interpreter's cache of blocks: as large as a board's RAM allows,
 * and counted where an image is judged.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { wamrDefinitions } from "../../tools/c-sources/c-sources.js";
import { blockCacheFor, DEFAULT_BLOCK_CACHE, moreForBlocks } from "../../tools/pack/block-cache.js";
import { BOARDS, findBoard } from "../../tools/pack/board-table.js";
import { runImages } from "./board-runs.js";
import { image } from "./guests.js";

test("4 places where RAM is short, 8 by default, 32 where it allows", () => {
  assert.deepEqual(
    BOARDS.map(({ name, blockCache }) => [name, blockCache]),
    [
      ["lm3s811evb", 4],
      ["microbit", 8],
      ["hifive1", 8],
      ["netduinoplus2", 32],
    ],
  );
  assert.deepEqual([1024, 16_383, 16_384, 65_535, 65_536].map(blockCacheFor), [4, 4, 8, 8, 32]);
  const sizes = [undefined, 32].map((places) =>
    wamrDefinitions(places).filter((name) => name.startsWith("BLOCK_ADDR_CACHE_SIZE=")),
  );
  assert.deepEqual(sizes, [[`BLOCK_ADDR_CACHE_SIZE=${DEFAULT_BLOCK_CACHE}`], ["BLOCK_ADDR_CACHE_SIZE=32"]]);
});

test("a board refuses an image whose pool is there only without its larger cache", async () => {
  const board = findBoard("microbit");
  const { banner } = await runImages(board, [await image("double")], new Uint8Array(4));
  const whole = banner.pool! - (banner.pool! % 8);
  const verdict = async (pool: number): Promise<string[]> =>
    (await runImages(board, [await image("double", { needs: { pool } })], new Uint8Array(4))).errors.map(
      ({ word }) => word,
    );
  const most = whole - moreForBlocks(board.blockCache);
  assert.deepEqual([await verdict(most), await verdict(most + 8)], [[], ["pool"]]);
});
