/** Prints every mutant that survives, for whoever judges them: `node dist/tests/mutants/main.js [TEXT...]`. */
import { runMutants } from "./run-mutants.js";

const began = performance.now();
const fates = await runMutants((done, of) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${String(done)} of ${String(of)}`);
}, process.argv.slice(2));
const count = (wanted: string): number => [...fates.values()].filter((fate) => fate === wanted).length;
for (const [key, fate] of fates) if (fate === "survived") process.stdout.write(`${key}\n`);
process.stdout.write(
  `${String(count("killed"))} killed, ${String(count("survived"))} survived, ${String(count("same"))} change no binary, ${String(count("refused"))} do not compile; ${((performance.now() - began) / 1000).toFixed(0)} s\n`,
);
