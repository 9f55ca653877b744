/** Records how a guest is built. */
import type { Features } from "../wit/wasm-tools.js";
import { ownPackage, version } from "../version.js";
import type { BuildRecord } from "./build-record.js";
import { packagesOf, pathIn, projectOf, sourceFolder } from "./source-folder.js";

/** What the bytes depend on. */
export interface BuildInputs {
  readonly entry: string;
  readonly wit: string;
  /** The world's full name. */
  readonly world: string;
  readonly features?: Features | undefined;
  readonly wait?: "wait" | "callback" | undefined;
  readonly backpressure?: boolean | undefined;
  readonly arenaBytes?: number | undefined;
  readonly endPlaces?: number | undefined;
  readonly callPlaces?: number | undefined;
  readonly opensCalls?: boolean | undefined;
  readonly callsApart?: boolean | undefined;
  readonly tasks?: number | undefined;
}

/** @param sources paths of the files that were read */
export function recordBuild(inputs: BuildInputs, sources: Iterable<string>): BuildRecord {
  const folder = sourceFolder(inputs.entry, inputs.wit);
  const { features = [] } = inputs;
  return {
    format: 1,
    entry: pathIn(folder, inputs.entry),
    wit: pathIn(folder, inputs.wit),
    world: inputs.world,
    features: features === "all" ? features : [...features].sort(),
    wait: inputs.wait ?? "wait",
    ...(inputs.backpressure === true && { backpressure: true }),
    arena: inputs.arenaBytes ?? null,
    ends: inputs.endPlaces ?? null,
    call_places: inputs.callPlaces ?? null,
    ...(inputs.opensCalls === true && { opens_calls: true }),
    ...(inputs.callsApart === true && { calls_apart: true }),
    tasks: inputs.tasks ?? null,
    tools: buildTools(),
    ...projectOf(folder),
    packages: packagesOf(sources),
  };
}

/** The packages that have a part in a module's bytes, with their versions. */
export function buildTools(): Record<string, string> {
  const { assemblyscript, binaryen } = ownPackage.dependencies;
  const jco = "@bytecodealliance/jco-transpile";
  return { "as-rill": version, assemblyscript, binaryen, [jco]: ownPackage.devDependencies[jco] };
}
