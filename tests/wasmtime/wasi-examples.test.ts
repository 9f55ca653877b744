/** The examples for WASI 0.3 on Wasmtime, each built as its README says. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { PassThrough, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { buildWasiExample, wasiExamples } from "../../bench/wasi-examples.js";
import { ownColumn, shownRust, shownTable, wasiTable } from "../../bench/wasi-table.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { wasmtime } from "../../tools/setup/wheels.js";
import { component, pathOf } from "./components.js";
import { type Ended, ended } from "./ended.js";

const MEGABYTE = Buffer.alloc(1_000_000, "as-rill ");

/** `count` megabytes. */
function* megabytes(count: number): Generator<Buffer> {
  for (let i = 0; i < count; i++) yield MEGABYTE;
}

/** The sum of `count` megabytes. */
function sumOf(count: number): string {
  const hash = createHash("sha256");
  for (const part of megabytes(count)) hash.update(part);
  return hash.digest("hex");
}

/** An example's component. */
function example(name: string): Promise<string> {
  return buildWasiExample(wasiExamples().find((found) => found.name === name)!);
}

/** Starts Wasmtime on an example that is a command. */
async function start(name: string, { flags = [], args = [], cwd }: Options = {}): Promise<ChildProcess> {
  const path = await example(name);
  return spawn(pathOf(await wasmtime()), ["run", ...P3, ...flags, path, ...args], { cwd });
}

/** Starts Wasmtime on a service. @returns where it is served */
async function served(
  path: string,
  flags: readonly string[] = [],
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const args = ["serve", ...P3, ...flags, "--addr", "127.0.0.1:0", path];
  const child = spawn(pathOf(await wasmtime()), args);
  const [line] = (await once(createInterface(child.stderr), "line")) as [string];
  return { child, url: /http:\/\/[\d.:]+/.exec(line)![0] };
}

/** Sends a body as it comes. @returns the answer, as soon as that has begun */
function upload(url: string, body: Readable, method = "POST"): Promise<Response> {
  // Node's fetch knows `duplex`, its types do not.
  const streamed = { method, body: Readable.toWeb(body), duplex: "half" };
  return fetch(url, streamed as RequestInit);
}

const P3 = ["-W", "component-model-async=y", "-S", "p3=y"];

interface Options {
  readonly flags?: readonly string[];
  readonly args?: readonly string[];
  readonly cwd?: string;
}

/** Runs an example to its end. @param input as `ended` takes it */
async function ran(name: string, options: Options = {}, input: string | null = ""): Promise<Ended> {
  return ended(await start(name, options), input);
}

/** The most memory that a process has had, in KiB; 0 where that cannot be told. */
function peakOf({ pid }: ChildProcess): number {
  if (process.platform !== "linux") return 0;
  return Number(/VmHWM:\s*(\d+)/.exec(readFileSync(`/proc/${pid!}/status`, "utf8"))![1]);
}

/** What a hundred times the data may add to a process: less than a hundredth of it. */
const MORE_KIB = 8 * 1024;

test("hello says hello", { timeout: 120_000 }, async () => {
  assert.deepEqual(await ran("hello"), { code: 0, out: "Hello, world!\n", err: "" });
});

test("cat copies, and 100 MB take no more memory than one", { timeout: 120_000 }, async () => {
  assert.deepEqual(await ran("cat", {}, "ä\nb"), { code: 0, out: "ä\nb", err: "" });
  const child = await start("cat");
  const hash = createHash("sha256");
  let length = 0;
  let first = 0;
  child.stdout!.on("data", (part: Buffer) => {
    hash.update(part);
    length += part.length;
    if (!first && length >= 1_000_000) first = peakOf(child);
  });
  await pipeline(Readable.from(megabytes(99)), child.stdin!, { end: false });
  const more = peakOf(child) - first;
  child.stdin!.end(MEGABYTE);
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0);
  assert.equal(hash.digest("hex"), sumOf(100));
  assert.ok(more < MORE_KIB, `${more} KiB more`);
});

test("cat ends when nobody reads on", { timeout: 120_000 }, async () => {
  const child = await start("cat");
  child.stdin!.on("error", () => undefined);
  child.stdout!.once("data", () => child.stdout!.destroy());
  const closed = once(child, "exit");
  Readable.from(megabytes(10)).pipe(child.stdin!);
  const [code] = (await closed) as [number | null];
  assert.equal(code, 1);
});

test(
  "wc counts lines, words and bytes, across the ends of its buffer too",
  { timeout: 120_000 },
  async () => {
    assert.equal((await ran("wc", {}, "a b\n")).out, "1 2 4\n");
    const long = "word and ünïcode \t\n".repeat(9_000);
    assert.equal((await ran("wc", {}, long)).out, `9000 27000 ${Buffer.byteLength(long)}\n`);
    assert.equal((await ran("wc", {}, "")).out, "0 0 0\n");
  },
);

