/** Rust for WebAssembly: the tests' second toolchain, whose guests meet ours. */
import { existsSync } from "node:fs";
import { cargo } from "../../tools/setup/programs.js";
import { onPath } from "../../tools/setup/on-path.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";

/** The target triple of guests without a system interface. */
export const RUST_TARGET = "wasm32-unknown-unknown";

/** cargo, able to build for `RUST_TARGET`; rustup adds the target when it is not there. */
export async function rustWasm(): Promise<Tool> {
  const builder = await cargo();
  if (isMissing(builder) || (await hasTarget())) return builder;
  const add = ["target", "add", RUST_TARGET];
  const rustup = onPath("rustup");
  if (rustup !== null) await run(rustup, add);
  if (await hasTarget()) return builder;
  return {
    missing: `Rust's library for ${RUST_TARGET}`,
    how: `rustup ${add.join(" ")} (rustup: https://rustup.rs)`,
  };
}

async function hasTarget(): Promise<boolean> {
  const { code, output } = await run("rustc", ["--print", "target-libdir", "--target", RUST_TARGET]);
  return code === 0 && existsSync(output.trim());
}
