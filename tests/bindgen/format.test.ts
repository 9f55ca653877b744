/**
 * Bindings and skeletons read as if prettier had written them, but for blank lines, of
 * which its AssemblyScript plugin is fond.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import prettier from "prettier";
import { generateBindings } from "../../tools/bindgen/generate.js";
import { generateSkeleton } from "../../tools/bindgen/skeleton.js";
import { packageRoot } from "../../tools/package-root.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

/** Lines of text that are not blank. */
function written(text: string): string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

async function formatted(text: string): Promise<string> {
  return prettier.format(text, {
    parser: "typescript",
    printWidth: 110,
    plugins: ["assemblyscript-prettier"],
  });
}

const guests = join(packageRoot, "tests", "guests");
const wits = readdirSync(guests)
  .map((name) => join(guests, name, `${name}.wit`))
  .filter((path) => existsSync(path));

const others = ["positions", "documented"].map((name) =>
  join(packageRoot, "tests", "bindgen", `${name}.wit`),
);

for (const wit of [...wits, ...others]) {
  test(wit.slice(packageRoot.length), async () => {
    const world = await resolveWorld(wit);
    const files = [...generateBindings(world), ["skeleton", generateSkeleton(world, "./bindings")] as const];
    for (const [file, text] of files) assert.deepEqual(written(text), written(await formatted(text)), file);
  });
}
