/**
 * `double` as others make it, for `npm run bench -- --peers`: by hand in WAT, and by
 * wit-bindgen for Rust where that can be built.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Table from "cli-table3";
import { isMissing } from "../tools/setup/tool.js";
import { cacheRoot } from "../tools/setup/cache.js";
import { run } from "../tools/setup/run.js";
import { RUST_TARGET, rustWasm } from "../dev/setup/rust-wasm.js";
import binaryen from "../tools/wasm/binaryen.js";
import { readModule } from "../tools/wasm/read-module.js";
import { packageRoot } from "../tools/package-root.js";
import { buildAnalysed } from "./build-analysed.js";
import type { Figures } from "./figures.js";
import { measureCore } from "./measure.js";
import { rows } from "./table.js";
import { inRepository, workloads } from "./workloads.js";

const folder = join(packageRoot, "build", "bench", "peers");

/**
 * Measures every peer that can be built here.
 * @param complain told once for each that cannot be built or measured
 */
export async function measurePeers(complain: (reason: string) => void): Promise<Figures[]> {
  mkdirSync(folder, { recursive: true });
  const ours = (await buildAnalysed("double")).input.bytes;
  const [double] = workloads;
  const peers: Figures[] = [];
  for (const kind of ["smallest", "fastest"]) {
    const core = byHand(kind, ours);
    peers.push(await measureCore({ ...double!, name: `WAT by hand, ${kind}` }, core, complain));
  }
  const rust = await byRust();
  if (typeof rust === "string")
    peers.push(await measureCore({ ...double!, name: "Rust, wit-bindgen" }, rust, complain));
  else complain(`Rust's double was not measured: ${rust.why}`);
  return peers;
}

/** The module of `peers/double-KIND.wat`, with the types of ours. */
function byHand(kind: string, ours: Uint8Array): string {
  const module = binaryen.parseText(readFileSync(inRepository(`bench/peers/double-${kind}.wat`), "utf8"));
  const bytes = module.emitBinary();
  module.dispose();
  const path = join(folder, `double-${kind}.core.wasm`);
  writeFileSync(path, Buffer.concat([bytes, typesOf(ours)]));
  return path;
}

/** The custom section that holds a module's WIT. */
function typesOf(bytes: Uint8Array): Uint8Array {
  const section = readModule(bytes).sections.find(({ name }) => name.startsWith("component-type"))!;
  return bytes.subarray(section.start, section.end);
}

async function byRust(): Promise<string | { readonly why: string }> {
  const cargo = await rustWasm();
  if (isMissing(cargo)) return { why: `${cargo.missing} is not installed; type: ${cargo.how}` };
  const target = join(cacheRoot(), "wit-bindgen-double");
  const args = ["build", "--release", "--locked", "--target", RUST_TARGET, "--target-dir", target];
  const { code, output } = await run(cargo.path, args, { cwd: inRepository("bench/peers/rust") });
  if (code !== 0) return { why: output };
  const path = join(folder, "double-rust.core.wasm");
  writeFileSync(path, shrunk(readFileSync(join(target, RUST_TARGET, "release", "double.wasm"))));
  return path;
}

/**
 * As `wasm-opt -Oz` would. WAMR as the C host has it takes no bulk memory, so these figures are of V8 alone.
 */
function shrunk(bytes: Uint8Array): Uint8Array {
  const module = binaryen.readBinary(bytes);
  const { ReferenceTypes, Multivalue } = binaryen.Features;
  module.setFeatures(module.getFeatures() & ~ReferenceTypes & ~Multivalue);
  binaryen.setOptimizeLevel(2);
  binaryen.setShrinkLevel(2);
  module.optimize();
  const small = module.emitBinary();
  module.dispose();
  return small;
}

/** Ours and the others' side by side, each figure with its ratio to the first column's. */
export function peersText(ours: Figures, others: readonly Figures[]): string {
  const table = new Table({
    head: ["", ...[ours, ...others].map(({ guest }) => guest)],
    colAligns: ["left", ...[ours, ...others].map(() => "right" as const)],
    style: { head: [], border: [] },
  });
  // Allocators are known by their names, which others' modules need not have.
  for (const [label, value] of rows.filter(([text]) => !text.startsWith("allocations"))) {
    const base = value(ours);
    const cells = others.map((other) => withRatio(value(other), base));
    table.push([label, figure(base), ...cells]);
  }
  return table.toString();
}

function withRatio(value: number | null, base: number | null): string {
  return value === null || !base ? figure(value) : `${figure(value)} (${(value / base).toFixed(2)})`;
}

function figure(value: number | null): string {
  return value === null ? "-" : value.toLocaleString("en", { maximumFractionDigits: 1 });
}
