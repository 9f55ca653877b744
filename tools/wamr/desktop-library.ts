/**
 * WAMR and the C host for this machine: the unmodified source with our platform
 * layer, one archive for each variant.
 */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import {
  cFeatures,
  cIncludeFlags,
  cIncludes,
  cList,
  cSources,
  featureFlags,
  pipeFlags,
  platformRoot,
  programsRoot,
  wamrDefinitions,
} from "../c-sources/c-sources.js";
import { UserError } from "../errors/user-error.js";
import { must } from "../setup/build-tool.js";
import { cached } from "../setup/cache.js";
import { compilerIdentity } from "../setup/compiler-identity.js";
import { gcc, gcc32 } from "../setup/programs.js";
import { isMissing } from "../setup/tool.js";
import { wamrSource } from "../setup/wamr-source.js";

/** How the desktop programs are built. */
export interface DesktopVariant {
  readonly interpreter: "classic" | "fast";
  /** 32 is what a microcontroller's figures look like; it needs gcc's 32-bit libraries. */
  readonly bits: 32 | 64;
  /** Whether AddressSanitizer and UndefinedBehaviorSanitizer watch. */
  readonly sanitized?: boolean;
  /**
   * With strings and lists, calls and tasks; without it the host is the smallest one, as a firmware has it.
   */
  readonly whole?: boolean;
  /** With streams from one guest into another; such a host is also the whole one. */
  readonly pipes?: boolean;
  /**
   * Whether WAMR notes the call stack of a trap. It costs instructions and pool: no figure is taken of it.
   */
  readonly traced?: boolean;
  /** Places of the classic interpreter's cache of blocks; as `c/CMakeLists.txt` has it when not given. */
  readonly blockCache?: number;
  /** Whether the program looks into WAMR's own structures. */
  readonly inside?: boolean;
}

/** Flags for our own C, which is free of warnings. */
const strict = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror"];

/**
 * Builds a program of `programs/` with the host and WAMR, or finds the one built
 * before from the same files and flags.
 * @param mains the program's own C files, below `programs/`
 * @returns the program's path
 * @throws UserError with the line to type when a tool is missing; CheckFailure with the compiler's output
 */
export async function desktopProgram(
  name: string,
  mains: readonly string[],
  variant: DesktopVariant,
): Promise<string> {
  const { compiler, core } = await needTools(variant);
  const more = variant.whole ? ([...cFeatures, "WAMR_MORE"] as const) : [];
  const pipes = variant.pipes ? (["PIPES"] as const) : [];
  const own = [
    ...mains.map((file) => resolve(programsRoot, file)),
    ...cSources("HOST", "WAMR", ...more, ...pipes),
  ];
  const folders = new Set([...own.map((file) => dirname(file)), ...cIncludes(), platformRoot]);
  const made = [
    await compilerIdentity(compiler),
    basename(dirname(dirname(core))),
    ...machineFlags(variant),
    ...strict,
    ...featureFlags,
  ];
  const hash = createHash("sha256").update(JSON.stringify([wamrDefines(variant), variant, mains, made]));
  for (const file of [
    ...own,
    ...(await Promise.all([...folders].map(headers))).flat(),
    ...layerFiles(variant),
  ]) {
    hash.update(await readFile(file));
  }
  const key = `${name}-${variant.interpreter}-${variant.bits}${variant.whole ? "-whole" : ""}${variant.traced ? "-traced" : ""}${variant.sanitized ? "-sanitized" : ""}-${hash.digest("hex").slice(0, 12)}`;
  const folder = await cached(key, async (fresh) => {
    const library = await wamrObjects(compiler, core, variant);
    await compile(compiler, { core, variant, own, library, out: join(fresh, name) });
  });
  return join(folder, name);
}

async function headers(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((file) => file.endsWith(".h")).map((file) => join(folder, file));
}

function machineFlags({ bits, sanitized }: DesktopVariant): string[] {
  const target =
    bits === 32
      ? ["-m32", "-DBUILD_TARGET_X86_32", '-DBUILD_TARGET="X86_32"']
      : ["-DBUILD_TARGET_X86_64", '-DBUILD_TARGET="X86_64"'];
  const checks = sanitized
    ? ["-fsanitize=address,undefined", "-fno-sanitize-recover=all", "-g", "-O1"]
    : ["-Os", "-DNDEBUG"];
  return [...target, ...checks, "-ffunction-sections", "-fdata-sections"];
}

function includeFlags(core: string): string[] {
  return [platformRoot, ...cList("WAMR_INCLUDES").map((folder) => join(core, folder))].map(
    (path) => `-I${path}`,
  );
}