test("wc counts 100 MB in no more memory than one", { timeout: 120_000 }, async () => {
  const child = await start("wc");
  let first = 0;
  function* watched(): Generator<Buffer> {
    yield* megabytes(50);
    // A stream asks for some items before it needs them.
    first = peakOf(child);
    yield* megabytes(50);
  }
  await pipeline(Readable.from(watched()), child.stdin!, { end: false });
  const more = peakOf(child) - first;
  const { out } = await ended(child);
  assert.equal(out, "0 12500000 100000000\n");
  assert.ok(more < MORE_KIB, `${more} KiB more`);
});

test("env prints its arguments and a variable, whatever they are made of", { timeout: 120_000 }, async () => {
  const flags = ["--env", "GREETING=grüß 𝄞"];
  const full = await ran("env", { flags, args: ["one", "", "zwei €"] });
  assert.deepEqual(full, { code: 0, out: "one\n\nzwei €\nGREETING=grüß 𝄞\n", err: "" });
  assert.deepEqual(await ran("env"), { code: 1, out: "", err: "env: there is no GREETING\n" });
});

test(
  "an environment that the arena has no room for: the trap says what to do",
  { timeout: 120_000 },
  async () => {
    const long = "x".repeat(100_000);
    const variables = await ran("env", { flags: ["--env", `GREETING=${long}`] });
    const words = await ran("fetch", { flags: ["-S", "http=y"], args: [long, "/"] });
    const told =
      /!(?:~lib\/as-rill\/assembly\/arena\/takeBlock|rill-entry\/realloc): the arena is full, build with a larger --arena, or give back what is done with: openScope\(\)\n/;
    for (const { code, err } of [variables, words]) {
      assert.notEqual(code, 0);
      assert.match(err, told);
    }
  },
);

test("timeout is in time, or too late", { timeout: 120_000 }, async () => {
  assert.deepEqual(await ran("timeout", {}, "x"), { code: 0, out: "in time\n", err: "" });
  const from = Date.now();
  assert.deepEqual(await ran("timeout", {}, null), { code: 1, out: "too late\n", err: "" });
  assert.ok(Date.now() - from >= 2_000);
});

test("files reads one and writes another", { timeout: 120_000 }, async () => {
  await inTemporaryFolder("rill-files-", async (cwd) => {
    const options = { flags: ["--dir", "."], cwd };
    assert.deepEqual(await ran("files", options), { code: 1, out: "", err: "files: there is no in.txt\n" });
    writeFileSync(join(cwd, "in.txt"), "Some text.\n");
    writeFileSync(join(cwd, "out.txt"), "longer than what comes in its place");
    assert.deepEqual(await ran("files", options), { code: 0, out: "11 bytes\n", err: "" });
    assert.equal(readFileSync(join(cwd, "out.txt"), "utf8"), "SOME TEXT.\n");
  });
});

/** Sends `count` megabytes to the echo. @returns the sum of what came back */
async function echoed(count: number): Promise<string> {
  const socket = connect(7007, "127.0.0.1");
  const hash = createHash("sha256");
  const ended = (async () => {
    let length = 0;
    for await (const part of socket as AsyncIterable<Buffer>) {
      hash.update(part);
      length += part.length;
      if (length === count * MEGABYTE.length) break;
    }
  })();
  for (const part of megabytes(count)) if (!socket.write(part)) await once(socket, "drain");
  await ended;
  socket.destroy();
  return hash.digest("hex");
}

test(
  "echo sends back to fifty clients at once, and 100 MB take no more memory than one",
  { timeout: 120_000 },
  async () => {
    const child = await start("echo", { flags: ["-S", "inherit-network=y"] });
    try {
      await once(child.stdout!, "data");
      const all = await Promise.all(Array.from({ length: 50 }, () => echoed(1)));
      assert.deepEqual(new Set(all), new Set([sumOf(1)]));
      const before = peakOf(child);
      assert.equal(await echoed(100), sumOf(100));
      const more = peakOf(child) - before;
      assert.ok(more < MORE_KIB, `${more} KiB more`);
    } finally {
      child.kill();
    }
  },
);

test(
  "http answers, echoes 100 MB as a stream, and a hundred requests in a row",
  { timeout: 120_000 },
  async () => {
    const { child, url } = await served(await example("http"));
    try {
      const hello = await fetch(url);
      assert.deepEqual([hello.status, await hello.text()], [200, "Hello, world!\n"]);
      assert.equal(hello.headers.get("content-type"), "text/plain");
      for (let i = 0; i < 100; i++) {
        const answer = await fetch(url, { method: "POST", body: `request ${i}` });
        assert.equal(await answer.text(), `request ${i}`);
      }
      const before = peakOf(child);
      const answer = await upload(url, Readable.from(megabytes(100)));
      const hash = createHash("sha256");
      for await (const part of answer.body!) hash.update(part as Uint8Array);
      assert.equal(hash.digest("hex"), sumOf(100));
      const more = peakOf(child) - before;
      assert.ok(more < MORE_KIB, `${more} KiB more`);
    } finally {
      child.kill();
    }
  },
);

