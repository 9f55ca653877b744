import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { packageRoot } from "../../tools/package-root.js";

const folder = join(packageRoot, "tests", "gate");

interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** `rill check` on a file of `tests/gate`. */
function check(entry: string, ...more: readonly string[]): Outcome {
  const wit = join(folder, "guests", "gate.wit");
  const args = [join(packageRoot, "bin", "rill.js"), "check", join(folder, entry), "--wit", wit, ...more];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  return { code: status, out: stdout, error: stderr };
}

/** Guests that the gate cannot judge: exit code 2 and one line that says what, where and what to do. */
const refused: Readonly<Record<string, RegExp>> = {
  "no-guest": /no exported function takes a pass\.Task, so nothing implements `pass`; write `export function/,
  "unknown-import": /import env malloc: the gate's model does not know it; .* only what its bindings declare/,
  "never-returns": /never returns: it is lost in the loop at never-returns\.ts:8:\d+/,
  "polls-forever": /never returns: it is lost in the loop at polls-forever\.ts:7:\d+; a task must end/,
  "lost-in-helper": /never returns: it is lost in the loop at lost-in-helper\.ts:6:\d+; a task must end/,
  "fills-forever":
    /never returns: it is lost in the loop at fills-forever\.ts:10:\d+ \(~lib\/util\/memory\.ts:\d+:\d+\)/,
  "start-traps": /start function traps: .*; a guest has nothing to do before its first call/,
};

for (const [name, message] of Object.entries(refused)) {
  test(`rill check ${name}.ts: exit code 2 and one clear message`, () => {
    const { code, out, error } = check(`wrong/refused/${name}.ts`, "--world", "pass");
    assert.equal(code, 2);
    assert.equal(out, "");
    assert.match(error, message);
    assert.equal(error.trim().split("\n").length, 1, error);
  });
}

test("rill check of a WebAssembly module says what it reads instead", () => {
  const at = mkdtempSync(join(tmpdir(), "rill-gate-"));
  try {
    const file = join(at, "guest.core.wasm");
    writeFileSync(file, Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0));
    const wit = join(folder, "guests", "gate.wit");
    const args = [join(packageRoot, "bin", "rill.js"), "check", file, "--wit", wit, "--world", "pass"];
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(
      stderr,
      /guest\.core\.wasm: this is a WebAssembly module; name the guest's AssemblyScript file/,
    );
  } finally {
    rmSync(at, { recursive: true, force: true });
  }
});

test("rill check --json of a correct guest: exit code 0, one document", () => {
  const { code, out } = check("guests/read-to-the-end.ts", "--world", "sum", "--json");
  assert.equal(code, 0);
  const { schedules, steps, findings } = JSON.parse(out) as Record<string, unknown>;
  assert.ok((schedules as number) > 0 && (steps as number) > (schedules as number));
  assert.deepEqual(findings, []);
});

test("rill check --json of a wrong guest: exit code 1, the finding with its rule, place and trace", () => {
  const { code, out, error } = check("wrong/keep-item.ts", "--world", "label", "--json");
  assert.equal(code, 1);
  const { findings } = JSON.parse(out) as { findings: { rule: string; where: string; trace: string[] }[] };
  const found = findings.find(({ rule }) => rule === "arena-after-reset")!;
  assert.match(found.where, /^keep-item\.ts:9:/);
  assert.ok(found.trace.length > 3);
  assert.match(error, /keep-item\.ts: \d+ findings?\n$/);
});

test("rill check of a wrong guest in text: place, what happened, rule, the trace as a list, what to do", () => {
  const { code, out } = check("wrong/keep-item.ts", "--world", "label");
  assert.equal(code, 1);
  assert.match(out, /^keep-item\.ts:9:\d+.*: .* \[arena-after-reset\]$/m);
  assert.match(out, /^ {4}1\. the host calls `label`/m);
  assert.match(out, /^ {2}to do: .*\(docs\/gate\/arena-after-reset\.md\)$/m);
  assert.match(out, /stream\.read `x`.* {2}at keep-item\.ts:7:\d+ \(bindings\/label\.ts:\d+:\d+\)$/m);
  assert.match(out, /stream\.new the result.* {2}at keep-item\.ts:6:\d+ \(bindings\/label\.ts:\d+:\d+\)$/m);
  assert.match(out, /stream\.drop-readable `x`.* {2}at bindings\/label\.ts:\d+:\d+$/m);
  assert.match(out, /differs from the release: the released instructions;/);
});

test("what both builds of a guest show by the same calls is one finding", () => {
  const { code, out } = check("wrong/peek.ts", "--world", "pass", "--calls", "1");
  assert.equal(code, 1);
  assert.match(out, /^peek\.ts:8:\d+ \(as-rill.*\): the guest traps: unreachable \[guest-trap\]$/m);
  assert.match(out, /peek\.ts: 1 finding$/m);
});

test("rill check reads the WIT as rill build does: features, places for ends, bytes of the arena", () => {
  const folder = mkdtempSync(join(tmpdir(), "rill-check-"));
  const [entry, wit] = [join(folder, "one.ts"), join(folder, "one.wit")];
  const more = "@unstable(feature = more) export";
  const held = "@unstable(feature = held) import h: func(x: list<stream<u8>>);";
  writeFileSync(wit, `package t:t;\nworld w { ${more} f: func() -> u32; ${held} }\n`);
  writeFileSync(entry, "export function f(): u32 {\n  return 7;\n}\n");
  const run = (...flags: readonly string[]): ReturnType<typeof spawnSync> => {
    const args = [join(packageRoot, "bin", "rill.js"), "check", entry, "--wit", wit, ...flags];
    return spawnSync(process.execPath, args, { encoding: "utf8" });
  };
  assert.equal(run("--all-features", "--ends", "2", "--arena", "64").status, 0);
  assert.equal(run("--features", "more").status, 0);
  assert.match(String(run("--features", "more", "--arena", "64").stderr), /--arena 64: .* has no arena/);
  assert.match(String(run("--features", "more", "--ends", "2").stderr), /--ends 2: .* inside values/);
  const without = run();
  assert.equal(without.status, 2);
  assert.match(String(without.stderr), /exports no function: there is nothing to check/);
  rmSync(folder, { recursive: true });
});
