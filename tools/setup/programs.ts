/** The programs of the system that tests and tools ask for; each by the Debian package that brings it. */
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { debian } from "./debian.js";
import { onPath } from "./on-path.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import { run } from "./run.js";
import { isMissing, type Tool } from "./tool.js";

/**
 * The program `name`, looked for on PATH and, when it is not there, installed with `packages` (root on
 * Debian). For a mere look, without installing, use `onPath`.
 */
export async function program(name: string, packages: readonly string[] = [name]): Promise<Tool> {
  const found = onPath(name);
  if (found !== null) return { path: found };
  const installed = await debian(packages);
  if (isMissing(installed)) return { missing: name, how: installed.how };
  const path = onPath(name);
  return path === null ? { missing: `${name} (not on PATH although installed)`, how: "mend PATH" } : { path };
}

const MOSQUITTO = "/usr/sbin/mosquitto";

/** The C compiler. */
export const gcc = (): Promise<Tool> => program("gcc", ["gcc", "libc6-dev"]);
/** The second C compiler: its warnings, and libFuzzer, which comes in a package of its own. */
export async function clang(): Promise<Tool> {
  const compiler = await program("clang");
  return isMissing(compiler)
    ? compiler
    : withPart(compiler, ["libclang-rt-14-dev"], ["-fsanitize=fuzzer", "-o", "probe"], fuzzed);
}

/** A C file that includes a standard header. */
const plain = '#include <string.h>\nint probe(void) { return (int)strlen(""); }\n';
/** A whole program once libFuzzer brings its `main`. */
const fuzzed = "int LLVMFuzzerTestOneInput(const char *data, long size) { return data == 0 && size < 0; }\n";
/** Formats C, and says what is not formatted. */
export const clangFormat = (): Promise<Tool> => program("clang-format");
/** Reads C for what is likely wrong. */
export const clangTidy = (): Promise<Tool> => program("clang-tidy");
/** The builder that WAMR's own build files are written for. */
export const cmake = (): Promise<Tool> => program("cmake");
/** Rust's package manager, which brings WAMR's source. */
export const cargo = (): Promise<Tool> => program("cargo");
/** Counts executed instructions (its tool callgrind). */
export const valgrind = (): Promise<Tool> => program("valgrind", ["valgrind", "libc6-dbg"]);
/** Emulates Arm boards. */
export const qemuArm = (): Promise<Tool> => program("qemu-system-arm");
/** Emulates AVR boards. */
export const qemuAvr = (): Promise<Tool> => program("qemu-system-avr", ["qemu-system-misc"]);
/** Emulates RISC-V boards. */
export const qemuRiscv = (): Promise<Tool> => program("qemu-system-riscv32", ["qemu-system-misc"]);
/** Shows pages in a test. */
export const chromium = (): Promise<Tool> => program("chromium");
/** A broker for MQTT; Debian puts it where only root's PATH leads. */
export const mosquitto = (): Promise<Tool> =>
  existsSync(MOSQUITTO) ? Promise.resolve({ path: MOSQUITTO }) : program("mosquitto");
/** Makes certificates. */
export const openssl = (): Promise<Tool> => program("openssl");
/** Joins two pseudo terminals to a serial line. */
export const socat = (): Promise<Tool> => program("socat");
/** Lists files under version control. */
export const git = (): Promise<Tool> => program("git");

/** The compiler for bare-metal Cortex-M, with its C library. */
export async function armGcc(): Promise<Tool> {
  const packages = ["gcc-arm-none-eabi", "libnewlib-arm-none-eabi"];
  const compiler = await program("arm-none-eabi-gcc", packages);
  return isMissing(compiler) ? compiler : withPart(compiler, packages, ["-mcpu=cortex-m3", "-mthumb", "-c"]);
}

/** The compiler for AVR, with its C library. */
export async function avrGcc(): Promise<Tool> {
  const packages = ["gcc-avr", "binutils-avr", "avr-libc"];
  const compiler = await program("avr-gcc", packages);
  return isMissing(compiler) ? compiler : withPart(compiler, packages, ["-mmcu=atmega328p", "-c"]);
}

/** The compiler for bare-metal RISC-V, without a C library. */
export const riscvGcc = (): Promise<Tool> =>
  program("riscv64-unknown-elf-gcc", ["gcc-riscv64-unknown-elf", "binutils-riscv64-unknown-elf"]);

/** The same with a C library, for firmware. */
export async function riscvFirmwareGcc(): Promise<Tool> {
  const compiler = await riscvGcc();
  const core = ["--specs=picolibc.specs", "-mcpu=sifive-e31", "-mabi=ilp32", "-c"];
  return isMissing(compiler) ? compiler : withPart(compiler, ["picolibc-riscv64-unknown-elf"], core);
}

/** The C compiler, able to build 32-bit programs: WAMR's memory figures are those of a 32-bit machine. */
export async function gcc32(): Promise<Tool> {
  const compiler = await gcc();
  return isMissing(compiler) ? compiler : withPart(compiler, ["gcc-multilib"], ["-m32", "-c"]);
}

/** `compiler`, when it compiles `source` with `flags`; else after `packages` are installed. */
async function withPart(
  compiler: { path: string },
  packages: readonly string[],
  flags: readonly string[],
  source: string = plain,
): Promise<Tool> {
  if (await compiles(compiler.path, flags, source)) return compiler;
  const installed = await debian(packages);
  if (isMissing(installed)) return installed;
  if (await compiles(compiler.path, flags, source)) return compiler;
  return {
    missing: `${compiler.path} ${flags.join(" ")}`,
    how: `apt-get install --reinstall ${packages.join(" ")}`,
  };
}

async function compiles(compiler: string, flags: readonly string[], source: string): Promise<boolean> {
  return inTemporaryFolder("rill-cc-", async (folder) => {
    await writeFile(join(folder, "probe.c"), source);
    const done = await run(compiler, [...flags, "probe.c"], { cwd: folder });
    return done.code === 0;
  });
}
