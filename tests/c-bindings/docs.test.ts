/** docs/c-bindings.md, from its first line to its last: what is written there is built and run, or compiled. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { cIncludeFlags } from "../../tools/c-sources/c-sources.js";
import { must } from "../../tools/setup/build-tool.js";
import { STRICT, writeBindings } from "./program.js";

const folder = mkdtempSync(join(tmpdir(), "rill-c-docs-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const page = readFileSync(join(packageRoot, "docs", "c-bindings.md"), "utf8");

function block(language: string): string {
  return new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "ms").exec(page)![1]!;
}

test("the page's files and commands, in its order", () => {
  writeFileSync(join(folder, "fan.wit"), block("wit"));
  writeFileSync(join(folder, "fan.ts"), block("typescript"));
  writeFileSync(join(folder, "main.c"), block("c"));
  const whole = page.slice(0, page.indexOf("## What is written"));
  const commands = [...whole.matchAll(/^ {4}((?:rill|cc) .*)$/gm)].map(([, command]) => command!);
  assert.equal(commands.length, 4);
  const script = [
    `rill() { "${process.execPath}" "${join(packageRoot, "bin", "rill.js")}" "$@"; }`,
    `cc() { gcc ${STRICT.join(" ")} -fsanitize=address,undefined "$@"; }`,
    ...commands,
    "./fan",
  ].join("\n");
  const { status, stdout, stderr } = spawnSync("bash", ["-e", "-c", script], {
    cwd: folder,
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  assert.match(stdout, /; compile with -DRILL_WITH_BINDINGS\n/);
  const [, said] = /It prints `([^`]*)` and `[^`]*`/.exec(page)!;
  const [, then] = /It prints `[^`]*` and `([^`]*)`/.exec(page)!;
  assert.equal(stdout.slice(-(said!.length + then!.length + 2)), `${said!}\n${then!}\n`);
});

test("the page's calls side by side compile with their bindings", async () => {
  const [wit, code] = ["wit", "c"].map(
    (language) => [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))][2]![1]!,
  );
  const path = join(folder, "lanes.wit");
  writeFileSync(path, `package my:lanes;\n${wit!}\nworld lanes { import clock; export work; }\n`);
  const [header] = await writeBindings(path, folder, { sideBySide: { calls: 3, tasks: 3 } });
  const source = join(folder, "lanes.c");
  writeFileSync(source, `#include "${header!}"\nuint32_t ticks(void);\n${code!}`);
  const switches = ["CALLS", "TASKS"].map((part) => `-DRILL_WITH_${part}`);
  const flags = ["-std=c99", ...STRICT, ...switches, `-I${folder}`, ...cIncludeFlags()];
  await must("gcc", [...flags, "-c", source, "-o", join(folder, "lanes.o")]);
});

test("the page's resource of the guest's compiles with its bindings", async () => {
  const [wit, code] = ["wit", "c"].map(
    (language) => [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))][3]![1]!,
  );
  const path = join(folder, "plant.wit");
  writeFileSync(path, `package my:plant;\n${wit!}\nworld plant { export filters; }\n`);
  const [header] = await writeBindings(path, folder);
  const source = join(folder, "plant.c");
  writeFileSync(source, `#include "${header!}"\n${code!}`);
  const flags = ["-std=c99", ...STRICT, `-I${folder}`, ...cIncludeFlags()];
  await must("gcc", [...flags, "-c", source, "-o", join(folder, "plant.o")]);
});

test("the page's resource compiles with its bindings", async () => {
  const [wit, code] = ["wit", "c"].map(
    (language) => [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gms"))][1]![1]!,
  );
  const path = join(folder, "board.wit");
  writeFileSync(path, `package my:board;\n${wit!}\nworld board { import sensors; }\n`);
  const [header] = await writeBindings(path, folder);
  const source = join(folder, "sensors.c");
  writeFileSync(source, `#include "${header!}"\nint16_t adc_read(uint8_t pin);\n${code!}`);
  const flags = ["-std=c99", ...STRICT, "-Wno-unused-parameter", "-DRILL_WITH_LISTS", `-I${folder}`];
  await must("gcc", [...flags, ...cIncludeFlags(), "-c", source, "-o", join(folder, "sensors.o")]);
});
