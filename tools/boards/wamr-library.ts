/**
 * WAMR for bare metal: the unmodified source with our platform layer, one static
 * library for a core and a variant.
 */
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { cList, platformRoot, wamrDefinitions } from "../c-sources/c-sources.js";
import { cached } from "../setup/cache.js";
import { compilerIdentity } from "../setup/compiler-identity.js";
import { must, needTool } from "../setup/build-tool.js";
import { wamrSource } from "../setup/wamr-source.js";
import type { Board, EmulatedBoard, WamrVariant } from "../pack/board-table.js";
import { toolchainOf } from "./toolchain.js";

const COMMON_FLAGS = ["-Os", "-ffunction-sections", "-fdata-sections", "-fno-math-errno", "-DNDEBUG"];

/** What `c/CMakeLists.txt` leaves to the target. */
function targetSwitches(board: Board): string[] {
  const { wamrTarget } = toolchainOf(board);
  return [
    `BUILD_TARGET_${wamrTarget}`,
    `BUILD_TARGET="${wamrTarget}"`,
    // Lists of free blocks by size, of 4 bytes each: the larger blocks, in a tree, are few.
    "HMU_NORMAL_NODE_CNT=8",
  ];
}

/** What a firmware needs to compile against WAMR and to link with it. */
export interface WamrLibrary {
  readonly archive: string;
  readonly includes: readonly string[];
  /** Flags that must be the same in every file that includes WAMR's headers. */
  readonly flags: readonly string[];
}

/** Compiler flags of `board`'s core, for WAMR and firmware alike. */
export function coreFlags({ cpu }: Pick<EmulatedBoard, "cpu">): string[] {
  return [`-m${cpu === "atmega328p" ? "mcu" : "cpu"}=${cpu}`, ...toolchainOf({ cpu }).flags, ...COMMON_FLAGS];
}

/** Builds the library, or finds the one built before from the same sources and flags. */
export async function wamrLibrary(board: Board, variant: WamrVariant = board.wamr): Promise<WamrLibrary> {
  const { gcc: compiler, wamrCall } = toolchainOf(board);
  const gcc = needTool(await compiler());
  const source = needTool(await wamrSource());
  const core = join(source, "core");
  const includes = [platformRoot, ...cList("WAMR_INCLUDES").map((folder) => join(core, folder))];
  const switches = [
    ...targetSwitches(board),
    ...wamrDefinitions(board.blockCache),
    `WASM_ENABLE_FAST_INTERP=${variant.interpreter === "fast" ? "1" : "0"}`,
    `WASM_ENABLE_MINI_LOADER=${variant.loader === "mini" ? "1" : "0"}`,
  ].map((name) => `-D${name}`);
  // With lines: they take no flash, and instruction-trace.ts asks for them.
  const flags = [...coreFlags(board), "-g1", ...switches];
  const sources = [
    ...cList("WAMR_SOURCES"),
    `iwasm/common/arch/${wamrCall}`,
    `iwasm/interpreter/wasm_${variant.loader === "mini" ? "mini_" : ""}loader.c`,
  ].map((source) => join(core, source));
  sources.push(
    ...["rill_platform.c", `rill_interp_${variant.interpreter}.c`].map((file) => join(platformRoot, file)),
  );
  const key = createHash("sha256").update(JSON.stringify([flags, sources.map((source) => basename(source))]));
  for (const file of (await readdir(platformRoot)).sort())
    key.update(await readFile(join(platformRoot, file)));
  key.update(basename(dirname(source))).update(await compilerIdentity(gcc));
  const name = `wamr-${board.cpu}-${variant.interpreter}-${variant.loader}-${key.digest("hex").slice(0, 12)}`;
  const folder = await cached(name, (fresh) => compile(gcc, sources, flags, includes, fresh));
  return { archive: join(folder, "libwamr.a"), includes, flags: switches };
}

async function compile(
  gcc: string,
  sources: readonly string[],
  flags: readonly string[],
  includes: readonly string[],
  folder: string,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const objects: string[] = [];
  for (const source of sources) {
    const object = join(folder, `${basename(source, extname(source))}.o`);
    objects.push(object);
    // The interpreter's source is not ours to mend: its warnings are off.
    await must(gcc, [
      ...flags,
      "-std=gnu99",
      "-w",
      ...includes.map((path) => `-I${path}`),
      "-c",
      source,
      "-o",
      object,
    ]);
  }
  await must(gcc.replace(/gcc$/, "gcc-ar"), ["rcs", join(folder, "libwamr.a"), ...objects]);
  await Promise.all(objects.map((object) => rm(object)));
}
