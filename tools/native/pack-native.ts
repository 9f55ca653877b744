/** `rill pack --format native`: a guest as C, with everything that it is compiled with, in a folder. */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { cRoot, cSources } from "../c-sources/c-sources.js";
import { usesCalls, usesLists } from "../bindgen/c/c-header.js";
import { CWorld } from "../bindgen/c/c-world.js";
import { GuestDescriptor } from "../c-host/descriptor.js";
import { visibleJson, visibleLines } from "../errors/visible-text.js";
import { optionName } from "../errors/option-name.js";
import { UserError } from "../errors/user-error.js";
import { makeFolder, writeFileWhole } from "../files/write-whole.js";
import { readInput } from "../files/read-input.js";
import { packageRoot } from "../package-root.js";
import { checkedWorld, type PackFlags } from "../pack/pack-command.js";
import { streamTypes } from "../pack/signature.js";
import { liftedFunctions } from "../pack/minify.js";
import { pairHandles, pairStreams } from "../pack/pair-places.js";
import { readModule } from "../wasm/read-module.js";
import { exportedFunctions } from "../wit/exported-functions.js";
import type { World } from "../wit/model.js";
import { identifier } from "./export-names.js";
import { measureNative } from "./measure/measure-native.js";
import type { NativeFigures } from "./measure/native-figures.js";
import { findNativeCore } from "./measure/native-cores.js";
import { featuresOf, translateCore } from "./guest-of-core.js";

/** Flags of images. */
const IMAGE_ONLY = [
  "call",
  "also",
  "heldEnds",
  "board",
  "address",
  "section",
  "family",
  "stack",
  "pool",
  "piped",
] as const;

/** Runs `rill pack --format native`. @throws UserError for bad input, before anything is written */
export async function runPackNative(path: string, flags: PackFlags): Promise<void> {
  const odd = IMAGE_ONLY.find((name) => flags[name] !== undefined);
  if (odd !== undefined)
    throw new UserError(`--${optionName(odd)} is for images; --format native writes all functions as C`);
  const core = readInput(path);
  const world = checkedWorld(path, core);
  const guest = { source: path, core, world };
  packNative({
    ...guest,
    measured: flags.cpu === undefined ? null : await measureNative(guest, findNativeCore(flags.cpu)),
    name: flags.name ?? basename(path).replace(/(?:\.core)?\.wasm$/, ""),
    folder: flags.output,
    json: flags.json === true,
  });
}

interface NativePack {
  /** Path of the core module, for errors. */
  readonly source: string;
  readonly core: Uint8Array;
  readonly world: World;
  /** What the user calls the guest. */
  readonly name: string;
  readonly folder: string;
  readonly json: boolean;
  /** What it takes on the core that the user has named. */
  readonly measured: NativeFigures | null;
}

/** What the runtime's files are called: no guest's name. */
const RUNTIME = /^(?:rill|native)_/;

