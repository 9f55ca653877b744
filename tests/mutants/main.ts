/**
 * Prints what becomes of mutants, for whoever judges them:
 * `node dist/tests/mutants/main.js [--write] [TEXT...]`.
 */
import { writeHints } from "./hints.js";
import { allMutants } from "./mutants.js";
import { pagePart, writePagePart } from "./page.js";
import { runMutants } from "./run-mutants.js";
import { readJudgements } from "./survivors.js";

const [texts, options] = [false, true].map((option) =>
  process.argv.slice(2).filter((word) => word.startsWith("--") === option),
) as [string[], string[]];
const began = performance.now();
const keys = allMutants()
  .map(({ key }) => key)
  .filter((key) => texts.length === 0 || texts.some((text) => key.includes(text)));
const verdicts = await runMutants(new Set(keys), (done, of) => {
  process.stderr.write(process.stderr.isTTY ? `\r${done} of ${of}` : ".");
});
const count = (wanted: string): number => [...verdicts.values()].filter(({ fate }) => fate === wanted).length;
for (const [key, { fate, by }] of verdicts)
  if (fate !== "killed" || texts.length > 0) process.stdout.write(`${`${fate} ${by}`.trim()}: ${key}\n`);
if (options.includes("--write") && texts.length === 0) {
  writeHints(new Map([...verdicts].flatMap(([key, { by }]) => (by === "" ? [] : [[key, by] as const]))));
  writePagePart(pagePart({ mutants: verdicts.size, killed: count("killed") }, readJudgements()));
}
const { user, system } = process.cpuUsage();
process.stdout.write(
  `${count("killed")} killed, ${count("survived")} survived, ${count("same")} change no code, ${count("refused")} do not compile; ${((performance.now() - began) / 1000).toFixed(0)} s, ${((user + system) / 1e6).toFixed(0)} s of one core\n`,
);
