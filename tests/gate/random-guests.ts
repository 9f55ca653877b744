/**
 * Random correct guests: lines of the public API in any order, each correct in every
 * state that the ends and calls can be in.
 */
import { basename } from "node:path";
import fc from "fast-check";
import type { PreparedGuest } from "../../tools/compile/guest-module.js";
import { gateGuest } from "./gate-guests.js";

/** A kind of guest: its world, by a guest that has it, and what it may do. */
interface Kind {
  readonly like: string;
  readonly imports: readonly string[];
  readonly task: string;
  /** Before the lines: ends by their names, a number `n` that they may use. */
  readonly begin: readonly string[];
  readonly lines: readonly string[];
  readonly end?: readonly string[];
}

const stream = ["const input = task.x;", "const output = task.resolve();", "let n: i32 = 1;"];

/** What any reader and any writer take, whatever their items are. */
const readerLines = (name: string): string[] => [
  `${name}.cancel(); ${name}.start();`,
  `${name}.poll();`,
  `${name}.cancel();`,
  `if (${name}.done) n++;`,
  `${name}.drop();`,
];
const writerLines = (name: string): string[] => [
  `${name}.poll();`,
  `${name}.cancel();`,
  `if (${name}.taken) n++;`,
  `if (${name}.done) return;`,
  `${name}.drop();`,
];

