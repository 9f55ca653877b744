/** Builds the guests of this folder's tests, from source to component. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileGuest } from "../../tools/build/compile.js";
import { link } from "../../tools/build/link.js";
import { optimize, withModule } from "../../tools/build/optimize.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";
import { wasmTools, wasmtime } from "../../tools/setup/wheels.js";

const guests = join(packageRoot, "tests", "guests");
const out = join(packageRoot, "build", "wasmtime");

/** A change to a guest's source, to see a test fail. */
export type Change = (source: string) => string;

interface Guest {
  /** The component's file name, in kebab case: `wasm-tools compose` makes it a name inside the composition. */
  readonly name: string;
  /** Its folder in `tests/guests`. */
  readonly folder: string;
  readonly source: string;
  readonly wit: string;
  readonly entrySource: string;
  /** The function that its world exports. */
  readonly lift: string;
}

/** The component of `tests/guests/double`. */
export function double(name = "double", change: Change = (source) => source): Promise<string> {
  const entrySource = readFileSync(join(guests, "double", "entry.ts"), "utf8");
  const lift = "my:test/i#double";
  return component(
    { name, folder: "double", source: "double.ts", wit: "double.wit", entrySource, lift },
    change,
  );
}

/** The component of `tests/guests/runner/SCENARIO.ts`: a command that calls `double`. */
export function runner(scenario: string): Promise<string> {
  const entrySource = [
    `import { main } from "./${scenario}";`,
    `import { run } from "./bindings/wasi-cli-run";`,
    `export function lift0(): i32 { main(changetype<run.Task>(0)); return 0; }`,
    `export function callback0(event: i32, waitable: i32, payload: i32): i32 { return unreachable(); }`,
  ].join("\n");
  const source = `${scenario}.ts`;
  const lift = "wasi:cli/run@0.3.0#run";
  return component(
    { name: scenario, folder: "runner", source, wit: "runner.wit", entrySource, lift },
    (text) => text,
  );
}

async function component(guest: Guest, change: Change): Promise<string> {
  const baseDir = join(guests, guest.folder);
  const source = change(readFileSync(join(baseDir, guest.source), "utf8"));
  const { text, dataEnd } = await compileGuest({
    baseDir,
    entryName: "entry.ts",
    entrySource: guest.entrySource,
    virtualFiles: new Map([[guest.source, source]]),
  });
  const exports = [
    { internal: "lift0", canonical: `[async-lift]${guest.lift}` },
    { internal: "callback0", canonical: `[callback][async-lift]${guest.lift}` },
  ];
  const linked = link(
    optimize(text, () => null),
    exports,
    dataEnd,
  );
  mkdirSync(out, { recursive: true });
  const core = join(out, `${guest.name}.core.wasm`);
  writeFileSync(
    core,
    withModule(linked, (module) => module.emitBinary()),
  );
  await wasmToolsCommand("component", "embed", join(baseDir, guest.wit), core, "-o", core);
  const path = join(out, `${guest.name}.wasm`);
  await wasmToolsCommand("component", "new", core, "-o", path);
  return path;
}

/** Composes `command` with the component that it imports. @returns the composition's path */
export async function compose(command: string, callee: string, name: string): Promise<string> {
  const path = join(out, `${name}.composed.wasm`);
  await wasmToolsCommand("compose", command, "-d", callee, "-o", path);
  return path;
}

/** Runs a command component on Wasmtime. */
export async function runOnWasmtime(path: string): Promise<{ code: number | null; output: string }> {
  return run(pathOf(await wasmtime()), ["run", "-W", "component-model-async=y", "-S", "p3=y", path]);
}

async function wasmToolsCommand(...args: string[]): Promise<void> {
  const done = await run(pathOf(await wasmTools()), args);
  assert.equal(done.code, 0, `wasm-tools ${args.join(" ")}\n${done.output}`);
}

function pathOf(tool: Tool): string {
  assert.ok(!isMissing(tool), JSON.stringify(tool));
  return tool.path;
}
