/** `npm test`: runs the lanes, all or those named, and closes with `N passed, N failed, N skipped`. */
import { Command } from "commander";
import { allLanes } from "./lanes.js";
import { runLanes } from "./run-lanes.js";

const print = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const program = new Command("npm test --")
  .description("Runs the tests of as-rill, lane by lane")
  .argument("[lanes...]", "the lanes to run; all when none is named")
  .option("--list", "name the lanes and what they show, and run nothing")
  .parse();
const lanes = allLanes();
const named = program.args;
const unknown = named.filter((name) => !lanes.some((lane) => lane.name === name));

if (program.opts<{ list?: boolean }>().list === true) {
  for (const lane of lanes) print(`${lane.name.padEnd(12)} ${lane.what}`);
} else if (unknown.length > 0) {
  process.stderr.write(
    `no lane ${unknown.join(", ")}; there are ${lanes.map((lane) => lane.name).join(", ")}\n`,
  );
  process.exitCode = 2;
} else {
  const chosen = named.length === 0 ? lanes : lanes.filter((lane) => named.includes(lane.name));
  const counts = await runLanes(chosen, print);
  print(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}
