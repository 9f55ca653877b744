/**
 * The C host as a library for devices: every core, both compilers, no warning, no variable, nothing from a C
 * library but four functions, no recursion.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { HOST_PARTS } from "../../tools/boards/firmware.js";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { cFeatures, cSources, featureFlags } from "../../tools/c-sources/c-sources.js";
import { builds, buildsByDay, compileHost } from "./device-compilers.js";

/** The library's functions, the compiler's helpers, the host's own, the engine's. */
const KNOWN =
  /^(?:mem(?:cpy|move|set|cmp)|__aeabi_(?:mem\w+|lmul|ll[a-z]{2}|ui?div(?:mod)?)|__gnu_thumb1_case_\w+|__(?:mul|u?div|umod|lshr|ashl)[sd]i3|rill_\w+|wasm_\w+)$/;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-host-builds-"));
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** The host with all that it can do: strings and lists, calls of imports, tasks with a callback. */
const WHOLE_SOURCES = cSources(...HOST_PARTS, ...cFeatures, "WAMR_MORE");

const out = (name: string): string => join(folder, name.replace(/\W/g, "-"));

for (const build of buildsByDay) {
  test(`the host for ${build.name}: no warning, no variable, no heap`, async () => {
    await checkObjects(await compileHost(build, { out: out(build.name) }));
  });
  test(`the whole host for ${build.name}: no warning, no variable, no heap`, async () => {
    const whole = { out: out(`whole ${build.name}`), flags: featureFlags, sources: WHOLE_SOURCES };
    await checkObjects(await compileHost(build, whole));
  });
}

async function checkObjects(objects: readonly string[]): Promise<void> {
  const all: string[] = [];
  for (const object of objects) {
    const symbols = await must("readelf", ["-sW", object]);
    const taken = [...symbols.matchAll(/ UND (\S+)$/gm)].map(([, symbol]) => symbol!);
    all.push(...taken);
    assert.deepEqual(
      taken.filter((symbol) => !KNOWN.test(symbol)),
      [],
      object,
    );
    assert.deepEqual(await variables(object), [], object);
  }
  assert.ok(all.includes("memcpy"), "readelf's list is read");
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
  const build = builds.find(({ name }) => name === "cortex-m3, gcc")!;
  const whole = {
    out: out("call graph"),
    flags: [...featureFlags, "-fcallgraph-info"],
    sources: WHOLE_SOURCES,
  };
  await compileHost(build, whole);
  const graphs = readdirSync(whole.out)
    .filter((file) => file.endsWith(".ci"))
    .map((file) => readFileSync(join(whole.out, file), "utf8"));
  assert.equal(graphs.length, WHOLE_SOURCES.length);
  const graph = calls(graphs);
  assert.ok(graph.size > 30, `${graph.size} functions call others`);
  assert.equal(cycle(graph), null);
});

test("a chain of calls that closes is found", () => {
  const edge = (from: string, to: string): string =>
    `edge: { sourcename: "${from}" targetname: "${to}" label: "x" }`;
  assert.deepEqual(cycle(calls([edge("a", "b"), edge("b", "c") + edge("c", "b")])), ["a", "b", "c", "b"]);
});
