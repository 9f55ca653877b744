/** Ten megabytes in every form: what a report of them takes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { ByteWriter } from "../../tools/wasm/byte-writer.js";
import { isLong } from "../tier.js";
import { file, reportOf } from "./rill.js";

/**
 * A module of `byteLength` bytes and more: functions of `steps` and more, that load,
 * store, branch and call the one before.
 */
function bigModule(byteLength: number, steps = 8): Uint8Array {
  const section = (id: number, content: ByteWriter): Uint8Array =>
    new ByteWriter().put(id).sized(content.bytes).bytes;
  const step = [
    0x20, 0, 0x28, 2, 4, 0x41, 7, 0x6a, 0x21, 0, 0x02, 0x40, 0x20, 0, 0x45, 0x0d, 0, 0x20, 0, 0x20, 0, 0x36,
    2, 0, 0x0b,
  ];
  const bodies: Uint8Array[] = [];
  for (let total = 0; total < byteLength;) {
    const body = new ByteWriter().put(0);
    for (let i = 0; i < steps + (bodies.length % (3 * steps)); i++) body.put(...step);
    if (bodies.length > 0)
      body
        .put(0x20, 0, 0x10)
        .u32(bodies.length - (bodies.length % 50 ? 1 : 0))
        .put(0x1a);
    bodies.push(body.put(0x20, 0, 0x0b).bytes.slice());
    total += bodies.at(-1)!.length + 2;
  }
  const code = new ByteWriter().u32(bodies.length);
  const types = new ByteWriter().u32(bodies.length);
  for (const body of bodies) {
    code.sized(body);
    types.put(0);
  }
  return new ByteWriter()
    .put(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0)
    .append(section(1, new ByteWriter().put(1, 0x60, 1, 0x7f, 1, 0x7f)))
    .append(section(3, types))
    .append(section(5, new ByteWriter().put(1, 0, 1)))
    .append(
      section(
        7,
        new ByteWriter()
          .u32(1)
          .name("run")
          .put(0)
          .u32(bodies.length - 1),
      ),
    )
    .append(section(10, code)).bytes;
}

/** What a report took: seconds of a processor, and its peak of memory. */
interface Cost {
  readonly seconds: number;
  readonly megabytes: number;
}

const PEAK = file(
  "peak.cjs",
  `process.on("exit", () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
    require("fs").writeSync(2, "peak " + maxRSS + " time " + (userCPUTime + systemCPUTime));
  });`,
);

function costOf(path: string, flags: readonly string[]): Cost {
  const { status, stderr } = spawnSync(
    process.execPath,
    ["--require", PEAK, join(packageRoot, "bin", "rill.js"), "report", path, ...flags],
    { encoding: "utf8", maxBuffer: 1 << 29 },
  );
  assert.equal(status, 0, stderr);
  const [, kilobytes, microseconds] = /peak (\d+) time (\d+)/.exec(stderr)!;
  return { seconds: Number(microseconds) / 1e6, megabytes: Number(kilobytes) / 1024 };
}

const large = file("big.wasm", bigModule(10_000_000));
const tenth = file("tenth.wasm", bigModule(1_000_000));
const small = file("small.wasm", bigModule(10_000_000, 1));
const budget = file(
  "roomy.json",
  JSON.stringify({ version: 1, limits: { bytes: 2e7, linear_memory_bytes: 65536 } }),
);

/** At night the others too, which take as long. */
const forms: [string, ...string[]][] = [
  ["JSON", "--json"],
  ["HTML", "--html", `${large}.html`],
  ["a diff", "--json", "--diff", large],
];
if (isLong) forms.push(["Markdown", "--markdown"], ["text"], ["a budget", "--budget", budget]);

for (const [form, ...flags] of forms) {
  test(`10 MB as ${form}: less than 1 GB of memory, and time that grows no faster than the file`, (t) => {
    const [ten, one] = [costOf(large, flags), costOf(tenth, flags)];
    t.diagnostic(
      `figure: report of 10 MB as ${form}: ${ten.seconds.toFixed(1)} s, ${ten.megabytes.toFixed(0)} MB`,
    );
    assert.ok(ten.megabytes < 1024, `${ten.megabytes} MB`);
    assert.ok(ten.seconds < 15 * one.seconds, `${ten.seconds} s for 10 MB, ${one.seconds} s for 1 MB`);
  });
}

test("10 MB of more functions than a call takes arguments: less than 1 GB", () => {
  const { functions } = reportOf(small);
  assert.ok(functions.length > 130_000, `${functions.length} functions`);
  for (const form of [...(isLong ? [[], ["--json"]] : []), ["--html", `${small}.html`]]) {
    const { megabytes } = costOf(small, form);
    assert.ok(megabytes < 1024, `${megabytes} MB`);
  }
});
