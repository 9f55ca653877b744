/** WebAssembly's own tests on modules that are translated to C, under AddressSanitizer and UBSan. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { type Command, type ScriptValue, type SpecScript, specScripts } from "./spec-scripts.js";
import { atTier, isLong } from "../tier.js";
import { type Order, type Outcome, programOf, translate, type Translation } from "./translated-modules.js";

/** What the tests' own host has that returns nothing. */
const SPECTEST = [
  "print",
  "print_i32",
  "print_i64",
  "print_f32",
  "print_f64",
  "print_i32_f32",
  "print_f64_f64",
].map((name) => `spectest.${name}`);
/** Bytes of memory that a module may have here. */
const MOST_MEMORY = 1 << 26;

/** Where a memory grows, which a translated one never does: the tests of these lines ask for its old size. */
let refusedToGrow = 0;

interface Asked {
  readonly command: Command;
  readonly order: Order;
}

/** Modules of all scripts, for one program. */
const translations: Translation[] = [];

/** What a script asks; `refused` gets why modules are not translated. */
function prepare({ folder, commands }: SpecScript, refused: Map<string, number>): Asked[] {
  const asked: Asked[] = [];
  const named = new Map<string, number | null>();
  /** Modules before this one share something with one that is not translated. */
  let shared = translations.length;
  let current: number | null = null;
  for (const command of commands) {
    if (command.type === "module") {
      if (!command.filename!.endsWith(".wasm")) {
        current = null; // text that is no module of its own
        continue;
      }
      current = translated(join(folder, command.filename!), refused);
      if (current === null && isSharing(refused)) shared = translations.length;
      if (command.name !== undefined) named.set(command.name, current);
      if (current !== null) asked.push({ command, order: { module: current } });
      continue;
    }
    // What does not come to be may have changed what it shares.
    if (command.type === "assert_uninstantiable") shared = translations.length;
    const { action } = command;
    if (action?.type !== "invoke") continue;
    const module = action.module === undefined ? current : (named.get(action.module) ?? null);
    if (module === null || module < shared) continue;
    const call = translations[module]!.exports.indexOf(action.field);
    if (call < 0) continue; // an export of what another module has
    const cells = (action.args ?? []).map(cellOf);
    asked.push({ command, order: { module, call, cells } });
  }
  return asked;
}

function isSharing(refused: ReadonlyMap<string, number>): boolean {
  return [...refused.keys()].some((reason) => /^imports the (?!\w+ spectest )/.test(reason));
}

function translated(path: string, refused: Map<string, number>): number | null {
  try {
    const bytes = readFileSync(path);
    const made = translate(bytes, translations.length, SPECTEST);
    if (Number(/_MEMORY_BYTES (\d+)u/.exec(made.header)![1]) > MOST_MEMORY) return null;
    return translations.push(made) - 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw new Error(path, { cause: error });
    const reason = error.message
      .replace(/^m\d+:? |, which is not translated.*$/g, "")
      .replace(/^.* has the instruction /, "")
      .replace(/\d+/g, "N");
    refused.set(reason, (refused.get(reason) ?? 0) + 1);
    return null;
  }
}

function cellOf({ type, value }: ScriptValue): bigint {
  return BigInt.asUintN(type.endsWith("32") ? 32 : 64, BigInt(value!));
}

function failureOf({ type, expected, text, action }: Command, outcome: Outcome): string | null {
  if (/grow|as-memory/.test(action?.field ?? "") && "cells" in outcome && outcome.cells[0] === 0xffffffffn) {
    refusedToGrow++;
    return null;
  }
  const told =
    "trap" in outcome ? `trap: ${outcome.trap}` : outcome.cells.map((cell) => cell.toString(16)).join(" ");
  switch (type) {
    case "module":
    case "action":
      return "trap" in outcome ? told : null;
    case "assert_trap":
    case "assert_exhaustion":
      return "trap" in outcome && (text!.startsWith(outcome.trap) || outcome.trap.startsWith(text!))
        ? null
        : `${told}, expected trap: ${text}`;
    default:
      return "cells" in outcome && expected!.every((value, index) => isExpected(value, outcome.cells[index]!))
        ? null
        : `${told}, expected ${JSON.stringify(expected)}`;
  }
}

/** Whether a result is as expected: of a NaN its quiet bit counts, and what is canonical has nothing else. */
function isExpected({ type, value }: ScriptValue, cell: bigint): boolean {
  if (value !== "nan:canonical" && value !== "nan:arithmetic")
    return cellOf({ type, value: value! }) === cell;
  const quiet = type === "f32" ? 0x7fc00000n : 0x7ff8000000000000n;
  const magnitude = BigInt.asUintN(type === "f32" ? 31 : 63, cell);
  return value === "nan:canonical" ? magnitude === quiet : (magnitude & quiet) === quiet;
}

let called = 0;
const refusals = new Map<string, number>();

/** Scripts on what a translated guest does not do: its memory never grows. */
const LEFT_OUT = ["memory_grow", "memory_size"];
/** Scripts of hundreds of modules or functions, which take as long as all others. */
const LONG = ["const", "float_exprs", "names", "skip-stack-guard-page"];
/** Calls that are judged, at least. */
const CALLS = atTier(19_000, 21_000);

const scripts = (await specScripts()).filter(
  ({ name }) => !LEFT_OUT.includes(name) && (isLong || !LONG.includes(name)),
);

/** Builds the program once, when all scripts are prepared. */
let program: ReturnType<typeof programOf> | null = null;
function build(): ReturnType<typeof programOf> {
  const flags = ["-w", "-O0", "-URILL_NATIVE_DEPTH", "-DRILL_NATIVE_DEPTH=250"];
  program ??= programOf(translations, { sanitized: true, flags });
  return program;
}

const prepared = scripts.map((script) => {
  const refused = new Map<string, number>();
  const asked = prepare(script, refused);
  for (const [reason, count] of refused) refusals.set(reason, (refusals.get(reason) ?? 0) + count);
  return { name: script.name, asked };
});

for (const { name, asked } of prepared.filter((one) => one.asked.some(({ order }) => "call" in order))) {
  test(name, async () => {
    const ask = await build();
    const outcomes = ask(asked.map(({ order }) => order));
    assert.equal(outcomes.length, asked.length);
    const failures = asked.flatMap(({ command }, index) => {
      const failure = failureOf(command, outcomes[index]!);
      return failure === null ? [] : [`line ${command.line}: ${failure}`];
    });
    called += asked.length;
    assert.deepEqual(failures, []);
  });
}

/** Why modules of the scripts are not translated: neither asc nor the build makes such ones. */
const NOT_TRANSLATED =
  /^(?:imports |has several (?:tables|memories)|has a value of type (?:func|extern)ref|has a table with an initial|fills places|has data |table\.\w+$|ref\.\w+$|has global N)/;

test("what is not translated, and how much is judged", (context) => {
  context.diagnostic(`${called} answers; memories that did not grow: ${refusedToGrow}`);
  context.diagnostic(JSON.stringify([...refusals]));
  assert.ok(called >= CALLS, `${called}`);
  assert.deepEqual(
    [...refusals.keys()].filter((reason) => !NOT_TRANSLATED.test(reason)),
    [],
  );
});
