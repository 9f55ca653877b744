/** Resources of a file of imports, for a guest on the C host: as on V8, and what is no handle is a trap. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { bindImports } from "../../tools/run/imports/bind-imports.js";
import { openImports } from "../../tools/run/imports/open-imports.js";
import { runOnWamr } from "../../tools/run/run-on-c-host.js";
import type { RunFacts } from "../../tools/run/run-facts.js";
import { runOnV8 } from "../../tools/run/run-on-v8.js";
import { planRun } from "../../tools/run/run-plan.js";

const folder = mkdtempSync(join(tmpdir(), "rill-resource-imports-"));
const path = (name: string): string => join(folder, name);
let core: string;

const file = `let told = [];
class Port {
  constructor(number) { this.number = number; }
  write(byte) { return this.number + byte; }
  async later(byte) { if (byte === 9) await new Promise(() => {}); return this.number + byte; }
  static open(name) { if (name === "") throw "no name"; return new Port(name.length); }
  [Symbol.dispose]() { console.log("gone " + this.number); }
}
export default { "my:bus/board": {
  Port,
  Lock: class {},
  pair: () => [new Port(3), new Port(4)],
  join: (ports) => new Port(ports.reduce((sum, { number }) => sum + number, 0)),
  look: (port, other) => port.number + (other ? other.number : 0),
} };
`;

before(async () => {
  writeFileSync(path("imports.mjs"), file);
  const bus = join(packageRoot, "tests", "guests", "bus", "bus");
  core = (await buildGuest({ entry: `${bus}.ts`, wit: `${bus}.wit`, outDir: path("out"), arenaBytes: 256 }))
    .corePath;
});
after(() => {
  rmSync(folder, { recursive: true });
});

const plan = (call: string, more: readonly string[] = []): ReturnType<typeof planRun> =>
  planRun(core, { call: `my:bus/app#${call}`, in: [...more], host: "wamr" });
const imports = path("imports.mjs");

async function onV8(of: ReturnType<typeof planRun>): Promise<RunFacts> {
  const opened = await openImports(of, { imports });
  try {
    return runOnV8(of, { imports: bindImports(opened.plan, "ready", () => undefined) });
  } finally {
    await opened.close();
  }
}

test("made, borrowed, lent to an async function, in lists and options, passed on, answered, dropped", async () => {
  const all = plan("all", ["seed=2"]);
  const { result, trap } = await runOnWamr(all, undefined, { imports });
  assert.equal(trap, null);
  // 2 + 1, 6 + 2, 2 + 6, 2 + 3 + 4 + 0
  assert.equal(result, 3889);
  assert.equal((await onV8(all)).result, result);
});

test("a resource that was refused is an error, and no handle", async () => {
  assert.equal((await runOnWamr(plan("refused"), undefined, { imports })).result, "no name");
});

test("--stub makes resources, too", async () => {
  assert.match((await runOnWamr(plan("twice"), undefined, { stub: true })).trap!, /handle 1 is not in use/);
});

for (const [call, reason] of [
  ["lent", /a handle of port is given up while a call borrows it/],
  ["other", /a handle of resource lock where one of port was expected/],
  ["twice", /handle 1 is not in use; a resource was expected/],
] as const) {
  test(`${call}: no such handle is a trap, as on V8`, async () => {
    assert.match((await runOnWamr(plan(call), undefined, { imports })).trap!, reason);
    assert.notEqual((await onV8(plan(call))).trap, null);
  });
}
