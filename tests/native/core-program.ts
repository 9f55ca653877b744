/**
 * Translated modules on emulated cores of 32 bits that have RAM for whole pages: orders are compiled in, and
 * answers come out by semihosting.
 */
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { cIncludeFlags, cSources } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { cached } from "../../tools/setup/cache.js";
import { armGcc, qemuArm, qemuRiscv, riscvFirmwareGcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import type { Tool } from "../../tools/setup/tool.js";
import {
  type Order,
  orderLine,
  type Outcome,
  outcomesOf,
  tableTexts,
  type Translation,
} from "./translated-modules.js";

/** A core, and a machine of QEMU's that has it. */
export interface Core {
  readonly name: string;
  readonly gcc: () => Promise<Tool>;
  readonly flags: readonly string[];
  readonly emulator: () => Promise<Tool>;
  readonly machine: readonly string[];
}

const tests = join(packageRoot, "tests", "native");

/** Both have 16 MiB of RAM here, and no operating system. */
export const CORES: readonly Core[] = [
  {
    name: "Cortex-M3",
    gcc: armGcc,
    flags: ["-mcpu=cortex-m3", "-mthumb", "--specs=rdimon.specs", `-T${join(tests, "mps2-an385.ld")}`],
    emulator: qemuArm,
    machine: ["mps2-an385"],
  },
  {
    name: "RV32IMAC",
    gcc: riscvFirmwareGcc,
    flags: [
      ...["-march=rv32imac", "-mabi=ilp32", "-mcmodel=medany"],
      ...["--specs=picolibc.specs", "--crt0=semihost", "--oslib=semihost"],
      "-Wl,--defsym=__flash=0x80000000,--defsym=__flash_size=0x400000",
      "-Wl,--defsym=__ram=0x80400000,--defsym=__ram_size=0x1000000,--defsym=__stack_size=0x100000",
    ],
    emulator: qemuRiscv,
    machine: ["virt", "-bios", "none"],
  },
];

const FLAGS = [
  // Else the compiler takes x * 1 for x, which would leave a signalling NaN as it is.
  ...["-std=c99", "-Os", "-w", "-DNDEBUG", "-fsignaling-nans"],
  ...["-DRILL_NO_FUTURES", "-DRILL_NATIVE_DEPTH=250"],
];

/** Compiles the modules and runs them. @throws CheckFailure with the compiler's output, or the last answer */
export async function onCore(
  core: Core,
  translations: readonly Translation[],
  orders: readonly Order[],
): Promise<Outcome[]> {
  const gcc = needTool(await core.gcc());
  const texts: Record<string, string> = {
    ...tableTexts(translations),
    "modules.c": translations.map(({ source }) => source).join("\n"),
    "calls.c": readFileSync(join(tests, "calls.c"), "utf8"),
    "orders.c": `const char *const orders[] = {\n${orders.map((order) => `${JSON.stringify(orderLine(order))},\n`).join("")}0};\n`,
  };
  const sources = cSources("HOST", "NATIVE");
  const hash = createHash("sha256").update(JSON.stringify([core.name, FLAGS, core.flags, texts]));
  for (const source of sources) hash.update(readFileSync(source));
  const folder = await cached(`core-calls-${hash.digest("hex").slice(0, 12)}`, async (fresh) => {
    mkdirSync(fresh, { recursive: true });
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(fresh, file), text);
    const own = Object.keys(texts).filter((file) => file.endsWith(".c"));
    await must(gcc, [
      ...[...FLAGS, ...core.flags, "-DCALLS_ORDERS", `-I${fresh}`],
      ...[`-I${join(packageRoot, "programs", "run")}`, ...cIncludeFlags()],
      ...[...own.map((file) => join(fresh, file)), ...sources],
      ...["-o", join(fresh, "calls.elf"), "-lm"],
    ]);
  });
  const { output } = await run(needTool(await core.emulator()), [
    ...["-M", ...core.machine, "-kernel", join(folder, "calls.elf")],
    ...["-display", "none", "-monitor", "none", "-serial", "none"],
    ...["-semihosting-config", "enable=on,target=native"],
  ]);
  return outcomesOf(output);
}