/** Every kind of guest, by its name. */
export const kinds: Readonly<Record<string, Kind>> = {
  numbers: {
    like: "drop-in-flight",
    imports: [`import { pass } from "./bindings/pass";`, "const items: StaticArray<u16> = [0, 0];"],
    task: "pass.Task",
    begin: [...stream, "const buffer = memory.data(4, 2);"],
    lines: [
      "if (input.next()) n += input.value;",
      "if (input.next() && !output.writeOne(input.value)) return;",
      "output.writeOne(<u16>n);",
      "output.cancel(); output.start(<u16>n);",
      "if (!output.cancel()) output.writeOne(<u16>n);",
      "n += input.readInto(buffer, 2);",
      "input.readInto(buffer, 0);",
      "output.writeFrom(buffer, 2);",
      "n += input.collect(items, 2);",
      "if (output.writeAll(items, 2) < 2) n++;",
      "output.write(items, input.read(items, 1));",
      ...readerLines("input"),
      ...writerLines("output"),
    ],
  },
  records: {
    like: "records-in-place",
    imports: [`import { smooth } from "./bindings/readings";`],
    task: "smooth.Task",
    begin: stream,
    lines: [
      "if (input.next()) n += input.value.level;",
      "if (input.next() && !output.writeOne(input.value)) return;",
      "output.cancel(); output.value.at = n; output.value.level = 7; output.value.flag = true; output.writeOne();",
      "if (input.next()) { output.cancel(); output.start(input.value); }",
      ...readerLines("input"),
      ...writerLines("output"),
    ],
  },
  units: {
    like: "units-one-then-two",
    imports: [`import { beat } from "./bindings/beat";`],
    task: "beat.Task",
    begin: stream,
    lines: [
      "if (input.next()) n++;",
      "if (input.next() && !output.writeOne()) return;",
      "output.cancel(); output.start();",
      "n += input.readInto(0, 2);",
      "output.writeFrom(0, 2);",
      ...readerLines("input"),
      ...writerLines("output"),
    ],
  },
  strings: {
    like: "write-joined-strings",
    imports: [`import { label } from "./bindings/label";`],
    task: "label.Task",
    begin: stream,
    lines: [
      "if (input.next()) n += input.value.length;",
      "if (input.next() && !output.writeOne(input.value)) return;",
      `if (input.next() && !output.writeOne("<" + input.value)) return;`,
      `output.writeOne("always");`,
      `output.cancel(); output.start("fixed");`,
      `output.cancel(); if (input.next()) { output.start(input.value + ">"); output.cancel(); }`,
      ...readerLines("input"),
      ...writerLines("output"),
    ],
  },
  two: {
    like: "read-two-then-write-record",
    imports: [`import { pair } from "./bindings/tags";`],
    task: "pair.Task",
    begin: ["const a = task.a;", "const b = task.b;", "const output = task.resolve();", "let n: i32 = 1;"],
    lines: [
      "if (a.next()) n += a.value.length;",
      "if (b.next()) n += b.value.length;",
      "if (a.next() && b.next()) { output.cancel(); output.value.name = a.value; output.value.numbers = b.value; output.writeOne(); }",
      "if (b.next() && a.next()) { output.cancel(); output.value.name = a.value + a.value; output.value.numbers = b.value; output.writeOne(); }",
      "a.cancel(); b.cancel(); a.start(); b.start();",
      ...readerLines("a"),
      ...readerLines("b"),
      ...writerLines("output"),
    ],
  },
  futures: {
    like: "future-read-then-write",
    imports: [`import { oath } from "./bindings/oath";`],
    task: "oath.Task",
    begin: [
      "const input = task.x;",
      "const output = task.resolve();",
      "output.preset(5);",
      "let n: i32 = 1;",
      "let held = true;",
    ],
    lines: [
      "if (held) n += input.read();",
      "if (held) n += input.read() + input.value;",
      "input.cancel(); input.start();",
      "input.poll();",
      "input.cancel();",
      "input.drop(); held = false;",
      "output.cancel(); if (!output.done) output.write(n);",
      "output.cancel(); if (!output.done) output.start(n);",
      "output.cancel(); output.preset(n);",
      "output.poll();",
      "if (output.taken) n++;",
      "output.drop();",
    ],
  },
  letters: {
    like: "future-string-read-twice",
    imports: [`import { letter } from "./bindings/letter";`],
    task: "letter.Task",
    begin: [
      "const input = task.x;",
      "const output = task.resolve();",
      `output.preset("none");`,
      "let n: i32 = 1;",
      "let held = true;",
    ],
    lines: [
      "if (held) n += input.read().length;",
      `output.cancel(); if (!output.done) output.write(held ? input.read() + "!" : "gone");`,
      `output.cancel(); if (!output.done) output.start("fixed");`,
      "input.cancel(); input.start();",
      "input.poll();",
      "input.cancel();",
      "input.drop(); held = false;",
      "output.poll();",
      "if (output.taken) n++;",
      "output.drop();",
    ],
  },
  calls: {
    like: "two-calls-cancel-one",
    imports: [
      `import { fetch, weigh } from "./bindings/errand-import";`,
      `import { errand } from "./bindings/errand";`,
    ],
    task: "errand.Task",
    begin: ["let n: u32 = task.n;"],
    lines: [
      "weigh.drop(); weigh.start(n);",
      "weigh.drop(); n += weigh.call(n);",
      "if (weigh.cancel()) n += weigh.result();",
      "weigh.poll();",
      "weigh.wait();",
      "weigh.drop();",
      "{ const items = fetch.x(); fetch.drop(); fetch.start(); items.writeOne(1); items.drop(); fetch.drop(); }",
      "{ const items = fetch.x(); fetch.drop(); fetch.start(); if (fetch.cancel()) { const answer = fetch.result(); n += answer.read(); answer.drop(); } items.drop(); }",
    ],
    end: ["weigh.drop();", "task.resolve(n);"],
  },
  questions: {
    like: "start-call-then-read",
    imports: [
      `import { gather } from "./bindings/gather";`,
      `import { ask } from "./bindings/gather-import";`,
    ],
    task: "gather.Task",
    begin: ["const a = task.a;", "const b = task.b;", "let n: i32 = 1;"],
    lines: [
      "if (a.next()) n += a.value.length;",
      "if (b.next()) n += b.value.length;",
      "if (a.next()) { ask.drop(); ask.start(a.value); }",
      `ask.drop(); ask.start("fixed");`,
      "ask.drop(); n += ask.call(n.toString()).length;",
      "if (ask.cancel()) n += ask.result().length;",
      "ask.poll();",
      "ask.drop();",
      "b.cancel(); b.start();",
      ...readerLines("a"),
      ...readerLines("b"),
    ],
    end: ["ask.drop();", `task.resolve("done");`],
  },
  resources: {
    like: "../silent/relay",
    imports: [`import { Token, relay } from "./bindings/relay";`],
    task: "relay.Task",
    begin: stream,
    lines: [
      "if (input.next()) input.value.drop();",
      "if (input.next()) { n += input.value.worth(); input.value.drop(); }",
      "if (input.next()) { const token = input.value; if (!output.writeOne(token) && !output.taken) token.drop(); }",
      "if (input.next()) { const token = input.value; output.start(token); if (!output.cancel()) token.drop(); }",
      "{ const token = Token.create(n); if (!output.writeOne(token) && !output.taken) token.drop(); }",
      "Token.create(n).drop();",
      ...readerLines("input"),
      ...writerLines("output"),
    ],
    end: [
      "if (input.next()) { const token = input.value; if (output.start(token) && !output.taken) token.drop(); }",
    ],
  },
  nested: {
    like: "../silent/nest",
    imports: [`import { FutureU16, nest } from "./bindings/nest";`],
    task: "nest.Task",
    begin: stream,
    lines: [
      "if (input.next()) input.value.drop();",
      "if (input.next()) { const items = input.value.open(); if (items.next()) n += items.value; items.drop(); }",
      "if (input.next()) { const items = input.value.open(); items.start(); if (items.cancel() && items.next()) n += items.value; items.drop(); }",
      "{ const writer = FutureU16.create(); const end = FutureU16.readable(writer); if (output.writeOne(end) || output.taken) writer.write(<u16>n); else { end.drop(); writer.preset(1); } writer.drop(); }",
      "{ const writer = FutureU16.create(); writer.preset(<u16>n); const end = FutureU16.readable(writer); if (output.writeOne(end) || output.taken) writer.start(7); else end.drop(); writer.drop(); }",
      "{ const writer = FutureU16.create(); writer.preset(<u16>n); const end = FutureU16.readable(writer); output.start(end); if (!output.cancel()) end.drop(); writer.drop(); }",
      ...readerLines("input"),
      ...writerLines("output"),
    ],
  },
};

