/** Loops that the build changes: those that give back what imports answered, and those that only poll. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Compiled } from "../../tools/compile/compile.js";
import { linkGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";

const folder = join(packageRoot, "tests", "guests", "loops");
const wit = join(folder, "worlds.wit");

/** Compiles a guest with all functions that its file exports. @returns asc's part, and their names */
async function compiledWhole(
  name: string,
  world = name,
): Promise<{ compiled: Compiled; functions: readonly string[] }> {
  const entry = join(folder, `${name}.ts`);
  const guest = await prepareGuest({ entry, wit, world });
  const functions = [...readFileSync(entry, "utf8").matchAll(/^export function (\w+)/gm)].map(
    ([, found]) => found!,
  );
  const entrySource = `${guest.entrySource}\nexport { ${functions.join(", ")} } from "./${name}";\n`;
  let compiled: Compiled | undefined;
  await linkGuest(
    { ...guest, entrySource },
    { optimized: false, onCompiled: (made) => void (compiled = made) },
  );
  return { compiled: compiled!, functions };
}

/** Those of `functions` in which `callee` is called. */
function calling({ text }: Compiled, file: string, functions: readonly string[], callee: string): string[] {
  return functions.filter((name) => {
    const start = text.search(new RegExp(`\\(func \\$${file}/${name}\\s`));
    assert.ok(start >= 0, `${name} was compiled`);
    const end = text.indexOf("\n (func $", start + 1);
    return text.slice(start, end < 0 ? undefined : end).includes(callee);
  });
}

test("a loop gives back what imports answered when it leaves nothing behind, and no other does", async () => {
  const { compiled, functions } = await compiledWhole("results");
  const scoped = calling(compiled, "results", functions, "call $~lib/as-rill/assembly/scope/openScope");
  assert.deepEqual(
    scoped,
    functions.filter((name) => /^(back|run)/.test(name)),
  );
});

test("a loop that does nothing but poll waits, and no other does", async () => {
  const { compiled, functions } = await compiledWhole("polls");
  const waiting = calling(compiled, "polls", functions, "as-rill/assembly/task/wait-any/");
  assert.deepEqual(
    waiting,
    functions.filter((name) => name.startsWith("wait")),
  );
  assert.equal(compiled.waitingLoops.length, waiting.length, "and none in a method");
});

test("where a class of the guest's has a poll, no loop is changed", async () => {
  const { compiled, functions } = await compiledWhole("own-polls", "polls");
  assert.deepEqual(calling(compiled, "own-polls", functions, "as-rill/assembly/task/wait-any/"), []);
  assert.deepEqual(compiled.waitingLoops, []);
});
