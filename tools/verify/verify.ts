/** Builds a guest again, by the record that its module carries, and compares the bytes. */
import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../compile/build-guest.js";
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import { type BuildRecord, readRecord } from "../provenance/build-record.js";
import { buildTools } from "../provenance/record-build.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import { coreModulesIn } from "../wasm/component.js";
import { layerOf, withoutCustomSections } from "../wasm/read-module.js";
import { type Difference, firstDifference } from "./first-difference.js";

/** What `rill verify --json` prints. */
export interface Verification {
  /** Whether the sources give the same bytes. */
  readonly same: boolean;
  readonly file: string;
  readonly sha256: string;
  /** Of what the sources give. */
  readonly built_sha256: string;
  readonly bytes: number;
  readonly built_bytes: number;
  readonly first_difference: Difference | null;
  /** Whether the core modules are the same without their custom sections: what runs is what was reviewed. */
  readonly same_code_and_data: boolean;
  /** Fields of the record that the sources give otherwise: `lock`, `project`, ... */
  readonly record_differs: readonly string[];
  readonly record: BuildRecord;
}

/**
 * Builds what `path` says it was built from, out of the folder `source`, and compares.
 * @throws UserError for a file without a record, other versions of the compilers, and whatever `rill build`
 *   refuses
 */
export async function verify(path: string, source: string): Promise<Verification> {
  const given = readInput(path, "name the module or component that rill build wrote");
  const layer = layerOf(given);
  if (layer === "neither") throw new UserError(`${path} is not WebAssembly; give what rill build wrote`);
  const record = recordIn(path, given);
  requireSameTools(path, record);
  requireSource(source, record);
  const built = await inTemporaryFolder("rill-verify-", async (outDir) => {
    const { corePath, componentPath } = await buildGuest({
      entry: join(source, record.entry),
      wit: join(source, record.wit),
      world: record.world,
      features: record.features,
      wait: record.wait,
      backpressure: record.backpressure,
      arenaBytes: record.arena ?? undefined,
      endPlaces: record.ends ?? undefined,
      callPlaces: record.call_places ?? undefined,
      tasks: record.tasks ?? undefined,
      component: layer === "component",
      bindings: false,
      outDir,
    });
    return readFileSync(componentPath ?? corePath);
  });
  const difference = firstDifference(given, built);
  const rebuilt = recordIn(path, built);
  return {
    same: difference === null,
    file: path,
    sha256: sha256(given),
    built_sha256: sha256(built),
    bytes: given.length,
    built_bytes: built.length,
    first_difference: difference,
    same_code_and_data: runs(given).equals(runs(built)),
    record_differs: (Object.keys(record) as (keyof BuildRecord)[]).filter(
      (field) => JSON.stringify(record[field]) !== JSON.stringify(rebuilt[field]),
    ),
    record,
  };
}

function coresOf(bytes: Uint8Array): Uint8Array[] {
  if (layerOf(bytes) === "module") return [bytes];
  return coreModulesIn(bytes).map(({ start, end }) => bytes.slice(start, end));
}

/** What of a module or component an engine runs. */
function runs(bytes: Uint8Array): Buffer {
  return Buffer.concat(coresOf(bytes).map((bytes) => withoutCustomSections(bytes)));
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

function recordIn(path: string, bytes: Uint8Array): BuildRecord {
  try {
    const record = coresOf(bytes)
      .map(readRecord)
      .find((found) => found !== null);
    if (record === "damaged")
      throw new UserError(`${path}: its record of the build is damaged; build or copy it again`);
    if (record) return record;
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    throw new UserError(`${path} is damaged: ${error.message}; build or copy it again`);
  }
  throw new UserError(
    `${path} does not say how it was built: it was stripped, or not built by rill build; give the file that rill build wrote`,
  );
}

/** Other versions write other bytes, and that would say nothing about the sources. */
function requireSameTools(path: string, { tools }: BuildRecord): void {
  const own = buildTools();
  const other = Object.keys({ ...tools, ...own }).find((name) => tools[name] !== own[name]);
  if (other === undefined) return;
  const installed = own[other] ?? "none";
  throw new UserError(
    `${path} was built with ${other} ${tools[other] ?? "(none)"}, and here is ${installed}: only the same versions give the same bytes; install as-rill ${tools["as-rill"] ?? ""} from the lock file it was built with`,
  );
}

function requireSource(source: string, { entry, wit }: BuildRecord): void {
  if (!statSync(source, { throwIfNoEntry: false })?.isDirectory())
    throw new UserError(`--source ${source}: no such folder; name the one that holds ${entry} and ${wit}`);
  const missing = [entry, wit].find((path) => !statSync(join(source, path), { throwIfNoEntry: false }));
  if (missing !== undefined)
    throw new UserError(
      `--source ${source}: it holds no ${missing}, which the module was built from; name the folder that holds ${entry} and ${wit}`,
    );
}
