/** WAMR and the C host for this machine: the unmodified source with our platform layer, one archive for each variant. */
import { createHash } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { basename, dirname, extname, join } from "node:path";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { packageRoot } from "../package-root.js";
import { cached } from "../setup/cache.js";
import { compilerIdentity } from "../setup/compiler-identity.js";
import { gcc } from "../setup/programs.js";
import { run } from "../setup/run.js";
import { isMissing } from "../setup/tool.js";
import { wamrSource } from "../setup/wamr-source.js";
import { wamrIncludes, wamrSources } from "./wamr-files.js";

/** How the desktop programs are built. */
export interface DesktopVariant {
  readonly interpreter: "classic" | "fast";
  /** 32 is what a microcontroller's figures look like; it needs gcc's 32-bit libraries. */
  readonly bits: 32 | 64;
  /** Whether AddressSanitizer and UndefinedBehaviorSanitizer watch. */
  readonly sanitized?: boolean;
  /** With strings and lists, calls and tasks; without it the host is the smallest one, as a firmware has it. */
  readonly whole?: boolean;
  /** Whether WAMR notes the call stack of a trap. It costs instructions and pool: no figure is taken of it. */
  readonly traced?: boolean;
  /** Whether the program looks into WAMR's own structures. */
  readonly inside?: boolean;
}

/** The host's own C files, without the binding to WAMR. */
export const hostSources: readonly string[] = ["rill_host.c", "rill_end.c", "rill_set.c", "rill_value.c"];

/** What a firmware leaves out unless it needs it, by the switch that it is compiled with. */
export const hostFeatures: Readonly<Record<string, readonly string[]>> = {
  RILL_WITH_LISTS: ["rill_list.c", "rill_text.c"],
  RILL_WITH_CALLS: ["rill_call.c", "rill_flat.c"],
  RILL_WITH_TASKS: ["rill_task.c"],
};
/** The switches, as a compiler's flags. */
export const featureFlags: readonly string[] = Object.keys(hostFeatures).map((name) => `-D${name}`);
/** The host's own C files with all that it can do. */
export const wholeHostSources: readonly string[] = [...hostSources, ...Object.values(hostFeatures).flat()];

/** The folder of the C host. */
export const wamrRoot: string = join(packageRoot, "tools", "wamr");
const platform = join(packageRoot, "tools", "boards", "firmware", "platform");

const switches = [
  "WASM_ENABLE_INTERP=1",
  "WASM_ENABLE_SHRUNK_MEMORY=1",
  "WASM_DISABLE_HW_BOUND_CHECK=1",
  "WASM_DISABLE_STACK_HW_BOUND_CHECK=1",
  "WASM_ENABLE_LOG=0",
  "WASM_ENABLE_AOT=0",
  "WASM_ENABLE_QUICK_AOT_ENTRY=0",
  "WASM_ENABLE_MODULE_INST_CONTEXT=0",
  "WASM_ENABLE_SHARED_MEMORY=0",
  "WASM_ENABLE_THREAD_MGR=0",
  "WASM_ENABLE_LIBC_BUILTIN=0",
  "BLOCK_ADDR_CACHE_SIZE=4",
  "BH_MALLOC=wasm_runtime_malloc",
  "BH_FREE=wasm_runtime_free",
];

/** Flags for our own C, which is free of warnings. */
const strict = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror"];

/**
 * Builds a program of this folder with the host and WAMR, or finds the one built before from the same files and flags.
 * @param mains the program's own C files, below tools/wamr
 * @returns the program's path
 * @throws UserError with the line to type when a tool is missing; CheckFailure with the compiler's output
 */
