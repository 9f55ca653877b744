/** `rill run --imports` on WAMR and as C: rill-run passes calls on, and a file answers as on V8. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { bindImports } from "../../tools/run/imports/bind-imports.js";
import { openImports, type ImportsFlags } from "../../tools/run/imports/open-imports.js";
import type { RunFacts } from "../../tools/run/run-facts.js";
import type { RunFlags } from "../../tools/run/run-flags.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { runNative, runOnWamr } from "../../tools/run/run-on-c-host.js";
import { planRun } from "../../tools/run/run-plan.js";

const folder = mkdtempSync(join(tmpdir(), "rill-wamr-imports-"));
const path = (name: string): string => join(folder, name);
let core: string;

const wit = `package my:lamp;
interface board {
  record state { pin: u8, on: bool, at: u64 }
  set: func(to: state) -> bool;
  join: func(parts: list<string>) -> string;
  parse: func(text: string) -> result<u32, string>;
  wait-for: async func(turns: u32) -> list<u16>;
}
interface app {
  name: func(pin: u8) -> string;
  paced: async func(samples: stream<u16>) -> stream<u16>;
  given-up: async func() -> u32;
}
world lamp { import board; export app; }
`;
const source = `import { givenUp, paced } from "./bindings/my-lamp-app";
import * as board from "./bindings/my-lamp-board";

export function name(pin: u8): string {
  const state = board.set_.to();
  state.pin = pin;
  state.on = true;
  state.at = 1 << 40;
  const parts = board.join.parts();
  parts.allocate(3);
  parts[0] = pin.toString();
  parts[1] = board.set_(state) ? "on" : "off";
  const parsed = board.parse("12x");
  parts[2] = parsed.tag == 0 ? "ok" : parsed.error;
  return board.join(parts);
}

export function runPaced(task: paced.Task): void {
  const output = task.resolve();
  while (task.samples.next()) {
    const one = board.waitFor.open();
    const two = board.waitFor.open();
    one.start(task.samples.value);
    two.start(1);
    one.wait();
    two.wait();
    const sum = one.result().length * 10 + two.result()[0];
    one.drop();
    two.drop();
    if (!output.writeOne(<u16>sum)) break;
  }
}

export function runGivenUp(task: givenUp.Task): void {
  board.waitFor.start(9);
  board.waitFor.cancel();
  board.waitFor.drop();
  task.resolve(board.waitFor.call(3).length);
}
`;
const file = `export default { "my:lamp/board": {
  set: ({ pin, on, at }) => on && pin === 3 && at === 1n << 40n,
  join: (parts) => parts.join("|"),
  parse() { throw "ü no"; },
  async waitFor(n) { for (let i = 0; i < n; i++) await null; return new Uint16Array(n).fill(7); },
} };
`;

before(async () => {
  writeFileSync(path("lamp.wit"), wit);
  writeFileSync(path("lamp.ts"), source);
  const guest = { entry: path("lamp.ts"), wit: path("lamp.wit"), outDir: path("out") };
  core = (await buildGuest(guest)).corePath;
  writeFileSync(path("in.csv"), "value\n3\n5\n");
});
after(() => {
  rmSync(folder, { recursive: true });
});

function importsOf(text: string): string {
  writeFileSync(path("imports.mjs"), text);
  return path("imports.mjs");
}

const plan = (call: string, more: Partial<RunFlags> = {}): ReturnType<typeof planRun> =>
  planRun(core, { call: `my:lamp/app#${call}`, in: [], host: "wamr", ...more });

async function onV8(of: ReturnType<typeof planRun>, flags: ImportsFlags): Promise<RunFacts> {
  const imports = await openImports(of, flags);
  try {
    return runOnV8(of, { imports: bindImports(imports.plan, "ready", () => undefined) });
  } finally {
    await imports.close();
  }
}

for (const [host, runOn] of [
  ["wamr", runOnWamr],
  ["native", runNative],
] as const) {
  test(`${host}: records, texts, lists, results and promises are answered as on V8`, async () => {
    const imports = importsOf(file);
    const named = plan("name", { in: ["pin=3"] });
    const { result, trap } = await runOn(named, undefined, { imports });
    assert.deepEqual([result, trap], ["3|on|ü no", null]);
    assert.equal((await onV8(named, { imports })).result, result);
    const flow = plan("paced", { in: [`samples=${path("in.csv")}`], out: path("out.csv") });
    assert.equal((await runOn(flow, undefined, { imports })).trap, null);
    assert.equal(readFileSync(path("out.csv"), "utf8"), "value\n37\n57\n");
  });

  test(`${host}: a call that the guest gives up is over for it; its late answer is nobody's`, async () => {
    const imports = importsOf(file);
    const facts = await runOn(plan("given-up"), undefined, { imports });
    assert.deepEqual([facts.trap, facts.result], [null, 3]);
  });

  test(`${host}: --stub answers with zeros; without anything the functions are named`, async () => {
    const imports = importsOf(`export default { "my:lamp/board": { join: (parts) => parts.join("-") } };`);
    const named = plan("name", { in: ["pin=3"] });
    assert.equal((await runOn(named, undefined, { imports, stub: true })).result, "3-off-ok");
    await assert.rejects(runOn(named), /imports 4 functions; write them in a file/);
  });

  test(`${host}: a function that throws ends the run, and leaves no output`, async () => {
    const imports = importsOf(file.replace("for (let", "throw new Error('no clock'); for (let"));
    const flow = plan("paced", { in: [`samples=${path("in.csv")}`], out: path("none.csv") });
    await assert.rejects(
      runOn(flow, undefined, { imports }),
      /imports\.mjs:5: waitFor of my:lamp\/board threw Error: no clock/,
    );
    assert.equal(existsSync(path("none.csv")), false);
  });
}
