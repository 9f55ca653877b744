/** `rill run --timeout` while a guest waits for standard input that brings nothing. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-deadline-"));
let core: string;
before(async () => {
  const entry = writeGuest(folder, "double", doubleSource("if (!output.writeOne(input.value * 2)) break;"));
  core = (await buildGuest({ entry, wit: doubleWit, outDir: join(folder, "out") })).corePath;
});
after(() => {
  rmSync(folder, { recursive: true });
});

const limit = { timeout: 60_000 };

test("a pipe that stays open does not keep the run, and what had come is kept", limit, async () => {
  const program = join(packageRoot, "bin", "rill.js");
  const args = [
    program,
    "run",
    core,
    "--in",
    "x=-",
    "--format",
    "jsonl",
    "--out",
    "kept.u32le",
    "--timeout",
    "3",
  ];
  const child = spawn(process.execPath, args, { cwd: folder });
  let told = "";
  child.stderr.on("data", (text: Buffer) => (told += text.toString()));
  child.stdin.write("21\n");
  const [code] = (await once(child, "close")) as [number | null];
  child.stdin.destroy();
  assert.equal(code, 1);
  assert.match(
    told,
    /^rill: the run is not over after 3 s \(--timeout\), and was ended; what had come until then is kept\n$/,
  );
  assert.deepEqual([...readFileSync(join(folder, "kept.u32le"))], [42, 0, 0, 0]);
});

test("all of a long input is read", limit, async () => {
  const program = join(packageRoot, "bin", "rill.js");
  const args = [program, "run", core, "--in", "x=-", "--out", "long.u32le", "--timeout", "50"];
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ["pipe", "ignore", "ignore"] });
  const items = Uint32Array.from({ length: 300_000 }, (_, i) => i);
  child.stdin.end(Buffer.from(items.buffer));
  const [code] = (await once(child, "close")) as [number | null];
  assert.equal(code, 0);
  const doubled = Buffer.from(items.map((item) => item * 2).buffer);
  assert.ok(readFileSync(join(folder, "long.u32le")).equals(doubled));
});
