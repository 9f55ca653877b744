/** The compilers and cores that the C host is a library for, and how its files are compiled for them. */
import { mkdirSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { HOST_PARTS } from "../../tools/boards/firmware.js";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { cIncludes, cSources } from "../../tools/c-sources/c-sources.js";
import { armGcc, clang, riscvGcc } from "../../tools/setup/programs.js";
import type { Tool } from "../../tools/setup/tool.js";
import { wamrSource } from "../../tools/setup/wamr-source.js";
import { isLong } from "../tier.js";

const STRICT = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wvla", "-Werror", "-pedantic"];

/** All that the host takes from a C library. */
export const STRING_H =
  "#include <stddef.h>\nvoid *memcpy(void *, const void *, size_t);\nvoid *memmove(void *, const void *, size_t);\n" +
  "void *memset(void *, int, size_t);\nint memcmp(const void *, const void *, size_t);\n";

/** A compiler for a core. */
export interface Build {
  readonly name: string;
  readonly compiler: () => Promise<Tool>;
  readonly flags: readonly string[];
}

const arm = (core: string): string[] => [`-mcpu=${core}`, "-mthumb"];
const rv32 = ["-march=rv32imac", "-mabi=ilp32"];

/** GCC and clang for the three Cortex-M cores. */
export const armBuilds: readonly Build[] = ["cortex-m0", "cortex-m3", "cortex-m4"].flatMap((core) => [
  { name: `${core}, gcc`, compiler: armGcc, flags: arm(core) },
  { name: `${core}, clang`, compiler: clang, flags: ["--target=thumb-none-eabi", ...arm(core)] },
]);

/** Both compilers for every core. */
export const builds: readonly Build[] = [
  ...armBuilds,
  { name: "RV32, gcc", compiler: riscvGcc, flags: rv32 },
  { name: "RV32, clang", compiler: clang, flags: ["--target=riscv32-none-elf", ...rv32] },
];

/** What every change compiles for: each core, each compiler. At night both for each core. */
export const buildsByDay = isLong ? builds : [builds[0]!, builds[3]!, builds[4]!, builds[7]!];

/** What to compile, and where to. */
export interface Compilation {
  /** The objects' folder. */
  readonly out: string;
  readonly flags?: readonly string[];
  /** Paths of C files; the host's for firmware when left out. */
  readonly sources?: readonly string[];
  /** Folders of headers; the host's when left out. */
  readonly includes?: readonly string[];
}

/** Compiles files of the host, warnings being errors. @returns the objects */
export async function compileHost({ compiler, flags }: Build, what: Compilation): Promise<string[]> {
  const { out, includes = cIncludes(), sources = cSources(...HOST_PARTS) } = what;
  const include = join(out, "include");
  mkdirSync(include, { recursive: true });
  writeFileSync(join(include, "string.h"), STRING_H);
  const wamr = join(needTool(await wamrSource()), "core", "iwasm", "include");
  const path = needTool(await compiler());
  const objects = sources.map((source) => join(out, basename(source).replace(/c$/, "o")));
  for (const [index, source] of sources.entries()) {
    await must(path, [
      ...[...STRICT, "-Os", "-ffreestanding", "-fno-stack-protector", ...flags, ...(what.flags ?? [])],
      ...["-isystem", include, "-isystem", wamr, ...includes.map((folder) => `-I${folder}`)],
      ...["-c", source, "-o", objects[index]!],
    ]);
  }
  return objects;
}
