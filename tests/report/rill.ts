/** Makes modules to report on, and reports. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after } from "node:test";
import asc from "assemblyscript/asc";
import binaryen from "../../tools/wasm/binaryen.js";
import { analyseFile } from "../../tools/report/report-command.js";
import type { Report } from "../../tools/report/model.js";
import { builtOnce } from "../built-once.js";
import { rill } from "../rill.js";

export { rill };
export type { Outcome } from "../rill.js";

/** A folder that is gone after the tests. */
export const folder: string = mkdtempSync(join(tmpdir(), "rill-report-"));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The JSON report of `path`. */
export function reportOf(path: string, ...flags: string[]): Report {
  const { code, stdout, stderr } = rill("report", path, "--json", ...flags);
  if (code !== 0) throw new Error(`rill report ${path} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as Report;
}

/** The report of `path`, made in this process: for the many modules of the corpus. */
export async function analysed(path: string, sourceMap?: false): Promise<Report> {
  const { report } = await analyseFile(path, sourceMap === false ? { sourceMap } : {});
  return report;
}

/** Writes `bytes` to a file of the folder; returns its path. */
export function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Assembles WebAssembly text, names kept. */
export function wat(text: string): Uint8Array {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.All);
  binaryen.setDebugInfo(true);
  const bytes = module.emitBinary();
  binaryen.setDebugInfo(false);
  module.dispose();
  return bytes;
}

/** Compiles AssemblyScript to `NAME.wasm`, with its source map beside it; returns the path. */
export async function compile(name: string, source: string, ...flags: string[]): Promise<string> {
  const { error, stderr } = await asc.main(
    ["main.ts", "--runtime", "stub", "--sourceMap", "--outFile", `${name}.wasm`, ...flags],
    {
      readFile: (path) => (path === "main.ts" ? source : null),
      writeFile: (path, contents) => {
        file(path, contents);
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(stderr.toString());
  return join(folder, `${name}.wasm`);
}

/** Puts one of the repository's guests into the folder, by strategy; returns the core module's path. */
export function guest(entry: string, wit: string, wait: "wait" | "callback" = "wait"): Promise<string> {
  return builtOnce({ entry, wit, wait }, wait === "wait" ? folder : join(folder, wait));
}

/** Sum of one field. */
export function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
