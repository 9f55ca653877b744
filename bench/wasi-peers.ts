/** The same programs as the examples for WASI 0.3 in Rust, with crate `wasip3`: `bench/peers/rust-wasi`. */
import { join } from "node:path";
import { RUST_WASI_TARGET, rustWasi } from "../dev/setup/rust-wasm.js";
import { cacheRoot } from "../tools/setup/cache.js";
import { run } from "../tools/setup/run.js";
import { isMissing } from "../tools/setup/tool.js";
import { wasiExamples } from "./wasi-examples.js";
import { type WasiColumn, strippedBytes } from "./wasi-table.js";
import { inRepository } from "./workloads.js";

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
