/**
 * `npm run bench`: measures guests and the cost of lists, prints tables, and fails when a budget is exceeded.
 */
import { Command } from "commander";
import { excesses, readBudgets } from "./budgets.js";
import { buildCostFaults, buildCostText, measureBuildCost } from "./build-cost.js";
import { updateExampleBudgets } from "./example-budgets.js";
import { callsText, measureCalls } from "./calls.js";
import { densityText, measureDensity } from "./density.js";
import { copiesText, measureCopies } from "./copies.js";
import type { Figures } from "./figures.js";
import { measureSlope, slopeFaults, slopeText } from "./list-slope.js";
import { measure } from "./measure.js";
import { whereMeasurable } from "./measure-on-wamr.js";
import { measurePeers, peersText } from "./peers.js";
import { staleReadmeRows, writeReadmeTable } from "./readme.js";
import { measureThroughput, throughputText } from "./throughput.js";
import { tableText } from "./table.js";
import { wasiBesideRust } from "./wasi-peers.js";
import { workloads } from "./workloads.js";

const program = new Command("npm run bench --")
  .description(
    "Measures double, the examples, longer copies, calls, live guests, hosts side by side, lists as items and the build, and compares with bench/budgets.json",
  )
  .option("--json", "print the figures as one JSON document")
  .option("--update", "write the table into README.md, and today's figures into the examples' budgets")
  .option(
    "--peers",
    "measure double by hand in WAT and by wit-bindgen, too, and print their ratios to ours; the examples for WASI beside Rust",
  )
  .parse();
const {
  json = false,
  update = false,
  peers = false,
} = program.opts<{ json?: boolean; update?: boolean; peers?: boolean }>();
const tell = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const figures: Figures[] = [];
for (const workload of workloads) {
  if (process.stderr.isTTY) tell(`measuring ${workload.name}`);
  figures.push(await measure(workload, tell));
}
const budgets = readBudgets();
const others = peers ? await measurePeers(tell) : [];
const wasi = peers ? await wasiBesideRust(tell) : null;
const copies = await measureCopies(tell);
const calls = await measureCalls();
const density = await whereMeasurable({ name: "the density" }, "classic", tell, measureDensity);
const broken = [
  ...figures.flatMap((row) => excesses(row, budgets)),
  ...excesses({ guest: "copies", ...copies }, budgets),
  ...excesses({ guest: "calls", ...calls }, budgets),
  ...excesses({ guest: "density", ...density }, budgets),
];
const throughput = await measureThroughput();
const slope = await measureSlope();
const bent = slopeFaults(slope);
const building = await measureBuildCost();
const dear = buildCostFaults(building);
const document = {
  guests: figures,
  peers: others,
  copies,
  calls,
  density,
  throughput,
  list_slope: slope,
  build_cost: building,
  over_budget: broken,
};
process.stdout.write(
  json
    ? `${JSON.stringify(document, null, 2)}\n`
    : `${tableText(figures)}\n\n${peers ? `${peersText(figures[0]!, [figures[1]!, ...others])}\n\n` : ""}${copiesText(copies)}\n\n${callsText(calls)}\n\n${density ? `${densityText(density)}\n\n` : ""}${throughputText(throughput)}\n\n${slopeText(slope)}\n\n${buildCostText(building)}\n${wasi === null ? "" : `\n${wasi}\n`}`,
);
for (const { guest, figure, limit, measured } of broken) {
  tell(
    `over budget: ${guest}, ${figure}: ${measured ?? "not measured"}, at most ${limit} (bench/budgets.json)`,
  );
}
for (const fault of bent) tell(`not linear: ${fault}`);
for (const fault of dear) tell(`a build costs too much: ${fault}`);
if (update) {
  writeReadmeTable(figures);
  await updateExampleBudgets();
}
const stale = staleReadmeRows(figures);
for (const row of stale)
  tell(`README.md does not show today's figures; npm run bench -- --update writes them: ${row}`);
process.exitCode = broken.length + bent.length + dear.length + stale.length === 0 ? 0 : 1;
