import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { prepareGuest, linkGuest } from "../../tools/compile/guest-module.js";
import { withModule } from "../../tools/compile/optimize.js";
import { packageRoot } from "../../tools/package-root.js";
import type { RunProfile } from "../../tools/report/model.js";
import { costOf } from "../../tools/instrument/cost-model.js";
import { embedWorld } from "../../tools/wit/component.js";
import { file, folder, guest, reportOf, rill, sum } from "./rill.js";

const ITEMS = 100;
const input = file("items.bin", new Uint8Array(Uint32Array.from({ length: ITEMS }, (_, i) => i).buffer));
const double = await guest("tests/guests/double/double.ts", "tests/guests/double/double.wit");

const WORDS = 40;
/** Strings of 1 to 40 characters: UTF-16 in the arena, so what an item takes grows by 4 bytes with each. */
const words = file(
  "words.jsonl",
  Array.from({ length: WORDS }, (_, i) => `${JSON.stringify("x".repeat(i + 1))}\n`).join(""),
);
const names = await guest("examples/names/names.ts", "examples/names/names.wit");

/** A guest that allocates, which `rill build` would refuse; `optimized` inlines its allocator. */
async function allocating(name: string, optimized: boolean): Promise<string> {
  const wit = join(packageRoot, "tests/guests/allocating/allocating.wit");
  const prepared = await prepareGuest({
    entry: join(packageRoot, "tests/guests/allocating/allocating.ts"),
    wit,
  });
  const text = await linkGuest(prepared, { optimized });
  const { binary, sourceMap } = withModule(text, (module) => module.emitBinary(`${name}.map`));
  file(`${name}.map`, sourceMap ?? "");
  return file(name, await embedWorld(binary, wit));
}

test("no run takes more of the stack than was computed, and one that goes the deepest way takes just that", () => {
  for (const [core, items] of [
    [double, input],
    [names, words],
  ] as const) {
    const { stack, run } = reportOf(core, "--run", "--in", `x=${items}`);
    const { call_depth, stack_bytes } = stack;
    assert.deepEqual(run!.stack_used, { call_depth, stack_bytes });
  }
  // While the host serves stream.read it calls cabi_realloc, which no call instruction shows.
  const { chain } = reportOf(names).stack;
  assert.ok(
    chain.findIndex(({ function: name }) => name.includes("realloc")) >
      chain.findIndex(({ function: name }) => name.includes("read_stream0")),
    JSON.stringify(chain),
  );
});

test("the stack adds up: entry frame, each call, the host's call back, what the interpreter asks for", () => {
  for (const core of [double, names]) {
    const { stack } = reportOf(core);
    assert.equal(
      sum(stack.parts, ({ bytes }) => bytes),
      stack.stack_bytes,
    );
    assert.deepEqual([stack.parts[0]!.kind, stack.parts.at(-1)!.kind], ["entry", "reserve"]);
  }
  const kinds = reportOf(names).stack.parts.map(({ kind }) => kind);
  assert.ok(kinds.indexOf("re-entry") > kinds.indexOf("import"), kinds.join());
});

test("a run's instructions: the same by line, by function and in the flame graph", () => {
  const { run } = reportOf(double, "--run", "--in", `x=${input}`);
  assert.ok(run);
  assert.equal(run.items_in, ITEMS);
  assert.equal(run.items_out, ITEMS);
  assert.equal(run.trap, null);
  assert.ok(run.instructions > 20 * ITEMS && run.instructions < 60 * ITEMS, String(run.instructions));
  assert.equal(
    sum(run.functions, (entry) => entry.instructions),
    run.instructions,
  );
  assert.equal(
    sum(run.lines, (entry) => entry.instructions),
    run.instructions,
  );
  assert.equal(Math.round(flameSum(run.flame)), run.instructions);
  assert.equal(run.allocations.count, 0);
  assert.equal(run.arena.high_water_bytes, 0);
  assert.ok(run.host_calls_per_item! >= 2 && run.host_calls_per_item! < 2.2);
});

