/**
 * The table in README.md of what the examples for WASI 0.3 weigh beside the same programs in Rust: written by
 * `npm run bench:wasi -- --update`.
 */
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type MarkedPart, markedPart } from "../tools/files/marked-part.js";
import { packageRoot } from "../tools/package-root.js";
import { run } from "../tools/setup/run.js";
import { isMissing } from "../tools/setup/tool.js";
import { wasmTools } from "../tools/setup/wheels.js";
import { type WasiExample, buildWasiExample, wasiExamples } from "./wasi-examples.js";

/** What each program weighs in one language. */
export interface WasiColumn {
  /** The language, with its version. */
  readonly head: string;
  /** Bytes of the component without custom sections, by the example's name. */
  readonly bytes: ReadonlyMap<string, number>;
}

const path = join(packageRoot, "README.md");
const begin = "<!-- wasi:begin -->\n";
const end = "<!-- wasi:end -->";

/** Builds all examples. */
export async function ownColumn(): Promise<WasiColumn> {
  const bytes = new Map<string, number>();
  for (const example of wasiExamples())
    bytes.set(example.name, await strippedBytes(await buildWasiExample(example), example.name));
  return { head: "as-rill", bytes };
}

/** Bytes of a component after `wasm-tools strip --all`. @param name a file's name for what is left of it */
export async function strippedBytes(component: string, name: string): Promise<number> {
  const tool = await wasmTools();
  if (isMissing(tool)) throw new Error(`${tool.missing}; ${tool.how}`);
  const stripped = join(packageRoot, "build", "wasi", `${name}.stripped.wasm`);
  const done = await run(tool.path, ["strip", "--all", component, "-o", stripped]);
  if (done.code !== 0) throw new Error(done.output);
  return statSync(stripped).size;
}

/** The table as Markdown, without a newline at its end. */
export function wasiTable(own: WasiColumn, rust: WasiColumn): string {
  const row = ({ name, what }: WasiExample): string => {
    const [ours, theirs] = [own, rust].map(({ bytes }) => bytes.get(name));
    const cells = [ours, theirs].map((bytes) => bytes?.toLocaleString("en") ?? "-");
    const times = ours !== undefined && theirs !== undefined ? (theirs / ours).toFixed(1) : "-";
    return `| [${name}](examples/wasi-${name}) | ${what} | ${cells.join(" | ")} | ${times} |`;
  };
  const head = `| program | what it does | ${own.head} | ${rust.head} | times |`;
  return [head, "| --- | --- | ---: | ---: | ---: |", ...wasiExamples().map(row)].join("\n");
}

/** README.md's table. */
export function shownTable(): string {
  return readTable().part.trimEnd();
}

/** The column of Rust that `table` has: what stays there where Rust's programs are not built. */
export function shownRust(table: string): WasiColumn {
  const [head, , ...rows] = table.split("\n").map((line) => line.split(" | "));
  const bytes = rows.flatMap((cells): [string, number][] => {
    const name = /\[(.*?)\]/.exec(cells[0]!)?.[1];
    const figure = Number(cells[3]?.replaceAll(",", ""));
    return name === undefined || Number.isNaN(figure) ? [] : [[name, figure]];
  });
  return { head: head?.[3] ?? "Rust", bytes: new Map(bytes) };
}

/** Writes `table` into README.md. */
export function writeWasiTable(table: string): void {
  const { before, after } = readTable();
  writeFileSync(path, `${before}${table}\n${after}`);
}

function readTable(): MarkedPart {
  return markedPart(path, readFileSync(path, "utf8"), begin, end);
}
