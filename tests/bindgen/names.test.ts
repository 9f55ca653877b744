/** Names that collide: with AssemblyScript's, with the guest library's, with what the generator makes up, with each other. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateBindings } from "../../tools/bindgen/generate.js";
import { isReserved, libraryNames } from "../../tools/bindgen/reserved-words.js";
import { packageRoot } from "../../tools/package-root.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { judge } from "../judge/judge.js";

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-names-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Every kind of type and function, each named as `words` say. */
function everywhere(words: readonly string[]): string {
  const many = (make: (word: string, index: number) => string): string => words.map(make).join("\n");
  const list = (make: (word: string) => string): string => words.map(make).join(", ");
  return `package t:t;
    interface records { ${many((word) => `record %${word} { a: u8 }`)}
      take-all: func(${list((word) => `%${word}: %${word}`)}); await-all: async func(${list((word) => `%${word}: %${word}`)}); }
    interface fields { record r { ${list((word) => `%${word}: u16`)} } record outer { ${list((word) => `%${word}: r`)} }
      f: func(x: outer) -> outer; g: async func(x: stream<outer>) -> stream<outer>; }
    interface cases { variant v { ${list((word) => `%${word}(u16)`)} } variant pairs { ${list((word) => `%${word}(string)`)} }
      f: func(x: v, y: pairs) -> v; }
    interface values { enum e { ${list((word) => `%${word}`)} } flags g { ${list((word) => `%${word}`)} } f: func(x: e, y: g) -> e; }
    interface enums { ${many((word) => `enum %${word} { a, b }`)} take-all: func(${list((word) => `%${word}: %${word}`)}); }
    interface functions { ${many((word) => `%${word}: func(x: string, y: option<u8>) -> option<string>;`)} }
    interface tasks { ${many((word) => `%${word}: async func(x: stream<u8>, y: option<u8>) -> stream<u8>;`)} }
    interface params { record r { a: u8 }
      ${many((word, index) => `f${String(index)}: async func(%${word}: stream<u8>) -> stream<u8>;`)}
      ${many((word, index) => `g${String(index)}: func(%${word}: r) -> r; h${String(index)}: func(%${word}: string) -> string;`)}
      ${many((word, index) => `i${String(index)}: async func(%${word}: u32, x-${String.fromCharCode(97 + (index % 26))}: r) -> u8;`)} }
    world w { ${["records", "fields", "cases", "values", "enums", "functions", "tasks", "params"].map((item) => `import ${item}; export ${item};`).join("\n")} }`;
}

async function compiles(name: string, wit: string): Promise<void> {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const path = join(folder, `${name}.wit`);
  writeFileSync(path, wit);
  const verdict = await judge(path, "w", join(folder, name), tool.path);
  assert.deepEqual({ outcome: verdict.outcome, why: verdict.why }, { outcome: "passed", why: null });
}

const groups: Readonly<Record<string, string>> = {
  "words of the language": "in string static constructor get set class u8 v128 package result type await",
  "the standard library's classes":
    "array map date math error static-array data-view object symbol function regexp int8-array weak-map",
  "the guest library's":
    "stream-reader stream-writer arena-reader take-block load-element store-element lift-pair copy-element ensure-waitable-set await-subtask arena-bytes task",
  "built-ins": "load store memory changetype unreachable min max select trace abort clz heap",
  "what the generator makes up":
    "tag gap gap1 gap-one payload4 payload tail room items length at put allocate item0 output resolve enter exit call run handle ptr",
  locals:
    "reader writer ends both-ends reader-end writer-end params result-ptr entry-task entry-guest0 guest0 bindings0 types0 lift0 realloc core",
  alike:
    "f f-result f-frame f-call f-stream0 lowered-f task-return-f option-u8 option-string corner corner-at0 f-param f-param-0 records-f",
};

for (const [name, words] of Object.entries(groups)) {
  test(`as every kind of name: ${name}`, async () => {
    await compiles(name.replaceAll(" ", "-"), everywhere(words.split(" ")));
  });
}

test("generated types beside declared ones of the same name", async () => {
  await compiles(
    "composed",
    `package t:t;
    interface i {
      record option-u8 { a: u16 } record list-string { a: u8 } record tuple-u8-u8 { a: u8 }
      enum suit { a } flags suits { a } record holder { b: option<u8> }
      f: func(a: option-u8, b: option<u8>, c: list-string, d: list<string>, e: tuple<u8, u8>, g: tuple-u8-u8, h: tuple<option-u8>, k: tuple<option<u8>>, l: holder) -> suit;
      f-result: func() -> option<u8>;
      g: func() -> suits;
      r: func() -> option<u8>;
      r-result: func() -> option<u8>;
    }
    world w { import i; export i; }`,
  );
});

