/** A process that has parsed asc's standard library once compiles what a process of its own does. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { compileGuest } from "../../tools/compile/compile.js";
import { ENTRY_NAME } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { run } from "../../tools/setup/run.js";

const guests = {
  double: join(packageRoot, "tests", "guests", "double", "double"),
  // Its arena takes the place of asc's own runtime.
  names: join(packageRoot, "examples", "names", "names"),
};
type Name = keyof typeof guests;

test("guests with and without an arena, one after the other and each in a process of its own", async () => {
  await inTemporaryFolder("rill-parsed-", async (folder) => {
    const written = (outDir: string, name: Name): string =>
      ["core.wasm", "core.wasm.map"]
        .map((ending) => readFileSync(join(outDir, `${name}.${ending}`)).toString("base64"))
        .join();
    const own = new Map<Name, string>();
    for (const [name, base] of Object.entries(guests) as [Name, string][]) {
      const outDir = join(folder, "own", name);
      const rill = join(packageRoot, "bin", "rill.js");
      await run(process.execPath, [rill, "build", `${base}.ts`, "--wit", `${base}.wit`, "-o", outDir]);
      own.set(name, written(outDir, name));
    }
    const together = async (name: Name, turn: string): Promise<void> => {
      const outDir = join(folder, turn, name);
      await buildGuest({ entry: `${guests[name]}.ts`, wit: `${guests[name]}.wit`, outDir });
      assert.ok(written(outDir, name) === own.get(name), `${name} is another module than by itself: ${turn}`);
    };
    for (const turn of ["first", "second"])
      for (const name of ["double", "names"] as const) await together(name, turn);
  });
});

test("what the build replaces in a module with an arena is asc's own in the next one without", async () => {
  const allocating = async (arena: boolean): Promise<string> => {
    const { text } = await compileGuest({
      baseDir: packageRoot,
      shownDir: packageRoot,
      entryName: ENTRY_NAME,
      entrySource: `${arena ? `import "as-rill/assembly/runtime";` : ""}
        export function make(to: usize): ArrayBuffer { memory.copy(to, 4, 8); return new ArrayBuffer(8); }`,
      virtualFiles: new Map(),
      arena,
    });
    return text;
  };
  const before = await allocating(false);
  assert.notEqual(await allocating(true), before);
  assert.ok((await allocating(false)) === before);
});

test("modules that are compiled at once have their positions in the files where they are", async () => {
  const compiled = async (body: string): Promise<string> => {
    const { text } = await compileGuest({
      baseDir: packageRoot,
      shownDir: packageRoot,
      entryName: ENTRY_NAME,
      entrySource: `export function make(n: i32): i32 { ${body} }`,
      virtualFiles: new Map(),
    });
    return text;
  };
  const bodies = [
    "return new ArrayBuffer(n).byteLength;",
    "return new Map<i32, string>().size + n.toString().length;",
  ];
  const one = await Promise.all(bodies.slice(0, 1).map(compiled));
  const other = await Promise.all(bodies.slice(1).map(compiled));
  assert.ok(one[0]!.includes("~lib/arraybuffer.ts:"));
  assert.deepEqual(await Promise.all(bodies.map(compiled)), [...one, ...other]);
});