test("instructions grow with the items, by the same number each", () => {
  const of = (limit: number): number =>
    reportOf(double, "--run", "--in", `x=${input}`, "--limit", String(limit)).run!.instructions;
  const [ten, twenty, thirty] = [of(10), of(20), of(30)];
  assert.equal(twenty - ten, thirty - twenty);
});

test("what one more item costs: with the copies ready, and with all of them blocked, as often as it is measured", () => {
  const steady = (limit: number): RunProfile["steady"] =>
    reportOf(double, "--run", "--in", `x=${input}`, "--limit", String(limit)).run!.steady;
  const { ready, blocking } = steady(ITEMS)!;
  const alone = (limit: number): number =>
    reportOf(double, "--run", "--in", `x=${input}`, "--limit", String(limit)).run!.instructions;
  assert.equal(ready.instructions_per_item, alone(30) - alone(29), "the first call is not in it");
  assert.deepEqual([ready.host_calls_per_item, blocking.host_calls_per_item], [2, 4]);
  assert.ok(blocking.instructions_per_item > ready.instructions_per_item);
  assert.deepEqual(steady(31), { ready, blocking }, "of other runs too");
  assert.equal(steady(1), null, "one item has no next one");
});

test("block, loop, else, end, nop, drop, return and unreachable are free, as in Wasmtime's fuel", () => {
  for (const opcode of [0x00, 0x01, 0x02, 0x03, 0x05, 0x0b, 0x0f, 0x1a]) assert.equal(costOf(opcode), 0);
  for (const opcode of [0x04, 0x0c, 0x0d, 0x10, 0x20, 0x41, 0x6a]) assert.equal(costOf(opcode), 1);
});

for (const optimized of [false, true]) {
  test(`allocations by source line, with the allocator ${optimized ? "inlined" : "called"}`, async () => {
    const path = await allocating(`allocating-${optimized}.core.wasm`, optimized);
    const report = reportOf(path, "--run", "--in", `x=${input}`);
    const { allocations, arena } = report.run!;
    assert.equal(report.allocation.verdict, "found");
    assert.deepEqual([allocations.count, allocations.bytes], [ITEMS + 1, 4 * ITEMS + 16]);
    const first = { count: 2, bytes: 20 };
    const steady = { count: 1, bytes: 4 };
    const lines = [
      {
        source: "allocating.ts:4",
        count: ITEMS,
        bytes: 4 * ITEMS,
        first_item: { count: 1, bytes: 4 },
        steady_per_item: steady,
      },
      {
        source: "allocating.ts:18",
        count: 1,
        bytes: 16,
        first_item: { count: 1, bytes: 16 },
        steady_per_item: { count: 0, bytes: 0 },
      },
    ];
    if (!optimized) assert.deepEqual(allocations.by_line, lines);
    for (const unit of ["count", "bytes"] as const) {
      assert.equal(
        sum(allocations.by_line, (line) => line[unit]),
        allocations[unit],
      );
      assert.equal(
        sum(allocations.by_line, (line) => line.first_item[unit]),
        first[unit],
      );
      assert.equal(
        sum(allocations.by_line, (line) => line.steady_per_item![unit]),
        steady[unit],
      );
    }
    // With the allocator inlined, the source map knows the line only about; the file it knows.
    for (const { source } of allocations.by_line) assert.match(source, /^allocating\.ts:\d+$/);
    assert.deepEqual(allocations.first_item, first);
    assert.deepEqual(allocations.steady_per_item, steady);
    assert.ok(arena.high_water_bytes >= ITEMS * 20, String(arena.high_water_bytes));
    assert.ok(arena.curve.every(({ bytes }, index) => index === 0 || bytes >= arena.curve[index - 1]!.bytes));
    assert.ok(arena.curve.length > ITEMS / 2);
  });
}

