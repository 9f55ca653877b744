/** `rill run` with a broker: what becomes an item, when a message is acknowledged, and what goes wrong. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { MqttClient } from "mqtt";
import { freePort, pluginPath, startBroker, type Broker } from "./broker.js";
import { doubleGuest, labelsGuest, sumGuest, superstitiousGuest } from "./guests.js";
import { pause, Runner, until } from "./runner.js";

const folder = mkdtempSync(join(tmpdir(), "rill-mqtt-"));
const limit = { timeout: 25_000 };
let broker: Broker;
let client: MqttClient;
let at: string;
let double: string;

before(async () => {
  const acl = join(folder, "acl");
  writeFileSync(acl, "topic readwrite open/#\nuser ada\ntopic readwrite secret/#\n");
  broker = await startBroker(folder, [`acl_file ${acl}`, "max_inflight_messages 0"]);
  client = await broker.connect();
  at = `mqtt://127.0.0.1:${broker.port}`;
  double = await doubleGuest(folder);
});
after(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true });
});

function rill(...args: readonly string[]): Runner {
  return new Runner(args, folder);
}

/** A run that has subscribed. */
async function subscribed(...args: readonly string[]): Promise<Runner> {
  const runner = rill(...args);
  await runner.tells(/: subscribed/);
  return runner;
}

/** What comes at a topic. */
async function heard(topic: string, from = client): Promise<Buffer[]> {
  const messages: Buffer[] = [];
  from.on("message", (name, bytes) => {
    if (name === topic) messages.push(bytes);
  });
  await from.subscribeAsync(topic, { qos: 1 });
  return messages;
}

async function publish(topic: string, message: Buffer | string, qos: 0 | 1 = 1): Promise<void> {
  await client.publishAsync(topic, message, { qos });
}

function u32(...values: readonly number[]): Buffer {
  return Buffer.from(new Uint8Array(Uint32Array.from(values).buffer));
}

async function ended(runner: Runner, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  runner.child.kill(signal);
  assert.deepEqual(await runner.end(), { code: null, signal });
}

test("a message holds whole items, none or several; each item leaves as a message", limit, async () => {
  const out = await heard("open/doubled");
  const runner = await subscribed(double, "--in", `x=${at}/open/a/+`, "--out", `${at}/open/doubled`);
  for (const [topic, message] of [
    ["open/a/1", u32(1)],
    ["open/a/2", u32()],
    ["open/a/1", u32(2, 3)],
  ] as const)
    await publish(topic, message);
  await publish("open/a/3", u32(4), 0);
  await until(() => out.length === 4);
  assert.deepEqual(out, [u32(2), u32(4), u32(6), u32(8)]);
  await ended(runner, "SIGINT");
  assert.match(runner.stderr, /v8: 4 items in, 4 out/);
});

test("JSON lines in, up to two items in a message out, none of them held back", limit, async () => {
  const out = await heard("open/pairs");
  const runner = await subscribed(
    ...[double, "--in", `x=${at}/open/lines?format=jsonl`, "--out", `${at}/open/pairs?format=jsonl&items=2`],
  );
  await publish("open/lines", "1\n2\n3\n");
  await until(() => out.length === 2);
  assert.deepEqual(out.map(String), ["2\n4", "6"]);
  await ended(runner);
});

test("strings come and go as JSON", limit, async () => {
  const runner = await subscribed(
    ...[await labelsGuest(folder), "--in", `x=${at}/open/names?format=jsonl`, "--limit", "1"],
  );
  await publish("open/names", '"ada"');
  assert.equal((await runner.end()).code, 0);
  assert.match(runner.stdout.toString(), /^".*ada.*"\n$/);
});

test("--limit ends the run; what the guest did not take is the broker's still", limit, async () => {
  const args = [double, "--in", `x=${at}/open/limited?client=limited`, "--format", "jsonl", "--limit", "2"];
  const first = await subscribed(...args);
  for (const text of ["1", "2", "3", "4"]) await publish("open/limited", text);
  assert.equal((await first.end()).code, 0);
  assert.equal(first.stdout.toString(), "2\n4\n");
  const second = rill(...args);
  assert.equal((await second.end()).code, 0);
  assert.equal(second.stdout.toString(), "6\n8\n");
});

test("a message at which the guest traps comes again, those before it do not", limit, async () => {
  const core = await superstitiousGuest(folder);
  const out = join(folder, "trapped.jsonl");
  const run = (guest: string, ...more: string[]): Runner =>
    rill(guest, "--in", `x=${at}/open/trap?client=trap&format=jsonl`, "--out", out, ...more);
  const first = run(core);
  await first.tells(/subscribed/);
  for (const text of ["1", "2", "13", "4"]) await publish("open/trap", text);
  assert.equal((await first.end()).code, 1);
  assert.equal(readFileSync(out, "utf8"), "2\n4\n");
  const second = run(double, "--limit", "2");
  assert.equal((await second.end()).code, 0);
  assert.equal(readFileSync(out, "utf8"), "2\n4\n26\n8\n");
});

test("a file is appended to, and half an item at its end is removed", limit, async () => {
  const out = join(folder, "grows.csv");
  writeFileSync(out, "value\n7\n1");
  const runner = await subscribed(...[double, "--in", `x=${at}/open/grow`, "--out", out]);
  await publish("open/grow", u32(5));
  await until(() => readFileSync(out, "utf8") === "value\n7\n10\n");
  await ended(runner);
  assert.match(runner.stderr, /grows\.csv: 1 bytes of half an item at its end are removed/);
});

