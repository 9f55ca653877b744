/**
 * Names that collide: with AssemblyScript's, with the guest library's, with what
 * the generator makes up, with each other.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateBindings } from "../../tools/bindgen/generate.js";
import { isReserved, libraryNames } from "../../tools/bindgen/names/reserved-words.js";
import { linkGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { judge } from "../judge/judge.js";
import { isLong } from "../tier.js";

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
      ${many((word, index) => `f${index}: async func(%${word}: stream<u8>) -> stream<u8>;`)}
      ${many((word, index) => `g${index}: func(%${word}: r) -> r; h${index}: func(%${word}: string) -> string;`)}
      ${many((word, index) => `i${index}: async func(%${word}: u32, x-${String.fromCharCode(97 + (index % 26))}: r) -> u8;`)} }
    world w { ${["records", "fields", "cases", "values", "enums", "functions", "tasks", "params"].map((item) => `import ${item}; export ${item};`).join("\n")} }`;
}

async function compiles(name: string, wit: string): Promise<void> {
  const tool = await wasmTools();
  assert.ok(!isMissing(tool));
  const path = join(folder, `${name}.wit`);
  writeFileSync(path, wit);
  const verdict = await judge(path, "w", join(folder, name), tool.path, isLong);
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

/** Whether a guest of this source builds for the WIT. */
async function builds(name: string, wit: string, source: string): Promise<void> {
  const base = join(folder, `${name}-own`);
  mkdirSync(base, { recursive: true });
  writeFileSync(join(base, "w.wit"), wit);
  writeFileSync(join(base, "guest.ts"), source);
  await linkGuest(
    await prepareGuest({ entry: join(base, "guest.ts"), wit: join(base, "w.wit"), world: "w" }),
  );
}

test("a constructor is `create`, wherever a static function of that name stands", async () => {
  const file = (members: string): string =>
    `package t:t; interface i { resource file { ${members} } } world w { import i; export run: func() -> u32; }`;
  const made = "constructor(path: string);";
  const other = "create: static func(path: string, mode: u8) -> file;";
  const source = (call: string): string =>
    `import { File } from "./bindings/t-t-i";\nexport function run(): u32 { const f = ${call}; f.drop(); return 1; }\n`;
  await builds("create-first", file(made + other), source('File.create("a")'));
  await builds("create-second", file(other + made), source('File.create("a")'));
  await builds("create-static", file(other + made), source('File.create_("a", 1)'));
  await builds("create-alone", file(other), source('File.create("a", 1)'));
  await compiles(
    "create",
    file(`${made}${other} drop: func(); of: func(); state: func() -> u8; handle: func(handle: u8);`),
  );
});

test("what ends a resource has one name each: of two interfaces, of two versions, beside functions of that name", async () => {
  const things = `package t:t;
    interface i { resource thing { constructor(); } drop-counter: func(x: u32) -> u32; resource counter { constructor(); } resource part { constructor(); } }
    interface j { resource thing { get: func() -> u8; } drop-thing: func(); }
    interface k { i-drop-counter: func() -> u8; async-: async func(); }
    world w { export i; export j; export k; export a:b/v@1.0.0; export a:b/v@2.0.0; import i; import j; }
    package a:b@1.0.0 { interface v { resource thing { get: func() -> u8; } resource part { constructor(); } } }
    package a:b@2.0.0 { interface v { resource thing { get: func() -> u16; } resource part { constructor(); } } }`.replace(
    "async-: async func();",
    "drop-part: async func();",
  );
  await compiles("destructors", things);
  const guest = readFileSync(join(folder, "destructors", "guest.ts"), "utf8");
  const names = [...guest.matchAll(/^export function (\w+)\(state: usize\): void/gm)].map(
    (match) => match[1]!,
  );
  assert.deepEqual(names, [
    "iDropThing",
    "tTIDropCounter",
    "iDropPart",
    "jDropThing",
    "vDropThing",
    "vDropPart",
    "aBV200DropThing",
    "aBV200DropPart",
  ]);
  for (const kept of ["dropCounter(x: u32): u32", "dropThing(): void", "iDropCounter(): u8"])
    assert.ok(guest.includes(`export function ${kept}`), kept);
});

