/** `rill run`, from the command line: results, exit codes, messages, and what is on disk afterwards. */
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { planRun } from "../../tools/run/run-plan.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-run-test-"));
const double = "my:test/i#double";
let core: string;
let trapping: string;

before(async () => {
  const build = async (name: string, source: string): Promise<string> => {
    const entry = writeGuest(folder, name, source);
    return (await buildGuest({ entry, wit: doubleWit, outDir: join(folder, name, "out") })).corePath;
  };
  core = await build("plain", doubleSource("if (!output.writeOne(input.value * 2)) break;"));
  trapping = await build(
    "trapping",
    doubleSource("if (input.value == 3) unreachable();\n    if (!output.writeOne(input.value)) break;"),
  );
  writeFileSync(join(folder, "in.csv"), "x\n1\n2\n3\n4\n");
  writeFileSync(join(folder, "in.bin"), new Uint32Array([5, 6, 7]));
});
after(() => {
  rmSync(folder, { recursive: true });
});

interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function rill(args: readonly string[], input: Uint8Array | string = ""): Ran {
  const program = join(packageRoot, "bin", "rill.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, "run", ...args], {
    cwd: folder,
    input: typeof input === "string" ? Buffer.from(input) : input,
    encoding: "buffer",
  });
  return { code: status, stdout: stdout.toString("latin1"), stderr: stderr.toString() };
}

test("a reader of what a command tells who goes away early is no error", async () => {
  const child = spawn(process.execPath, [join(packageRoot, "bin", "rill.js"), "--help"]);
  child.stdout.destroy();
  let told = "";
  child.stderr.on("data", (text: Buffer) => (told += text.toString()));
  assert.equal(await new Promise((resolve) => child.on("close", resolve)), 0);
  assert.equal(told, "");
});

test("a CSV in, JSON lines on standard output, a summary on standard error, exit 0", () => {
  const { code, stdout, stderr } = rill([core, "--call", double, "--in", "x=in.csv"]);
  assert.deepEqual([code, stdout], [0, "2\n4\n6\n8\n"]);
  assert.match(
    stderr,
    /^v8: 4 items in, 4 out, 0 allocations, 65536 bytes of linear memory, \d+ host calls\n$/,
  );
});

test("--json prints the facts and nothing else", () => {
  const { code, stdout, stderr } = rill([
    core,
    "--call",
    double,
    "--in",
    "x=in.bin",
    "--out",
    "out.csv",
    "--json",
  ]);
  assert.deepEqual([code, stderr], [0, ""]);
  const { host_calls: hostCalls, ...facts } = JSON.parse(stdout) as Record<string, unknown>;
  assert.deepEqual(facts, {
    host: "v8",
    items_in: 3,
    items_out: 3,
    allocations: 0,
    linear_memory_bytes: 65536,
    trap: null,
  });
  assert.ok(typeof hostCalls === "number" && hostCalls >= 6 && hostCalls <= 20);
  assert.equal(readFileSync(join(folder, "out.csv"), "utf8"), "value\n10\n12\n14\n");
});

test("standard input and output are raw bytes, or what --format says", () => {
  const raw = rill(
    [core, "--call", double, "--in", "x=-", "--out", "-"],
    new Uint8Array(new Uint32Array([1, 0x80]).buffer),
  );
  assert.equal(raw.stdout, "\x02\0\0\0\0\x01\0\0");
  const lines = rill([core, "--call", double, "--in", "x=-", "--out", "-", "--format", "jsonl"], "21\n");
  assert.equal(lines.stdout, "42\n");
});

test("--limit ends the stream after so many items", () => {
  assert.equal(rill([core, "--call", double, "--in", "x=in.csv", "--limit", "2"]).stdout, "2\n4\n");
  assert.equal(rill([core, "--call", double, "--in", "x=in.csv", "--limit", "0"]).stdout, "");
});

test("a trap: exit 1, its source line, and the items that had arrived", () => {
  const { code, stderr } = rill([trapping, "--call", double, "--in", "x=in.csv", "--out", "trap.u32le"]);
  assert.equal(code, 1);
  assert.match(stderr, /rill: the guest trapped: unreachable at .*trapping\.ts:7\n$/);
  assert.deepEqual(
    [...new Uint32Array(new Uint8Array(readFileSync(join(folder, "trap.u32le"))).buffer)],
    [1, 2],
  );
});

