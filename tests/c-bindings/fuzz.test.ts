/** The bindings of many worlds, with a guest and a firmware that do anything: nothing is read or written that is not there. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, test } from "node:test";
import { cIncludeFlags, cSources } from "../../tools/c-sources/c-sources.js";
import type { SideBySide } from "../../tools/bindgen/c/c-world.js";
import { packageRoot } from "../../tools/package-root.js";
import { must } from "../../tools/setup/build-tool.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { atTier, isLong, seed } from "../tier.js";
import { fuzzProgram } from "./fuzz-program.js";
import { writeBindings } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-fuzz-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const GUESTS = ["arrays", "crowd", "driver", "journal", "meters", "moves", "panel", "pins", "scope", "words"];
const OTHERS: Readonly<Record<string, string>> = {
  hoard: `package a:hoard;
interface i {
  resource a; resource b;
  record some { name: string, items: list<a>, other: option<b> }
  three: func() -> tuple<a, b, option<a>>;
  turn: func(x: list<some>, y: list<borrow<a>>, z: list<option<borrow<b>>>) -> list<some>;
  later: async func(x: list<b>, y: list<tuple<u8, borrow<a>>>, s: stream<u16>) -> result<list<list<a>>, b>;
  flows: func(x: list<stream<u8>>, y: option<future>) -> list<tuple<string, future<u64>, option<a>>>;
  soon: async func(x: tuple<stream, b>) -> list<stream<u16>>;
}
world hoard { import i; export e: interface { use i.{a, b, some}; f: func(x: list<some>, y: list<borrow<a>>) -> list<b>; g: async func(x: list<list<b>>) -> list<some>; h: async func(x: list<stream<u16>>, y: tuple<a, future<u8>>) -> list<tuple<stream, string>>; } }`,
  items: `package a:items;
interface i {
  resource a;
  record some { name: string, other: option<a>, next: option<stream<string>> }
  told: func(x: stream<some>) -> stream<some>;
  passed: func(x: stream<a>) -> future<string>;
  one: func(x: option<stream<a>>) -> option<stream<string>>;
  later: async func(x: future<some>) -> tuple<u8, stream<a>>;
}
world items { import i; export e: interface { use i.{a, some}; f: async func(x: stream<some>, y: stream<a>) -> stream<string>; g: func(x: option<future<some>>) -> stream<a>; } }`,
  deep: `package a:deep;
interface i {
  variant leaf { none, text(string), numbers(list<u64>), more(list<list<string>>) }
  record node { left: leaf, right: option<leaf>, names: list<tuple<string, leaf>> }
  put: func(node: node) -> node;
  later: async func(nodes: list<node>) -> list<node>;
}
world deep { import i; export e: interface { use i.{node, leaf}; f: func(nodes: list<node>) -> leaf; g: async func(leaf: leaf) -> node; } }`,
  held: `package a:held;
interface i {
  resource a; resource b;
  variant either { left(a), right(b), both(tuple<a, b, string>) }
  turn: func(x: either, y: option<borrow<a>>) -> either;
  later: async func(x: either, y: borrow<b>, s: stream<u16>) -> result<either, a>;
  open: func(x: future<u64>) -> stream<u8>;
  rows: func(x: list<a, 2>, y: list<tuple<u8, borrow<b>>, 2>, z: list<list<option<borrow<a>>, 4>, 2>) -> list<option<a>, 2>;
}
world held { import i; export e: interface { use i.{a, b, either}; f: func(x: either, y: borrow<a>) -> either; g: async func(x: a, y: future<u8>) -> b; } }`,
  owned: `package a:owned;
interface i { resource t; wait: async func() -> u8; }
world owned {
  import i;
  export e: interface {
    use i.{t};
    resource a {
      constructor(x: u32);
      of: static func(x: borrow<t>) -> a;
      m: func(other: borrow<a>) -> u32;
      s: static func(l: a, r: a) -> a;
      go: async func(x: stream<u16>, y: borrow<t>) -> a;
    }
    resource b { constructor(); }
    record some { name: string, items: list<a>, other: option<b> }
    variant either { left(a), right(list<b, 2>), both(tuple<a, b, string>) }
    f: func(x: list<some>, y: list<borrow<a>>, z: either) -> list<some>;
    g: async func(x: list<list<b>>, y: either, w: list<borrow<b>, 3>) -> either;
    h: async func(x: t, y: option<a>, z: list<borrow<t>>) -> tuple<t, a>;
  }
}`,
};
const PARTS = ["LISTS", "CALLS", "TASKS"] as const;
const FLAGS = [
  ...["-std=c99", "-Wall", "-Wconversion", "-Werror", "-Wno-unused-function", "-Wno-unused-variable"],
  ...["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1"],
  ...PARTS.map((part) => `-DRILL_WITH_${part}`),
  ...[`-I${join(packageRoot, "tests", "c-bindings")}`, ...cIncludeFlags()],
];
const ROUNDS = atTier(6_000, 60_000);
/** By day those whose bindings have the most kinds of values. */
const WORLDS = isLong
  ? [...GUESTS, ...Object.keys(OTHERS)]
  : ["driver", "journal", "hoard", "items", "owned"];

/** The C host and what bindings call, compiled once. */
const library = Promise.all(
  [...new Set(cSources("HOST", "RINGS", "BINDINGS", ...PARTS))].map(async (source) => {
    const object = join(folder, `${basename(source, ".c")}.o`);
    await must("gcc", [...FLAGS, "-c", source, "-o", object]);
    return object;
  }),
);

/** Alone, and several calls at once; by day four worlds so. */
const CASES: readonly (readonly [name: string, sideBySide?: SideBySide])[] = [
  ...WORLDS.map((name) => [name] as const),
  ...(isLong ? [...WORLDS, "beside", "booths", "lanes"] : ["beside", "lanes", "owned", "scope"]).map(
    (name) => [name, { calls: 3, tasks: 3 }] as const,
  ),
];

for (const [name, sideBySide] of CASES)
  test(`${name}${sideBySide ? ", side by side" : ""}: ${ROUNDS.toLocaleString("en")} guests`, async () => {
    const own = join(folder, `${name}${sideBySide ? "-side" : ""}`);
    const wit =
      name in OTHERS
        ? join(folder, `${name}.wit`)
        : join(packageRoot, "tests", "guests", name, `${name}.wit`);
    if (name in OTHERS) writeFileSync(wit, OTHERS[name]!);
    await writeBindings(wit, own, { sideBySide });
    const { text, prefix } = fuzzProgram(await resolveWorld(wit, undefined), sideBySide);
    writeFileSync(join(own, "fuzz.c"), text);
    const program = join(own, "fuzz");
    const objects = await library;
    await must("gcc", [
      ...[...FLAGS, `-I${own}`, join(own, `${prefix}.c`), join(own, "fuzz.c")],
      ...[...objects, "-o", program],
    ]);
    const said = await must(program, [String(seed), String(ROUNDS)]);
    const [, calls, , served] = /^(\d+) calls, (\d+) done, (\d+) served$/m.exec(said)!.map(Number);
    // The guests get somewhere: they are not all ended by their first step.
    assert.ok(calls! > ROUNDS / 2 && served! > ROUNDS / 200, said);
  });