test("an arena: its regions have names and places, and their fill is told over the items", () => {
  const {
    run,
    linear_memory: memory,
    allocation,
    memory_grow: grows,
  } = reportOf(names, "--run", "--in", `x=${words}`);
  assert.ok(run);
  const arena = memory.objects.filter(({ kind }) => kind === "arena");
  assert.deepEqual(
    arena.map(({ label, bytes }) => [label, bytes]),
    [
      ["arena: label, stream 0", 512],
      ["arena: task", 512],
    ],
  );
  for (const { address, bytes } of arena)
    assert.equal(
      sum(
        memory.regions.filter(
          (region) =>
            region.kind === "arena" && region.address >= address && region.address < address + bytes,
        ),
        (region) => region.bytes,
      ),
      bytes,
    );
  assert.equal(memory.regions[0]!.label, "bytes that a full arena lacked");
  assert.ok(memory.regions.some(({ label }) => label === "handle of the waitable set of imported calls"));
  assert.ok(memory.regions.some(({ kind, label }) => kind === "string" && label === '"# "'));
  // The longest word, lowered, and "# " with it: two blocks, each with a word in front and aligned to 8.
  const block = (at: number, length: number): number => ((at + 4 + 7) & ~7) + length;
  const most = block(block(0, 2 * WORDS), 2 * (WORDS + 2));
  assert.deepEqual(
    run.arena.regions.map((region) => region.high_water_bytes),
    [most, 0],
  );
  assert.equal(run.arena.high_water_bytes, most);
  const levels = run.arena.curve.map(({ bytes }) => bytes);
  assert.ok(levels.length >= WORDS);
  assert.deepEqual(
    levels,
    levels.toSorted((x, y) => x - y),
    "longer words, a fuller arena",
  );
  assert.deepEqual(run.operations.slots, { total: 2, used: 2 });
  assert.deepEqual(run.operations.frames, { total: 1, used: 1 });
  const [made, lowered] = run.allocations.by_line;
  assert.deepEqual(made!.first_item, { count: 1, bytes: 2 * "# x".length });
  assert.deepEqual([lowered!.source, lowered!.first_item], ["asked for by the host", { count: 1, bytes: 2 }]);
  assert.deepEqual([made!.count, lowered!.count], [WORDS, WORDS]);
  // Items 21 to 39 of the 40 words, whose lengths are their numbers.
  assert.deepEqual(lowered!.steady_per_item, { count: 1, bytes: 2 * 30 });
  assert.deepEqual(new Set(allocation.sites.map(({ kind }) => kind)), new Set(["arena"]));
  assert.equal(grows, false);
});

test("the arena in the other forms: text with a curve, Markdown, HTML", () => {
  const flags = ["report", names, "--run", "--in", `x=${words}`];
  const text = rill(...flags).stdout;
  assert.match(text, /takes blocks from a fixed arena of 1,024 B in 2 regions/);
  assert.match(text, /in use +\d+ B at most +▁?[▁-▇]+█+ over the items/);
  assert.match(text, /slots +2 of 2 used/);
  assert.match(text, /frames +1 of 1 used/);
  assert.match(text, /arena: label, stream 0/);
  const markdown = rill(...flags, "--markdown").stdout;
  assert.match(markdown, /\| arena: label, stream 0 \| 512 \| \d+ \| [\d.]+ % \|/);
  const page = join(folder, "names.html");
  rill(...flags, "--html", page);
  assert.match(readFileSync(page, "utf8"), /Arena regions[\s\S]*arena: label, stream 0/);
});

test("lines are shown with their text", () => {
  const text = rill("report", double, "--run", "--in", `x=${input}`, "--all").stdout;
  assert.match(text, /reader\.ts:\d+ +\S.*[;{]/);
});

test("a run that cannot be: one message, exit 2", () => {
  for (const [message, ...flags] of [
    [/the stream parameter x has no file; give --in x=FILE/],
    [
      /--call nothing: the guest exports no such function; it exports my:test\/i#double/,
      "--call",
      "nothing",
      "--in",
      `x=${input}`,
    ],
    [/missing\.bin/, "--in", `x=${join(folder, "missing.bin")}`],
  ] as [RegExp, ...string[]][]) {
    const { code, stderr } = rill("report", double, "--run", ...flags);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  }
});

interface Flame {
  readonly self: number;
  readonly children: readonly Flame[];
}

function flameSum({ self, children }: Flame): number {
  return self + sum(children, flameSum);
}
