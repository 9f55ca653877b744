/** Requests with bodies, `post` and the like of `as-rill/wasi`, on Wasmtime, to a server of Node's. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { wasmtime } from "../../tools/setup/wheels.js";
import { component, pathOf } from "./components.js";
import { ended, type Ended } from "./ended.js";

const stem = join(packageRoot, "tests", "guests", "posting", "posting");

function posting(wait: WaitStrategy): Promise<string> {
  return component(`posting-${wait}`, { entry: `${stem}.ts`, wit: `${stem}.wit`, wait, bindings: false });
}

/** Sends to a server that does what `listener` does. */
async function sent(path: string, how: string, listener: RequestListener, input = ""): Promise<Ended> {
  const server = createServer(listener);
  await once(server.listen(0, "127.0.0.1"), "listening");
  try {
    return await sentTo(path, how, `127.0.0.1:${(server.address() as AddressInfo).port}`, input);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

async function sentTo(path: string, how: string, host: string, input: string): Promise<Ended> {
  const flags = ["-W", "component-model-async=y", "-S", "p3=y,http=y"];
  const child = spawn(pathOf(await wasmtime()), ["run", ...flags, path, how, host]);
  // A server that answers early leaves the rest of the input.
  child.stdin.on("error", () => undefined);
  return ended(child, input);
}

/** Tells what came once all of it has. */
const telling: RequestListener = ({ method, url, headers }, answer) => {
  const hash = createHash("sha256");
  answer.req.on("data", (part: Buffer) => hash.update(part));
  answer.req.on("end", () =>
    answer.end(`${method} ${url} ${headers["content-type"] ?? "-"} ${hash.digest("hex")}\n`),
  );
};

const sumOf = (text: string): string => createHash("sha256").update(text).digest("hex");

for (const wait of ["wait", "callback"] as const) {
  test(`${wait}: a body of a buffer, a stream that the host passes on, and one that is written`, async () => {
    const path = await posting(wait);
    const buffer = await sent(path, "buffer", telling);
    const told = `POST /buffer text/plain ${sumOf("a".repeat(100_000))}\n`;
    assert.deepEqual(buffer, { code: 0, out: told, err: "" });
    const input = "as-rill ".repeat(400_000);
    const stream = await sent(path, "stream", telling, input);
    assert.deepEqual(stream, { code: 0, out: `PUT /stream - ${sumOf(input)}\n`, err: "" });
    const copied = await sent(path, "copy", telling, input);
    assert.deepEqual(copied, { code: 0, out: `PATCH /written - ${sumOf(input)}\n`, err: "" });
    assert.equal((await sent(path, "stream", telling)).out, `PUT /stream - ${sumOf("")}\n`);
  });
}

test("a server that answers before it has read the body is heard", async () => {
  const path = await posting("wait");
  const refusing: RequestListener = (_, answer) => {
    answer.writeHead(413).end("too much\n");
  };
  for (const how of ["buffer", "stream", "copy"])
    assert.deepEqual(await sent(path, how, refusing, "x".repeat(8_000_000)), {
      code: 1,
      out: "too much\n",
      err: "",
    });
});

test("a slow server gets all of it", async () => {
  const slow: RequestListener = (request, answer) => {
    request.pause();
    setTimeout(() => {
      telling(request, answer);
      request.resume();
    }, 500);
  };
  const input = "as-rill ".repeat(400_000);
  const { out } = await sent(await posting("wait"), "copy", slow, input);
  assert.equal(out, `PATCH /written - ${sumOf(input)}\n`);
});

test("no server: no answer, and no trap", async () => {
  const path = await posting("wait");
  for (const how of ["buffer", "stream", "copy"])
    assert.deepEqual(await sentTo(path, how, "127.0.0.1:1", "text"), {
      code: 1,
      out: "",
      err: "there is no answer\n",
    });
});
