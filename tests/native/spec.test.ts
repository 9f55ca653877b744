/** WebAssembly's own tests on modules that are translated to C, under AddressSanitizer and UBSan. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { didNotGrow, failureOf, LEFT_OUT, ordersOf, SPECTEST } from "./spec-orders.js";
import { specScripts } from "./spec-scripts.js";
import { atTier, isLong } from "../tier.js";
import { programOf, translate, type Translation } from "./translated-modules.js";

/** Bytes of memory that a module may have here. */
const MOST_MEMORY = 1 << 26;

/** Where a memory grows, which a translated one never does: the tests of these lines ask for its old size. */
let refusedToGrow = 0;

/** Modules of all scripts, for one program. */
const translations: Translation[] = [];

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

let called = 0;
const refusals = new Map<string, number>();

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
  const asked = ordersOf(script, {
    all: translations,
    add: (path) => translated(path, refused),
    isSharing: () => isSharing(refused),
  });
  for (const [reason, count] of refused) refusals.set(reason, (refusals.get(reason) ?? 0) + count);
  return { name: script.name, asked };
});

for (const { name, asked } of prepared.filter((one) => one.asked.some(({ order }) => "call" in order))) {
  test(name, async () => {
    const ask = await build();
    const outcomes = ask(asked.map(({ order }) => order));
    assert.equal(outcomes.length, asked.length);
    const failures = asked.flatMap(({ command }, index) => {
      if (didNotGrow(command, outcomes[index]!)) {
        refusedToGrow++;
        return [];
      }
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
