/** `rill build --backpressure`: raised once a task, lowered at its end, and nothing else changes. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { stripVTControlCharacters } from "node:util";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { Guest } from "../../tools/host/guest.js";
import { Items } from "../../tools/host/copies/items.js";
import type { SharedStream } from "../../tools/host/copies/shared-stream.js";
import { StreamSink } from "../../tools/host/copies/stream-sink.js";
import { StreamSource } from "../../tools/host/copies/stream-source.js";
import { packageRoot } from "../../tools/package-root.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { verify } from "../../tools/verify/verify.js";
import { doubleSource, doubleWit, writeGuest } from "./sample-guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-backpressure-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const DOUBLE = "my:test/i#double";
let entry: string;
let core: string;
let without: string;
before(async () => {
  entry = writeGuest(folder, "double", doubleSource("if (!output.writeOne(input.value * 2)) break;"));
  const wit = join(folder, "double", "double.wit");
  copyFileSync(doubleWit, wit);
  const build = async (name: string, backpressure: boolean): Promise<string> =>
    (await buildGuest({ entry, wit, backpressure, outDir: join(folder, name) })).corePath;
  core = await build("with", true);
  without = await build("without", false);
});

function module(path: string): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(path));
}

/** Names of imports and exports. */
function names(path: string): { readonly imports: string[]; readonly exports: string[] } {
  const found = module(path);
  return {
    imports: WebAssembly.Module.imports(found).map(({ name }) => name),
    exports: WebAssembly.Module.exports(found).map(({ name }) => name),
  };
}

test("a module imports the two built-ins, and is the same beside that", () => {
  const [one, other] = [names(core), names(without)];
  const added = one.imports.filter((name) => !other.imports.includes(name));
  assert.deepEqual(added.sort(), ["[backpressure-dec]", "[backpressure-inc]"]);
  assert.deepEqual(one.exports, other.exports);
});

test("a task raises it while it lasts, and lowers it when it ends", () => {
  const guest = new Guest(module(core), moduleWorld(core, readFileSync(core))!);
  const raised: number[] = [];
  const source = new StreamSource(
    { kind: "u32" },
    {
      pull: () => {
        raised.push(guest.instance.backpressure);
        return raised.length === 3 ? "end" : Items.fromValues({ kind: "u32" }, [raised.length]);
      },
    },
    "blocking",
  );
  guest.loop.add(source);
  const call = (input: SharedStream): void => {
    const started = guest.start(DOUBLE, [input], (result) => {
      guest.loop.add(new StreamSink(result as SharedStream, { push: () => true }, "blocking"));
    });
    guest.finish(started);
    assert.equal(guest.instance.backpressure, 0);
  };
  call(source.shared);
  assert.deepEqual(raised, [1, 1, 1]);
  call(ended(guest));
  const [inc, dec] = ["inc", "dec"].map((end) => guest.hostCalls.get(`[backpressure-${end}]`));
  assert.deepEqual([inc, dec], [2, 2]);
});

/** A stream that is over. */
function ended(guest: Guest): SharedStream {
  return guest.loop.add(new StreamSource({ kind: "u32" }, { pull: () => "end" }, "blocking")).shared;
}

test("it answers as it does without", () => {
  const path = join(folder, "in.csv");
  writeFileSync(path, "x\n1\n2\n3\n");
  const answers = [core, without].map((built) => {
    const out = join(folder, "out.csv");
    const facts = runOnV8(planRun(built, { call: DOUBLE, in: [`x=${path}`], out, host: "v8" }));
    return { ...facts, host_calls: null, text: readFileSync(out, "utf8") };
  });
  assert.deepEqual(answers[0], answers[1]);
  assert.equal(answers[0]!.text, "value\n2\n4\n6\n");
});

test("rill verify builds it again, with it", async () => {
  assert.ok((await verify(core, join(entry, ".."))).same);
});

test("rill report tells it among the flags", () => {
  const program = join(packageRoot, "bin", "rill.js");
  const { stdout } = spawnSync(process.execPath, [program, "report", core], { encoding: "utf8" });
  assert.match(stripVTControlCharacters(stdout), /flags: --wait wait --backpressure\n/);
});

function rill(...args: string[]): { readonly code: number | null; readonly stderr: string } {
  const program = join(packageRoot, "bin", "rill.js");
  const { status, stderr } = spawnSync(process.execPath, [program, ...args], { encoding: "utf8" });
  return { code: status, stderr };
}

for (const command of ["build", "check"])
  test(`rill ${command} refuses it where it would change nothing`, () => {
    const output = command === "build" ? ["-o", join(folder, "refused")] : [];
    const callback = rill(
      command,
      entry,
      "--wit",
      doubleWit,
      "--wait",
      "callback",
      "--backpressure",
      ...output,
    );
    assert.equal(callback.code, 2);
    assert.match(callback.stderr, /^rill: --backpressure is for --wait wait: .*; leave it out\n$/);
    const wit = join(folder, "plain.wit");
    const plain = join(folder, "plain.ts");
    writeFileSync(wit, "package a:b;\nworld w { export f: func() -> u32; }\n");
    writeFileSync(plain, "export function f(): u32 {\n  return 1;\n}\n");
    const sync = rill(command, plain, "--wit", wit, "--backpressure", ...output);
    assert.equal(sync.code, 2);
    assert.match(
      sync.stderr,
      /^rill: --backpressure: the world a:b\/w exports no async function, .*leave it out\n$/,
    );
  });

test("the gate plays such a module", () => {
  const args = ["check", entry, "--wit", doubleWit, "--backpressure", "--items", "1", "--calls", "2"];
  assert.equal(rill(...args).code, 0);
});
