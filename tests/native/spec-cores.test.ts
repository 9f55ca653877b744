/** WebAssembly's own tests on modules that are translated to C, on the cores of boards. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { UserError } from "../../tools/errors/user-error.js";
import { atTier, isLong } from "../tier.js";
import { CORES, onCore } from "./core-program.js";
import { didNotGrow, failureOf, LEFT_OUT, ordersOf, SPECTEST } from "./spec-orders.js";
import { specScripts } from "./spec-scripts.js";
import { translate, type Translation } from "./translated-modules.js";

/** Bytes of memory that a module may have: there is room for several. */
const MOST_MEMORY = 1 << 20;
/** What a change is judged by. */
const BY_DAY = ["i32", "i64", "conversions", "memory_trap", "align", "call_indirect"];
/** Their modules are hundreds, and of no use here. */
const TOO_MANY = ["names", "skip-stack-guard-page"];
/** Answers that are judged, at least. */
const ANSWERS = atTier(1_700, 19_000);

const translations: Translation[] = [];
const refusals = new Set<string>();

function add(path: string): number | null {
  try {
    const made = translate(readFileSync(path), translations.length, SPECTEST);
    if (Number(/_MEMORY_BYTES (\d+)u/.exec(made.header)![1]) > MOST_MEMORY) return null;
    return translations.push(made) - 1;
  } catch (error) {
    if (!(error instanceof UserError)) throw new Error(path, { cause: error });
    refusals.add(error.message);
    return null;
  }
}

const asked = (await specScripts())
  .filter(({ name }) =>
    isLong ? !LEFT_OUT.includes(name) && !TOO_MANY.includes(name) : BY_DAY.includes(name),
  )
  .flatMap((script) => {
    refusals.clear();
    const isSharing = (): boolean =>
      [...refusals].some((reason) => /imports the (?!\w+ spectest )/.test(reason));
    return ordersOf(script, { all: translations, add, isSharing }).map((one) => ({
      ...one,
      script: script.name,
    }));
  });

for (const core of CORES) {
  test(`on ${core.name}`, async (context) => {
    const outcomes = await onCore(
      core,
      translations,
      asked.map(({ order }) => order),
    );
    assert.equal(outcomes.length, asked.length);
    const failures = asked.flatMap(({ command, script }, index) => {
      const outcome = outcomes[index]!;
      const failure = didNotGrow(command, outcome) ? null : failureOf(command, outcome);
      return failure === null ? [] : [`${script}, line ${command.line}: ${failure}`];
    });
    assert.deepEqual(failures, []);
    context.diagnostic(`${asked.length} answers`);
    assert.ok(asked.length >= ANSWERS, `${asked.length}`);
  });
}
