import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { type RuleName, rules } from "../../tools/gate/rules.js";
import { packageRoot } from "../../tools/package-root.js";
import { exploreBody } from "./hand-module.js";

const c = (value: number): string => `(i32.const ${value})`;
const x = "(local.get $x)";
const h = "(local.get $h)";
const read = (ptr: number): string => `(drop (call $read ${x} ${c(ptr)} ${c(1)}))`;
const readToken = `(drop (call $read-token ${h} ${c(16)} ${c(1)}))`;
const open = `(call $open ${c(32)} ${c(4)} ${x})`;
const load = (ptr: number): string => `(drop (i32.load ${c(ptr)}))`;
const answer = (truth: number): string => `(call $next ${c(32)} ${c(truth)})`;
const release = `(call $drop-token (i32.load ${c(16)}))`;
const leave = `(call $drop ${x}) (call $drop-token-stream ${h}) (call $return)`;
const SLOT = 52;

/** For each rule a body that breaks it, in some order of events at least. */
const breaking: Readonly<Record<Exclude<RuleName, "wrong-pass">, string>> = {
  "lent-read": `${read(16)} ${load(16)}`,
  "lent-write": `${read(16)} (i32.store ${c(16)} ${c(1)})`,
  "lent-twice": `${read(16)} ${readToken}`,
  "stale-completion": `${open} ${read(SLOT)} (call $close ${c(32)}) (drop (call $cancel ${x}))`,
  "operation-moved": `${open} (call $next ${c(64)} ${c(1)})`,
  "operation-reused": `${open} (call $open ${c(32)} ${c(4)} ${h})`,
  "empty-slot": `${open} ${load(SLOT)}`,
  "taken-twice": `${open} ${read(SLOT)} ${answer(1)} ${answer(1)}`,
  "item-lost": `${open} ${read(SLOT)} ${read(SLOT)}`,
  "wrong-answer": `${open} ${answer(0)}`,
  "wrong-contents": `(local $e i64) (local.set $e (call $new)) (call $send (i32.wrap_i64 (local.get $e)))
    (i32.store ${c(16)} ${c(9)}) (drop (call $write (i32.wrap_i64 (i64.shr_u (local.get $e) (i64.const 32))) ${c(16)} ${c(1)}))`,
  "released-twice": `${readToken} ${release} ${release}`,
  "released-never": `${readToken} ${leave}`,
  "stale-view": `${open} ${read(SLOT)} ${answer(1)} ${load(SLOT)}`,
  "outside-element": `${open} (drop (i64.load ${c(48)}))`,
  "unwritten-item": `(local $w i32) (local.set $w (i32.wrap_i64 (i64.shr_u (call $new) (i64.const 32))))
    (call $open ${c(32)} ${c(4)} (local.get $w)) (drop (call $write (local.get $w) ${c(SLOT)} ${c(1)}))`,
  "unwritten-read": `(call $arena-taken ${c(16)} ${c(8)}) ${load(20)}`,
  "arena-after-reset": `(call $arena-taken ${c(16)} ${c(8)}) (call $arena-reset ${c(16)} ${c(8)}) ${load(16)}`,
  "place-after-release": `(drop (call $place-busy ${c(16)} ${c(0)} ${c(16)} ${c(8)} ${c(1)}))
    (call $place-released ${c(16)}) ${load(20)}`,
  "handle-leaked": "(call $return)",
  "handle-after-drop": `(call $drop ${x}) (call $drop ${x})`,
  "dropped-while-copying": `${read(16)} (call $drop ${x})`,
  "returned-in-flight": `${read(16)} (call $return)`,
  "static-overlap": load(4096),
  misaligned: read(17),
  "memory-grow": `(drop (memory.grow ${c(1)}))`,
  "illegal-call": `(drop (call $cancel ${x}))`,
  "guest-trap": "(unreachable)",
};

for (const [rule, body] of Object.entries(breaking)) {
  test(`${rule} is broken by a module that breaks it`, () => {
    const found = exploreBody(body).map((discovery) => discovery.rule);
    assert.ok(found.includes(rule as RuleName), `found ${found.join(", ") || "nothing"}`);
  });
}

test("a module by hand that keeps all rules is silent", () => {
  assert.deepEqual(exploreBody(leave), []);
});

test("there are no fewer rules than there were", () => {
  assert.ok(Object.keys(rules).length >= 26);
});

test("every rule has a page, and every page a rule", () => {
  const folder = join(packageRoot, "docs", "gate");
  const pages = readdirSync(folder).filter((name) => !["README.md", "behaviours.md"].includes(name));
  assert.deepEqual(
    pages.sort(),
    Object.keys(rules)
      .map((name) => `${name}.md`)
      .sort(),
  );
  for (const [name, { title, remedy }] of Object.entries(rules)) {
    const page = readFileSync(join(folder, `${name}.md`), "utf8").replaceAll(/\s+/g, " ");
    assert.ok(
      page.startsWith(`# ${name} `) &&
        page.toLowerCase().includes(title.toLowerCase()) &&
        page.includes(remedy),
      name,
    );
  }
});
