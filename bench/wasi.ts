/**
 * `npm run bench:wasi`: what the examples for WASI 0.3 weigh; fails when README.md's table is out of date.
 */
import { Command } from "commander";
import { rustColumn } from "./wasi-peers.js";
import { ownColumn, shownRust, shownTable, wasiTable, writeWasiTable } from "./wasi-table.js";

const { peers = false, update = false } = new Command("npm run bench:wasi --")
  .description("Builds the examples for WASI 0.3 and prints what each weighs beside the same program in Rust")
  .option("--peers", "build the programs in Rust, too; without it their column is README.md's")
  .option("--update", "write the table into README.md")
  .parse()
  .opts<{ peers?: boolean; update?: boolean }>();

const table = wasiTable(await ownColumn(), peers ? await rustColumn() : shownRust(shownTable()));
process.stdout.write(`${table}\n`);
if (update) writeWasiTable(table);
if (table !== shownTable()) {
  process.stderr.write(
    "README.md does not show today's figures; npm run bench:wasi -- --update writes them\n",
  );
  process.exitCode = 1;
}