/** Our layer below WAMR. */
function layerFiles({ interpreter }: DesktopVariant): string[] {
  return ["rill_platform.c", `rill_interp_${interpreter}.c`].map((file) => join(platformRoot, file));
}

/** WAMR's object files for a variant; built once, whatever our own sources do. */
async function wamrObjects(
  gccPath: string,
  core: string,
  variant: DesktopVariant,
): Promise<readonly string[]> {
  const files = [
    ...cList("WAMR_SOURCES"),
    `iwasm/common/arch/invokeNative_${variant.bits === 32 ? "ia32" : "em64"}.s`,
    "iwasm/interpreter/wasm_loader.c",
  ].map((file) => join(core, file));
  files.push(...layerFiles(variant));
  // The interpreter is not ours to mend: its warnings are off, and so are the
  // sanitizers, which it does not pass.
  const flags = [
    ...machineFlags({ ...variant, sanitized: false }),
    ...wamrDefines(variant),
    "-std=gnu99",
    "-w",
    ...includeFlags(core),
  ];
  const made = [await compilerIdentity(gccPath), basename(dirname(dirname(core))), ...flags];
  const hash = createHash("sha256").update(JSON.stringify(made));
  for (const file of [...(await headers(platformRoot)), ...layerFiles(variant)])
    hash.update(await readFile(file));
  const key = `wamr-desktop-${variant.interpreter}-${variant.bits}-${hash.digest("hex").slice(0, 12)}`;
  const objectName = (file: string): string => `${basename(file, extname(file))}.o`;
  const folder = await cached(key, async (fresh) => {
    for (const file of files)
      await must(gccPath, [...flags, "-c", file, "-o", join(fresh, objectName(file))]);
  });
  return files.map((file) => join(folder, objectName(file)));
}

function wamrDefines({ interpreter, traced, blockCache }: DesktopVariant): string[] {
  const chosen = [`WASM_ENABLE_FAST_INTERP=${interpreter === "fast" ? "1" : "0"}`];
  if (traced) chosen.push("WASM_ENABLE_DUMP_CALL_STACK=1");
  return [...wamrDefinitions(blockCache), ...chosen].map((name) => `-D${name}`);
}

interface Compilation {
  readonly core: string;
  readonly variant: DesktopVariant;
  readonly own: readonly string[];
  readonly library: readonly string[];
  readonly out: string;
}

/** The flags of a program that is compiled against WAMR and our host. */
function programFlags(core: string, variant: DesktopVariant): string[] {
  const features = [
    ...(variant.whole ? featureFlags : []),
    ...(variant.pipes ? pipeFlags : []),
    ...(variant.traced ? ["-DRILL_WITH_CALL_STACK"] : []),
  ];
  const folders = variant.inside
    ? [...cList("WAMR_INCLUDES").map((name) => join(core, name)), platformRoot]
    : [join(core, "iwasm/include")];
  const headersOfWamr = folders.flatMap((folder) => ["-isystem", folder]);
  const inside = variant.inside ? wamrDefines(variant) : [];
  return [...machineFlags(variant), ...strict, ...features, ...inside, ...headersOfWamr, ...cIncludeFlags()];
}

const linkFlags = ["-lm", "-Wl,--gc-sections"];

async function compile(gccPath: string, { core, variant, own, library, out }: Compilation): Promise<void> {
  await must(gccPath, [...programFlags(core, variant), ...own, ...library, ...linkFlags, "-o", out]);
}

/** What it takes to build a program with another host than ours below WAMR. */
export interface DesktopParts {
  readonly compiler: string;
  readonly flags: readonly string[];
  /** WAMR itself. */
  readonly objects: readonly string[];
  readonly linkFlags: readonly string[];
}

/** @throws UserError with the line to type when a tool is missing; CheckFailure with the compiler's output */
export async function desktopParts(variant: DesktopVariant): Promise<DesktopParts> {
  const { compiler, core } = await needTools(variant);
  const objects = await wamrObjects(compiler, core, variant);
  return { compiler, flags: programFlags(core, variant), objects, linkFlags };
}

/** The compiler, able to build for so many bits, and WAMR's source. */
async function needTools({
  bits,
}: DesktopVariant): Promise<{ readonly compiler: string; readonly core: string }> {
  const compiler = await (bits === 32 ? gcc32() : gcc());
  if (isMissing(compiler)) throw new UserError(`${compiler.missing} is not installed; type: ${compiler.how}`);
  const source = await wamrSource();
  if (isMissing(source)) throw new UserError(`${source.missing} is not there; type: ${source.how}`);
  return { compiler: compiler.path, core: join(source.path, "core") };
}
