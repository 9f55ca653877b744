/** The examples that are commands, on jco; hello and the service are in docs/running-on-jco.md. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { buildWasiExample, wasiExamples } from "../../bench/wasi-examples.js";
import { jco } from "../../dev/setup/jco.js";
import { packageRoot } from "../../tools/package-root.js";
import { endProcess } from "../../tools/processes/start-process.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { component, pathOf } from "../wasmtime/components.js";
import { type Ended, ended } from "../wasmtime/ended.js";
import { type Options, folderWith, onJco } from "./on-jco.js";

const limit = { timeout: 120_000 };

/** Runs an example to its end. @param input as `ended` takes it */
async function ran(name: string, options: Options = {}, input: string | null = ""): Promise<Ended> {
  const path = await buildWasiExample(wasiExamples().find((found) => found.name === name)!);
  return ended(await onJco("run", path, options), input);
}

test("cat copies a megabyte, wc counts it", limit, async () => {
  const long = "word and ünïcode \t\n".repeat(50_000);
  assert.deepEqual(await ran("cat", {}, long), { code: 0, out: long, err: "" });
  const counts = `50000 150000 ${Buffer.byteLength(long)}\n`;
  assert.deepEqual(await ran("wc", {}, long), { code: 0, out: counts, err: "" });
});

test("env prints its arguments and a variable", limit, async () => {
  const full = await ran("env", { env: { GREETING: "grüß 𝄞" }, args: ["one", "zwei €"] });
  assert.deepEqual(full, { code: 0, out: "one\nzwei €\nGREETING=grüß 𝄞\n", err: "" });
});

test("timeout is in time, or too late", limit, async () => {
  assert.deepEqual(await ran("timeout", {}, "x"), { code: 0, out: "in time\n", err: "" });
  const { code, out } = await ran("timeout", {}, null);
  assert.deepEqual([code, out], [1, "too late\n"]);
});

test("files reads one and writes another, where the page's module says", limit, async () => {
  const page = readFileSync(join(packageRoot, "docs", "running-on-jco.md"), "utf8");
  const jcoImport = join(folderWith(pathOf(await jco())), "directories.mjs");
  writeFileSync(jcoImport, /^```js directories\.js\n([\s\S]*?)^```/m.exec(page)![1]!);
  await inTemporaryFolder("rill-files-", async (cwd) => {
    writeFileSync(join(cwd, "in.txt"), "Some text.\n");
    assert.deepEqual(await ran("files", { cwd, jcoImport }), { code: 0, out: "11 bytes\n", err: "" });
    assert.equal(readFileSync(join(cwd, "out.txt"), "utf8"), "SOME TEXT.\n");
  });
});

test("fetch prints the answer's body", limit, async () => {
  const body = "line\n".repeat(50_000);
  const server = createServer(({ method, url }, answer) => answer.end(`${method} ${url}\n${body}`));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const found = await ran("fetch", { args: [host, "/a?b=c"] }).finally(() => server.close());
  assert.deepEqual(found, { code: 0, out: `GET /a?b=c\n${body}`, err: "" });
});

/** The example with another port: that on Wasmtime may run at the same time. */
const PORT = 7008;

test("echo sends back to twenty clients at once", limit, async () => {
  const [from, to] = ["examples/wasi-echo", "build/jco/echo-source"].map((path) => join(packageRoot, path));
  mkdirSync(to!, { recursive: true });
  const source = readFileSync(join(from!, "echo.ts"), "utf8").replace("7007", `${PORT}`);
  writeFileSync(join(to!, "echo.ts"), source);
  const paths = { entry: join(to!, "echo.ts"), wit: join(from!, "echo.wit") };
  const child = await onJco("run", await component("jco-echo", { ...paths, bindings: false }), {});
  try {
    await once(child.stdout!, "data");
    const texts = Array.from({ length: 20 }, (_, index) => `client ${index} `.repeat(1000));
    assert.deepEqual(await Promise.all(texts.map(echoed)), texts);
  } finally {
    endProcess(child, "SIGTERM");
  }
});

/** Sends `text` to the echo. @returns as much as came back */
async function echoed(text: string): Promise<string> {
  const socket = connect(PORT, "127.0.0.1").setEncoding("utf8");
  socket.write(text);
  let came = "";
  for await (const part of socket as AsyncIterable<string>) {
    came += part;
    if (came.length >= text.length) break;
  }
  socket.destroy();
  return came;
}
