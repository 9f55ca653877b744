/** `rill run A --then B` with connections: a message is done when the whole row is through with it. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { MqttClient } from "mqtt";
import { builtOnce } from "../built-once.js";
import { startBroker, type Broker } from "./broker.js";
import { listening, pause, Runner, until } from "./runner.js";

const folder = mkdtempSync(join(tmpdir(), "rill-connected-row-"));
const limit = { timeout: 25_000 };
const NUMBERS = "test:row/numbers#";
let broker: Broker;
let client: MqttClient;
let at: string;
let double: string;
let numbers: string;

before(async () => {
  const build = (name: string): Promise<string> => {
    const path = `tests/guests/${name}/${name}`;
    return builtOnce({ entry: `${path}.ts`, wit: `${path}.wit`, wait: "callback" }, folder);
  };
  double = await build("double");
  numbers = await build("row-numbers");
  broker = await startBroker(folder, []);
  client = await broker.connect();
  at = `mqtt://127.0.0.1:${broker.port}`;
});
after(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true });
});

test("one connection both ways, through two guests, as C: items leave as they come", limit, async () => {
  const here = "tcp://127.0.0.1:0?listen";
  const args = [double, "--then", double, "--host", "native", "--in", `1.x=${here}`, "--out", here];
  const { runner, socket } = await listening(folder, ...args);
  let told = Buffer.alloc(0);
  socket.on("data", (bytes: Buffer) => (told = Buffer.concat([told, bytes])));
  socket.write(Uint8Array.of(1, 0, 0, 0));
  await until(() => told.length === 4);
  socket.end(Uint8Array.of(2, 0, 0, 0));
  assert.deepEqual(await runner.end(), { code: 0, signal: null });
  await until(() => told.length === 8);
  assert.deepEqual([...told], [4, 0, 0, 0, 8, 0, 0, 0]);
});

test("a message that the second guest is not through with comes again", limit, async () => {
  const messages: string[] = [];
  client.on("message", (topic, bytes) => {
    if (topic === "sums") messages.push(bytes.toString());
  });
  await client.subscribeAsync("sums", { qos: 1 });
  const args = [
    ...[double, "--then", `${numbers}#${NUMBERS}add`, "--in", `1.x=${at}/terms?client=row&format=jsonl`],
    ...["--in", "y=tcp://127.0.0.1:0?listen&format=jsonl", "--out", `${at}/sums?format=jsonl`],
  ];
  const first = await listening(folder, ...args);
  await first.runner.tells(/: subscribed/);
  first.socket.write("10\n");
  await client.publishAsync("terms", "1", { qos: 1 });
  await until(() => messages.length === 1);
  await pause(300);
  await client.publishAsync("terms", "2", { qos: 1 });
  // The first guest has doubled both and waits for more; the second one holds the second term, and waits.
  await pause(500);
  first.runner.child.kill("SIGKILL");
  await first.runner.end();
  const second = await listening(folder, ...args);
  second.socket.write("20\n");
  await until(() => messages.length === 2);
  second.runner.child.kill("SIGTERM");
  await second.runner.end();
  assert.deepEqual(messages, ["12", "24"]);
});

test(
  "a message at which the second guest traps comes again; one behind a guest that has gone stays",
  limit,
  async () => {
    const run = (then: string, ...more: string[]): Runner =>
      new Runner(
        [
          ...[double, "--then", `${numbers}#${NUMBERS}${then}`],
          ...["--in", `1.x=${at}/steps?client=steps&format=jsonl`, "--format", "jsonl", ...more],
        ],
        folder,
      );
    const first = run("boom", "--host", "native");
    await first.tells(/: subscribed/);
    for (const text of ["1", "2", "3"]) {
      const told = first.stdout.length;
      await client.publishAsync("steps", text, { qos: 1 });
      if (text !== "3") await until(() => first.stdout.length > told);
    }
    assert.equal((await first.end()).code, 1);
    assert.match(first.stderr, /row-numbers\.core\.wasm: unreachable/);
    assert.equal(first.stdout.toString(), "2\n4\n");
    for (const text of ["4", "5"]) await client.publishAsync("steps", text, { qos: 1 });
    // The second guest goes while the first one waits for the broker, which has more.
    for (const [host, item] of [
      ["v8", "6"],
      ["native", "8"],
    ] as const) {
      const next = run("take", "--host", host, "--in", "n=1");
      assert.equal((await next.end()).code, 0);
      assert.equal(next.stdout.toString(), `${item}\n`);
      assert.match(next.stderr, new RegExp(`${host}: 1 items in, 1 out`));
    }
  },
);
