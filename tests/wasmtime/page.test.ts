/** docs/running-on-wasmtime.md, followed word for word in a new folder. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { run } from "../../tools/setup/run.js";
import { wasmtime } from "../../tools/setup/wheels.js";
import { pathOf } from "./components.js";

const page = readFileSync(join(packageRoot, "docs", "running-on-wasmtime.md"), "utf8");
/** Blocks of code: what they are, the file that they are to be in, their text. */
const blocks = [...page.matchAll(/^```(\w+)(?: (\S+))?\n([\s\S]*?)^```$/gm)].map(([, kind, file, text]) => ({
  kind,
  file,
  text: text!,
}));

/** What `npm install as-rill` does; this package stands for the published one. */
function install(folder: string): void {
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, ".bin"), { recursive: true });
  symlinkSync(packageRoot, join(modules, "as-rill"));
  symlinkSync(join(packageRoot, "bin", "rill.js"), join(modules, ".bin", "rill"));
}

test(
  "each file is written, each command run, and each prints what the page shows",
  { timeout: 120_000 },
  async () => {
    const tool = pathOf(await wasmtime());
    let shown = 0;
    await inTemporaryFolder("rill-page-", async (cwd) => {
      let printed = "";
      for (const { kind, file, text } of blocks) {
        if (file !== undefined) writeFileSync(join(cwd, file), text);
        if (kind === "text") {
          assert.equal(printed, text);
          shown++;
        }
        if (kind !== "sh") continue;
        for (const line of text.trim().split("\n")) {
          if (line === "npm install as-rill") {
            install(cwd);
            continue;
          }
          const env = { PATH: [dirname(tool), process.env.PATH].join(delimiter) };
          const { code, output } = await run("sh", ["-c", line], { cwd, env });
          assert.equal(code, 0, `${line}\n${output}`);
          printed = output;
        }
      }
    });
    assert.equal(shown, 2);
  },
);
