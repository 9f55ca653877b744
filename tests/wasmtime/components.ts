/** Builds the guests of this folder's tests, from source to composed command, and runs it. */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildGuest, type BuildOptions } from "../../tools/compile/build-guest.js";
import { composeComponents } from "../../tools/compile/compose.js";
import type { WaitStrategy } from "../../tools/compile/guest-module.js";
import { packageRoot } from "../../tools/package-root.js";
import { run, type Finished } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";
import { wasmtime } from "../../tools/setup/wheels.js";

const guests = join(packageRoot, "tests", "guests");
/** Where this folder and others leave components. */
export const out = join(packageRoot, "build", "wasmtime");

/** The component of `tests/guests/double`. */
export function double(wait: WaitStrategy = "wait"): Promise<string> {
  return component(`double-${wait}`, {
    wait,
    entry: join(guests, "double", "double.ts"),
    wit: join(guests, "double", "double.wit"),
  });
}

/** The component of a `double` whose source was changed, to see a test fail. */
export function mutant(name: string, change: (source: string) => string): Promise<string> {
  return changedGuest("double", `double-${name}`, change);
}

/** The same of `tests/guests/GUEST`. @param name of the folder that it is built in */
export function changedGuest(
  guest: string,
  name: string,
  change: (source: string) => string,
  wait: WaitStrategy = "wait",
): Promise<string> {
  const source = readFileSync(join(guests, guest, `${guest}.ts`), "utf8");
  const changed = change(source);
  assert.notEqual(changed, source, "the mutation no longer applies");
  const folder = join(out, `${name}-source`);
  mkdirSync(folder, { recursive: true });
  const entry = join(folder, `${guest}.ts`);
  writeFileSync(entry, changed);
  return component(name, { entry, wit: join(guests, guest, `${guest}.wit`), wait });
}

/** The component of `tests/guests/runner/SCENARIO.ts`: a command that calls `double`. */
export function runner(scenario: string, wait: WaitStrategy = "wait"): Promise<string> {
  return component(`${scenario}-${wait}`, {
    wait,
    entry: join(guests, "runner", `${scenario}.ts`),
    wit: join(guests, "runner", "runner.wit"),
  });
}

/** Builds one guest. @param name of the folder that it is built in */
export async function component(name: string, guest: Omit<BuildOptions, "outDir">): Promise<string> {
  const { componentPath } = await buildGuest({ ...guest, component: true, outDir: join(out, name) });
  return componentPath!;
}

/** Composes `command` with the component that it imports. @returns the composition's path */
export async function compose(command: string, callee: string, name: string): Promise<string> {
  const path = join(out, `${name}.composed.wasm`);
  await composeComponents(command, [callee], path);
  return path;
}

/** Runs a command component on Wasmtime. */
export async function runOnWasmtime(path: string): Promise<Finished> {
  return run(pathOf(await wasmtime()), ["run", "-W", "component-model-async=y", "-S", "p3=y", path]);
}

/** Where `tool` is; fails the test when it is not there. */
export function pathOf(tool: Tool): string {
  assert.ok(!isMissing(tool), JSON.stringify(tool));
  return tool.path;
}
