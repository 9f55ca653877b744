/**
 * Every memory, every way to touch it, and the stack pointer of compilers: what is
 * used is never said to be less than it is.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { clang, program } from "../../tools/setup/programs.js";
import { isMissing } from "../../tools/setup/tool.js";
import { ByteWriter } from "../../tools/wasm/byte-writer.js";
import type { LinearMemory } from "../../tools/report/model.js";
import { analysed, file, folder, rill, sum, wat } from "./rill.js";

let modules = 0;

async function memoriesOf(bytes: Uint8Array): Promise<readonly LinearMemory[]> {
  const { memories } = await analysed(file(`memories-${modules++}.wasm`, bytes));
  for (const memory of memories)
    assert.equal(
      sum(memory.regions, ({ bytes: length }) => length),
      memory.initial_bytes,
      "regions cover the memory",
    );
  return memories;
}

async function memoryOf(text: string): Promise<LinearMemory> {
  return (await memoriesOf(wat(text)))[0]!;
}

const SEVERAL = `(module (import "env" "shared" (memory $a 1 4 shared)) (memory $b (export "mem b") 2)
  (data (memory $b) (i32.const 16) "hello")
  (func (export "f") (result i32) (i32.load $b (i32.const 16)))
  (func (export "g") (result i32) (memory.grow $b (i32.const 1))))`;

test("several memories: each has its own figures, data and map", async () => {
  const [a, b] = await memoriesOf(wat(SEVERAL));
  assert.deepEqual([a!.name, a!.imported, a!.shared], ["env shared", true, true]);
  assert.deepEqual([a!.used_bytes, a!.maximum_bytes], [0, 4 * 65536]);
  assert.ok(!a!.regions.some(({ kind }) => kind === "data" || kind === "heap"));
  assert.deepEqual([b!.name, b!.imported, b!.used_bytes], ["mem b", false, 21]);
  assert.deepEqual(
    b!.regions.map(({ address, bytes, kind }) => [address, bytes, kind]),
    [
      [0, 16, "static"],
      [16, 5, "data"],
      [21, 2 * 65536 - 21, "heap"],
    ],
  );
});

test("several memories in every form", () => {
  const path = file("several.wasm", wat(SEVERAL));
  const { stdout } = rill("report", path);
  assert.match(stdout, /^ {2}memory {5}memory 0 \(imported as env shared\): 0 B used of 65,536 B$/m);
  assert.match(stdout, /^ {2}memory {5}memory 1 \(exported as mem b\): 21 B used of 128\.0 KiB$/m);
  assert.match(stdout, /^Memory 1 \(exported as mem b\): static addresses give what is used$/m);
  assert.match(rill("report", path, "--markdown").stdout, /Linear memory: memory 1 /);
});

const at = (store: string): string => `(module (memory 1 1 shared) (func (export "f") ${store}))`;

/** Accesses that end at byte 1,040. */
const accesses: Readonly<Record<string, string>> = {
  "a store": at("(i64.store (i32.const 1032) (i64.const 1))"),
  "a store with an offset": at("(i32.store offset=1028 (i32.const 8) (i32.const 1))"),
  "memory.fill": at("(memory.fill (i32.const 1024) (i32.const 0) (i32.const 16))"),
  "memory.copy, what it writes": at("(memory.copy (i32.const 1024) (i32.const 0) (i32.const 16))"),
  "memory.copy, what it reads": at("(memory.copy (i32.const 0) (i32.const 1024) (i32.const 16))"),
  "v128.store": at("(v128.store (i32.const 1024) (v128.const i64x2 0 0))"),
  "a load behind SIMD": at(
    "(v128.store (i32.const 0) (i32x4.splat (i32.const 1))) (drop (i32.load (i32.const 1036)))",
  ),
  "a lane's store": at("(v128.store32_lane 0 (i32.const 1036) (v128.const i64x2 0 0))"),
  "an atomic store": at("(i64.atomic.store (i32.const 1032) (i64.const 1))"),
  "an atomic exchange": at("(drop (i32.atomic.rmw.cmpxchg (i32.const 1036) (i32.const 1) (i32.const 2)))"),
  "a wait": at("(drop (memory.atomic.wait64 (i32.const 1032) (i64.const 0) (i64.const 0)))"),
  "memory.init": `(module (memory 1) (data "0123456789abcdef")
    (func (export "f") (memory.init 0 (i32.const 1024) (i32.const 0) (i32.const 16))))`,
  "64-bit addresses": `(module (memory i64 1)
    (func (export "f") (i64.store offset=8 (i64.add (i64.const 1000) (i64.const 24)) (i64.const 1))))`,
};
for (const [what, text] of Object.entries(accesses)) {
  test(`${what} counts`, async () => {
    const { used_bytes: used, used_is_at_least: more } = await memoryOf(text);
    assert.deepEqual([used, more], [1040, false]);
  });
}