test("a trap with --json: the document tells it, too", () => {
  const { code, stdout } = rill([trapping, "--call", double, "--in", "x=in.csv", "--json"]);
  assert.equal(code, 1);
  const facts = JSON.parse(stdout) as Record<string, unknown>;
  assert.match(facts["trap"] as string, /^unreachable at .*trapping\.ts:7$/);
  assert.deepEqual([facts["items_in"], facts["items_out"]], [3, 2]);
});

test("a trap without a source map is placed by the function's name", () => {
  const map = `${trapping}.map`;
  renameSync(map, `${map}.away`);
  try {
    const { stderr } = rill([trapping, "--call", double, "--in", "x=in.csv"]);
    assert.match(stderr, /unreachable at function \S+\n$/);
  } finally {
    renameSync(`${map}.away`, map);
  }
});

test("standard input that turns out bad: exit 2, and the output is taken back", () => {
  const { code, stderr } = rill(
    [core, "--call", double, "--in", "x=-", "--format", "jsonl", "--out", "gone.csv"],
    "1\nx\n",
  );
  assert.equal(code, 2);
  assert.match(stderr, /rill: standard input:2: not JSON/);
  assert.equal(existsSync(join(folder, "gone.csv")), false);
  const cut = rill([core, "--call", double, "--in", "x=-", "--out", "gone.bin"], "abcde");
  assert.match(cut.stderr, /standard input: 5 bytes are not a whole number of items of 4 bytes/);
  assert.equal(existsSync(join(folder, "gone.bin")), false);
});

/** [what, arguments behind the module, message] */
const usage: readonly (readonly [string, readonly string[], RegExp])[] = [
  ["no file for a stream", [], /^rill: the stream parameter x has no file; give --in x=FILE\n$/],
  [
    "a parameter that is not there",
    ["--in", "y=in.csv"],
    /--in y: my:test\/i#double has no such parameter; it has x/,
  ],
  ["a parameter twice", ["--in", "x=in.csv", "--in", "x=in.bin"], /--in x: given twice/],
  ["no equals sign", ["--in", "in.csv"], /--in in\.csv: write PARAM=FILE/],
  ["a file that is not there", ["--in", "x=none.bin"], /none\.bin: cannot be opened: no such file or folder/],
  ["a form that is none", ["--in", "x=in.wav"], /in\.wav: the extension "\.wav" is not an item format/],
  ["another host", ["--in", "x=in.csv", "--host", "jvm"], /--host jvm: unknown host \(v8, wamr, native\)/],
  [
    "a limit that is no number",
    ["--in", "x=in.csv", "--limit", "many"],
    /--limit: write a whole number of items/,
  ],
  ["a format that is none", ["--in", "x=-", "--format", "xml"], /--format xml: unknown format /],
  [
    "two documents on standard output",
    ["--in", "x=in.csv", "--out", "-", "--json"],
    /--out - and --json both write to standard output/,
  ],
  [
    "an output that cannot be made",
    ["--in", "x=in.csv", "--out", "no/such/o.bin"],
    /no\/such\/o\.bin: cannot be created: no such file or folder/,
  ],
];

for (const [what, args, message] of usage) {
  test(`${what}: exit 2 and one message`, () => {
    const { code, stdout, stderr } = rill([core, "--call", double, ...args]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, message);
    assert.equal(stderr.trimEnd().split("\n").length, 1);
  });
}

test("a bad item in a file: exit 2 before anything is written", () => {
  writeFileSync(join(folder, "bad.csv"), "x\n1\n-1\n");
  const { code, stderr } = rill([core, "--call", double, "--in", "x=bad.csv", "--out", "bad-out.csv"]);
  assert.equal(code, 2);
  assert.match(stderr, /bad\.csv:3: -1 is not a valid u32/);
  assert.equal(existsSync(join(folder, "bad-out.csv")), false);
});

