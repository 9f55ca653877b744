/** What the generator does not bind: said with the interface, function and parameter or result. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateBindings } from "../../tools/bindgen/generate.js";
import { UserError } from "../../tools/errors/user-error.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-refusals-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function bind(items: string, side: "import" | "export"): Promise<Map<string, string>> {
  const path = join(folder, "w.wit");
  writeFileSync(path, `package t:t; interface i { ${items} } world w { ${side} i; }`);
  return generateBindings(await resolveWorld(path));
}

const cases: readonly (readonly [string, "import" | "export", string, RegExp])[] = [
  ["a stream of chars", "export", "f: async func(x: stream<char>);", /func f, param x: .*stream<char>.*u32/],
  ["a stream of chars", "import", "f: async func() -> stream<char>;", /func f, result: .*stream<char>.*u32/],
  [
    "a stream of chars inside",
    "export",
    "f: func() -> list<stream<char>>;",
    /func f, result.*: .*stream<char>.*u32/,
  ],
  [
    "a stream of borrowed handles",
    "export",
    "resource r { constructor(); } f: async func(x: stream<borrow<r>>);",
    /func f, param x: .*stream<borrow<r>>.*let it own/,
  ],
  [
    "a future of them, inside",
    "import",
    "resource r; f: func(x: option<future<list<borrow<r>>>>);",
    /func f, param x.*: .*future<list<borrow<r>>>.*let it own/,
  ],
  ["an error-context", "export", "f: func(x: error-context);", /func f, param x: .*error-context.*a string/],
  [
    "an error-context in an item",
    "import",
    "f: async func() -> stream<error-context>;",
    /func f, result: .*a string/,
  ],
  [
    "an empty record",
    "export",
    "record r {} f: func(x: r);",
    /func f, param x: the type record r .*leave it out/,
  ],
  [
    "an empty tuple",
    "import",
    "f: func() -> list<tuple<>>;",
    /func f, result.*: the type tuple<> .*leave it out/,
  ],
  ["empty flags", "export", "flags r {} f: async func(x: r);", /func f, param x: .*leave it out/],
  ["a list of nothing", "export", "f: func(x: list<u8, 0>);", /func f, param x: .*leave it out/],
  [
    "a long list in a record",
    "export",
    "record r { a: list<u64, 513> } f: func(x: r);",
    /func f, param x, field a: the type list<u64, 513> .*4,096 bytes; use a list without length/,
  ],
  ["the longest list there is", "import", "f: func(x: list<u8, 4294967295>);", /4,096 bytes/],
];

test("a list of 4,096 bytes is bound", async () => {
  assert.ok((await bind("f: func(x: list<u64, 512>) -> list<u8, 4096>;", "export")).size > 0);
});

for (const [name, side, items, message] of cases) {
  test(`${name}, ${side}ed`, async () => {
    await assert.rejects(
      bind(items, side),
      (error) => error instanceof UserError && message.test(error.message),
    );
  });
}
