/** Names in C: words that C and C++ keep, names that meet, and what compiles in either language with either compiler. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { SideBySide } from "../../tools/bindgen/c/c-world.js";
import { must } from "../../tools/setup/build-tool.js";
import { cIncludeFlags, cSources } from "../../tools/c-sources/c-sources.js";
import { desktopParts } from "../../tools/wamr/desktop-library.js";
import { STRICT, writeBindings } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-names-"));
after(() => {
  rmSync(folder, { recursive: true });
});

/** Parameters that are words of C or C++, or names that the generated code has for itself. */
const WORDS =
  "int register class new bool not and near linux errno size-t uint8-t host result cells args values handles is-done guest value NULL";

const CLASHING = `package a:b;

interface c-d {
  e: func(${WORDS.split(" ")
    .map((word) => `%${word}: u8`)
    .slice(0, 15)
    .join(", ")}) -> u8;
  rest: func(${WORDS.split(" ")
    .map((word) => `%${word}: u8`)
    .slice(15)
    .join(", ")});
}
interface c {
  d-e: func();
  return: func(x: f32) -> f64;
}
interface g { f: async func(s: stream<u8>, int: f32) -> stream<u64>; }
interface h { f: async func(%char: char, %result: u8) -> char; init: func(); close: func(host: u64) -> u64; }
/// What \\ ends
/// a line, and what */ ends a comment.
world int {
  import c-d;
  import c;
  import log: func(level: u8);
  import inner: interface { f: func(); }
  export g;
  export h;
  export init: func();
}
`;

async function written(
  name: string,
  wit: string,
  sideBySide?: SideBySide,
): Promise<{ readonly header: string; readonly source: string }> {
  const path = join(folder, `${name}.wit`);
  writeFileSync(path, wit);
  const files = await writeBindings(path, folder, { sideBySide });
  const [header, source] = files.map((file) => join(folder, file));
  return { header: header!, source: source! };
}

async function compiles(source: string, more: readonly string[] = []): Promise<void> {
  const flags = [...STRICT, ...cIncludeFlags(), ...more, "-O1", "-c", source, "-o", "/dev/null"];
  for (const compiler of ["gcc", "clang"]) {
    await must(compiler, ["-std=c99", ...flags]);
    await must(compiler, ["-x", "c++", "-std=c++11", ...flags]);
  }
}

test("words of C and names that meet: each function has one, and all compile", async () => {
  const { header, source } = await written("clashing", CLASHING);
  const text = readFileSync(header, "utf8").replaceAll(/\s+/g, " ");
  for (const prototype of [
    "bool a_b_c_d_e(struct int_host *host, uint8_t int_, uint8_t register_, uint8_t class_, uint8_t new_, uint8_t bool_,",
    "uint8_t size_t_, uint8_t uint8_t_, uint8_t host_2, uint8_t result_2, uint8_t cells_2,",
    "bool a_b_c_d_e_2(struct int_host *host);",
    "bool a_b_c_return(struct int_host *host, float x, double *result);",
    "bool a_b_int_log(struct int_host *host, uint8_t level);",
    "bool a_b_int_inner_f(struct int_host *host);",
    "bool int_host_call_a_b_g_f(struct int_host *host, struct rill_ring *s, float int_, struct rill_ring *result);",
    "bool int_host_call_a_b_h_f(struct int_host *host, uint32_t char_, uint8_t result_2, uint32_t *result);",
    "bool int_host_call_a_b_h_init(struct int_host *host);",
    "bool int_host_call_close(struct int_host *host, uint64_t host_2, uint64_t *result);",
    "bool int_host_call_a_b_int_init(struct int_host *host);",
  ])
    assert.ok(text.includes(prototype), `${prototype}\n${text}`);
  await compiles(source);
});

const BESIDE = `package a:b;
interface c {
  resource r;
  s: async func(call: u8, of: string, begun: borrow<r>, number: stream<u8>) -> list<string>;
  t: async func() -> own<r>;
}
world side {
  import c;
  export e: interface {
    use c.{r};
    call: async func(begun: r, cells: list<string>, of: stream<u8>, bindings: future<u16>) -> stream<u32>;
    run: async func(%flows: u8, args: list<u16>) -> list<u16>;
    wait: async func() -> bool;
    no: func(host: u8);
  }
}
`;

test("calls side by side: names that meet those of a call, and all compile", async () => {
  const { header, source } = await written("side", BESIDE, { calls: 2, tasks: 4 });
  const text = readFileSync(header, "utf8").replaceAll(/\s+/g, " ");
  for (const prototype of [
    "bool a_b_c_s(struct side_host *host, uint32_t call_2, uint8_t call, const char *of, uint32_t of_length,",
    "enum rill_ended side_host_done_a_b_c_t(struct side_host *host, uint32_t call, uint32_t result);",
    "bool side_host_begin_call(struct side_host *host, struct side_host_begun_call *begun_2, uint32_t begun,",
    "bool side_host_begin_run(struct side_host *host, struct side_host_begun_run *begun, uint8_t flows,",
    "bool side_host_call_no(struct side_host *host, uint8_t host_2);",
    "#define SIDE_HOST_TASKS 4u",
    "#define SIDE_HOST_CALLS_A_B_C_S SIDE_HOST_CALLS",
  ])
    assert.ok(text.includes(prototype), `${prototype}\n${text}`);
  await compiles(
    source,
    ["LISTS", "CALLS", "TASKS"].map((part) => `-DRILL_WITH_${part}`),
  );
});