test("a function, a module or types that are not there: exit 2", () => {
  assert.match(
    rill([core, "--call", "my:test/i#half"]).stderr,
    /--call my:test\/i#half: the guest exports no such function; it exports my:test\/i#double/,
  );
  assert.match(rill(["in.csv", "--call", double]).stderr, /in\.csv is not a WebAssembly module/);
  assert.match(
    rill(["none.wasm", "--call", double]).stderr,
    /none\.wasm: cannot be read: no such file or folder/,
  );
  writeFileSync(join(folder, "bare.wasm"), Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
  assert.match(rill(["bare.wasm", "--call", double]).stderr, /bare\.wasm has no component-type section/);
  assert.equal(rill(["bare.wasm", "--call", double]).code, 2);
});

test("from a program: progress is told, and copies that always block give the same", () => {
  const flags = {
    call: double,
    in: [`x=${join(folder, "in.csv")}`],
    out: join(folder, "api.jsonl"),
    host: "v8",
  };
  for (const policy of ["ready", "blocking"] as const) {
    const told: [number, number][] = [];
    const facts = runOnV8(planRun(core, flags), {
      policy,
      progress: (itemsIn, itemsOut) => told.push([itemsIn, itemsOut]),
    });
    assert.deepEqual([facts.items_in, facts.items_out, facts.trap], [4, 4, null]);
    assert.deepEqual(told.at(-1), [4, 4]);
    assert.equal(readFileSync(flags.out, "utf8"), "2\n4\n6\n8\n");
  }
});

for (const wait of ["wait", "callback"] as const) {
  for (const name of ["polling", "pausing"])
    test(`a guest that is ${name} sees what comes meanwhile, on both hosts, --wait ${wait}`, () =>
      countsMeanwhile(name, wait));
}

for (const wait of ["wait", "callback"] as const) {
  test(`a guest that waits for whichever of two streams is first takes all of both, --wait ${wait}`, async () => {
    const meeting = join(packageRoot, "tests", "guests", "meeting", "meeting");
    const outDir = join(folder, "meeting", wait);
    const { corePath } = await buildGuest({ entry: `${meeting}.ts`, wit: `${meeting}.wit`, outDir, wait });
    const few = join(folder, "few.u16le");
    const many = join(folder, "many.u16le");
    writeFileSync(few, Uint16Array.of(1000, 2000));
    writeFileSync(
      many,
      Uint16Array.from({ length: 25 }, (_, at) => at),
    );
    const call = "my:meet/m#sum";
    const inputs = [`a=${few}`, `b=${many}`];
    for (const host of ["v8", "wamr"]) {
      const args = ["--call", call, ...inputs.flatMap((input) => ["--in", input]), "--host", host, "--json"];
      const { code, stdout, stderr } = rill([corePath, ...args]);
      assert.equal(code, 0, stderr);
      assert.equal((JSON.parse(stdout) as { result: unknown }).result, 3300);
    }
    const plan = planRun(corePath, { call, in: inputs, host: "v8" });
    assert.equal(runOnV8(plan, { policy: "blocking" }).result, 3300);
  });
}

test("a function that is not async pauses, which does nothing, in both strategies", async () => {
  const pausing = join(packageRoot, "tests", "guests", "pausing", "pausing");
  for (const wait of ["wait", "callback"] as const) {
    const outDir = join(folder, "pausing-sync", wait);
    const { corePath } = await buildGuest({ entry: `${pausing}.ts`, wit: `${pausing}.wit`, outDir, wait });
    for (const host of ["v8", "wamr"]) {
      const { code, stdout, stderr } = rill([
        corePath,
        "--call",
        "my:poll/p#pause-count",
        "--host",
        host,
        "--json",
      ]);
      assert.equal(code, 0, stderr);
      assert.equal((JSON.parse(stdout) as { result: unknown }).result, 0);
    }
  }
});

async function countsMeanwhile(name: string, wait: "wait" | "callback"): Promise<void> {
  const { corePath } = await buildGuest({
    entry: join(packageRoot, "tests", "guests", name, `${name}.ts`),
    wit: join(packageRoot, "tests", "guests", name, `${name}.wit`),
    outDir: join(folder, name, wait),
    wait,
  });
  writeFileSync(
    join(folder, "samples.u16le"),
    Uint16Array.from({ length: 25 }, (_, at) => at),
  );
  for (const host of ["v8", "wamr"]) {
    const args = ["--call", "my:poll/p#count", "--in", "samples=samples.u16le", "--host", host, "--json"];
    const { code, stdout, stderr } = rill([corePath, ...args]);
    assert.equal(code, 0, stderr);
    assert.equal((JSON.parse(stdout) as { result: unknown }).result, 25);
  }
  const input = `samples=${join(folder, "samples.u16le")}`;
  const plan = planRun(corePath, { call: "my:poll/p#count", in: [input], host: "v8" });
  assert.equal(runOnV8(plan, { policy: "blocking" }).result, 25);
}
