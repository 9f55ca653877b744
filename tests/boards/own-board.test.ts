/** docs/own-board.md, followed: from an empty folder to a guest on a board without a firmware of ours. */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { test } from "node:test";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { packageRoot } from "../../tools/package-root.js";
import { armGcc, cmake, qemuArm } from "../../tools/setup/programs.js";
import { wamrSource } from "../../tools/setup/wamr-source.js";
import { untilEnd } from "./until-end.js";

const page = readFileSync(join(packageRoot, "docs", "own-board.md"), "utf8");
const integration = readFileSync(join(packageRoot, "docs", "integration.md"), "utf8");

/** The file that the page writes: its block is the first one after its name at the start of a line. */
function fileOf(name: string): string {
  const after = page.slice(page.search(new RegExp(`^\`${name}\``, "m")));
  return /^```\w+\n(.*?)^```/ms.exec(after)![1]!;
}

/** Lines that a reader types. */
const typed = [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.trim().split("\n"));

test("the page's files and commands make a firmware for mps2-an385 that doubles four samples", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rill-own-board-"));
  try {
    for (const name of ["double.wit", "double.ts", "board.c", "board.ld", "CMakeLists.txt"])
      writeFileSync(join(folder, name), fileOf(name));
    writeFileSync(join(folder, "main.c"), /```c\n(.*?)```/s.exec(integration)![1]!);
    // What the first two lines fetch is here already.
    const [install, clone, ...rest] = typed;
    assert.equal(install, "npm install as-rill");
    assert.match(clone!, /^git clone --depth 1 --branch WAMR-2\.4\.3 /);
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(packageRoot, join(folder, "node_modules", "as-rill"));
    symlinkSync(needTool(await wamrSource()), join(folder, "wasm-micro-runtime"));
    const tools = [needTool(await armGcc()), needTool(await cmake())].map((path) => dirname(path));
    const path = [...tools, process.env.PATH].join(delimiter);
    const run = rest.pop()!;
    for (const line of rest) {
      const command = line.replace(/^npx rill/, `node ${join(packageRoot, "bin", "rill.js")}`);
      await must("sh", ["-c", `cd ${folder} && PATH='${path}' ${command}`]);
    }
    const [qemu, ...args] = run.split(" ");
    assert.equal(qemu, "qemu-system-arm");
    const firmware = join(folder, args.pop()!);
    assert.equal(await untilEnd(needTool(await qemuArm()), [...args, firmware]), "2\n4\n6\n8\n+00");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