const OWNED = `package a:b;
interface c { resource r { constructor(x: own<r>); } new-r: func(x: borrow<r>); }
interface d {
  resource r { constructor(is-held: u8); new: static func() -> r; drop: func(handle: u8); held: func(call: borrow<r>); }
  resource int { constructor(); }
  r-new: func(x: list<own<int>, 9>) -> int;
  drop-r: func(x: list<tuple<u8, borrow<int>, own<r>>, 2>, host: list<list<own<r>>>) -> option<r>;
}
interface e {
  use c.{r as other};
  resource r { go: async func(begun: own<r>, %of: borrow<r>, call: borrow<other>) -> result<r, other>; }
}
world mine { import c; export d; export e; export f: interface { use c.{r}; f: func(x: list<borrow<r>, 20>, y: own<r>); } }
`;

test("resources of both sides with one name: each has its functions, and all compile", async () => {
  for (const sideBySide of [undefined, { calls: 2, tasks: 2 }]) {
    const { header, source } = await written("owned", OWNED, sideBySide);
    const text = readFileSync(header, "utf8").replaceAll(/\s+/g, " ");
    for (const prototype of [
      "void a_b_c_r_drop(struct mine_host *host, uint32_t index);",
      "bool mine_host_drop_a_b_d_r(struct mine_host *host, uint32_t handle);",
      "bool mine_host_drop_a_b_e_r(struct mine_host *host, uint32_t handle);",
      "bool mine_host_drop_int(struct mine_host *host, uint32_t handle);",
      "enum rill_held mine_host_held_int(const struct mine_host *host, uint32_t handle);",
      "bool mine_host_call_a_b_d_r_new(struct mine_host *host, uint8_t is_held_2, uint32_t *result);",
      "bool mine_host_call_int_new(struct mine_host *host, uint32_t *result);",
    ])
      assert.ok(text.includes(prototype), `${prototype}\n${text}`);
    const parts = ["LISTS", "CALLS", "TASKS"].map((part) => `-DRILL_WITH_${part}`);
    await compiles(source, parts);
  }
});

test("the tables for WAMR compile, with tasks and without", async () => {
  const { source } = await written("tables", CLASHING);
  const { flags } = await desktopParts({ interpreter: "classic", bits: 64 });
  const wamr = flags.filter((flag, index) => flag === "-isystem" || flags[index - 1] === "-isystem");
  for (const more of [[], ["-DRILL_WITH_TASKS"]])
    await compiles(source, [...wamr, "-DRILL_BINDINGS_ON_WAMR", "-DRILL_WITH_CALLS", ...more]);
});

test("a world without a function, and one that is called like the host's files", async () => {
  const { source } = await written("empty", "package a:b;\nworld nothing {}\n");
  await compiles(source);
  const { header } = await written("rill", "package rill:host;\nworld rill { import init: func(); }\n");
  assert.match(header, /\/world_rill_host\.h$/);
  assert.match(
    readFileSync(header, "utf8"),
    /bool world_rill_host_rill_init\(struct world_rill_host \*host\);/,
  );
});

test("written again, not a byte changes; another signature is another world", async () => {
  const { header } = await written("again", CLASHING);
  const first = readFileSync(header, "utf8");
  await written("again", CLASHING);
  assert.equal(readFileSync(header, "utf8"), first);
  const hash = (text: string): string => /_WORLD (0x[0-9a-f]{8})u/.exec(text)![1]!;
  await written("again", CLASHING.replace("level: u8", "level: u16"));
  const other = readFileSync(header, "utf8");
  assert.notEqual(hash(other), hash(first));
  await written("again", CLASHING.replace("/// a line", "/// the line"));
  assert.equal(hash(readFileSync(header, "utf8")), hash(first));
});

test("two worlds that import one interface, in one program: the functions of one begin with its own name", async () => {
  const wit = (world: string): string =>
    `package a:b;
interface gpio {
  enum level { low, high }
  record pin { number: u8, level: level, name: option<string> }
  resource port { set: func(to: level); }
  find: func(name: string) -> option<pin>;
  wait: async func(on: pin) -> level;
}
world ${world} { import gpio; export run: func(); }`;
  const [one, two] = [await written("one", wit("one")), await written("two", wit("two"))];
  const main = join(folder, "both.c");
  const switches = ["-DRILL_WITH_LISTS", "-DRILL_WITH_CALLS", "-DTWO_HOST_OWN_NAMES"];
  const stubs = ["one", "two"].map((name) => {
    const own = name === "two" ? "two_host_" : "";
    return `bool ${own}a_b_gpio_find(struct ${name}_host *host, const char *name, uint32_t name_length, struct rill_space *space,
    struct ${name}_option_pin *result) { (void)host; (void)name; (void)name_length; (void)space; (void)result; return true; }
bool ${own}a_b_gpio_wait(struct ${name}_host *host, const struct a_b_gpio_pin *on, struct rill_space *space)
{ (void)on; (void)space; ${name}_host_done_a_b_gpio_wait(host, A_B_GPIO_LEVEL_HIGH); return host->${own}a_b_gpio_wait.is_cancelling == 0; }
bool ${own}a_b_gpio_port_set(struct ${name}_host *host, uint32_t self, enum a_b_gpio_level to)
{ (void)host; (void)self; (void)to; return true; }
void ${own}a_b_gpio_port_drop(struct ${name}_host *host, uint32_t index) { (void)host; (void)index; }`;
  });
  writeFileSync(
    main,
    `#include "one_host.h"\n#include "two_host.h"\n${stubs.join("\n")}\nint main(void) { return 0; }\n`,
  );
  for (const source of [one.source, two.source, main]) await compiles(source, [...switches, `-I${folder}`]);
  await must("gcc", [
    ...["-std=c99", ...STRICT, ...switches, ...cIncludeFlags(), `-I${folder}`],
    ...[one.source, two.source, main, ...new Set(cSources("HOST", "RINGS", "BINDINGS", "CALLS", "LISTS"))],
    ...["-o", join(folder, "both")],
  ]);
});
