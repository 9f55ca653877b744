/** The guests that meet on Wasmtime: ours by `rill build`, theirs by wit-bindgen for Rust. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync, mkdirSync, cpSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import { cacheRoot } from "../../tools/setup/cache.js";
import { RUST_TARGET, rustWasm } from "../../dev/setup/rust-wasm.js";
import { run } from "../../tools/setup/run.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { component, out, pathOf } from "../wasmtime/components.js";

/**
 * `echo` answers with what it was given; `runner` is a command that asks it and
 * traps when the answer is wrong.
 */
export type Part = "echo" | "runner";

const folder = join(packageRoot, "tests", "wit-bindgen");

/** The component of `guests/PART.ts`. */
export function ours(part: Part): Promise<string> {
  return build(`trip-${part}`, part, join(folder, "guests"));
}

/** As `ours`, from a source that was changed, to see a test fail. */
export function changed(part: Part, name: string, change: (source: string) => string): Promise<string> {
  const copy = join(out, `trip-${name}-sources`);
  mkdirSync(copy, { recursive: true });
  cpSync(join(folder, "guests", "trip.wit"), join(copy, "trip.wit"));
  const source = readFileSync(join(folder, "guests", `${part}.ts`), "utf8");
  const mutated = change(source);
  assert.notEqual(mutated, source, "the mutation no longer applies");
  writeFileSync(join(copy, `${part}.ts`), mutated);
  return build(`trip-${name}`, part, copy);
}

function build(name: string, part: Part, from: string): Promise<string> {
  return component(name, {
    entry: join(from, `${part}.ts`),
    wit: join(from, "trip.wit"),
    world: `trip-${part}`,
    arenaBytes: 8192,
  });
}

/** The component of `rust/src/PART.rs`. cargo works in the cache, where its dependencies stay built. */
export async function rusts(part: Part): Promise<string> {
  const target = join(cacheRoot(), "wit-bindgen");
  const build = ["build", "--release", "--locked", "--target", RUST_TARGET, "--features", part];
  const built = await run(pathOf(await rustWasm()), [...build, "--target-dir", target], {
    cwd: join(folder, "rust"),
  });
  assert.equal(built.code, 0, built.output);
  const path = join(out, `rust-${part}.wasm`);
  mkdirSync(out, { recursive: true });
  const core = join(target, RUST_TARGET, "release", "trip.wasm");
  const made = await run(pathOf(await wasmTools()), ["component", "new", core, "-o", path]);
  assert.equal(made.code, 0, made.output);
  return path;
}
