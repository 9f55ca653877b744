/** `npm test`: runs the lanes, all or those named, or some of their files, and closes with `N passed, N failed, N skipped`. */
import { Command } from "commander";
import { chooseLanes } from "./choose-lanes.js";
import { allLanes } from "./lanes.js";
import { runLanes } from "./run-lanes.js";

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const program = new Command("npm test --")
  .description("Runs the tests of as-rill, lane by lane")
  .argument("[lanes...]", "lanes, and files of lanes, to run; everything when none is named")
  .option("-t, --test <pattern>", "only tests whose names match")
  .option("--list", "name the lanes and what they show, and run nothing")
  .parse();
const all = allLanes();
const { list, test } = program.opts<{ list?: boolean; test?: string }>();
const chosen = chooseLanes(all, { words: program.args, test });

if (list === true) {
  for (const lane of all) print(`${lane.name.padEnd(12)} ${lane.what}`);
} else if ("unknown" in chosen) {
  process.stderr.write(
    `no lane and no test file ${chosen.unknown.join(", ")}; the lanes are ${all.map(({ name }) => name).join(", ")}\n`,
  );
  process.exitCode = 2;
} else {
  const counts = await runLanes(chosen.lanes, print);
  print(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
