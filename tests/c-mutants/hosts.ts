/**
 * The C host with all of its mutants in it, compiled: the smallest one, and the one with all that it can do.
 */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { needTool } from "../../tools/setup/build-tool.js";
import { cFeatures, cIncludeFlags, cSources, featureFlags } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { allMutants, type CMutant, hostFiles } from "./c-mutants.js";
import { mutantAt, type Schema, schemaOf } from "./schema.js";

/** Flags of all C here: sanitized, and as strange as mutants make it. */
export const cFlags: readonly string[] = [
  ...["-std=gnu99", "-w", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
  ...["-Werror=int-conversion", "-Werror=incompatible-pointer-types"],
];

/** By name: the switches of a host, and its sources. */
export const hostKinds = {
  small: { flags: [], sources: cSources("HOST") },
  whole: { flags: featureFlags, sources: cSources("HOST", ...cFeatures) },
} as const;
export type HostName = keyof typeof hostKinds;
export const hostNames = Object.keys(hostKinds) as HostName[];

/** A host that holds its mutants. */
export interface MutableHost {
  /** The flags of whoever is linked with it. */
  readonly flags: readonly string[];
  readonly objects: readonly string[];
  /** The numbers of the mutants that are in it. */
  readonly numbers: ReadonlySet<number>;
}

/** Both hosts, and their mutants by the numbers that switch them on. */
export interface MutableHosts {
  readonly mutants: ReadonlyMap<number, CMutant>;
  /** Mutants that are no C. */
  readonly refused: readonly CMutant[];
  readonly hosts: Readonly<Record<HostName, MutableHost>>;
}

const fileNames = [...hostFiles().keys()];

/** A compiler's error that is no mutant's. */
class StrangeError extends Error {}

/** Compiles both hosts into `folder`. */
export async function compileHosts(folder: string): Promise<MutableHosts> {
  const files = hostFiles();
  const mutants = new Map(allMutants(files).map((mutant, index) => [index + 1, mutant]));
  const refused: CMutant[] = [];
  for (;;) {
    const wrong = await wrongNumbers(folder, writeSchemas(folder, files, mutants));
    if (wrong.size === 0) break;
    for (const number of wrong) {
      refused.push(mutants.get(number)!);
      mutants.delete(number);
    }
  }
  const hosts = { small: await compileHost(folder, "small"), whole: await compileHost(folder, "whole") };
  const isUsed = (number: number): boolean => hostNames.some((name) => hosts[name].numbers.has(number));
  return { mutants: new Map([...mutants].filter(([number]) => isUsed(number))), refused, hosts };
}

function writeSchemas(
  folder: string,
  files: ReadonlyMap<string, string>,
  mutants: ReadonlyMap<number, CMutant>,
): Map<string, Schema> {
  return new Map(
    [...files].map(([file, source]) => {
      const own = [...mutants].filter(([, mutant]) => mutant.file === file);
      const schema = schemaOf(source, own, placeOf(file, 0));
      writeFileSync(join(folder, file), schema.text);
      return [file, schema];
    }),
  );
}

/** What server.c hears of a function that begins on that line. */
export function placeOf(file: string, line: number): number {
  return 1000 * fileNames.indexOf(file) + line;
}

/** The arguments that compile a file of a host, but for what is to come of it. */
function argsOf(folder: string, name: HostName, source: string): string[] {
  const file = join(folder, basename(source));
  return [...cFlags, ...hostKinds[name].flags, "-include", serverHeader, file];
}

/** The numbers of the mutants that do not compile. */
async function wrongNumbers(folder: string, schemas: ReadonlyMap<string, Schema>): Promise<Set<number>> {
  const compiler = needTool(await gcc());
  const all = hostNames.flatMap((name) =>
    hostKinds[name].sources.map((source) => argsOf(folder, name, source)),
  );
  const found = await inParallel(all, async (args) => {
    const { code, output } = await run(compiler, [...args, "-fsyntax-only"]);
    return code === 0 ? [] : numbersOf(output, schemas);
  });
  return new Set(found.flat());
}

async function compileHost(folder: string, name: HostName): Promise<MutableHost> {
  const compiler = needTool(await gcc());
  const { flags, sources } = hostKinds[name];
  const numbers = new Set<number>();
  const objects = await inParallel(sources, async (source) => {
    const object = join(folder, `${basename(source)}.${name}.o`);
    const args = argsOf(folder, name, source);
    const { code, output } = await run(compiler, [...args, "-c", "-o", object]);
    if (code !== 0) throw new StrangeError(output);
    const expanded = await run(compiler, [...args, "-E", "-P"]);
    for (const [, number] of expanded.output.matchAll(/rill_mutant == (\d+)/g)) numbers.add(Number(number));
    return object;
  });
  return { flags, objects, numbers };
}

/** The mutants that a compiler complains of. */
function numbersOf(output: string, schemas: ReadonlyMap<string, Schema>): number[] {
  const errors = [...output.matchAll(/^(\S+):(\d+):(\d+): error: .*$/gm)];
  const numbers = errors.map(([line, path, row, column]) => {
    const schema = schemas.get(basename(path!));
    const number = schema && mutantAt(schema, Number(row), Number(column));
    if (number === undefined) throw new StrangeError(line);
    return number;
  });
  if (numbers.length === 0) throw new StrangeError(output);
  return numbers;
}

const serverHeader = join(packageRoot, "tests", "c-mutants", "server.h");

/** Does `work` for all, as many at a time as there are cores. */
export async function inParallel<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...all.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  return results;
}

/** Flags of a program that includes the host's headers, as they are. */
export const headerFlags: readonly string[] = cIncludeFlags();
