/**
 * `npm test`: runs the lanes, all or those named, or some of their files, and
 * closes with `N passed, N failed, N skipped`.
 */
import { randomInt } from "node:crypto";
import { Command } from "commander";
import { chooseLanes } from "./choose-lanes.js";
import { allLanes, lanesOfTheNight } from "./lanes.js";
import { runLanes } from "./run-lanes.js";

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const program = new Command("npm test --")
  .description("Runs the tests of as-rill, lane by lane")
  .argument("[lanes...]", "lanes, and files of lanes, to run; everything when none is named")
  .option("-t, --test <pattern>", "only tests whose names match")
  .option(
    "--long",
    "the tier of the night: the lanes that can try more than fits into every change, from another seed",
  )
  .option("--list", "name the lanes and what they show, and run nothing")
  .parse();
const { list, test, long } = program.opts<{ list?: boolean; test?: string; long?: boolean }>();
const all = long === true ? lanesOfTheNight() : allLanes();
const chosen = chooseLanes(all, { words: program.args, test });

if (list === true) {
  for (const lane of all) print(`${lane.name.padEnd(12)} ${lane.what}`);
} else if ("unknown" in chosen) {
  process.stderr.write(
    `no lane and no test file ${chosen.unknown.join(", ")}; the lanes are ${all.map(({ name }) => name).join(", ")}\n`,
  );
  process.exitCode = 2;
} else {
  if (long === true) {
    process.env.RILL_LONG = "1";
    process.env.RILL_SEED ??= String(randomInt(2 ** 31));
    print(`RILL_SEED=${process.env.RILL_SEED} repeats this run`);
  }
  const counts = await runLanes(chosen.lanes, print);
  print(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
