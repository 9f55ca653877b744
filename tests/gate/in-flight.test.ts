/**
 * Each public call on an end whose copy goes on, of every sort of item: silent, or
 * the trap that it is documented to end in.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPrepared } from "../../tools/gate/check-guest.js";
import type { RuleName } from "../../tools/gate/rules.js";
import { gateGuest } from "./gate-guests.js";
import { type InFlightCall, inFlightCalls, publicMembers } from "./in-flight-calls.js";

/** Seconds that no guest here comes near to. */
const SECONDS = 60;

/** A sort of items: a guest whose world has it, how its task is written, and how an item is used and made. */
interface Sort {
  readonly like: string;
  readonly imports: readonly string[];
  readonly task: string;
  /** Whether the items of the streams are numbers. */
  readonly number?: string;
  /** Whether the items hold strings or lists. */
  readonly pointers?: true;
  readonly use: string;
  readonly item: string;
  /** Statements before the call. */
  readonly make?: string;
}

const streams: Readonly<Record<string, Sort>> = {
  numbers: {
    like: "drop-in-flight",
    imports: [`import { pass } from "./bindings/pass";`],
    task: "pass.Task",
    number: "u16",
    use: "u16",
    item: "7",
  },
  records: {
    like: "records-in-place",
    imports: [
      `import { smooth } from "./bindings/readings";`,
      `import { Reading } from "./bindings/gate-guests-types";`,
    ],
    task: "smooth.Task",
    use: "Reading",
    item: "place",
    make: "const place = changetype<Reading>(memory.data(16, 8)); place.at = 5; place.level = 1; place.flag = true;",
  },
  strings: {
    like: "write-joined-strings",
    imports: [`import { label } from "./bindings/label";`],
    task: "label.Task",
    pointers: true,
    use: "string",
    item: `"fixed"`,
  },
  lists: {
    like: "move-bytes-in-an-array",
    imports: [`import { move } from "./bindings/move";`],
    task: "move.Task",
    pointers: true,
    use: "StaticArray<u8>",
    item: "bytes",
    make: "const bytes = new StaticArray<u8>(3);",
  },
  units: {
    like: "units-one-then-two",
    imports: [`import { beat } from "./bindings/beat";`, `import { Unit } from "as-rill/assembly";`],
    task: "beat.Task",
    use: "Unit",
    item: "changetype<Unit>(0)",
  },
};

const futures: Readonly<Record<string, Sort>> = {
  numbers: {
    like: "future-read-then-write",
    number: "u32",
    imports: [`import { oath } from "./bindings/oath";`],
    task: "oath.Task",
    use: "u32",
    item: "7",
  },
  strings: {
    like: "future-string-read-twice",
    imports: [`import { letter } from "./bindings/letter";`],
    task: "letter.Task",
    use: "string",
    item: `"fixed"`,
  },
};

/**
 * Which end a file of the library has: its sorts, its name, and the statements
 * that bring a copy of it in flight.
 */
const ends = {
  "stream/reader.ts": { sorts: streams, open: "const end = task.x; task.resolve();", begin: "end.start()" },
  "stream/writer.ts": { sorts: streams, open: "const end = task.resolve();", begin: "end.start(ITEM)" },
  "future/reader.ts": {
    sorts: futures,
    open: "const end = task.x; task.resolve().preset(ITEM);",
    begin: "end.start()",
  },
  "future/writer.ts": {
    sorts: futures,
    open: "const end = task.resolve(); end.preset(ITEM);",
    begin: "end.start(ITEM)",
  },
} as const;

/**
 * A guest that makes the next of `calls` in each of its tasks: each finds a copy in flight in some schedule.
 */
function guestText(sort: Sort, open: string, begin: string, calls: readonly InFlightCall[]): string {
  return [
    ...sort.imports,
    "const buffer = memory.data(64, 8);",
    ...(sort.number === undefined ? [] : [`const items: StaticArray<${sort.number}> = [1, 2];`]),
    "let tasks = 0;",
    `function use(_item: ${sort.use}): void {}`,
    `export function run(task: ${sort.task}): void {`,
    sort.make ?? "",
    open,
    "const turn = tasks++;",
    `if (${begin}) return;`,
    ...calls.map(({ text }, index) => `if (turn == ${index}) { ${text} }`),
    "}",
    "",
  ]
    .join("\n")
    .replaceAll("ITEM", sort.item);
}

async function rulesOf(sort: Sort, text: string, calls: number): Promise<[RuleName[], string]> {
  const base = await gateGuest(sort.like);
  const guest = { ...base, bindings: new Map([...base.bindings, [`${base.name}.ts`, text]]) };
  const bounds = { items: 2, calls, seconds: SECONDS };
  const { findings, forms } = await checkPrepared(guest, bounds, ["announcing"]);
  assert.ok(forms[0]!.complete, "every schedule was run");
  return [[...new Set(findings.map(({ rule }) => rule))], JSON.stringify(findings, null, 1)];
}

for (const [file, { sorts, open, begin }] of Object.entries(ends)) {
  const every = inFlightCalls[file]!;
  test(`every public call of ${file} is played`, () => {
    const members = [...new Set(every.map(({ member }) => member))];
    assert.deepEqual(members.sort(), publicMembers(file).sort());
  });
  for (const [name, sort] of Object.entries(sorts)) {
    const calls = every.filter(
      ({ numbers, pointerFree }) =>
        !(numbers && sort.number === undefined) && !(pointerFree && sort.pointers),
    );
    const silent = calls.filter(({ traps }) => !traps);
    test(`${file}, ${name}: every call in flight that is allowed is silent`, async () => {
      const text = guestText(sort, open, begin, silent);
      const [rules, findings] = await rulesOf(sort, text, silent.length);
      assert.deepEqual(rules, [], findings);
    });
    for (const call of calls.filter(({ traps }) => traps))
      test(`${file}, ${name}: in flight \`${call.text}\` traps, and looks at nothing that is lent`, async () => {
        const [rules, findings] = await rulesOf(sort, guestText(sort, open, begin, [call]), 1);
        assert.deepEqual(rules, ["guest-trap"], findings);
      });
  }
}