/** Translates and writes. */
function packNative({ source, core, world, name, folder, json, measured }: NativePack): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new UserError(`-o ${folder} is a file; --format native writes a folder`);
  const cName = identifier(name);
  if (RUNTIME.test(`${cName}_`))
    throw new UserError(`${name}: the runtime's files begin so; choose another --name`);
  const descriptor = new GuestDescriptor(core, world, true, true, false, true);
  const bindings = new CWorld(world);
  const features = featuresOf(descriptor, usesLists(bindings), usesCalls(bindings));
  const module = readModule(core);
  const places = placesOf(world, liftedFunctions(module), core, descriptor);
  const files = translateCore({ source, core, world, name: cName, descriptor }, features, {
    ...(places !== null && { places }),
    ...(measured !== null && { measured }),
    world: bindings,
    typeIds: descriptor.elements.map((type, at) => {
      const id = bindings.typeId(type);
      // A type of as-rill/pairs that the world does not name has none there.
      return id < 0 ? bindings.elements.length + at : id;
    }),
  });
  const all = new Map<string, string | Uint8Array>([
    [`${cName}.h`, files.header],
    [`${cName}.c`, files.source],
    ...runtimeFiles(features),
    ["LICENSE", readFileSync(join(packageRoot, "LICENSE"))],
    ["NOTICE", notice(cName, basename(source))],
  ]);
  makeFolder(folder);
  for (const [file, content] of all) writeFileWhole(join(folder, file), content);
  const memory = Number(/_MEMORY_BYTES (\d+)u/.exec(files.header)![1]);
  const asks = descriptor.imports.some(({ func }) => func !== undefined);
  const switches = [...features, ...(asks ? ["BINDINGS"] : [])].map((name) => `RILL_WITH_${name}`);
  if (json) {
    const facts = {
      folder,
      format: "native",
      name: cName,
      files: [...all.keys()],
      switches,
      needs: {
        memory_bytes: memory,
        handles: places?.handles ?? null,
        streams: places?.streams ?? null,
        stack_bytes: measured?.stack_bytes ?? null,
      },
    };
    process.stdout.write(`${visibleJson(facts)}\n`);
    return;
  }
  const flags = switches.map((name) => ` -D${name}`).join("");
  process.stdout.write(
    visibleLines(
      `${folder}: ${cName}.c, ${cName}.h and the ${all.size - 4} files of the runtime; ` +
        `needs ${memory} bytes of linear memory${stackText(measured)}${flags === "" ? "" : `; compile with${flags}`}\n`,
    ),
  );
}

function stackText(measured: NativeFigures | null): string {
  if (measured === null) return "";
  const { stack_bytes: stack, stack_open: open, cpu } = measured;
  return stack === null ? `, and an open stack on ${cpu}: ${open!}` : ` and ${stack} of stack on ${cpu}`;
}

/** The runtime's files: C of the switches, and all headers. */
function runtimeFiles(features: readonly ("LISTS" | "CALLS" | "TASKS")[]): (readonly [string, Uint8Array])[] {
  // Calls and tasks turn core values into canonical layout by the same file.
  // Guests that go back to the embedder when they wait can be put in a row.
  const pipes = features.includes("TASKS") ? (["PIPES"] as const) : [];
  const sources = cSources("HOST", "NATIVE", "RINGS", "BINDINGS", ...features, ...pipes);
  const headers = ["host", "native", "parts"].flatMap((part) =>
    readdirSync(join(cRoot, part))
      .filter((file) => file.endsWith(".h") && !file.includes("image"))
      .map((file) => join(cRoot, part, file)),
  );
  return [...sources, ...headers].map((path) => [basename(path), readFileSync(path)] as const);
}

/**
 * What the functions, called in turn, and the streams within the guest take in the host's tables; null where
 * a function has other values.
 */
function placesOf(
  world: World,
  lifted: readonly string[],
  core: Uint8Array,
  descriptor: GuestDescriptor,
): { readonly handles: number; readonly streams: number } | null {
  const functions = exportedFunctions(world);
  try {
    const counts = lifted.map((path) => streamTypes(functions.get(path)!));
    // Each operation keeps its waitable set from its first call on; ends are there during a call alone.
    const sets = counts.reduce((sum, { elements }) => sum + elements.length, 0);
    const ends = counts.map(({ elements, paramCount }) => 2 * elements.length - paramCount);
    return {
      handles: sets + Math.max(1, ...ends) + pairHandles(core, descriptor),
      streams: Math.max(1, ...counts.map(({ elements }) => elements.length)) + pairStreams(core, descriptor),
    };
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
}

function notice(name: string, source: string): string {
  return `Files that begin with rill_ are part of as-rill, under the Apache License 2.0 (LICENSE).

${name}.c and ${name}.h are ${source} in another form, and under the licence of the guest. A guest is compiled
with parts of as-rill's library for guests and of AssemblyScript's standard library, both under the Apache
License 2.0; rill verify and the guest's bill of materials say which versions.
`;
}
