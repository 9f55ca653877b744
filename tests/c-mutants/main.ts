/**
 * Prints what becomes of mutants of the C host, for whoever judges them:
 * `node dist/tests/c-mutants/main.js [--write] [TEXT...]`.
 */
import { pagePart, writePagePart } from "../mutants/page.js";
import { readJudgements } from "../mutants/survivors.js";
import { scoreOf } from "./score.js";
import { writeKnown } from "./killers.js";
import { runMutants } from "./run-mutants.js";

const [texts, options] = [false, true].map((option) =>
  process.argv.slice(2).filter((word) => word.startsWith("--") === option),
) as [string[], string[]];
const isWhole = options.includes("--write") && texts.length === 0;
const { mutants, verdicts } = await runMutants({
  progress: (done, of) => {
    if (process.stderr.isTTY || done % 100 === 0) process.stderr.write(`\r${done} of ${of}`);
  },
  some: texts,
  isThorough: isWhole || texts.length > 0,
});
process.stderr.write("\n");
for (const [key, { fate, by }] of verdicts)
  if (fate === "survived" || texts.length > 0) process.stdout.write(`${`${fate} ${by}`.trim()}: ${key}\n`);
if (isWhole) {
  writeKnown(mutants, verdicts);
  writePagePart(pagePart(scoreOf(verdicts), readJudgements("c-mutants")), "c-mutants");
}
const { killed, survived, same, refused } = scoreOf(verdicts);
process.stdout.write(
  `${killed} killed, ${survived} survived, ${same} change no code, ${refused} do not compile\n`,
);
