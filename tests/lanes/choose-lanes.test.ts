/** What the words behind `npm test --` choose. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Choice, chooseLanes } from "../../dev/lanes/choose-lanes.js";
import type { Lane } from "../../dev/lanes/lane.js";

function lane(name: string, files?: readonly string[]): Lane {
  return {
    name,
    what: name,
    needs: [],
    minutes: 1,
    night: false,
    command: ["all", name],
    count: () => null,
    ...(files && {
      files,
      narrow: (some, pattern) => ["some", ...some, ...(pattern === undefined ? [] : [pattern])],
    }),
  };
}

const all = [
  lane("format"),
  lane("unit", ["tests/unit/place.spec.ts", "tests/unit/arena.spec.ts"]),
  lane("host", ["tests/host/task.test.ts", "tests/host/place.test.ts"]),
];

/** The commands of the lanes that run, or the unknown words. */
function chosen(choice: Choice): unknown {
  const result = chooseLanes(all, choice);
  return "unknown" in result ? result.unknown : result.lanes.map(({ command }) => command);
}

test("no word: every lane, whole", () => {
  assert.deepEqual(chosen({ words: [] }), [
    ["all", "format"],
    ["all", "unit"],
    ["all", "host"],
  ]);
});

test("a lane by its name, whole", () => {
  assert.deepEqual(chosen({ words: ["host"] }), [["all", "host"]]);
});

for (const word of ["place.spec.ts", "place", "unit/place.spec.ts", "tests/unit/place.spec.ts"]) {
  test(`a file of a lane: unit ${word}`, () => {
    assert.deepEqual(chosen({ words: ["unit", word] }), [["some", "tests/unit/place.spec.ts"]]);
  });
}

test("a file by itself runs in every lane that has it", () => {
  assert.deepEqual(chosen({ words: ["task"] }), [["some", "tests/host/task.test.ts"]]);
  assert.deepEqual(chosen({ words: ["place"] }), [
    ["some", "tests/unit/place.spec.ts"],
    ["some", "tests/host/place.test.ts"],
  ]);
});

test("tests by name, in a lane or a file; lanes that are one check have none", () => {
  assert.deepEqual(chosen({ words: ["arena"], test: "reset" }), [
    ["some", "tests/unit/arena.spec.ts", "reset"],
  ]);
  assert.deepEqual(chosen({ words: ["host"], test: "x" }), [
    ["some", "tests/host/task.test.ts", "tests/host/place.test.ts", "x"],
  ]);
  assert.equal((chosen({ words: [], test: "x" }) as unknown[]).length, 2);
});

test("a word that names nothing is told, also a file of another lane", () => {
  assert.deepEqual(chosen({ words: ["nothing"] }), ["nothing"]);
  assert.deepEqual(chosen({ words: ["unit", "task"] }), ["task"]);
});
