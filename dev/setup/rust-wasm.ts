/** Rust for WebAssembly: the tests' second toolchain, whose guests meet ours. */
import { existsSync } from "node:fs";
import { cargo } from "../../tools/setup/programs.js";
import { onPath } from "../../tools/setup/on-path.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";

/** The target triple of guests without a system interface. */
export const RUST_TARGET = "wasm32-unknown-unknown";
/** That of programs for WASI: their linker writes components. */
export const RUST_WASI_TARGET = "wasm32-wasip2";

/** cargo, able to build for `RUST_TARGET`; rustup adds the target when it is not there. */
export const rustWasm = (): Promise<Tool> => rustFor(RUST_TARGET);
/** The same for `RUST_WASI_TARGET`. */
export const rustWasi = (): Promise<Tool> => rustFor(RUST_WASI_TARGET);

async function rustFor(target: string): Promise<Tool> {
  const builder = await cargo();
  if (isMissing(builder) || (await hasTarget(target))) return builder;
  const add = ["target", "add", target];
  const rustup = onPath("rustup");
  if (rustup !== null) await run(rustup, add);
  if (await hasTarget(target)) return builder;
  return {
    missing: `Rust's library for ${target}`,
    how: `rustup ${add.join(" ")} (rustup: https://rustup.rs)`,
  };
}

async function hasTarget(target: string): Promise<boolean> {
  const { code, output } = await run("rustc", ["--print", "target-libdir", "--target", target]);
  return code === 0 && existsSync(output.trim());
}
