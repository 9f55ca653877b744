/**
 * `rill run` between pipes, on both hosts: items leave as they come, the slow hold the
 * others back, and what is there is kept.
 */
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { descendants, isRunning } from "../processes/descendants.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-flowing-"));
const program = join(packageRoot, "bin", "rill.js");
const hosts = ["v8", "wamr"] as const;
let core: string;
let spinning: string;
let labels: string;

before(async () => {
  const build = async (entry: string, wit: string): Promise<string> =>
    (await buildGuest({ entry, wit, outDir: join(folder, "out") })).corePath;
  core = await build(
    writeGuest(folder, "double", doubleSource("if (!output.writeOne(input.value * 2)) break;")),
    doubleWit,
  );
  const loop = "output.writeOne(input.value * 2);\n    while (input.value == 3) {}";
  spinning = await build(writeGuest(folder, "spinning", doubleSource(loop)), doubleWit);
  const names = join(packageRoot, "examples", "names");
  labels = await build(join(names, "names.ts"), join(names, "names.wit"));
  // The first run builds WAMR, which no test here waits for.
  spawnSync(
    process.execPath,
    [program, "run", core, "--call", "my:test/i#double", "--host", "wamr", "--in", "x=-"],
    { input: "" },
  );
});
after(() => {
  rmSync(folder, { recursive: true });
});

function double(host: string, ...args: readonly string[]): string[] {
  return [program, "run", core, "--call", "my:test/i#double", "--host", host, ...args];
}

/** @param temporary where the child keeps what is gone when it ends, where a test looks at that */
function start(args: readonly string[], temporary = tmpdir()): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, args, { cwd: folder, env: { ...process.env, TMPDIR: temporary } });
}

/** Runs to the end with `input`, which is a file's name or bytes. */
function rill(
  args: readonly string[],
  stdin: number | "ignore" = "ignore",
  stdout: number | "pipe" = "pipe",
) {
  const { status, stderr } = spawnSync(process.execPath, args, {
    cwd: folder,
    stdio: [stdin, stdout, "pipe"],
  });
  return { code: status, stderr: stderr.toString() };
}

/** Output of a child, as far as it has come. */
class Told {
  bytes = Buffer.alloc(0);
  private wake = (): void => undefined;

  constructor({ stdout }: ChildProcessWithoutNullStreams) {
    stdout.on("data", (chunk: Buffer) => {
      this.bytes = Buffer.concat([this.bytes, chunk]);
      this.wake();
    });
  }

  /** Waits for so many bytes: for ever, if they do not come, and the test is ended by its own limit. */
  async reach(byteLength: number): Promise<Buffer> {
    while (this.bytes.length < byteLength) await new Promise<void>((resolve) => (this.wake = resolve));
    return this.bytes;
  }
}

function closed(child: ChildProcessWithoutNullStreams): Promise<[number | null, string | null, string]> {
  let stderr = "";
  child.stderr.on("data", (text: Buffer) => (stderr += text.toString()));
  return new Promise((resolve) =>
    child.on("close", (code, signal) => {
      resolve([code, signal, stderr]);
    }),
  );
}

const limit = { timeout: 60_000 };

