/** `rill run` with TCP connections and serial lines. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { PassThrough } from "node:stream";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ByteLine } from "../../tools/run/connections/byte-line.js";
import { freePort } from "./broker.js";
import { doubleGuest } from "./guests.js";
import { listening, Runner, until } from "./runner.js";

const folder = mkdtempSync(join(tmpdir(), "rill-lines-"));
const limit = { timeout: 25_000 };
let double: string;

before(async () => {
  double = await doubleGuest(folder);
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** What a stream has brought. */
function gathered(stream: NodeJS.ReadableStream): { bytes: Buffer } {
  const told = { bytes: Buffer.alloc(0) };
  // A device whose line is gone.
  stream.on("error", () => undefined);
  stream.on("data", (bytes: Buffer) => (told.bytes = Buffer.concat([told.bytes, bytes])));
  return told;
}

test("one connection both ways: items leave as they come, also one that came in pieces", limit, async () => {
  const here = "tcp://127.0.0.1:0?listen";
  const { runner, socket } = await listening(folder, double, "--in", `x=${here}`, "--out", here);
  const told = gathered(socket);
  socket.write(Uint8Array.of(1, 0, 0, 0, 2));
  await until(() => told.bytes.length === 4);
  socket.write(Uint8Array.of(0, 0, 0));
  await until(() => told.bytes.length === 8);
  socket.end();
  assert.deepEqual(await runner.end(), { code: 0, signal: null });
  assert.deepEqual([...told.bytes], [2, 0, 0, 0, 4, 0, 0, 0]);
});

test("to somebody who listens, and lines from somebody else", limit, async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const runner = new Runner(
    [
      double,
      "--in",
      "x=tcp://127.0.0.1:0?listen&format=csv",
      "--out",
      `tcp://127.0.0.1:${port}?format=jsonl`,
    ],
    folder,
  );
  const [reader] = (await once(server, "connection")) as [Socket];
  const told = gathered(reader);
  const [, own] = await runner.tells(/listening on tcp:\/\/127\.0\.0\.1:(\d+)/);
  connect(Number(own), "127.0.0.1").end("value\n1\n2\n");
  assert.equal((await runner.end()).code, 0);
  await until(() => told.bytes.toString() === "2\n4\n");
  reader.destroy();
  server.close();
});

test("a hundred thousand items go through", limit, async () => {
  const here = "tcp://127.0.0.1:0?listen";
  const { runner, socket } = await listening(folder, double, "--in", `x=${here}`, "--out", here);
  const told = gathered(socket);
  const count = 100_000;
  socket.end(new Uint8Array(new Uint32Array(count).map((_, i) => i).buffer));
  assert.equal((await runner.end()).code, 0);
  await until(() => told.bytes.length === 4 * count);
  const items = new Uint32Array(new Uint8Array(told.bytes).buffer);
  assert.ok(items.every((item, i) => item === 2 * i));
});

test("what is not taken holds the other side back", () => {
  const came: Uint8Array[] = [];
  const stream = new PassThrough({ highWaterMark: 1 << 16 });
  const line = new ByteLine(stream, "a line", () => undefined);
  line.startReading({
    parcel: (parcel) => came.push(parcel),
    ended: () => undefined,
    lost: () => undefined,
  });
  const piece = Buffer.alloc(1 << 15);
  while (!stream.isPaused()) stream.write(piece);
  const held = came.length;
  assert.equal(held, (1 << 20) / piece.length + 1);
  line.done();
  assert.ok(!stream.isPaused());
});

test("half an item at the end is refused, behind those before it", limit, async () => {
  const { runner, socket } = await listening(
    folder,
    double,
    "--in",
    "x=tcp://127.0.0.1:0?listen",
    "--format",
    "raw",
    "--out",
    "-",
  );
  socket.end(Uint8Array.of(1, 0, 0, 0, 2));
  assert.equal((await runner.end()).code, 2);
  assert.match(
    runner.stderr,
    /tcp:\/\/127\.0\.0\.1:0: 5 bytes are not a whole number of items of 4 bytes \(u32\); 1 are left over/,
  );
  assert.deepEqual([...runner.stdout], [2, 0, 0, 0]);
});