/** Accesses at addresses that only the run knows. */
const dynamic: Readonly<Record<string, string>> = {
  "a load": "(drop (i32.load (local.get 0)))",
  "a SIMD load": "(drop (v128.load (local.get 0)))",
  "an atomic load": "(drop (i32.atomic.load (local.get 0)))",
  "a fill of a length that is not known": "(memory.fill (i32.const 0) (i32.const 0) (local.get 0))",
  "a load behind what is not followed":
    "(block $b (br_on_null $b (ref.null func)) (drop)) (i32.store (i32.const 0) (i32.const 1))",
};
for (const [what, code] of Object.entries(dynamic)) {
  test(`${what} at an address that is computed: at least`, async () => {
    const { used_is_at_least: more } = await memoryOf(
      `(module (memory 1 1 shared) (func (export "f") (param i32) ${code}))`,
    );
    assert.equal(more, true);
  });
}

test("at least is said in the first lines", () => {
  const path = file(
    "at-least.wasm",
    wat(`(module (memory 1) (data (i32.const 8) "abc")
    (func (export "f") (param i32) (i32.store8 (local.get 0) (i32.const 0))))`),
  );
  assert.match(rill("report", path).stdout, /^ {2}memory {5}at least 11 B used of 65,536 B$/m);
  assert.match(rill("report", path, "--markdown").stdout, /\| at least 11 B used/);
});

test("a shared library: its data counts from __memory_base, its size is what dylink.0 says", async () => {
  const library =
    wat(`(module (import "env" "memory" (memory 1)) (import "env" "__memory_base" (global $base i32))
    (data (global.get $base) "hello") (data (offset (i32.add (global.get $base) (i32.const 32))) "world")
    (func (export "f") (result i32) (i32.load (global.get $base))))`);
  const plain = (await memoriesOf(library))[0]!;
  assert.deepEqual([plain.used_bytes, plain.base, plain.used_is_at_least], [37, "__memory_base", true]);
  const info = new ByteWriter().name("dylink.0").put(1, 4).put(64, 2, 0, 0).bytes;
  const linked = (await memoriesOf(Buffer.concat([library, new ByteWriter().section(0, info).bytes])))[0]!;
  assert.deepEqual([linked.used_bytes, linked.used_by], [64, "dylink.0"]);
  assert.deepEqual(
    linked.regions.filter(({ kind }) => kind === "data").map(({ address, bytes }) => [address, bytes]),
    [
      [0, 5],
      [32, 5],
    ],
  );
});

const FRAMES = `extern int host(char *p, int n);
static int table[64] = {1, 2, 3};
__attribute__((export_name("run"))) int run(int n) {
  char b[1024]; for (int i = 0; i < n; i++) b[i & 1023] = table[i & 63]; return host(b, n); }
__attribute__((export_name("leaf"))) int leaf(int n) {
  volatile int a[8]; for (int i = 0; i < 8; i++) a[i] = n; return a[n & 7]; }`;

test("clang's stack pointer is known by how code uses it, stripped or not, however it is optimised", async () => {
  const [compiler, linker] = [await clang(), await program("wasm-ld", ["lld"])];
  assert.ok(!isMissing(compiler) && !isMissing(linker));
  const source = file("frames.c", FRAMES);
  for (const level of ["-O0", "-O2", "-Oz"]) {
    for (const layout of ["-Wl,-z,stack-size=4096", "-Wl,-z,stack-size=4096,--stack-first"]) {
      const of = async (...flags: string[]): Promise<LinearMemory> => {
        const path = join(folder, "frames.wasm");
        const common = ["--target=wasm32", "-nostdlib", "-Wl,--no-entry,--allow-undefined", level, layout];
        const { status, stderr } = spawnSync(compiler.path, [...common, ...flags, "-o", path, source], {
          encoding: "utf8",
        });
        assert.equal(status, 0, stderr);
        return (await analysed(path)).linear_memory;
      };
      const [named, stripped] = [await of(), await of("-Wl,--strip-all")];
      const label = `${level} ${layout}`;
      assert.equal(stripped.stack_pointer, named.stack_pointer, label);
      assert.equal(stripped.used_bytes, named.used_bytes, label);
      assert.equal(stripped.stack_pointer! % 4096 <= 1280, true, `${label}: ${stripped.stack_pointer}`);
      assert.ok(
        stripped.regions.some(({ kind, bytes }) => kind === "stack" && bytes >= 4000),
        label,
      );
    }
  }
});

test("a counter is no stack pointer", async () => {
  const { stack_pointer: pointer } =
    await memoryOf(`(module (memory 1) (global $left (mut i32) (i32.const 64))
    (func (export "f") (global.set $left (i32.sub (global.get $left) (i32.const 16)))
      (i32.store (i32.const 8) (global.get $left))))`);
  assert.equal(pointer, null);
});
