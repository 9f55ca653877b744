/** What a function retains and why it is in, against the plain question: what is reached without it? */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { CallGraph } from "../../tools/analysis/call-graph.js";
import { findKeepers, retainedBytes } from "../../tools/analysis/dominators.js";
import { atTier, seed } from "../tier.js";
import { analysed, file, sum, wat } from "./rill.js";

/** Functions that are reached from the roots, without `gone`. */
function reached({ edges, roots }: CallGraph, gone: number | null): ReadonlySet<number> {
  const seen = new Set<number>();
  const visit = (index: number): void => {
    if (index === gone || seen.has(index)) return;
    seen.add(index);
    for (const { to } of edges[index]!) visit(to);
  };
  for (const root of roots) visit(root.function);
  return seen;
}

test("random graphs: retained is what is reached no longer, and each way is one", () => {
  const most = 9;
  const index = fc.integer({ min: 0, max: most });
  const random = fc.record({
    calls: fc.array(fc.tuple(index, index), { maxLength: 24 }),
    roots: fc.array(index, { minLength: 1, maxLength: 3 }),
  });
  fc.assert(
    fc.property(random, ({ calls, roots }) => {
      const edges = Array.from({ length: most + 1 }, (_, from) =>
        calls.filter(([caller]) => caller === from).map(([, to]) => ({ to, at: 0, indirect: false })),
      );
      const graph: CallGraph = {
        edges,
        roots: roots.map((root) => ({ function: root, name: `${root}` })),
        unbounded: new Map(),
      };
      const bytes = edges.map((_, at) => 1 << at);
      const keepers = findKeepers(graph);
      const retained = retainedBytes(keepers, bytes);
      const all = reached(graph, null);
      for (let at = 0; at <= most; at++) {
        const caller = keepers.caller[at];
        assert.equal(caller !== undefined, all.has(at));
        if (typeof caller === "number") assert.ok(edges[caller]!.some(({ to }) => to === at));
        const without = reached(graph, at);
        const lost = [...all].filter((one) => !without.has(one));
        const own = all.has(at) ? sum(lost, (one) => bytes[one]!) : bytes[at]!;
        assert.equal(retained[at], own, `function ${at}`);
      }
    }),
    { numRuns: atTier(500, 20_000), seed },
  );
});

test("of a module: the way from the export, and what nothing calls", async () => {
  const path = file(
    "keepers.wasm",
    wat(`(module (func $leaf (result i32) (i32.const 1)) (func $middle (result i32) (call $leaf))
      (func $f (export "f") (result i32) (call $middle)) (func $alone (result i32) (i32.const 2)))`),
  );
  const { functions } = await analysed(path);
  const of = (name: string): (typeof functions)[number] => functions.find((entry) => entry.name === name)!;
  assert.deepEqual(of("leaf").called_by, ["f", "middle"]);
  assert.deepEqual(of("f").called_by, []);
  assert.equal(of("alone").called_by, null);
  assert.equal(of("f").retained_bytes, of("f").bytes + of("middle").bytes + of("leaf").bytes);
  assert.equal(of("leaf").retained_bytes, of("leaf").bytes);
});
