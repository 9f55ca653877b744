/**
 * The files that docs/integration.md names: they are enough, by themselves, and
 * each switch brings what it needs.
 */
import assert from "node:assert/strict";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { must } from "../../tools/setup/build-tool.js";
import { HOST_PARTS } from "../../tools/boards/firmware.js";
import { cIncludes, cSources, firmwareRoot } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { armBuilds, builds, buildsByDay, compileHost } from "./device-compilers.js";

const guide = readFileSync(join(packageRoot, "docs", "integration.md"), "utf8");
const [taken, more] = guide.split(/^## \w+ rules$/m)[0]!.split("Guests that `rill pack` takes") as [
  string,
  string,
];

/** The C host's files that a text names, `x.[ch]` being two. */
function named(text: string): string[] {
  return [...text.matchAll(/`(?:c\/\w+\/)?(rill_\w+)\.(c|h|\[ch\])`/g)].flatMap(([, name, ending]) =>
    ending === "[ch]" ? [`${name!}.c`, `${name!}.h`] : [`${name!}.${ending!}`],
  );
}

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-guide-files-"));
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** Where the host has a file of this name. */
function inHost(file: string): string {
  const folders = cIncludes().filter((at) => existsSync(join(at, file)));
  assert.equal(folders.length, 1, file);
  return join(folders[0]!, file);
}

/** A folder with these files of the host's and nothing else of it. */
function alone(name: string, files: readonly string[]): string {
  const root = join(folder, name);
  mkdirSync(root);
  for (const file of files) copyFileSync(inHost(file), join(root, file));
  return root;
}

const isSource = (file: string): boolean => file.endsWith(".c");

for (const build of armBuilds.filter((one) => buildsByDay.includes(one))) {
  test(`the guide's main.c with the files that it names, and no others: ${build.name}`, async () => {
    const files = named(taken);
    assert.deepEqual(
      files.filter(isSource).sort(),
      cSources(...HOST_PARTS)
        .map((path) => basename(path))
        .sort(),
    );
    const root = alone(`taken-${build.name.replace(/\W+/g, "-")}`, files);
    mkdirSync(join(root, "cortex_m"));
    for (const header of ["board.h", "core.h", "peripheral.h", join("cortex_m", "cortex_m.h")])
      copyFileSync(join(firmwareRoot, header), join(root, header));
    writeFileSync(join(root, "main.c"), /```c\n(.*?)```/s.exec(guide)![1]!);
    const sources = [...files.filter(isSource), "main.c"].map((file) => join(root, file));
    await compileHost(build, { out: join(root, "out"), includes: [root], sources });
  });
}

const rows = [...more.matchAll(/^\| `(RILL_WITH_\w+)` \| (.*?) \|/gm)];

for (const [, flag, files] of rows) {
  test(`${flag!} with the files of its row: nothing of the host's is missing`, async () => {
    const all = [...named(taken), ...named(files!), "rill_wamr_more.c"];
    const root = alone(flag!, all);
    const [build] = builds;
    const sources = all.filter(isSource).map((file) => join(root, file));
    const objects = await compileHost(build!, {
      ...{ out: join(root, "out"), includes: [root], sources },
      flags: [`-D${flag!}`],
    });
    const missing = new Set<string>();
    const there = new Set<string>();
    for (const object of objects) {
      const symbols = await must("readelf", ["-sW", object]);
      for (const [, where, name] of symbols.matchAll(/(\S+) (rill_\w+)$/gm))
        (where === "UND" ? missing : there).add(name!);
    }
    assert.ok(there.size > 20, basename(root));
    assert.deepEqual(
      [...missing].filter((name) => !there.has(name)),
      [],
    );
  });
}

test("every switch has a row", () => {
  const header = readFileSync(inHost("rill_host.h"), "utf8");
  const switches = [...header.matchAll(/^ \* {3}(RILL_\w+)/gm)].map(([, name]) => name!);
  assert.equal(switches.length, 8);
  for (const name of switches) assert.ok(guide.includes(`\`${name}\``), name);
  const added = switches.filter((name) => name.startsWith("RILL_WITH_"));
  assert.deepEqual(rows.map(([, flag]) => flag!).sort(), added.sort());
});
