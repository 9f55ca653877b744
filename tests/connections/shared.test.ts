/**
 * Three runners share a topic; one is killed while it works, and started again with its client id: no message
 * is lost, and what was processed twice is what it had not acknowledged.
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import type { MqttClient } from "mqtt";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";
import { startBroker } from "./broker.js";
import { Runner, until } from "./runner.js";

const MESSAGES = 100_000;
const IDS = ["one", "two", "three"];
/** Messages that a runner may hold, and that the publisher has on their way. */
const WINDOW = 500;

const folder = mkdtempSync(join(tmpdir(), "rill-shared-"));
after(() => {
  rmSync(folder, { recursive: true });
});

/** Publishes the numbers below `count`, a message each. */
async function publish(client: MqttClient, count: number): Promise<void> {
  let inFlight = 0;
  let wake = (): void => undefined;
  for (let value = 0; value < count; value++) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    inFlight++;
    client.publish("samples", bytes, { qos: 1 }, () => {
      inFlight--;
      wake();
    });
    while (inFlight >= WINDOW) await new Promise<void>((resolve) => (wake = resolve));
  }
}

test("100,000 messages, three runners, one of them killed: none is lost", { timeout: 180_000 }, async (t) => {
  const broker = await startBroker(folder, ["max_inflight_messages 0"]);
  const entry = writeGuest(folder, "double", doubleSource("if (!output.writeOne(input.value * 2)) break;"));
  const { corePath } = await buildGuest({ entry, wit: doubleWit, outDir: join(folder, "out") });
  const at = `mqtt://127.0.0.1:${broker.port}`;
  const start = (id: string): Runner =>
    new Runner(
      [
        corePath,
        "--in",
        `x=${at}/$share/all/samples?client=${id}&window=${WINDOW}`,
        "--out",
        `${at}/doubled?window=${WINDOW}`,
      ],
      folder,
    );
  const client = await broker.connect();
  const times = new Map<number, number>();
  const received = { count: 0 };
  client.on("message", (_topic, bytes) => {
    const value = bytes.readUInt32LE() / 2;
    times.set(value, (times.get(value) ?? 0) + 1);
    received.count++;
  });
  await client.subscribeAsync("doubled", { qos: 1 });
  const runners = IDS.map(start);
  await Promise.all(runners.map((runner) => runner.tells(/: subscribed/)));

  const published = publish(await broker.connect(), MESSAGES);
  await until(() => received.count > MESSAGES / 4);
  const [killed] = runners;
  killed!.child.kill("SIGKILL");
  await killed!.end();
  runners[0] = start(IDS[0]!);
  await published;
  await until(() => times.size === MESSAGES);
  for (const runner of runners) runner.child.kill("SIGTERM");
  const ends = await Promise.all(runners.map((runner) => runner.end()));

  assert.deepEqual(
    ends,
    IDS.map(() => ({ code: null, signal: "SIGTERM" })),
  );
  assert.equal(Math.max(...times.keys()), MESSAGES - 1);
  const twice = received.count - MESSAGES;
  assert.ok(twice <= WINDOW, `${twice} messages came twice`);
  const shares = runners.map((runner) => Number(/v8: (\d+) items in/.exec(runner.stderr)?.[1]));
  t.diagnostic(`${twice} duplicates; items of the runners that came to their end: ${shares.join(", ")}`);
  assert.ok(
    shares.every((share) => share > 0),
    shares.join(", "),
  );
  await broker.stop();
});
