/**
 * What writes bindings and entries decides on values, never by the text of a
 * statement or name that it wrote itself.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { trackedFiles } from "./tracked-files.js";

const BY_TEXT = /\.(?:startsWith|endsWith)\(|\.(?:includes|replace)\(["`]/;

test("bindgen does not look into the text that it makes", () => {
  const found = trackedFiles(/^tools\/bindgen\/(?:entry|functions|ends|types)\/.*\.ts$/).flatMap(
    ({ path, text }) =>
      text
        .split("\n")
        .flatMap((line, index) => (BY_TEXT.test(line) ? [`${path}:${index + 1}: ${line}`] : [])),
  );
  assert.deepEqual(found, []);
});