export async function desktopProgram(
  name: string,
  mains: readonly string[],
  variant: DesktopVariant,
): Promise<string> {
  const compiler = await gcc();
  if (isMissing(compiler)) throw new UserError(`${compiler.missing} is not installed; type: ${compiler.how}`);
  const source = await wamrSource();
  if (isMissing(source)) throw new UserError(`${source.missing} is not there; type: ${source.how}`);
  const core = join(source.path, "core");
  const host = variant.whole ? [...wholeHostSources, "rill_wamr_more.c"] : hostSources;
  const own = [...mains, ...host, "rill_wamr.c"].map((file) => join(wamrRoot, file));
  const folders = new Set([...mains.map((file) => dirname(join(wamrRoot, file))), wamrRoot, platform]);
  const made = [
    await compilerIdentity(compiler.path),
    basename(dirname(source.path)),
    ...strict,
    ...featureFlags,
  ];
  const hash = createHash("sha256").update(JSON.stringify([switches, variant, mains, made]));
  for (const file of [
    ...own,
    ...(await Promise.all([...folders].map(headers))).flat(),
    join(platform, "rill_platform.c"),
  ]) {
    hash.update(await readFile(file));
  }
  const key = `${name}-${variant.interpreter}-${String(variant.bits)}${variant.whole ? "-whole" : ""}${variant.traced ? "-traced" : ""}${variant.sanitized ? "-sanitized" : ""}-${hash.digest("hex").slice(0, 12)}`;
  const folder = await cached(key, async (fresh) => {
    const library = await wamrObjects(compiler.path, core, variant);
    await compile(compiler.path, { core, variant, own, library, out: join(fresh, name) });
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
  return [platform, ...wamrIncludes.map((folder) => join(core, folder))].map((path) => `-I${path}`);
}

/** WAMR's object files for a variant; built once, whatever our own sources do. */
async function wamrObjects(
  gccPath: string,
  core: string,
  variant: DesktopVariant,
): Promise<readonly string[]> {
  const files = [
    ...wamrSources,
    `iwasm/common/arch/invokeNative_${variant.bits === 32 ? "ia32" : "em64"}.s`,
    "iwasm/interpreter/wasm_loader.c",
    `iwasm/interpreter/wasm_interp_${variant.interpreter}.c`,
  ].map((file) => join(core, file));
  files.push(join(platform, "rill_platform.c"));
  // The interpreter is not ours to mend: its warnings are off, and so are the sanitizers, which it does not pass.
  const flags = [
    ...machineFlags({ ...variant, sanitized: false }),
    ...wamrDefines(variant),
    "-std=gnu99",
    "-w",
    ...includeFlags(core),
  ];
  const made = [await compilerIdentity(gccPath), basename(dirname(dirname(core))), ...flags];
  const hash = createHash("sha256").update(JSON.stringify(made));
  for (const file of [...(await headers(platform)), join(platform, "rill_platform.c")])
    hash.update(await readFile(file));
  const key = `wamr-desktop-${variant.interpreter}-${String(variant.bits)}-${hash.digest("hex").slice(0, 12)}`;
  const objectName = (file: string): string => `${basename(file, extname(file))}.o`;
  const folder = await cached(key, async (fresh) => {
    for (const file of files)
      await must(gccPath, [...flags, "-c", file, "-o", join(fresh, objectName(file))]);
  });
  return files.map((file) => join(folder, objectName(file)));
}

function wamrDefines({ interpreter, traced }: DesktopVariant): string[] {
  const chosen = [`WASM_ENABLE_FAST_INTERP=${interpreter === "fast" ? "1" : "0"}`];
  if (traced) chosen.push("WASM_ENABLE_DUMP_CALL_STACK=1");
  return [...switches, ...chosen].map((name) => `-D${name}`);
}

interface Compilation {
  readonly core: string;
  readonly variant: DesktopVariant;
  readonly own: readonly string[];
  readonly library: readonly string[];
  readonly out: string;
}

async function compile(gccPath: string, { core, variant, own, library, out }: Compilation): Promise<void> {
  const features = [
    ...(variant.whole ? featureFlags : []),
    ...(variant.traced ? ["-DRILL_WITH_CALL_STACK"] : []),
  ];
  const folders = variant.inside
    ? [...wamrIncludes.map((name) => join(core, name)), platform]
    : [join(core, "iwasm/include")];
  const headersOfWamr = folders.flatMap((folder) => ["-isystem", folder]);
  const inside = variant.inside ? wamrDefines(variant) : [];
  const flags = [
    ...machineFlags(variant),
    ...strict,
    ...features,
    ...inside,
    ...headersOfWamr,
    `-I${wamrRoot}`,
  ];
  await must(gccPath, [...flags, ...own, ...library, "-lm", "-Wl,--gc-sections", "-o", out]);
}

async function must(command: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new CheckFailure(`${basename(command)} failed:\n${output}`);
}
