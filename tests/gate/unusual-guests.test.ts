/**
 * Correct guests that nobody would write on a normal day, in every schedule: the
 * gate is silent on all of them.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPrepared } from "../../tools/gate/check-guest.js";
import { gateGuest } from "./gate-guests.js";

/** What goes before and after the guests of one world. */
const worlds = {
  pass: {
    like: "drop-in-flight",
    before: `import { pass } from "./bindings/pass";
const buffer = memory.data(8, 2);
export function run(task: pass.Task): void { const x = task.x;`,
  },
  label: {
    like: "write-joined-strings",
    before: `import { label } from "./bindings/label";
import { mark, releaseTo } from "as-rill/assembly";
export function run(task: label.Task): void { const x = task.x;`,
  },
  pair: {
    like: "read-two-then-write-record",
    before: `import { pair } from "./bindings/tags";
export function run(task: pair.Task): void { const a = task.a; const b = task.b;`,
  },
  oath: {
    like: "future-read-then-write",
    before: `import { oath } from "./bindings/oath";
export function run(task: oath.Task): void { const x = task.x;`,
  },
  errand: {
    like: "two-calls-cancel-one",
    before: `import { fetch, weigh } from "./bindings/errand-import"; import { errand } from "./bindings/errand";
export function run(task: errand.Task): void { let n: u32 = 0;`,
  },
  selfpipe: {
    like: "../silent/number-stream-to-oneself",
    before: `import { FutureU16, StreamU16, pipe } from "./bindings/selfpipe";
export function run(task: pipe.Task): void { const x = task.x;`,
  },
  unnamed: {
    like: "drop-in-flight",
    before: `import { FutureI64, StreamF32 } from "as-rill/pairs"; import { pass } from "./bindings/pass";
const buffer = memory.data(16, 4);
export function run(task: pass.Task): void { task.resolve().drop(); const x = task.x;`,
  },
  lend: {
    like: "../wrong/drop-while-lent",
    before: `import { Thing, takeLater, useLater, weigh } from "./bindings/gate-guests-things"; import { go } from "./bindings/lend";
export function run(task: go.Task): void {`,
  },
} as const;

