/**
 * Guests that break the rules, on WAMR itself: each ends with a trap that says why, in
 * both interpreters and under sanitizers.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import binaryen from "../../tools/wasm/binaryen.js";
import { packageRoot } from "../../tools/package-root.js";
import type { DesktopVariant } from "../../tools/wamr/desktop-library.js";
import { runOnWamr, type WamrFacts } from "../../tools/wamr/run-program.js";
import type { World } from "../../tools/wit/model.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

const LINEAR_MEMORY = 64;
let folder: string;
let world: World;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-wild-"));
  world = await resolveWorld(join(packageRoot, "tests", "guests", "double", "double.wit"));
  writeFileSync(join(folder, "in.u32le"), Buffer.from(Uint32Array.of(1, 2, 3).buffer));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/**
 * A guest with double's imports whose function does `body`; `$in` is its
 * readable end, $r, $w and $p are free locals.
 */
function guest(body: string, { memoryEnd = LINEAR_MEMORY, imports = "" } = {}): string {
  return `(module
    (import "[export]my:test/i" "[task-return]double" (func $ret (param i32)))
    (import "[export]my:test/i" "[stream-new-1]double" (func $new (result i64)))
    (import "[export]my:test/i" "[async-lower][stream-read-0]double" (func $read (param i32 i32 i32) (result i32)))
    (import "[export]my:test/i" "[async-lower][stream-write-1]double" (func $write (param i32 i32 i32) (result i32)))
    (import "[export]my:test/i" "[stream-drop-readable-0]double" (func $dropr (param i32)))
    (import "[export]my:test/i" "[stream-drop-writable-1]double" (func $dropw (param i32)))
    (import "$root" "[waitable-set-new]" (func $setnew (result i32)))
    (import "$root" "[waitable-set-wait]" (func $wait (param i32 i32) (result i32)))
    (import "$root" "[waitable-join]" (func $join (param i32 i32)))
    ${imports}
    (memory (export "memory") 1)
    (global (export "__heap_base") i32 (i32.const ${memoryEnd}))
    (global (export "__data_end") i32 (i32.const 48))
    (func (export "[async-lift]my:test/i#double") (param $in i32) (result i32)
      (local $r i32) (local $w i32) (local $p i64)
      (local.set $p (call $new))
      (local.set $r (i32.wrap_i64 (local.get $p)))
      (local.set $w (i32.wrap_i64 (i64.shr_u (local.get $p) (i64.const 32))))
      ${body}
      (i32.const 0))
    (func (export "[callback][async-lift]my:test/i#double") (param i32 i32 i32) (result i32) unreachable))`;
}

async function runGuest(text: string, variant: DesktopVariant, of: World = world): Promise<WamrFacts> {
  const module = binaryen.parseText(text);
  const core = join(folder, "guest.wasm");
  writeFileSync(core, module.emitBinary());
  module.dispose();
  return runOnWamr({
    core,
    world: of,
    call: "my:test/i#double",
    params: [{ path: join(folder, "in.u32le") }],
    output: join(folder, "out"),
    variant,
  });
}

const read = (handle: string, ptr: number, length = 1): string =>
  `(drop (call $read ${handle} (i32.const ${ptr}) (i32.const ${length})))`;
const load = (ptr: number): string => `(drop (i32.load8_u (i32.const ${ptr})))`;
const input = "(local.get $in)";