test("several interfaces export a function of one name; each has its own in the guest", async () => {
  await compiles(
    "same-functions",
    `package t:t;
    interface a { record p { x: u8 } get: func(x: p) -> u8; go: async func(x: stream<u8>) -> stream<u8>; }
    interface b { record p { y: u16 } get: func(x: p) -> u16; go: async func(x: stream<u16>) -> stream<u16>; }
    world w { export a; export b; export get: func(x: u32) -> u32; export a-get: func(); }`,
  );
  const guest = readFileSync(join(folder, "same-functions", "guest.ts"), "utf8");
  assert.match(guest, /export function tTAGet\(x: P\): u8/);
  assert.match(guest, /export function bGet\(x: BP\): u16/);
  assert.match(guest, /export function get_\(x: u32\): u32/);
});

test("several versions of one interface have a file each", async () => {
  const path = join(folder, "versions.wit");
  writeFileSync(
    path,
    `package t:t; world w { import a:b/i@1.0.0; import a:b/i@2.0.0; export a:b/i@2.0.0; import a:b/i-import; }
     package a:b@1.0.0 { interface i { f: func(x: u8); } }
     package a:b@2.0.0 { interface i { f: func(x: u16); } }
     package a:b { interface i-import { f: func(x: u32); } }`,
  );
  const files = generateBindings(await resolveWorld(path, "w"));
  assert.deepEqual([...files.keys()].sort(), ["a-b-i-1-0-0.ts", "a-b-i-2-0-0-import.ts", "a-b-i-import.ts"]);
  await compiles("versions", readFileSync(path, "utf8"));
});

test("a type has one declaration, in its interface's file; those that use it have it from there", async () => {
  const path = join(folder, "used.wit");
  writeFileSync(
    path,
    `package t:t;
    interface types { record point { x: u8 } enum suit { a, b } }
    interface i { use types.{point, suit as color}; f: func(x: point, y: color) -> option<point>; }
    interface j { use types.{point}; record other { p: point } g: func(x: other) -> option<point>; }
    world w { import i; export i; export j; }`,
  );
  const files = [...generateBindings(await resolveWorld(path, "w"))];
  const declaring = (what: RegExp): string[] =>
    files.filter(([, text]) => what.test(text)).map(([file]) => file);
  assert.deepEqual(declaring(/export class Point /), ["t-t-types.ts"]);
  assert.deepEqual(declaring(/export type Suit /), ["t-t-types.ts"]);
  assert.deepEqual(declaring(/export class OptionPoint /), ["shared-types.ts"]);
  assert.deepEqual(declaring(/export \{ .*Point.* \} from ".\/t-t-types"/).sort(), [
    "shared-types.ts",
    "t-t-i-import.ts",
    "t-t-i.ts",
    "t-t-j.ts",
  ]);
  await compiles("used", readFileSync(path, "utf8"));
});

test("an interface whose only types are another's", async () => {
  await compiles(
    "others",
    `package t:t;
    interface a { resource x; resource y { constructor(); } record r { a: u8 } }
    interface b { use a.{x, y, r}; f: func(x: x, y: borrow<y>) -> y; g: async func(x: x) -> r; }
    interface c { use a.{r}; f: func(x: tuple<u8, r>); } interface d { use a.{r}; f: func(x: tuple<u8, r>); }
    world w { import a; export b; export c; export d; }`,
  );
  await compiles(
    "others-exported",
    readFileSync(join(folder, "others.wit"), "utf8").replace("import a; ", "export a; "),
  );
});

test("the guest library's names are all reserved", () => {
  const index = readFileSync(join(packageRoot, "assembly", "index.ts"), "utf8");
  const exported = [...index.matchAll(/export \{([^}]*)\}/g)].flatMap((match) => match[1]!.split(","));
  const names = exported.map((name) => name.trim()).filter((name) => name !== "");
  assert.deepEqual([...names].sort(), [...libraryNames].sort());
  for (const name of names) assert.ok(isReserved(name), name);
});

test("so are the standard library's", () => {
  const std = join(packageRoot, "node_modules", "assemblyscript", "std", "assembly");
  const sources = readdirSync(std).filter((name) => name.endsWith(".ts") && !name.endsWith(".d.ts"));
  const found = sources.flatMap((name) => [
    ...readFileSync(join(std, name), "utf8").matchAll(
      /^export (?:declare )?(?:abstract )?(?:final )?(?:class|namespace|type|interface|enum) ([A-Z]\w*)/gm,
    ),
  ]);
  assert.ok(found.length > 40);
  assert.deepEqual(
    found.map((match) => match[1]!).filter((name) => !isReserved(name)),
    [],
  );
});
