/**
 * Prints what becomes of mutants of the bindings, for whoever judges them:
 * `node dist/tests/bindings-mutants/main.js [--write] [TEXT...]`.
 */
import { scoreOf } from "../c-mutants/score.js";
import { pagePart, writePagePart } from "../mutants/page.js";
import { readJudgements } from "../mutants/survivors.js";
import { writeKnown } from "./known.js";
import { runMutants } from "./run-mutants.js";

const [texts, options] = [false, true].map((option) =>
  process.argv.slice(2).filter((word) => word.startsWith("--") === option),
) as [string[], string[]];
const { mutants, verdicts } = await runMutants({
  progress: (done, of) => {
    if (process.stderr.isTTY || done % 50 === 0) process.stderr.write(`\r${done} of ${of}`);
  },
  some: texts,
  isThorough: true,
});
process.stderr.write("\n");
for (const [key, { fate, by }] of verdicts)
  if (fate === "survived" || texts.length > 0)
    process.stdout.write(`${`${fate} in ${by}`.replace(/ in $/, "")}: ${key}\n`);
const { killed, survived, same, refused } = scoreOf(verdicts);
if (options.includes("--write") && texts.length === 0) {
  writeKnown(mutants, new Map([...verdicts].map(([key, { fate }]) => [key, fate])));
  writePagePart(pagePart(scoreOf(verdicts), readJudgements("bindings-mutants")), "bindings-mutants");
}
process.stdout.write(
  `${killed} killed, ${survived} survived, ${same} change no code, ${refused} do not compile\n`,
);
