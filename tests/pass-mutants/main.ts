/**
 * Prints what becomes of mutants of the passes, for whoever judges them:
 * `node dist/tests/pass-mutants/main.js [--write] [TEXT...]`.
 */
import { scoreOf } from "../c-mutants/score.js";
import { writeHints } from "../mutants/hints.js";
import { pagePart, writePagePart } from "../mutants/page.js";
import { readJudgements } from "../mutants/survivors.js";
import { corpus } from "./corpus.js";
import { runMutants } from "./run-mutants.js";

const [texts, options] = [false, true].map((option) =>
  process.argv.slice(2).filter((word) => word.startsWith("--") === option),
) as [string[], string[]];
const verdicts = await runMutants({
  progress: (done, of) => {
    if (process.stderr.isTTY || done % 100 === 0) process.stderr.write(`\r${done} of ${of}`);
  },
  some: texts,
  isThorough: true,
});
process.stderr.write("\n");
for (const [key, { fate, by }] of verdicts)
  if (fate !== "killed" || texts.length > 0) process.stdout.write(`${`${fate} ${by}`.trim()}: ${key}\n`);
const { killed, survived } = scoreOf(verdicts);
if (options.includes("--write") && texts.length === 0) {
  // The tests are asked first anyway.
  const killers = [...verdicts].filter(([, { by }]) => corpus.includes(by));
  writeHints(new Map(killers.map(([key, { by }]) => [key, by])), "pass-mutants");
  writePagePart(pagePart(scoreOf(verdicts), readJudgements("pass-mutants")), "pass-mutants");
}
process.stdout.write(`${killed} killed, ${survived} survived\n`);
