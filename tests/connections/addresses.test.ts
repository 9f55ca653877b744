/** Addresses of `--in` and `--out`: what they mean, and what is refused before anything is opened. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { after, before, test } from "node:test";
import { addressOf } from "../../tools/run/connections/address.js";
import { optionalPackage } from "../../tools/run/connections/optional-package.js";
import { doubleGuest, labelsGuest } from "./guests.js";
import { Runner } from "./runner.js";

const folder = mkdtempSync(join(tmpdir(), "rill-addresses-"));
let double: string;

before(async () => {
  double = await doubleGuest(folder);
});
after(() => {
  rmSync(folder, { recursive: true });
});

test("a topic, with all that can be said of it", () => {
  const text =
    "mqtts://ada:s%3Acret@broker.example/$share/all/plant/+/100%25?client=one&session=60&window=7&reconnect=0&format=jsonl";
  assert.deepEqual(addressOf(text, "in", "--in x="), {
    kind: "mqtt",
    name: "mqtts://ada@broker.example/$share/all/plant/+/100%25",
    format: "jsonl",
    broker: "mqtts://broker.example:8883",
    username: "ada",
    password: "s:cret",
    topic: "$share/all/plant/+/100%",
    client: "one",
    session: 60,
    window: 7,
    items: 1,
    reconnect: 0,
  });
});

test("a serial line and a TCP connection", () => {
  const line = addressOf("serial:COM3@9600?parity=even&bits=7&stop=2", "in", "");
  assert.deepEqual(line, {
    ...{ kind: "serial", name: "serial:COM3@9600", format: undefined, path: "COM3" },
    ...{ baud: 9600, bits: 7, parity: "even", stop: 2 },
  });
  const tcp = addressOf("tcp://[::1]:7000?listen", "out", "");
  assert.deepEqual(tcp, {
    ...{ kind: "tcp", name: "tcp://[::1]:7000", format: undefined, host: "::1", port: 7000, listen: true },
  });
  assert.equal(addressOf("tcp/samples.csv", "in", ""), null);
});

/** [address, what it is for, message] */
const refused: readonly (readonly [string, "in" | "out", RegExp])[] = [
  ["mqtt://broker", "in", /^--in x=mqtt:\/\/broker: write mqtt:\/\/HOST\[:PORT\]\/TOPIC$/],
  ["mqtt:///topic", "in", /write mqtt:/],
  ["mqtt://a:secret@b/%zz", "in", /^--in x=mqtt:\/\/a@b\/%zz: a "%" in a topic is written %25$/],
  ["mqtt://b/$share/g", "in", /a shared subscription is \$share\/GROUP\/TOPIC/],
  ["mqtt://b/a/#/c", "in", /"#" for all that are left/],
  ["mqtt://b/a+", "in", /"\+" stands for one whole level/],
  ["mqtt://b/a/+", "out", /items go to one topic/],
  ["mqtt://b/$share/g/a", "out", /items go to one topic/],
  ["mqtt://b/a?window=0", "in", /window is a whole number from 1 to 65535, not 0/],
  [
    "mqtt://b/a?items=2",
    "in",
    /there is no option items; there are format, client, session, window, reconnect/,
  ],
  ["mqtt://b/a?client=", "in", /client has no value/],
  ["mqtt://b/a?format=xml", "in", /format is one of raw, csv, jsonl, not xml/],
  ["mqtt://b/a?client=a&client=b", "in", /client is given twice/],
  ["tcp://host", "in", /write tcp:\/\/HOST:PORT, or tcp:\/\/HOST:PORT\?listen/],
  ["tcp://host:70000", "in", /write tcp:/],
  ["tcp://:7000?listen", "in", /write tcp:/],
  ["tcp://host:1?listen=yes", "in", /listen takes no value/],
  ["serial:/dev/ttyACM0", "in", /write serial:PATH@BAUD/],
  ["serial:/dev/ttyACM0@9600?parity=mark", "in", /parity is one of none, even, odd, not mark/],
];

for (const [text, direction, message] of refused) {
  test(`refused: ${direction} ${text}`, () => {
    assert.throws(() => addressOf(text, direction, "--in x="), { name: "UserError", message });
  });
}

test("refused by rill run: what cannot be over a connection", async () => {
  const labels = await labelsGuest(folder);
  for (const [args, message] of [
    [
      [double, "--in", "x=mqtt://127.0.0.1/a?format=csv"],
      /a message has no first line with the fields' names; use \?format=jsonl/,
    ],
    [
      [labels, "--in", "x=mqtt://127.0.0.1/a"],
      /raw bytes cannot hold items of type string.*use \?format=jsonl/,
    ],
    [
      [double, "--in", "x=mqtt://127.0.0.1/a?client=c", "--out", "mqtt://127.0.0.1/b?client=c"],
      /--in and --out have the client id c, and a broker keeps one connection of each/,
    ],
  ] as const) {
    const runner = new Runner(args, folder);
    assert.equal((await runner.end()).code, 2);
    assert.match(runner.stderr, message);
  }
});

test("without its package a connection is refused with the command that installs it", async () => {
  const asked = optionalPackage("mqtt", "mqtt://b/a", [pathToFileURL(join(folder, "package.json")).href]);
  await assert.rejects(asked, {
    name: "UserError",
    message:
      /^mqtt:\/\/b\/a: the package mqtt is not installed, .*; install it: npm install "mqtt@\^5\.\d+\.\d+"$/,
  });
});
