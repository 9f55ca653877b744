/**
 * `npx asc --target debug` and `release` check the library and a guest of it; no
 * body of the public classes goes unchecked.
 */
import assert from "node:assert/strict";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { generateBindings } from "../../tools/bindgen/generate.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

const GUEST = join("tests", "asc", "guest");
const asc = join(packageRoot, "node_modules", "assemblyscript", "bin", "asc.js");
/**
 * A copy of what asc reads; installed in itself, as `npm ci` does it in a
 * checkout (`as-rill` in package.json).
 */
let copy: string;

before(() => {
  copy = mkdtempSync(join(tmpdir(), "rill-asc-"));
  for (const path of ["asconfig.json", "assembly", GUEST])
    cpSync(join(packageRoot, path), join(copy, path), { recursive: true });
  mkdirSync(join(copy, "node_modules"));
  symlinkSync(copy, join(copy, "node_modules", "as-rill"), "junction");
});

after(() => {
  rmSync(copy, { recursive: true, force: true });
});

for (const target of ["debug", "release"]) {
  test(`asc --target ${target}: neither error nor warning`, async () => {
    const { code, output } = await run(process.execPath, [asc, "--target", target], { cwd: copy });
    assert.deepEqual({ code, output }, { code: 0, output: "" });
  });
}

test("the guest's bindings are what rill bindgen writes", async () => {
  const files = generateBindings(await resolveWorld(join(packageRoot, GUEST, "library.wit")));
  const folder = join(packageRoot, GUEST, "bindings");
  assert.deepEqual(readdirSync(folder).sort(), [...files.keys()].sort());
  for (const [file, text] of files) assert.equal(readFileSync(join(folder, file), "utf8"), text, file);
});

test("an error in any method of a public class is an error of asc's", async () => {
  const methods = ["stream", "future", "task", "resource"].flatMap((folder) =>
    readdirSync(join(copy, "assembly", folder)).flatMap((file) =>
      breakMethods(join("assembly", folder, file)),
    ),
  );
  assert.ok(methods.length > 50, `${methods.length} methods`);
  const { code, output } = await run(process.execPath, [asc, "--target", "debug"], { cwd: copy });
  assert.notEqual(code, 0);
  assert.deepEqual(
    methods.filter((place) => !output.includes(`~lib/as-rill/${place}`)),
    [],
    "asc did not look at these",
  );
});

/**
 * Puts a text where a number belongs into each method and get accessor of a file of the copy.
 * @returns the places, as asc names them
 */
function breakMethods(file: string): string[] {
  const places: string[] = [];
  const lines = readFileSync(join(copy, file), "utf8").split("\n");
  const broken = lines.map((line, index) => {
    if (!/^ {2}(?:get )?[a-z]\w*\(.*\{$/i.test(line)) return line;
    places.push(`${file.replaceAll("\\", "/")}(${index + 1},`);
    return `${line} const broken: i32 = "text";`;
  });
  writeFileSync(join(copy, file), broken.join("\n"));
  return places;
}