/** Each guest by what is unusual in it: its world, and the body of its function. */
const guests: Readonly<Record<string, readonly [world: keyof typeof worlds, body: string]>> = {
  "answers when its input has ended": [
    "pass",
    "while (x.next()) {} const o = task.resolve(); o.writeOne(1);",
  ],
  "drops its input unread, then its output unwritten": ["pass", "x.drop(); task.resolve().drop();"],
  "drops its output, then reads to the end": ["pass", "task.resolve().drop(); while (x.next()) {}"],
  "copies of nothing": [
    "pass",
    "const o = task.resolve(); x.readInto(buffer, 0); o.writeFrom(buffer, 0); x.next();",
  ],
  "begins and takes back, again and again": [
    "pass",
    "const o = task.resolve(); for (let i = 0; i < 3; i++) { x.start(); if (x.cancel()) { x.next(); } o.start(3); o.cancel(); }",
  ],
  "a write in flight to the very end": ["pass", "const o = task.resolve(); x.next(); o.start(1);"],
  "a read in flight to the very end": ["pass", "task.resolve(); x.start();"],
  "reads into the middle of a buffer": [
    "pass",
    "const o = task.resolve(); if (x.readInto(buffer + 2, 2) == 2) o.writeFrom(buffer + 4, 1);",
  ],
  "takes a copy of many items back, then waits for others in the same buffer": [
    "pass",
    "task.resolve(); if (!x.startReadInto(buffer, 2)) x.cancel(); x.readInto(buffer, 1); x.readInto(buffer, 2);",
  ],
  "polls before anything was begun": ["pass", "task.resolve(); x.poll(); x.cancel(); x.next(); x.poll();"],
  "the same string twice in flight and in a copy": [
    "label",
    `const o = task.resolve(); const s = "fixed"; o.start(s); o.cancel(); o.writeOne(s); o.writeOne(s + s);`,
  ],
  "an empty string": [
    "label",
    `const o = task.resolve(); o.writeOne(""); if (x.next()) o.writeOne(x.value.slice(0, 0));`,
  ],
  "gives its own memory back between items": [
    "label",
    `const o = task.resolve(); while (x.next()) { const m = mark(); const s = x.value + "!"; const more = o.writeOne(s); releaseTo(m); if (!more) return; }`,
  ],
  "needs all of its memory when it has given some back": [
    "label",
    `const o = task.resolve(); const m = mark(); o.writeOne("short".padEnd(40)); releaseTo(m); o.writeOne("long".padEnd(250));`,
  ],
  "holds one stream's item while it drops the other": [
    "pair",
    "const o = task.resolve(); if (a.next()) { b.drop(); o.value.name = a.value; o.value.numbers = new StaticArray<u64>(1); o.writeOne(); }",
  ],
  "both reads in flight, one dropped": [
    "pair",
    "task.resolve().drop(); a.start(); b.start(); b.drop(); a.next();",
  ],
  "a record that it writes twice": [
    "pair",
    "const o = task.resolve(); if (a.next() && b.next()) { o.value.name = a.value; o.value.numbers = b.value; if (o.writeOne()) o.writeOne(); }",
  ],
  "a future that is never read": ["oath", "x.drop(); task.resolve().write(1);"],
  "a future that is written before the other is looked at": [
    "oath",
    "const o = task.resolve(); x.start(); o.write(1); if (!x.poll()) x.cancel();",
  ],
  "a future's value is taken back and written anew": [
    "oath",
    "const o = task.resolve(); o.start(1); if (!o.cancel() && !o.done) o.write(2);",
  ],
  "two calls of one function, one after the other, of which the first is given up": [
    "errand",
    "weigh.start(1); weigh.cancel(); weigh.drop(); n += weigh.call(2); task.resolve(n);",
  ],
  "a stream that nobody was given": [
    "errand",
    "fetch.x().drop(); fetch.start(); fetch.cancel(); fetch.drop(); task.resolve(n);",
  ],
  "answers before its calls are over": ["errand", "weigh.start(1); task.resolve(1); weigh.drop();"],
  "writes to itself by and by": [
    "selfpipe",
    "task.resolve().drop(); const w = StreamU16.create(); const r = StreamU16.readable(w).open(); for (let i = 0; i < 3; i++) { r.start(); w.writeOne(<u16>i); if (!r.next() || r.value != i) unreachable(); } w.drop(); if (r.next()) unreachable(); r.drop();",
  ],
  "a future to itself": [
    "selfpipe",
    "task.resolve().drop(); const w = FutureU16.create(); const r = FutureU16.readable(w).open(); w.start(7); if (r.read() != 7 || !w.poll()) unreachable(); w.drop(); r.drop();",
  ],
  "reads from itself first, and takes it back": [
    "selfpipe",
    "task.resolve().drop(); const w = StreamU16.create(); const r = StreamU16.readable(w).open(); r.start(); if (r.cancel()) unreachable(); w.drop(); if (r.next()) unreachable(); r.drop();",
  ],
  "writes to itself between items of a type that its world does not name": [
    "unnamed",
    "const w = StreamF32.create(); const r = StreamF32.readable(w).open(); while (x.next()) { r.start(); w.writeOne(<f32>x.value); if (!r.next() || r.value != <f32>x.value) unreachable(); } w.drop(); if (r.next()) unreachable(); r.drop();",
  ],
  "reads one by one what it writes to itself at once, and takes the rest back": [
    "unnamed",
    "const w = StreamF32.create(); const r = StreamF32.readable(w).open(); for (let i = 0; i < 3; i++) store<f32>(buffer + 4 * i, <f32>i); w.startWriteFrom(buffer, 3); if (r.readInto(buffer + 12, 1) != 1 || load<f32>(buffer + 12) != 0) unreachable(); if (!r.next() || r.value != 1) unreachable(); w.cancel(); if (w.progress != 2) unreachable(); w.drop(); r.drop();",
  ],
  "a future to itself while a read is in flight": [
    "unnamed",
    "x.start(); const w = FutureI64.create(); const r = FutureI64.readable(w).open(); w.start(-7); x.next(); if (r.read() != -7) unreachable(); w.drop(); r.drop();",
  ],
  "opens an end that came inside of an item only to drop it": [
    "selfpipe",
    "task.resolve().drop(); while (x.next()) { const s = x.value.open(); s.start(); s.drop(); }",
  ],
  "lends and keeps": [
    "lend",
    "const t = Thing.create(1); useLater.start(t); let n = t.worth() + weigh(t); n += useLater.result(); t.drop(); task.resolve(n);",
  ],
  "gives away what was lent before": [
    "lend",
    "const t = Thing.create(1); let n = useLater.call(t); n += takeLater.call(t); task.resolve(n);",
  ],
  "takes back what a callee never took": [
    "lend",
    "const t = Thing.create(1); takeLater.start(t); const had = takeLater.cancel() || takeLater.started(); if (!had) t.drop(); takeLater.drop(); task.resolve(1);",
  ],
};

for (const [what, [world, body]] of Object.entries(guests))
  test(`silent: ${what}`, async () => {
    const { like, before } = worlds[world];
    const base = await gateGuest(like);
    const name = like.slice(like.lastIndexOf("/") + 1);
    const bindings = new Map([...base.bindings, [`${name}.ts`, `${before}\n  ${body}\n}\n`]]);
    const bounds = { items: 3, calls: 2, seconds: 60 };
    const { findings, forms } = await checkPrepared({ ...base, bindings }, bounds, ["announcing"]);
    assert.deepEqual(findings, []);
    assert.ok(forms[0]!.complete, "every schedule was run");
  });
