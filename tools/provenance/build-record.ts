/**
 * How a module was built: the custom section `rill-build`, JSON that `rill build` writes and `rill verify`
 * builds by. Nothing in it depends on the machine: paths are relative to the folder of the sources.
 */
import { ByteWriter } from "../wasm/byte-writer.js";
import { readSections } from "../wasm/read-module.js";

/** Name of the custom section. `rill pack` leaves it out, as it does every custom section. */
export const RECORD_SECTION = "rill-build";

/** An npm package: what a guest is part of, or what was compiled into it. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** As its package.json says it, an SPDX expression as a rule; null where it says nothing. */
  readonly license: string | null;
}

/** A file that pins what was installed. */
export interface LockFile {
  readonly file: string;
  readonly sha256: string;
}

/** All that the module's bytes depend on, beside the sources themselves. */
export interface BuildRecord {
  readonly format: 1;
  /** Path of the entry, relative to the folder of the sources, with `/`. */
  readonly entry: string;
  /** The same of the WIT file or folder. */
  readonly wit: string;
  /** The world's full name. */
  readonly world: string;
  readonly features: readonly string[] | "all";
  readonly wait: "wait" | "callback";
  /** Present where a task raises backpressure while it lasts. */
  readonly backpressure?: true;
  /** Bytes and places that were asked for; null stands for the default. */
  readonly arena: number | null;
  readonly ends: number | null;
  readonly call_places: number | null;
  /** The guest has calls of its own beside others, of `open()`: each function has that many places. */
  readonly opens_calls?: true;
  /** It waits for some by themselves, or asks about them: then each has a waitable set of its own. */
  readonly calls_apart?: true;
  /** Tasks at once; null stands for one. */
  readonly tasks: number | null;
  /** Version of each package that had a part in the bytes. */
  readonly tools: Readonly<Record<string, string>>;
  /** The project of the sources: the nearest package.json. */
  readonly project: Package | null;
  readonly lock: LockFile | null;
  /** Packages whose sources were compiled in: as-rill, AssemblyScript, then what the guest imports. */
  readonly packages: readonly Package[];
}

/** `module`, a core module, with `record` behind its last section. */
export function withRecord(module: Uint8Array, record: BuildRecord): Uint8Array {
  const content = new ByteWriter()
    .name(RECORD_SECTION)
    .append(new TextEncoder().encode(JSON.stringify(record)));
  return new ByteWriter().append(module).section(0, content.bytes).bytes;
}

/**
 * The record that a core module carries.
 * @returns null where there is none, `damaged` where there is one that no `rill build` writes
 */
export function readRecord(module: Uint8Array): BuildRecord | "damaged" | null {
  const section = readSections(module).find(({ id, name }) => id === 0 && name === RECORD_SECTION);
  if (!section) return null;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(
      module.subarray(section.payload.start, section.payload.end),
    );
    const value = JSON.parse(text) as unknown;
    // Builds before there were several tasks did not say how many.
    return isRecord(value) ? { ...value, tasks: value.tasks ?? null } : "damaged";
  } catch {
    return "damaged";
  }
}

type Check = (value: unknown) => boolean;

const isText: Check = (value) => typeof value === "string";
const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const has =
  (fields: Readonly<Record<string, Check>>): Check =>
  (value) =>
    isFields(value) && Object.entries(fields).every(([name, check]) => check(value[name]));
const orNull =
  (check: Check): Check =>
  (value) =>
    value === null || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** A path below the folder of the sources, whatever a stranger's module says. */
const isInside: Check = (value) =>
  typeof value === "string" && !/^([a-z]:|[\\/])|\0/i.test(value) && !value.split(/[\\/]/).includes("..");

const isPackage = has({ name: isText, version: isText, license: orNull(isText) });
const isBuildRecord = has({
  format: (value) => value === 1,
  entry: isInside,
  wit: isInside,
  world: isText,
  features: (value) => value === "all" || listOf(isText)(value),
  wait: (value) => value === "wait" || value === "callback",
  backpressure: (value) => value === undefined || value === true,
  arena: orNull(isCount),
  ends: orNull(isCount),
  call_places: orNull(isCount),
  opens_calls: (value) => value === undefined || value === true,
  calls_apart: (value) => value === undefined || value === true,
  tasks: (value) => value === undefined || value === null || isCount(value),
  tools: (value) => isFields(value) && Object.values(value).every(isText),
  project: orNull(isPackage),
  lock: orNull(has({ file: isText, sha256: isText })),
  packages: listOf(isPackage),
});

function isRecord(value: unknown): value is Omit<BuildRecord, "tasks"> & Partial<BuildRecord> {
  return isBuildRecord(value);
}
