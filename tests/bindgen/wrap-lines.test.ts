/**
 * Where long lines of bindings are broken: as prettier breaks them, and never so
 * that they stop being the same code.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import prettier from "prettier";
import { LINE_WIDTH, wrapLines } from "../../tools/bindgen/wrap-lines.js";

/** A name that alone fills three quarters of a line. */
const LONG = `name${"Long".repeat(20)}`;
const lines: readonly (readonly [string, string])[] = [
  ["a call", `${LONG}(firstArgument, secondArgument, thirdArgument);`],
  ["a call in a call", `f(${LONG}(1, 2), second, thirdArgument(fourthArgument));`],
  ["a choice in a call", `f(${LONG} == 0 ? load(1) : ${LONG}, 2);`],
  ["a sum with brackets", `const ${LONG}: i32 = 32 + ((ARENA_BYTES + 7) & ~7);`],
  ["a call whose answer is cast and returned", `return <Level>${LONG}(first, second, thirdArgument);`],
  ["a constant of a long name", `const ${LONG}: usize = address_of_something_else;`],
  ["nothing too long", "const a: i32 = 32 + ((b + 7) & ~7);"],
];

for (const [what, line] of lines) {
  test(what, async () => {
    const format = (text: string): Promise<string> =>
      prettier.format(text, { parser: "typescript", printWidth: LINE_WIDTH });
    // A statement of a function stands in one, two blanks further in.
    const within = line.startsWith("return") ? `function f(): Level {\n  ${line}\n}` : line;
    assert.equal(`${wrapLines(within)}\n`, await format(within));
  });
}

test("a condition stays on its line: what is in its brackets is no list", () => {
  const line = `if (${LONG} == ${LONG}) {`;
  assert.equal(wrapLines(line), line);
});
