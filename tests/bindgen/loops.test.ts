/** A guest whose loops give back what imports answered runs as it is written, in a small arena. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type BuildOptions, buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { immediate } from "../../tools/host/calls/lower.js";
import { FuturesHost } from "./futures-host.js";

const SOURCE = "test:loops/source";
const TURNS = 1000;
const folder = join(packageRoot, "tests", "guests", "loops");

const line = (n: number): string => (n > 0 && n <= TURNS ? `line ${n}` : "");
const bytes = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const fetched = (n: number): string => `fetched ${n}`;

const functions = new Map(
  Object.entries({
    line: (n: number) => line(n),
    bytes: (n: number) => bytes(n),
    "get-pair": (n: number) => ({ name: `name ${n}`, data: bytes(3), n }),
    rows: () => ["a", "bb"],
    maybe: (n: number) => (n % 2 ? { some: "some" } : null),
    say: (what: string) => what.length,
    fetch: fetched,
    post: (what: string) => what.length,
    "[constructor]thing": () => ({}),
    "[method]thing.label": (_: object, n: number) => `thing ${n}`,
  }).map(([name, body]) => [`${SOURCE}#${name}`, immediate(body as never)]),
);

/** What the guest answers, computed here. */
function expected(names: readonly string[]): number {
  const counts = Array.from({ length: TURNS }, (_, at) => at);
  const sum = (of: (at: number) => number): number => counts.reduce((all, at) => all + of(at), 0);
  const both = [...counts.slice(1), TURNS];
  return (
    sum(() => 136) +
    both.reduce((all, n) => all + line(n).charCodeAt(0) + line(n).length, 0) +
    sum((at) => 3 + `name ${at}`.length + at) +
    both.reduce((all, n) => all + line(n).length, 0) +
    sum((at) => line(at).length + line(at).length + 1) +
    sum((at) => 2 * fetched(at).length) +
    sum(() => 3) +
    sum((at) => (at % 2 ? 4 : 0)) +
    sum((at) => `thing ${at}`.length) +
    sum((at) => line(at).length) +
    (TURNS / 100) * 100 * 16 +
    line(TURNS / 100 - 1).length +
    sum((at) => line(at).length) +
    names[0]!.length
  );
}

for (const wait of ["wait", "callback"] as const) {
  test(`1,000 turns of each loop fit into 512 bytes, ${wait}`, async () => {
    const outDir = mkdtempSync(join(tmpdir(), "rill-loops-"));
    try {
      const [entry, wit] = [join(folder, "results.ts"), join(folder, "worlds.wit")];
      const options: BuildOptions = { entry, wit, world: "results", outDir, wait, bindings: false };
      const built = await buildGuest(options);
      const module = new WebAssembly.Module(readFileSync(built.corePath));
      const names = ["a name"];
      for (const policy of ["ready", "blocking"] as const) {
        const host = new FuturesHost({ built, module }, policy, () => functions);
        const given = host.stream({ kind: "string" }, names);
        let answer: unknown;
        host.finish(
          host.guest.start("test:loops/lines#count", [given, TURNS], (result) => (answer = result)),
        );
        assert.equal(answer, expected(names));
      }
    } finally {
      rmSync(outDir, { recursive: true, force: true });
    }
  });
}
