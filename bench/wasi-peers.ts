/** The same programs as the examples for WASI 0.3 in Rust, with crate `wasip3`: `bench/peers/rust-wasi`. */
import { join } from "node:path";
import { RUST_WASI_TARGET, rustWasi } from "../dev/setup/rust-wasm.js";
import { cacheRoot } from "../tools/setup/cache.js";
import { run } from "../tools/setup/run.js";
import { isMissing } from "../tools/setup/tool.js";
import { wasiExamples } from "./wasi-examples.js";
import { ownColumn, shownRust, shownTable, strippedBytes, type WasiColumn, wasiTable } from "./wasi-table.js";
import { inRepository } from "./workloads.js";

/** The table of README.md with Rust built here; where that cannot be, its column is README.md's. */
export async function wasiBesideRust(tell: (line: string) => void): Promise<string> {
  const rust = await rustColumn().catch((error: unknown) => {
    tell(
      `the programs for WASI in Rust are not built: ${error instanceof Error ? error.message : String(error)}`,
    );
    return shownRust(shownTable());
  });
  return wasiTable(await ownColumn(), rust);
}

/** Builds them all. @throws Error when Rust for WASI is not there, or one does not build */
export async function rustColumn(): Promise<WasiColumn> {
  const cargo = await rustWasi();
  if (isMissing(cargo)) throw new Error(`${cargo.missing} is not installed; type: ${cargo.how}`);
  const folder = join(cacheRoot(), "wasi-examples-rust");
  const args = ["build", "--release", "--examples", "--locked", "--target", RUST_WASI_TARGET];
  const cwd = inRepository("bench/peers/rust-wasi");
  const { code, output } = await run(cargo.path, [...args, "--target-dir", folder], { cwd });
  if (code !== 0) throw new Error(output);
  const built = join(folder, RUST_WASI_TARGET, "release", "examples");
  const bytes = new Map<string, number>();
  for (const { name } of wasiExamples())
    bytes.set(name, await strippedBytes(join(built, `${name}.wasm`), `${name}-rust`));
  const version = /\d+\.\d+/.exec((await run("rustc", ["--version"])).output)![0];
  return { head: `Rust ${version}`, bytes };
}
