/**
 * The C host as a library for devices: every core, both compilers, no warning, no variable, nothing from a C library but
 * four functions, no recursion.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { HOST_SOURCES, hostRoot } from "../../tools/boards/firmware.js";
import { must, needTool } from "../../tools/boards/wamr-library.js";
import { armGcc, clang, riscvGcc } from "../../tools/setup/programs.js";
import type { Tool } from "../../tools/setup/tool.js";
import { wamrSource } from "../../tools/setup/wamr-source.js";

const STRICT = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wvla", "-Werror", "-pedantic"];

/** All that the host takes from a C library. */
const STRING_H =
  "#include <stddef.h>\nvoid *memcpy(void *, const void *, size_t);\nvoid *memmove(void *, const void *, size_t);\n" +
  "void *memset(void *, int, size_t);\nint memcmp(const void *, const void *, size_t);\n";
/** The library's functions, the compiler's helpers, the host's own, the engine's. */
const KNOWN =
  /^(?:mem(?:cpy|move|set|cmp)|__aeabi_(?:mem\w+|lmul|ll[a-z]{2}|ui?div(?:mod)?)|__gnu_thumb1_case_\w+|__(?:mul|u?div|umod|lshr|ashl)[sd]i3|rill_\w+|wasm_\w+)$/;

interface Build {
  readonly name: string;
  readonly compiler: () => Promise<Tool>;
  readonly flags: readonly string[];
}

const arm = (core: string): string[] => [`-mcpu=${core}`, "-mthumb"];
const rv32 = ["-march=rv32imac", "-mabi=ilp32"];
const builds: readonly Build[] = [
  ...["cortex-m0", "cortex-m3", "cortex-m4"].flatMap((core) => [
    { name: `${core}, gcc`, compiler: armGcc, flags: arm(core) },
    { name: `${core}, clang`, compiler: clang, flags: ["--target=thumb-none-eabi", ...arm(core)] },
  ]),
  { name: "RV32, gcc", compiler: riscvGcc, flags: rv32 },
  { name: "RV32, clang", compiler: clang, flags: ["--target=riscv32-none-elf", ...rv32] },
];

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-host-builds-"));
  mkdirSync(join(folder, "include"));
  writeFileSync(join(folder, "include", "string.h"), STRING_H);
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** The host with all that it can do: strings and lists, calls of imports, tasks with a callback. */
const WHOLE = ["-DRILL_WITH_LISTS", "-DRILL_WITH_CALLS", "-DRILL_WITH_TASKS"];
const WHOLE_SOURCES = [
  ...HOST_SOURCES,
  ...["rill_call.c", "rill_flat.c", "rill_list.c", "rill_task.c", "rill_text.c", "rill_wamr_more.c"],
];

/** Compiles the host's files. @returns the objects */
async function compile(
  { name, compiler, flags }: Build,
  more: readonly string[] = [],
  sources: readonly string[] = HOST_SOURCES,
): Promise<string[]> {
  const wamr = join(needTool(await wamrSource()), "core", "iwasm", "include");
  const path = needTool(await compiler());
  const out = join(folder, name.replace(/\W/g, "-"));
  mkdirSync(out, { recursive: true });
  const objects = sources.map((source) => join(out, source.replace(/c$/, "o")));
  for (const [index, source] of sources.entries()) {
    await must(path, [
      ...[...STRICT, "-Os", "-ffreestanding", "-fno-stack-protector", ...flags, ...more],
      ...["-isystem", join(folder, "include"), "-isystem", wamr, `-I${hostRoot}`],
      ...["-c", join(hostRoot, source), "-o", objects[index]!],
    ]);
  }
  return objects;
}

for (const build of builds) {
  test(`the host for ${build.name}: no warning, no variable, no heap`, async () => {
    await checkObjects(await compile(build));
  });
  test(`the whole host for ${build.name}: no warning, no variable, no heap`, async () => {
    await checkObjects(await compile(build, WHOLE, WHOLE_SOURCES));
  });
}

async function checkObjects(objects: readonly string[]): Promise<void> {
  for (const object of objects) {
    const symbols = await must("readelf", ["-sW", object]);
    const taken = [...symbols.matchAll(/ UND (\S+)$/gm)].map(([, symbol]) => symbol!);
    assert.deepEqual(
      taken.filter((symbol) => !KNOWN.test(symbol)),
      [],
      object,
    );
    assert.deepEqual(await variables(object), [], object);
  }
}

/** The sections of an object that hold variables. */
async function variables(object: string): Promise<string[]> {
  const sections = await must("readelf", ["-SW", object]);
  const writable = sections.matchAll(/\] (\S+)\s+\S+\s+[0-9a-f]{8} [0-9a-f]{6} ([0-9a-f]{6}) \d\d\s+WA/g);
  return [...writable].filter(([, , size]) => parseInt(size!, 16) > 0).map(([, name]) => name!);
}

test("a variable would be found on each of them", async () => {
  const [source, object] = [join(folder, "state.c"), join(folder, "state.o")];
  writeFileSync(source, "static int n; int m = 1;\nint next(void) { return n++ + m; }\n");
  for (const { compiler, flags } of builds) {
    await must(needTool(await compiler()), [...flags, "-fno-common", "-c", source, "-o", object]);
    // RISC-V has sections of its own for small variables.
    const names = (await variables(object)).map((section) => section.replace(/^\.s(?=bss|data)/, "."));
    assert.deepEqual(names.sort(), [".bss", ".data"]);
  }
});

/** Who calls whom, of GCC's call-graph files. */
function calls(graphs: readonly string[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const graph of graphs) {
    for (const [, from, to] of graph.matchAll(/edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"/g)) {
      const targets = found.get(from!) ?? new Set<string>();
      found.set(from!, targets.add(to!));
    }
  }
  return found;
}

/** A chain of calls that leads back to a function on it; null when there is none. */
function cycle(graph: ReadonlyMap<string, ReadonlySet<string>>): string[] | null {
  const done = new Set<string>();
  const follow = (name: string, path: readonly string[]): string[] | null => {
    if (path.includes(name)) return [...path, name];
    if (done.has(name)) return null;
    for (const target of graph.get(name) ?? []) {
      const found = follow(target, [...path, name]);
      if (found !== null) return found;
    }
    done.add(name);
    return null;
  };
  for (const name of graph.keys()) {
    const found = follow(name, []);
    if (found !== null) return found;
  }
  return null;
}

test("no function of the host calls itself, directly or through others", async () => {
  const build = { name: "call graph", compiler: armGcc, flags: arm("cortex-m3") };
  await compile(build, [...WHOLE, "-fcallgraph-info"], WHOLE_SOURCES);
  const out = join(folder, "call-graph");
  const graphs = readdirSync(out)
    .filter((file) => file.endsWith(".ci"))
    .map((file) => readFileSync(join(out, file), "utf8"));
  assert.equal(graphs.length, WHOLE_SOURCES.length);
  const graph = calls(graphs);
  assert.ok(graph.size > 30, `${String(graph.size)} functions call others`);
  assert.equal(cycle(graph), null);
});

test("a chain of calls that closes is found", () => {
  const edge = (from: string, to: string): string =>
    `edge: { sourcename: "${from}" targetname: "${to}" label: "x" }`;
  assert.deepEqual(cycle(calls([edge("a", "b"), edge("b", "c") + edge("c", "b")])), ["a", "b", "c", "b"]);
});
