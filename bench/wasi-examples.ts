/** The examples for WASI 0.3, built as their READMEs say. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../tools/compile/build-guest.js";
import { packageRoot } from "../tools/package-root.js";

/** An example: `examples/wasi-NAME`. */
export interface WasiExample {
  readonly name: string;
  /** What it does: the first sentence of its README. */
  readonly what: string;
  /** The options of `rill build` that its README gives. */
  readonly arenaBytes?: number;
  readonly wait: "wait" | "callback";
}

const folder = join(packageRoot, "examples");

/** All of them, by name. */
export function wasiExamples(): WasiExample[] {
  const names = readdirSync(folder).flatMap((path) => /^wasi-(.*)$/.exec(path)?.[1] ?? []);
  return names.sort().map((name) => {
    const readme = readFileSync(join(folder, `wasi-${name}`, "README.md"), "utf8");
    const command = /^ {4}npx rill build .*$/m.exec(readme)![0];
    const arena = / --arena (\d+)/.exec(command)?.[1];
    return {
      name,
      what: /^\n(.*?[^.])[.:](?:\s|$)/m.exec(readme)![1]!,
      ...(arena !== undefined && { arenaBytes: Number(arena) }),
      wait: command.includes(" --wait callback") ? "callback" : "wait",
    };
  });
}

const built = new Map<string, Promise<string>>();

/** Builds an example, once. @returns its component's path */
export function buildWasiExample({ name, arenaBytes, wait }: WasiExample): Promise<string> {
  const stem = join(folder, `wasi-${name}`, name);
  const outDir = join(packageRoot, "build", "wasi");
  const guest = { entry: `${stem}.ts`, wit: `${stem}.wit`, component: true, bindings: false };
  const path =
    built.get(name) ??
    buildGuest({ ...guest, outDir, wait, arenaBytes }).then(({ componentPath }) => componentPath!);
  built.set(name, path);
  return path;
}