for (const host of hosts) {
  test(`${host}: an item leaves before the next one comes, also one that came in pieces`, limit, async () => {
    const child = start(double(host, "--in", "x=-", "--out", "-"));
    const told = new Told(child);
    child.stdin.write(Uint8Array.of(1, 0));
    child.stdin.write(Uint8Array.of(0, 0, 2, 0));
    assert.deepEqual([...(await told.reach(4))], [2, 0, 0, 0]);
    child.stdin.write(Uint8Array.of(0, 0));
    assert.deepEqual([...(await told.reach(8))].slice(4), [4, 0, 0, 0]);
    child.stdin.end();
    assert.deepEqual((await closed(child)).slice(0, 2), [0, null]);
  });

  test(
    `${host}: an item leaves before the next one comes where standard output is a file`,
    limit,
    async () => {
      const path = join(folder, `followed-${host}`);
      const file = openSync(path, "w");
      const child = spawn(process.execPath, double(host, "--in", "x=-", "--out", "-"), {
        stdio: ["pipe", file, "ignore"],
      });
      closeSync(file);
      child.stdin!.write(Uint8Array.of(1, 0, 0, 0));
      while (statSync(path).size < 4) await new Promise((resolve) => setTimeout(resolve, 20));
      child.stdin!.end();
      await once(child, "close");
      assert.deepEqual([...readFileSync(path)], [2, 0, 0, 0]);
    },
  );

  for (const [format, head, one, two] of [
    ["csv", "x\r\n", ["1", "2\r\n"], ["3\r\n"]],
    ["jsonl", "", ["1", "2\n"], ["3\n"]],
  ] as const) {
    test(`${host}: lines of ${format} leave as they come`, limit, async () => {
      const child = start(double(host, "--in", "x=-", "--format", format, "--out", "-"));
      const told = new Told(child);
      const header = format === "csv" ? "value\n" : "";
      for (const piece of [head, ...one]) child.stdin.write(piece);
      assert.equal((await told.reach(header.length + 3)).toString(), `${header}24\n`);
      child.stdin.write(two[0]);
      assert.equal((await told.reach(header.length + 5)).toString(), `${header}24\n6\n`);
      child.stdin.end();
      assert.equal((await closed(child))[0], 0);
    });
  }

  test(`${host}: texts leave as they come`, limit, async () => {
    const child = start([
      program,
      "run",
      labels,
      "--call",
      "rill:names/labels#label",
      "--host",
      host,
      "--in",
      "x=-",
      "--format",
      "jsonl",
    ]);
    const told = new Told(child);
    child.stdin.write('"a"\n');
    const first = (await told.reach(4)).length;
    child.stdin.write('"b"\n');
    assert.ok((await told.reach(first + 4)).length > first);
    child.stdin.end();
    assert.equal((await closed(child))[0], 0);
  });

  test(
    `${host}: a reader that has seen enough ends an endless run, with 0 and without a word`,
    limit,
    async () => {
      const child = start(double(host, "--in", "x=-", "--out", "-"));
      const told = new Told(child);
      child.stdin.on("error", () => undefined);
      const more = (): void => {
        child.stdin.write(new Uint8Array(4096), (error) => {
          if (!error) more();
        });
      };
      more();
      await told.reach(4);
      child.stdout.destroy();
      assert.deepEqual(await closed(child), [0, null, ""]);
    },
  );

  test(`${host}: a reader that does not read holds the run back`, limit, async () => {
    const child = start(double(host, "--in", "x=-", "--out", "-"));
    child.stdin.on("error", () => undefined);
    let taken = 0;
    let last = performance.now();
    const more = (): void => {
      child.stdin.write(new Uint8Array(1 << 16), (error) => {
        if (error) return;
        taken += 1 << 16;
        last = performance.now();
        more();
      });
    };
    more();
    // What fits into the pipes is taken, and nothing after that.
    while (taken === 0 || performance.now() - last < 1500) await pause(50);
    assert.ok(taken < 16 << 20, `${taken} bytes are somewhere`);
    child.stdout.destroy();
    child.kill("SIGTERM");
    assert.deepEqual((await closed(child)).slice(0, 2), [null, "SIGTERM"]);
  });

  test(`${host}: --limit ends an input that goes on`, limit, async () => {
    const child = start(double(host, "--in", "x=-", "--format", "jsonl", "--limit", "2"));
    const told = new Told(child);
    child.stdin.write("1\n2\n");
    assert.deepEqual((await closed(child)).slice(0, 2), [0, null]);
    assert.equal(told.bytes.toString(), "2\n4\n");
  });

  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    test(`${host}: ${signal} keeps what had arrived, and leaves nothing else`, limit, async () => {
      // Other lanes make folders where all programs do: this run has one of its own.
      const temporary = mkdtempSync(join(folder, "temporary-"));
      const out = join(folder, `${host}-${signal}.bin`);
      writeFileSync(out, "before");
      const child = start(
        [
          ...[program, "run", spinning],
          ...["--call", "my:test/i#double"],
          ...["--host", host],
          ...["--in", "x=-"],
          ...["--out", out],
        ],
        temporary,
      );
      const end = closed(child);
      child.stdin.write(new Uint8Array(Uint32Array.of(1, 2).buffer));
      await until(() => readdirSync(folder).some((name) => name.endsWith(".half")));
      await pause(1500); // the two items go through
      assert.equal(readFileSync(out, "utf8"), "before");
      child.stdin.write(new Uint8Array(Uint32Array.of(3).buffer));
      await pause(500); // the guest computes now, and hears nothing
      const ours = descendants(child.pid!);
      child.kill(signal);
      assert.deepEqual((await end).slice(0, 2), [null, signal]);
      const kept = readFileSync(out);
      const items = [...new Uint32Array(new Uint8Array(kept).buffer)];
      assert.deepEqual(items.slice(0, host === "v8" ? 3 : 2), host === "v8" ? [2, 4, 6] : [2, 4]);
      assert.deepEqual(
        readdirSync(folder).filter((name) => name.endsWith(".half")),
        [],
      );
      await until(() => ours.every((pid) => !isRunning(pid)));
      assert.deepEqual(readdirSync(temporary), []);
    });
  }

  test(`${host}: an input that turns out bad leaves the output as it was`, limit, () => {
    const out = join(folder, "old.csv");
    writeFileSync(out, "old\n");
    const bad = join(folder, "bad.txt");
    writeFileSync(bad, "1\n2\nx\n");
    const file = openSync(bad, "r");
    const { code, stderr } = rill(double(host, "--in", "x=-", "--format", "jsonl", "--out", out), file);
    closeSync(file);
    assert.equal(code, 2);
    assert.match(stderr, /rill: standard input:3: not JSON/);
    assert.equal(readFileSync(out, "utf8"), "old\n");
  });

  test(`${host}: half an item at the end of standard input is refused`, limit, () => {
    const input = join(folder, "half.bin");
    writeFileSync(input, "abcde");
    const file = openSync(input, "r");
    const { code, stderr } = rill(double(host, "--in", "x=-", "--out", join(folder, "half-out.bin")), file);
    closeSync(file);
    assert.equal(code, 2);
    assert.match(stderr, /5 bytes are not a whole number of items of 4 bytes/);
    assert.equal(existsSync(join(folder, "half-out.bin")), false);
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
