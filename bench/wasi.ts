/**
 * `npm run bench:wasi`: the sizes of the examples for WASI 0.3; `-- --update` writes
 * them into docs/running-on-wasmtime.md.
 */
import { writeWasiTable, wasiTable } from "./wasi-examples.js";

const table = await wasiTable();
process.stdout.write(`${table}\n`);
if (process.argv.includes("--update")) writeWasiTable(table);
