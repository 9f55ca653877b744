/** docs/running-on-jco.md, followed word for word; then its service answers. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { jco, nodeOf } from "../../dev/setup/jco.js";
import { packageRoot } from "../../tools/package-root.js";
import { endProcess, startProcess } from "../../tools/processes/start-process.js";
import { run } from "../../tools/setup/run.js";
import { pathOf } from "../wasmtime/components.js";
import { ended } from "../wasmtime/ended.js";
import { followPage } from "../wasmtime/follow-page.js";
import { onJco } from "./on-jco.js";

const SERVED = "http://127.0.0.1:8080";

/** Starts the page's `server.js`, asks it, and ends it. */
async function serverAnswers(folder: string, modules: string): Promise<void> {
  const child = startProcess(nodeOf(modules), ["server.js"], { cwd: folder, stdio: "ignore" });
  try {
    const hello = await answered();
    assert.deepEqual([hello.status, await hello.text()], [200, "Hello, world!\n"]);
    const body = "as-rill ".repeat(50_000);
    const signal = AbortSignal.timeout(30_000);
    const echo = await fetch(SERVED, { method: "POST", body, signal });
    assert.equal(await echo.text(), body);
  } finally {
    endProcess(child, "SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  }
}

/** What the server answers, as soon as it is there. */
async function answered(): Promise<Response> {
  for (;;) {
    const response = await fetch(SERVED).catch(() => null);
    if (response !== null) return response;
    await setTimeout(100);
  }
}

test("each file is written, each command run, and the service answers", { timeout: 180_000 }, async () => {
  const modules = pathOf(await jco());
  const shown = await followPage("running-on-jco", {
    path: [join(modules, ".bin")],
    install: (folder) => {
      symlinkSync(join(modules, "@bytecodealliance"), join(folder, "@bytecodealliance"));
      symlinkSync(join(modules, ".bin", "jco"), join(folder, ".bin", "jco"));
    },
    then: async (folder) => {
      const service = join(folder, "build", "http.component.wasm");
      const { code, err } = await ended(await onJco("serve", service, {}));
      assert.equal(code, 1);
      assert.match(err, /^Not a valid HTTP server component to execute\.$/m);
      await serverAnswers(folder, modules);
    },
  });
  assert.equal(shown, 1);
});

test("the versions that the page names are those that were tried", async () => {
  const page = readFileSync(join(packageRoot, "docs", "running-on-jco.md"), "utf8");
  const modules = pathOf(await jco());
  for (const name of ["jco", "preview3-shim"]) {
    const manifest = readFileSync(join(modules, "@bytecodealliance", name, "package.json"), "utf8");
    assert.ok(
      page.includes(`@bytecodealliance/${name}@${(JSON.parse(manifest) as { version: string }).version}`),
    );
  }
  const { output } = await run(nodeOf(modules), ["--version"]);
  if (nodeOf(modules) !== process.execPath) assert.ok(page.includes(`Node ${output.trim().slice(1)}`));
});