test("a value is told when the input ends, which a signal does", limit, async () => {
  const runner = await subscribed(await sumGuest(folder), "--in", `x=${at}/open/sum`);
  for (const value of [1, 2, 3]) await publish("open/sum", u32(value));
  await pause(500);
  await ended(runner);
  assert.equal(runner.stdout.toString(), "6\n");
});

test("the connection is lost and comes back: the run goes on, and nothing is lost", limit, async () => {
  const own = await startBroker(folder);
  const url = `mqtt://127.0.0.1:${own.port}`;
  const runner = await subscribed(
    double,
    "--in",
    `x=${url}/a?client=back`,
    "--out",
    "-",
    "--format",
    "jsonl",
  );
  const before = await own.connect();
  await before.publishAsync("a", "1", { qos: 1 });
  await until(() => runner.stdout.toString() === "2\n");
  await own.stop();
  await runner.tells(/the connection is lost; trying for 60 s/);
  const again = await startBroker(folder, [], own.port);
  await runner.tells(/the connection is back/);
  const later = await again.connect();
  await later.publishAsync("a", "2", { qos: 1 });
  await until(() => runner.stdout.toString() === "2\n4\n");
  await ended(runner);
  await again.stop();
});

test("a connection that does not come back ends the run; what had come is kept", limit, async () => {
  const own = await startBroker(folder);
  const out = join(folder, "kept.csv");
  const from = `x=mqtt://127.0.0.1:${own.port}/a?reconnect=1`;
  const runner = await subscribed(double, "--in", from, "--out", out);
  await (await own.connect()).publishAsync("a", u32(4), { qos: 1 });
  await until(() => existsSync(out) && readFileSync(out, "utf8").includes("8"));
  await own.stop();
  assert.equal((await runner.end()).code, 2);
  assert.match(runner.stderr, /rill: mqtt:.*: the connection is lost, and not back after 1 s\n$/);
  assert.equal(readFileSync(out, "utf8"), "value\n8\n");
});

test("of two runs with one client id one ends", limit, async () => {
  const args = [double, "--in", `x=${at}/open/same?client=same`];
  const first = await subscribed(...args);
  const second = await subscribed(...args);
  const [{ code }, runner, other] = await Promise.race([
    first.end().then((end) => [end, first, second] as const),
    second.end().then((end) => [end, second, first] as const),
  ]);
  assert.equal(code, 2);
  assert.match(runner.stderr, /another client (?:connects|has connected) as same\n$/);
  await ended(other);
});

const nowhere = await freePort();

/** [what, arguments, message] */
const refused: readonly (readonly [string, () => readonly string[], RegExp])[] = [
  [
    "no broker",
    () => ["--in", `x=mqtt://127.0.0.1:${nowhere}/a`],
    /cannot connect to mqtt:.*: nobody listens there/,
  ],
  ["no such host", () => ["--in", "x=mqtt://no.such.host.invalid/a"], /there is no such host/],
];

for (const [what, args, message] of refused) {
  test(`refused: ${what}`, limit, async () => {
    const out = join(folder, `${what}.csv`);
    const runner = rill(double, ...args(), "--out", out);
    assert.equal((await runner.end()).code, 2);
    assert.match(runner.stderr, message);
    assert.equal(runner.stderr.trim().split("\n").length, 1, runner.stderr);
    assert.throws(() => readFileSync(out));
  });
}

test("refused: a subscription that is not allowed", limit, async () => {
  const rights = { publishClientSend: true, publishClientReceive: true, subscribe: false, unsubscribe: true };
  const config = join(folder, "rights.json");
  writeFileSync(config, JSON.stringify({ defaultACLAccess: rights }));
  const strict = await startBroker(folder, [
    `plugin ${pluginPath("mosquitto_dynamic_security.so")}`,
    `plugin_opt_config_file ${config}`,
  ]);
  const runner = rill(double, "--in", `x=mqtt://127.0.0.1:${strict.port}/a`, "--out", "none.csv");
  assert.equal((await runner.end()).code, 2);
  assert.match(runner.stderr, /^rill: mqtt:.*: the broker refuses the subscription: not authorized\n$/i);
  assert.ok(!existsSync(join(folder, "none.csv")));
  await strict.stop();
});

test("refused: writing to a topic that is not allowed", limit, async () => {
  writeFileSync(join(folder, "in.u32le"), u32(1));
  const runner = rill(double, "--in", "x=in.u32le", "--out", `${at}/secret/a`);
  assert.equal((await runner.end()).code, 2);
  assert.match(runner.stderr, /the broker refuses a message: Not authorized/);
});

test("refused: half an item in a message, which is not acknowledged", limit, async () => {
  const args = [double, "--in", `x=${at}/open/half?client=half`, "--out", "-"];
  const runner = await subscribed(...args);
  await publish("open/half", Buffer.of(1, 2, 3, 4, 5));
  assert.equal((await runner.end()).code, 2);
  assert.match(
    runner.stderr,
    /open\/half\?client=half|open\/half, message 1: 5 bytes are not a whole number of items of 4 bytes/,
  );
  const again = rill(...args);
  assert.equal((await again.end()).code, 2, "it comes again");
});
