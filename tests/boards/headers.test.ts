/** Each header of the C host stands alone, in C99 and in C++, with every switch and with none. */
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { cIncludeFlags, cIncludes, featureFlags } from "../../tools/c-sources/c-sources.js";
import { clang } from "../../tools/setup/programs.js";
import { wamrSource } from "../../tools/setup/wamr-source.js";
import { isLong } from "../tier.js";

const headers = cIncludes().flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".h"))
    .map((file) => join(folder, file)),
);
/** Each language, and its switches in every change. At night both have all and none. */
const languages = [
  ["C99", ["-x", "c", "-std=c99"], featureFlags],
  ["C++11", ["-x", "c++", "-std=c++11"], []],
] as const;

for (const [language, flags, byDay] of languages) {
  test(`every header alone, ${language}`, async () => {
    assert.ok(headers.length > 8);
    const compiler = needTool(await clang());
    const wamr = join(needTool(await wamrSource()), "core", "iwasm", "include");
    for (const header of headers) {
      for (const switches of isLong ? [[], featureFlags] : [byDay]) {
        const strict = ["-fsyntax-only", "-Wall", "-Wextra", "-Werror", ...cIncludeFlags(), "-isystem", wamr];
        // A header is not compiled as one, or clang calls what is meant for others unused.
        const whole = ["-include", header, ...flags, "/dev/null"];
        await must(compiler, [...strict, ...switches, ...whole]);
      }
    }
  });
}