test("a connection that breaks ends the run; what had come is kept", limit, async () => {
  const { runner, socket } = await listening(
    folder,
    double,
    "--in",
    "x=tcp://127.0.0.1:0?listen",
    "--out",
    "broken.u32le",
  );
  socket.write(Uint8Array.of(3, 0, 0, 0));
  await new Promise((resolve) => setTimeout(resolve, 700));
  socket.resetAndDestroy();
  assert.equal((await runner.end()).code, 2);
  assert.match(runner.stderr, /rill: tcp:\/\/127\.0\.0\.1:0: connection reset by peer\n$/);
  assert.deepEqual([...readFileSync(join(folder, "broken.u32le"))], [6, 0, 0, 0]);
});

test("a signal ends a run that waits for items, and its output is whole", limit, async () => {
  const { runner, socket } = await listening(
    folder,
    double,
    "--in",
    "x=tcp://127.0.0.1:0?listen",
    "--out",
    "asked.csv",
  );
  socket.write(Uint8Array.of(3, 0, 0, 0, 7));
  await new Promise((resolve) => setTimeout(resolve, 3000));
  runner.child.kill("SIGTERM");
  assert.deepEqual(await runner.end(), { code: null, signal: "SIGTERM" });
  assert.equal(readFileSync(join(folder, "asked.csv"), "utf8"), "value\n6\n");
  socket.destroy();
});

test("nobody listens there", limit, async () => {
  const runner = new Runner([double, "--in", `x=tcp://127.0.0.1:${await freePort()}`], folder);
  assert.equal((await runner.end()).code, 2);
  assert.match(runner.stderr, /^rill: tcp:.*: cannot connect: connection refused\n$/);
});

test("--timeout ends a run that takes longer, with what had come", limit, async () => {
  const args = [double, "--in", "x=tcp://127.0.0.1:0?listen", "--out", "late.csv", "--timeout", "4"];
  const { runner, socket } = await listening(folder, ...args);
  socket.write(Uint8Array.of(3, 0, 0, 0));
  assert.equal((await runner.end()).code, 1);
  assert.match(runner.stderr, /rill: the run is not over after 4 s \(--timeout\), and was ended/);
  assert.equal(readFileSync(join(folder, "late.csv"), "utf8"), "value\n6\n");
  socket.destroy();
});

test("a serial line, both ways, and its loss", limit, async () => {
  const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
  const line = spawn("socat", [`pty,raw,echo=0,link=${ours}`, `pty,raw,echo=0,link=${theirs}`]);
  await until(() => existsSync(ours) && existsSync(theirs));
  const here = `serial:${ours}@115200`;
  const runner = new Runner([double, "--in", `x=${here}`, "--out", `${here}?format=jsonl`], folder);
  const device = openSync(theirs, "r+");
  const told = gathered(createReadStream("", { fd: device, autoClose: false }));
  await runner.tells(/open/);
  writeSync(device, Uint8Array.of(1, 0, 0, 0, 2, 0));
  await until(() => told.bytes.toString() === "2\n");
  writeSync(device, Uint8Array.of(0, 0));
  await until(() => told.bytes.toString() === "2\n4\n");
  line.kill();
  assert.equal((await runner.end()).code, 2);
  assert.match(runner.stderr, /rill: serial:.*ours@115200: /);
  closeSync(device);
});

test("no such serial line", limit, async () => {
  const runner = new Runner([double, "--in", "x=serial:/dev/no-such-line@9600"], folder);
  assert.equal((await runner.end()).code, 2);
  assert.match(runner.stderr, /^rill: serial:\/dev\/no-such-line@9600: cannot be opened: .*No such file/);
});
