/**
 * What the pages say and a command can check: commands and flags, scripts and lanes, files and
 * folders, and figures that the code has.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { allLanes } from "../../dev/lanes/lanes.js";
import { packageRoot } from "../../tools/package-root.js";
import { trackedFiles } from "../rules/tracked-files.js";

/** Pages about the tree as it is. CHANGELOG.md is about what was. */
const pages = trackedFiles(/\.md$/).filter(
  ({ path }) => path !== "CHANGELOG.md" && !path.startsWith("tests/"),
);
const tracked = trackedFiles(/./).map(({ path }) => path);
const folders = new Set(
  tracked.flatMap((path) => path.split("/").map((_, at, parts) => parts.slice(0, at).join("/"))),
);
const roots = new Set(tracked.filter((path) => path.includes("/")).map((path) => path.split("/")[0]!));

/** Folders of other repositories. */
const elsewhere = ["tests/codegen"];

function page(path: string): string {
  return readFileSync(join(packageRoot, path), "utf8");
}

function rill(...args: string[]): string {
  const { stdout } = spawnSync(process.execPath, [join(packageRoot, "bin", "rill.js"), ...args], {
    encoding: "utf8",
  });
  return stdout;
}

/** Code of a page: spans, and lines of blocks. */
function code(content: string): string[] {
  const fenced = [...content.matchAll(/^```[^\n]*\n([\s\S]*?)^```/gm)].flatMap(([, block]) =>
    block!.split("\n"),
  );
  const prose = content.replace(/^```[\s\S]*?^```/gm, "");
  const indented = prose.split("\n").filter((line) => /^ {4}\S/.test(line));
  return [
    ...fenced,
    ...indented,
    ...[...prose.matchAll(/`([^`]+)`/g)].map(([, span]) => span!.replace(/\s+/g, " ")),
  ];
}

/** Words behind `command` at the start of a line of code, up to the next command or comment. */
function calls(command: string): { readonly path: string; readonly words: string[] }[] {
  const pattern = new RegExp(`^\\s*(?:\\$ )?${command} (.*)`);
  return pages.flatMap(({ path, text }) =>
    code(text).flatMap((line) => {
      const found = pattern.exec(line)?.[1];
      return found === undefined
        ? []
        : [
            {
              path,
              words: found
                .split(/ && | # |;|\|\s/)[0]!
                .trim()
                .split(/\s+/),
            },
          ];
    }),
  );
}

const help = new Map<string, string>();
function helpOf(command: string): string {
  const known = help.get(command) ?? rill(command, "--help");
  help.set(command, known);
  return known;
}

test("every `rill` command in the pages is there, and has the flags that it is given", () => {
  const commands = [...rill("--help").matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name!);
  const all = calls("(?:npx )?rill").filter(({ words }) => /^[a-z]+$/.test(words[0]!));
  assert.ok(all.length > 30);
  const wrong = all.flatMap(({ path, words: [command, ...rest] }) => {
    if (!commands.includes(command!)) return [`${path}: rill ${command!}`];
    return rest
      .flatMap((word) => /^\[?(--?[a-z][a-z-]*)/.exec(word)?.[1] ?? [])
      .filter((flag) => !new RegExp(`(?:^|\\s)${flag}(?=[\\s,])`).test(helpOf(command!)))
      .map((flag) => `${path}: rill ${command!} ${flag}`);
  });
  assert.deepEqual(wrong, []);
});

test("every npm script and every lane in the pages is there", () => {
  const scriptsOf = (file: string): Record<string, string> =>
    (JSON.parse(page(file)) as { scripts: Record<string, string> }).scripts;
  // A template's page, and the tutorial, are about the project that is made of it.
  const scriptsFor = (path: string): Record<string, string> => {
    if (path.startsWith("templates/")) return scriptsOf(join(dirname(path), "package.json"));
    return scriptsOf(path === "docs/tutorial.md" ? "templates/filter/package.json" : "package.json");
  };
  const names = new Set(allLanes().map(({ name }) => name));
  const wrong = calls("npm").flatMap(({ path, words }) => {
    const script = words[0] === "run" ? words[1] : words[0];
    if (script === undefined || script === "install" || script === "ci") return [];
    if (!(script in scriptsFor(path))) return [`${path}: npm run ${script}`];
    const lane = words[words.indexOf("--") + 1]!;
    const isLane =
      script === "test" && words.includes("--") && /^[a-z-]+$/.test(lane) && !lane.startsWith("-");
    return isLane && !names.has(lane) ? [`${path}: npm test -- ${lane}`] : [];
  });
  assert.deepEqual(wrong, []);
});

test("every file and folder of the repository that a page names is there", () => {
  const wrong = pages.flatMap(({ path, text }) => {
    const spans = [...text.matchAll(/`([\w.-]+\/[\w./-]*)`/g)].map(([, name]) => name!.replace(/\/$/, ""));
    const missing = spans
      .filter((name) => roots.has(name.split("/")[0]!))
      .filter((name) => !/[/]NAME\b/.test(name) && !elsewhere.includes(name))
      .filter(
        (name) => !tracked.includes(name) && !folders.has(name) && !existsSync(join(packageRoot, name)),
      );
    const links = [...text.matchAll(/\]\(([^)#:\s]+)(?:#[^)]*)?\)/g)]
      .map(([, link]) => link!)
      .filter((link) => !existsSync(join(packageRoot, dirname(path), link)));
    return [...missing, ...links].map((name) => `${path}: ${name}`);
  });
  assert.deepEqual(wrong, []);
});

/** A figure in a page, and the place of the code that has it: the first group of each. */
const figures: readonly [path: string, said: RegExp, file: string, is: RegExp][] = [
  [
    "docs/gate/README.md",
    /runs through ([\d,]+) rounds/,
    "tools/gate/explore/guest-runner.ts",
    /LOOP_BUDGET = ([\d_]+)/,
  ],
  [
    "docs/gate/README.md",
    /`--items N`[^|]*\| (\d+) \|/,
    "tools/commands/check.ts",
    /"--items <n>",[^;]*?\n\s+"?(\d+)"?,\n\s+\)/,
  ],
  [
    "docs/gate/README.md",
    /`--calls N`[^|]*\| (\d+) \|/,
    "tools/commands/check.ts",
    /"--calls <n>",[^;]*?\n\s+"?(\d+)"?,\n\s+\)/,
  ],
  [
    "docs/gate/README.md",
    /`--seconds N`[^|]*\| (\d+);/,
    "tools/commands/check.ts",
    /"--seconds <n>",[^;]*?\n\s+"?(\d+)"?,\n\s+\)/,
  ],
  ["ARCHITECTURE.md", /a (\d+)-byte struct/, "tools/source/library-layout.ts", /OPERATION_BYTES = (\d+)/],
  ["ARCHITECTURE.md", /`END_PLACES` is (\d+)/, "assembly/ends.ts", /RILL_ENDS : (\d+)/],
  ["ARCHITECTURE.md", /`rill build --arena BYTES`, (\d+) when/, "assembly/arena.ts", /RILL_ARENA : (\d+)/],
  [
    "ARCHITECTURE.md",
    /`os_getpagesize` is (\d+)/,
    "c/platform/platform_internal.h",
    /os_getpagesize\(\w*\)\s*\{\s*return (\d+)/,
  ],
  ["README.md", /Node (\d+\.\d+) or later/, "package.json", /"node": ">=(\d+\.\d+)"/],
];

for (const [path, said, file, is] of figures) {
  test(`${path} says what ${file} has: ${is.source}`, () => {
    const [inPage, inCode] = [said.exec(page(path)), is.exec(page(file))];
    assert.ok(inPage, `${path} no longer says it: ${said.source}`);
    assert.ok(inCode, `${file} no longer has it: ${is.source}`);
    assert.equal(inPage[1]!.replaceAll(",", ""), inCode[1]!.replaceAll("_", ""));
  });
}

test("README's text quotes no figure of its tables: it names the column", () => {
  const text = page("README.md");
  const tables = [...text.matchAll(/<!-- (\w+):begin -->[\s\S]*?<!-- \1:end -->/g)];
  assert.deepEqual(
    tables.map(([, name]) => name),
    ["bench", "boards", "wasi"],
  );
  const prose = text.replace(/<!-- (\w+):begin -->[\s\S]*?<!-- \1:end -->/g, "");
  const shown = new Set(tables.join("\n").match(/\d+,\d{3}(?:\.\d)?/g));
  assert.deepEqual(
    (prose.match(/\d+,\d{3}(?:\.\d)?/g) ?? []).filter((figure) => shown.has(figure)),
    [],
  );
});