const wild: Readonly<Record<string, readonly [body: string, trap: RegExp]>> = {
  "loads the byte behind its memory": [load(LINEAR_MEMORY), /out of bounds memory access/],
  "loads the first byte of the page that it does not have": [load(65_535), /out of bounds memory access/],
  "stores behind its memory": [
    `(i32.store (i32.const ${LINEAR_MEMORY - 3}) (i32.const -1))`,
    /out of bounds memory access/,
  ],
  "reads to behind its memory": [read(input, LINEAR_MEMORY), /reaches out of memory/],
  "reads more than its memory holds": [read(input, 8, 15), /reaches out of memory/],
  "reads to the top of the address space": [read(input, -4), /reaches out of memory/],
  "reads 2^28 elements": [read(input, 0, 2 ** 28), /2\^28/],
  "reads 2^30 elements, whose bytes are 0 modulo 2^32": [read(input, 0, 2 ** 30), /2\^28/],
  "reads to a misaligned address": [read(input, 2), /not aligned/],
  "reads from handle 0": [read("(i32.const 0)", 0), /no such end/],
  "reads from a handle that nobody gave": [read("(i32.const 77)", 0), /no such end/],
  "reads from handle 2^31": [read("(i32.const 0x80000000)", 0), /no such end/],
  "reads from a writable end": [read("(local.get $w)", 0), /no such end/],
  "drops its input twice": [`(call $dropr ${input}) (call $dropr ${input})`, /no such end/],
  "reads from what it dropped": [`(call $dropr ${input}) ${read(input, 0)}`, /no such end/],
  "answers with a handle that is none": ["(call $ret (i32.const 9))", /no such end/],
  "answers with the end it writes to": ["(call $ret (local.get $w))", /no such end/],
  "answers twice": ["(call $ret (local.get $r)) (call $ret (local.get $in))", /task.return/],
  "waits for a set that is none": ["(drop (call $wait (i32.const 1) (i32.const 0)))", /no such waitable set/],
  "waits for ever": [
    "(drop (call $wait (call $setnew) (i32.const 0)))",
    /waits for ever: no event can come to this waitable set/,
  ],
  "wants an event behind its memory": [
    `(call $join ${input} (call $setnew)) ${read(input, 0)} (drop (call $wait (i32.const 4) (i32.const ${LINEAR_MEMORY - 4})))`,
    /place for an event|waits for ever/,
  ],
  "joins a waitable that is none": ["(call $join (i32.const 50) (call $setnew))", /no such waitable/],
  "never stops asking for streams": ["(loop $again (drop (call $new)) (br $again))", /no place is left/],
  "never stops asking for sets": ["(loop $again (drop (call $setnew)) (br $again))", /no place is left/],
  "calls itself for ever": ["(call $endless)", /stack overflow/],
};

const variants: readonly DesktopVariant[] = [
  { interpreter: "classic", bits: 64 },
  { interpreter: "fast", bits: 64 },
  { interpreter: "classic", bits: 32 },
  { interpreter: "classic", bits: 64, sanitized: true },
];

for (const variant of variants) {
  const name = `${variant.interpreter}, ${variant.bits} bit${variant.sanitized ? ", sanitized" : ""}`;
  for (const [what, [body, trap]] of Object.entries(wild)) {
    test(`a guest that ${what}, ${name}`, async () => {
      const { trap: said } = await runGuest(
        guest(body).replace(/\)$/, "(func $endless (call $endless)))"),
        variant,
      );
      assert.match(said ?? "no trap", trap);
    });
  }
  test(`memory that ends at no multiple of 8 does not end later than its bytes, ${name}`, async () => {
    const facts = await runGuest(guest(load(64), { memoryEnd: 61 }), variant);
    assert.match(facts.trap ?? "no trap", /out of bounds memory access/);
  });
  test(`a guest that only drops its input is well, ${name}`, async () => {
    const facts = await runGuest(
      guest(
        `${load(LINEAR_MEMORY - 1)} (call $ret (local.get $r)) (call $dropr ${input}) (call $dropw (local.get $w))`,
      ),
      variant,
    );
    assert.equal(facts.trap, null);
    assert.equal(facts.linear_memory_bytes, LINEAR_MEMORY);
  });
}

test("an import that nobody provides is refused before the guest runs", async () => {
  const text = guest("(call $strange)", { imports: '(import "$root" "[strange]" (func $strange))' });
  await assert.rejects(runGuest(text, variants[0]!), /imports \$root \[strange\]/);
});

test("a bad value that the host finds while the guest is in another built-in ends the guest there", async () => {
  const wit = join(folder, "cases.wit");
  writeFileSync(
    wit,
    "package my:test; interface i { enum e { a, b } double: async func(x: stream<u32>) -> stream<e>; } world w { export i; }",
  );
  const body = `(i32.store8 (i32.const 8) (i32.const 9))
    (drop (call $write (local.get $w) (i32.const 8) (i32.const 1)))
    (call $ret (local.get $r))`;
  const { trap } = await runGuest(guest(body), variants[0]!, await resolveWorld(wit));
  assert.match(trap ?? "no trap", /no value of (its element|their) type/);
});
