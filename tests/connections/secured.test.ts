/** `rill run` with a broker that wants a password, over TLS with a certificate of its own. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { hidePasswords, withoutPasswords } from "../../tools/errors/passwords.js";
import { freePort, startBroker, type Broker } from "./broker.js";
import { doubleGuest, sumGuest } from "./guests.js";
import { Runner, until } from "./runner.js";

const folder = mkdtempSync(join(tmpdir(), "rill-secured-"));
const limit = { timeout: 25_000 };
const SECRET = "s3/cr?t@= #ß";
const certificate = join(folder, "cert.pem");
let broker: Broker;
let secured: string;
let plain: string;
let double: string;

before(async () => {
  const key = join(folder, "key.pem");
  const subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"];
  const keyed = ["-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2"];
  execFileSync("openssl", ["req", "-x509", ...keyed, ...subject], { stdio: "ignore" });
  const passwords = join(folder, "passwords");
  execFileSync("mosquitto_passwd", ["-b", "-c", passwords, "ada", SECRET]);
  chmodSync(passwords, 0o600);
  const port = await freePort();
  broker = await startBroker(folder, [
    `password_file ${passwords}`,
    "allow_anonymous false",
    `listener ${port} 127.0.0.1`,
    `certfile ${certificate}`,
    `keyfile ${key}`,
  ]);
  secured = `mqtts://ada:${encodeURIComponent(SECRET)}@127.0.0.1:${port}`;
  plain = `mqtt://ada:${encodeURIComponent(SECRET)}@127.0.0.1:${broker.port}`;
  double = await doubleGuest(folder);
});
after(async () => {
  await broker.stop();
  rmSync(folder, { recursive: true });
});

const trusting = { ...process.env, NODE_EXTRA_CA_CERTS: certificate };

/** What nobody may read: the password, as it is and as it is written, and its parts. */
function assertSecret(text: string): void {
  for (const part of [SECRET, encodeURIComponent(SECRET), "s3", "cr%3Ft", "cr?t"])
    assert.ok(!text.includes(part), text);
}

test("items come and go over TLS, with a password", limit, async () => {
  const client = await broker.connect({ username: "ada", password: SECRET });
  const out: Buffer[] = [];
  client.on("message", (_, bytes) => out.push(bytes));
  await client.subscribeAsync("doubled", { qos: 1 });
  const args = [double, "--in", `x=${secured}/raw`, "--out", `${secured}/doubled`];
  const runner = new Runner(args, folder, trusting);
  await runner.tells(/: subscribed/);
  await client.publishAsync("raw", Buffer.from(Uint32Array.of(21).buffer), { qos: 1 });
  await until(() => out.length === 1);
  assert.equal(out[0]!.readUInt32LE(), 42);
  runner.child.kill("SIGTERM");
  await runner.end();
  assertSecret(runner.stderr);
});

async function refused(
  args: readonly string[],
  message: RegExp,
  env: NodeJS.ProcessEnv = trusting,
): Promise<void> {
  const runner = new Runner(args, folder, env);
  const { code } = await runner.end();
  assert.equal(code, 2, runner.stderr);
  assert.match(runner.stderr, message);
  assert.equal(runner.stderr.trim().split("\n").length, 1, runner.stderr);
  assertSecret(runner.stderr + runner.stdout.toString());
}

test("refused: a certificate that nobody vouches for", limit, async () => {
  const message =
    /^rill: mqtts:\/\/ada@127\.0\.0\.1:\d+\/raw: cannot connect to mqtts:.*: self.signed certificate; .*NODE_EXTRA_CA_CERTS=ca\.pem\n$/;
  await refused([double, "--in", `x=${secured}/raw`], message, { ...process.env, NODE_EXTRA_CA_CERTS: "" });
});

test("refused: a wrong password, or none", limit, async () => {
  const wrong = plain.replace(encodeURIComponent(SECRET), "wr0ng-s3cret");
  for (const address of [wrong, plain.replace(/:[^:@]*@/, "@"), plain.replace(/ada:.*@/, "")])
    await refused(
      [double, "--in", `x=${address}/raw`],
      /: cannot connect to mqtt:[^ ]*: not authori[sz]ed\n$/i,
    );
});

test("no error shows the password, whatever is wrong with the command line", limit, async () => {
  const sum = await sumGuest(folder);
  const raw = `mqtt://ada:${SECRET}@host/a`;
  for (const args of [
    [double, "--in", `${plain}/raw`],
    [double, "--in", `${plain}/raw?client=a`],
    [double, "--in", `y=${plain}/raw`],
    [double, "--in", `x=${plain}/raw?colour=red`],
    [double, "--in", `x=${plain}/a+`],
    [double, "--in", `x=${raw}`],
    [double, "--in", raw],
    [double, "--in", "x=mqtt://ada:s3cr?t"],
    [double, raw],
    [double, `double(${raw})`],
    [double, "--in", `x=${plain}/raw?colour=red`, "--host", "wamr"],
    [sum, "--in", "x=in.csv", "--out", `${plain}/raw`],
    [double, "--call", `${plain}/raw`, "--in", `x=${plain}/raw`],
  ])
    await refused(args, /^rill: /);
});

test("what an address shows of itself", () => {
  for (const [text, shown] of [
    ["mqtt://ada:secret@b/a", "mqtt://ada@b/a"],
    ["mqtts://ada:secret@b:1/a@c: why", "mqtts://ada@b:1/a@c: why"],
    ["mqtt://ada:se/cret@b/a", "mqtt://ada@b/a"],
    ["mqtt://ada:123@b/a", "mqtt://ada@b/a"],
    ["mqtt://:secret@b/a", "mqtt://@b/a"],
    ["mqtt://ada:secret: why", "mqtt://ada: why"],
    ["mqtt://b:1883/a@c: why", "mqtt://b:1883/a@c: why"],
    ["mqtt://b:1883: nobody", "mqtt://b:1883: nobody"],
    ["mqtt://[::1]:1883/a", "mqtt://[::1]:1883/a"],
    ["write mqtt://HOST[:PORT]/TOPIC", "write mqtt://HOST[:PORT]/TOPIC"],
  ] as const)
    assert.equal(withoutPasswords(text), shown);
  const spaced = "x=mqtt://ada:a b'c\"d@b/a";
  assert.equal(hidePasswords(`it happens with ${spaced}`, [spaced]), "it happens with x=mqtt://ada@b/a");
});