/** A guest's source. */
export interface RandomGuest {
  readonly kind: string;
  readonly source: string;
}

function sourceOf(
  { imports, task, begin, lines, end = [] }: Kind,
  chosen: readonly number[],
  rounds: number,
): string {
  const body = chosen.map((index) => `    ${lines[index % lines.length]!}`);
  return [
    ...imports,
    `export function run(task: ${task}): void {`,
    ...begin.map((line) => `  ${line}`),
    `  for (let i = 0; i < ${rounds}; i++) {`,
    ...body,
    "  }",
    ...end.map((line) => `  ${line}`),
    "}",
    "",
  ].join("\n");
}

/**
 * Guests of a kind: two to seven lines, once or twice; the first ones no simpler
 * than the later ones, for runs are few.
 */
export function anyGuest(kind: string): fc.Arbitrary<RandomGuest> {
  const lines = fc.array(fc.nat({ max: 10_000 }), { minLength: 2, maxLength: 7, size: "max" });
  const guests = fc
    .tuple(lines, fc.integer({ min: 1, max: 2 }))
    .map(([chosen, rounds]) => ({ kind, source: sourceOf(kinds[kind]!, chosen, rounds) }));
  return fc.noBias(guests);
}

/** The guest, matched with its world. */
export async function prepareRandom({ kind, source }: RandomGuest): Promise<PreparedGuest> {
  const { like } = kinds[kind]!;
  const base = await gateGuest(like);
  return { ...base, bindings: new Map([...base.bindings, [`${basename(like)}.ts`, source]]) };
}
