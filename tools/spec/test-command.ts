/** `rill test`: a guest's specs with the scripted host, then the gate. */
import { join, posix, relative, resolve, sep } from "node:path";
import {
  type GuestSizes,
  type PreparedGuest,
  type WaitStrategy,
  prepareGuest,
  sizeConstants,
} from "../compile/guest-module.js";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { writeFileWhole } from "../files/write-whole.js";
import { needsArena } from "../wit/arena-use.js";
import type { Features } from "../wit/wasm-tools.js";
import type { SpecInput } from "./compile-spec.js";
import { type GuestFilesFound, findGuest, findSpecs } from "./find-guest.js";
import { junitXml } from "./junit.js";
import { ownPlaces } from "./own-places.js";
import { type SpecResults, closingLine, countResults, specText } from "./results.js";
import { runSpec } from "./run-spec.js";

/** The command's flags as commander gives them. */
export interface TestFlags {
  readonly entry?: string;
  readonly wit?: string;
  readonly world?: string;
  readonly features?: Features;
  readonly testNamePattern?: string;
  readonly timeout: number;
  readonly junit?: string;
  /** False leaves the gate out. */
  readonly check: boolean;
  readonly seconds: number;
  readonly arena?: number;
  readonly ends?: number;
  readonly callPlaces?: number;
  readonly wait?: WaitStrategy;
  readonly backpressure?: boolean;
}

/**
 * Runs the specs at `paths`, folders and files, then the gate on their guest.
 * @param onRead told of each path that is read, before it is
 * @throws UserError for bad input, CheckFailure when a test or the gate fails
 */
export async function runTests(
  paths: readonly string[],
  flags: TestFlags,
  onRead: (path: string) => void = () => undefined,
): Promise<void> {
  requirePattern(flags.testNamePattern);
  const specs = [...new Set(paths.flatMap((path) => findSpecs(path, onRead)))];
  const files = guestFiles(paths[0]!, flags);
  const guest = files && (await prepare(files, flags, onRead));
  const inputs = specs.map((spec) => specInput(spec, guest, flags, onRead));
  const all = await runAll(specs, inputs, flags);
  if (flags.junit !== undefined) writeFileWhole(flags.junit, junitXml(all));
  const { passed, failed } = countResults(all);
  if (passed + failed === 0) throw noTest(paths.join(" "), flags.testNamePattern);
  process.stdout.write(closingLine(all));
  if (failed > 0) throw new CheckFailure(`${paths.join(" ")}: ${failed} of ${passed + failed} tests failed`);
  if (files && flags.check) await checkGuest(files, flags);
}

function requirePattern(pattern: string | undefined): void {
  if (pattern === undefined) return;
  try {
    new RegExp(pattern);
  } catch (error) {
    throw new UserError(`-t ${pattern}: no regular expression: ${(error as Error).message}`);
  }
}

function noTest(path: string, pattern: string | undefined): UserError {
  return new UserError(
    pattern === undefined
      ? `${path}: no spec there has a test; write it("…", () => { … })`
      : `${path}: no test's name matches ${pattern} (-t)`,
  );
}

function guestFiles(path: string, { entry, wit }: TestFlags): GuestFilesFound | null {
  if (entry !== undefined && wit !== undefined) return { entry, wit };
  const found = findGuest(path) ?? (path.endsWith(".ts") ? findGuest(".") : null);
  if (!found && (entry !== undefined || wit !== undefined))
    throw new UserError(
      `${entry ?? wit!}: --entry and --wit go together where no guest is found beside the specs`,
    );
  return found && { ...found, ...(entry !== undefined && { entry }), ...(wit !== undefined && { wit }) };
}

async function prepare(
  files: GuestFilesFound,
  flags: TestFlags,
  onRead: (path: string) => void,
): Promise<PreparedGuest> {
  onRead(files.entry);
  onRead(files.wit);
  const { world, features } = flags;
  const guest = await prepareGuest({ ...files, world, features, asked: sizesOf(flags) });
  for (const [path, text] of guest.bindings) writeFileWhole(join(guest.baseDir, path), text);
  return guest;
}

function sizesOf({ arena, ends, callPlaces }: TestFlags): GuestSizes {
  return { arenaBytes: arena, endPlaces: ends, callPlaces };
}

function specInput(
  spec: string,
  guest: PreparedGuest | null,
  flags: TestFlags,
  onRead: (path: string) => void,
): SpecInput {
  const shownDir = guest?.shownDir ?? ".";
  const baseDir = guest?.baseDir ?? resolve(".");
  return {
    spec: relative(baseDir, resolve(spec)).split(sep).join(posix.sep),
    baseDir,
    shownDir,
    constants: sizeConstants(sizesOf(flags)),
    arena: guest !== null && needsArena(guest.world),
    virtualFiles: guest?.bindings ?? new Map<string, string>(),
    onRead,
  };
}

/** Compiles all before it runs one: a spec that does not compile is said at once. */
async function runAll(
  specs: readonly string[],
  inputs: readonly SpecInput[],
  { testNamePattern, timeout }: TestFlags,
): Promise<SpecResults[]> {
  const { compileSpec } = await import("./compile-spec.js");
  const modules = [];
  for (const input of inputs) modules.push(await compileSpec(input));
  const all: SpecResults[] = [];
  for (const [index, { binary, map }] of modules.entries()) {
    const { shownDir, virtualFiles } = inputs[index]!;
    const results = await runSpec({ binary, names: testNamePattern ?? null }, timeout);
    const placed = results.map((result) => {
      const places = ownPlaces(map, result, (source) => virtualFiles.has(source));
      return { ...result, places: places.map((place) => join(shownDir, place)) };
    });
    const spec = { file: specs[index]!, results: placed };
    if (placed.length > 0) process.stdout.write(specText(spec));
    all.push(spec);
  }
  return all;
}

async function checkGuest({ entry, wit }: GuestFilesFound, flags: TestFlags): Promise<void> {
  const { runCheck } = await import("../gate/check-command.js");
  const { defaultBounds } = await import("../gate/check-guest.js");
  const { items, calls } = defaultBounds;
  await runCheck(entry, { ...flags, items, calls, wit });
}