/** The component of `tests/guests/service`. */
function service(wait: WaitStrategy, backpressure = false): Promise<string> {
  const stem = join(packageRoot, "tests", "guests", "service", "service");
  const source = { entry: `${stem}.ts`, wit: `${stem}.wit` };
  const name = `service-${wait}${backpressure ? "-backpressure" : ""}`;
  return component(name, { ...source, wait, backpressure, bindings: false });
}

test("a service reads bodies, copies them, and answers with headers and status", async () => {
  const { child, url } = await served(await service("wait"));
  try {
    const answers = [
      await fetch(url),
      await fetch(url, { method: "POST", body: "seven 7" }),
      await fetch(url, { method: "POST", body: "longer than eight" }),
      await fetch(url, { method: "PUT", body: "copied" }),
    ];
    const told = await Promise.all(answers.map(async (answer) => [answer.status, await answer.text()]));
    assert.deepEqual(told, [
      [404, ""],
      [201, "7"],
      [201, "8"],
      [200, "copied"],
    ]);
    assert.ok(answers.every(({ headers }) => headers.get("x-service") === "as-rill"));
  } finally {
    child.kill();
  }
});

/**
 * Whether a request is answered while the body of another one, which is sent back, is still to come.
 * @param limit milliseconds after which it is not
 */
async function isAnsweredMeanwhile(
  path: string,
  { flags = [], limit = 30_000 }: { flags?: readonly string[]; limit?: number } = {},
): Promise<boolean> {
  const { child, url } = await served(path, flags);
  const body = new PassThrough();
  try {
    body.write("begun");
    const slow = await upload(url, body, "PUT");
    const reader = slow.body!.getReader();
    await reader.read();
    const signal = AbortSignal.timeout(limit);
    const isAnswered = await fetch(url, { signal }).then(
      () => true,
      () => false,
    );
    body.end();
    while (!(await reader.read()).done);
    return isAnswered;
  } finally {
    child.kill();
  }
}

test("a slow upload holds a quick GET only where the guest copies it and waits inside", async () => {
  assert.ok(await isAnsweredMeanwhile(await example("http")));
  assert.ok(await isAnsweredMeanwhile(await service("callback")));
  assert.ok(!(await isAnsweredMeanwhile(await service("wait"), { limit: 1_000 })));
  const flags = ["--max-instance-reuse-count", "1"];
  assert.ok(await isAnsweredMeanwhile(await service("wait"), { flags }));
});

/** Milliseconds that a quick GET takes beside `uploads` slow ones, each of `length` milliseconds. */
async function besideSlowUploads(path: string, uploads: number, length: number): Promise<number> {
  const { child, url } = await served(path);
  try {
    await (await fetch(url)).arrayBuffer();
    const bodies = Array.from({ length: uploads }, () => new PassThrough());
    const answers = bodies.map(async (body) => {
      body.write("begun");
      return (await upload(url, body, "PUT")).text();
    });
    await delay(length / 4);
    const from = performance.now();
    setTimeout(() => {
      for (const body of bodies) body.end("ended");
    }, length);
    await (await fetch(url)).arrayBuffer();
    const took = performance.now() - from;
    assert.deepEqual(await Promise.all(answers), Array<string>(uploads).fill("begunended"));
    return took;
  } finally {
    child.kill();
  }
}

test("--backpressure has a quick GET overtake slow uploads, which hold it without", async () => {
  const length = 2_000;
  const without = await besideSlowUploads(await service("wait"), 1, length);
  assert.ok(without > length / 2, `${without} ms without`);
  for (const uploads of [1, 5]) {
    const took = await besideSlowUploads(await service("wait", true), uploads, length);
    assert.ok(took < without / 4, `${took} ms beside ${uploads}, ${without} ms without`);
  }
});

test("fetch prints the answer's body, and says when there is none", { timeout: 120_000 }, async () => {
  const body = "line\n".repeat(50_000);
  const server = createServer(({ method, url }, answer) => answer.end(`${method} ${url}\n${body}`));
  await once(server.listen(0, "127.0.0.1"), "listening");
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const flags = ["-S", "http=y"];
  const found = await ran("fetch", { flags, args: [host, "/a?b=c"] }).finally(() => server.close());
  assert.deepEqual(found, { code: 0, out: `GET /a?b=c\n${body}`, err: "" });
  const gone = await ran("fetch", { flags, args: [host, "/"] });
  assert.deepEqual(gone, { code: 1, out: "", err: "fetch: there is no answer\n" });
  assert.equal((await ran("fetch", { flags })).code, 1);
});

test("their sizes are those that README.md shows, beside those of Rust", async () => {
  const shown = shownTable();
  const rust = shownRust(shown);
  assert.equal(rust.bytes.size, wasiExamples().length);
  assert.equal(wasiTable(await ownColumn(), rust), shown, "npm run bench:wasi -- --update writes them");
});