test("each of two resources of one name is ended by its own function; the message names the one that is missing", async () => {
  const wit = `package t:t; interface i { resource thing {} } interface j { resource thing {} } world w { export i; export j; }`;
  const one = "export function iDropThing(state: usize): void {}\n";
  await assert.rejects(
    builds("one-destructor", wit, one),
    /nothing ends a `thing` of t:t\/j; write `export function jDropThing\(state: usize\): void`/,
  );
  await builds("both-destructors", wit, `${one}export function jDropThing(state: usize): void {}\n`);
});

test("a resource `t` that the guest implements: `of` gives one", async () => {
  const wit = `package t:t; interface i { resource t { constructor(x: u8); get: func() -> u8; } } world w { export i; }`;
  await builds(
    "type-parameter",
    wit,
    `import { T } from "./bindings/t-t-i";
    export function newT(x: u8): T { const made: T = T.of<u32>(x); return made; }
    export function tGet(self: usize): u8 { return u8(self); }
    export function dropT(state: usize): void {}\n`,
  );
});

test("a parameter called like what the skeleton's function calls", async () => {
  await compiles(
    "hiding",
    `package t:t;
    interface i { record r { a: u8, b: string }
      get: func(get-result: u32, get: u8) -> r; f: async func(f: stream<u8>, stream-u8: u8, task: r) -> r; }
    world w { import i; export i; }`,
  );
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

/**
 * What a guest of `GROWING` has from its interface's file: all but the first two may
 * move to another file when the world grows.
 */
const FROM_A = `import { Point, suit, OptionPoint, ListString, StreamU8, StreamU8Reader, StreamU8Writer, FutureString, FutureStringReader, ResultPointSuit, put } from "./bindings/t-a-a";
function send(to: StreamU8Writer): void { to.writeOne(65); }
function first(from: StreamU8Reader): u8 { return from.next() ? from.value : 0; }
function text(from: FutureStringReader): i32 { return from.read() ? from.value.length : 0; }
export function run(x: u8): u32 {
  const writer = StreamU8.create();
  const place = put.p();
  place.tag = OptionPoint.some;
  place.some.suit = suit.hearts;
  const back: ResultPointSuit = put(place, changetype<ListString>(0), StreamU8.readable(writer));
  send(writer);
  const left: Point = back.ok;
  const made = FutureString.create();
  made.drop();
  return first(left.bytes.open()) + text(left.note.open());
}
`;

/** A world with room for more, and the packages that it may import more of. */
function growing(before: string, after: string): string {
  const a = `enum suit { hearts, spades } record point { suit: suit, bytes: stream<u8>, note: future<string> }
      put: func(p: option<point>, names: list<string>, s: stream<u8>) -> result<point, suit>;`;
  return `package t:t;
    interface same { use t:a/a@1.0.0.{point, suit}; more: func(p: option<point>, b: list<tuple<stream<u8>, future<string>>>) -> result<point, suit>; }
    interface alike { enum suit { a } record point { x: u8 } get: func(a: list<string>, p: option<point>) -> result<point, suit>; }
    interface both { use t:a/a@1.0.0.{point}; use alike.{point as dot, suit}; f: func(a: option<dot>, b: option<point>, c: result<dot, suit>) -> list<string>; }
    interface answers { use t:a/a@1.0.0.{point}; use alike.{point as dot}; f: async func(a: option<dot>) -> option<point>; }
    world w { ${before} import t:a/a@1.0.0; ${after} export run: func(x: u8) -> u32; }
    package t:a@1.0.0 { interface a { ${a} } }
    package t:a@2.0.0 { interface a { ${a} } }`;
}

const growth: Readonly<Record<string, readonly [string, string]>> = {
  "as it was": ["", ""],
  "by an interface that uses the same types": ["", "import same;"],
  "by the same, in front": ["import same;", ""],
  "by types of the same names": ["import alike; import both;", ""],
  "by all of them": ["", "import both; import alike; import same; import answers;"],
  "by a function of its own": ["", "import suit: func(a: list<string>) -> stream<u8>;"],
  "by another version": ["", "import t:a/a@2.0.0;"],
  "by an inline interface": [
    "",
    "import a: interface { f: func(x: stream<u8>, y: list<string>) -> option<stream<u8>>; }",
  ],
};

for (const [how, [before, after]] of Object.entries(growth)) {
  test(`a world grows ${how}: what an interface's file gave is there as before`, async () => {
    await builds(`growing-${how.replaceAll(/\W/g, "-")}`, growing(before, after), FROM_A);
  });
}

test("a guest that implements an async function of one version, and then the world exports another too", async () => {
  const wit = (more: string): string => `package t:t; world w { export t:a/a@1.0.0; ${more} }
    package t:a@1.0.0 { interface a { go: async func(x: stream<u8>); } }
    package t:a@2.0.0 { interface a { stop: async func(x: stream<u8>); } }`;
  const one =
    'import { go } from "./bindings/t-a-a";\nexport function run(task: go.Task): void { task.resolve(); }\n';
  const two =
    'import * as two from "./bindings/t-a-a-2-0-0";\nexport function halt(task: two.stop.Task): void { task.resolve(); }\n';
  const whole =
    'import * as all from "./bindings/t-a-a";\nexport function run(task: all.go.Task): void { task.resolve(); }\n';
  await builds("one-version", wit(""), one);
  await builds("two-versions", wit("export t:a/a@2.0.0;"), one + two);
  await builds("two-versions-whole", wit("export t:a/a@2.0.0;"), whole + two);
});

test("types are one under both names: an interface's file and that of shared types", async () => {
  const wit = `package t:t; interface types { record point { x: u8 } }
    interface i { use types.{point}; f: func(p: option<point>) -> option<point>; }
    interface j { use types.{point}; g: func(p: option<point>) -> option<point>; h: func(p: point) -> point; }
    world w { import i; export j; }`;
  for (const [name, file] of [
    ["shared", "shared-types"],
    ["own", "t-t-j"],
    ["imported", "t-t-i"],
  ])
    await builds(
      `both-names-${name!}`,
      wit,
      `import { OptionPoint, Point } from "./bindings/${file!}";
      export function h(p: Point): Point { return p; }
      import { f } from "./bindings/t-t-i";
      export function g(p: OptionPoint): OptionPoint { return f(p); }\n`,
    );
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

/** Names that came later: bindings do not import them by these, so a WIT that has them keeps its own. */
const laterNames: readonly string[] = [
  ...["CALL_PLACES", "Scope", "heedCancellation", "holdCancellation", "isCancelled", "Made"],
  ...["made", "openScope", "lowerBackpressure", "pause", "raiseBackpressure", "waitAny"],
];

test("the guest library's names are all reserved, except those that came later", () => {
  const index = readFileSync(join(packageRoot, "assembly", "index.ts"), "utf8");
  const exported = [...index.matchAll(/export \{([^}]*)\}/g)].flatMap((match) => match[1]!.split(","));
  const names = exported.map((name) => name.trim()).filter((name) => name !== "");
  assert.deepEqual([...names].sort(), [...libraryNames, ...laterNames].sort());
  for (const name of libraryNames) assert.ok(isReserved(name), name);
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

test("a function that is called like what the library has: its name in a text imports nothing", async () => {
  await compiles(
    "mentioned",
    "package a:b; interface c { mark: async func(x: s16); } world w { import c; export d: interface { mark: async func(x: s16); } }",
  );
});
