/** Translated modules on an ATmega2560 of QEMU, called as those on the desktop are. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { needTool } from "../../tools/setup/build-tool.js";
import { cIncludeFlags, cIncludes, cSources } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";
import { startProcess } from "../../tools/processes/start-process.js";
import { cached } from "../../tools/setup/cache.js";
import { compilerIdentity } from "../../tools/setup/compiler-identity.js";
import { avrGcc, qemuAvr } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import {
  type Order,
  orderLine,
  type Outcome,
  outcomesOf,
  tableTexts,
  type Translation,
} from "./translated-modules.js";

/** Calls at once of functions that may call themselves: what 8 KiB of RAM have room for. */
export const AVR_DEPTH = 60;

const FLAGS = [
  ...["-std=c99", "-mmcu=atmega2560", "-Os", "-w", "-ffunction-sections", "-Wl,--gc-sections", "-mrelax"],
  ...["-DNDEBUG", "-DRILL_NO_FUTURES", `-DRILL_NATIVE_DEPTH=${AVR_DEPTH}`],
];

function headers(folder: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(".h"))
    .map((file) => join(folder, file));
}

/** Exports are called by number: their names would take RAM. */
function withoutNames(source: string): string {
  return source.replace(/^ {4}\{".*?", (?="\()/gm, '    {"", ');
}

/** Compiles the modules into one program. @returns its file */
async function avrProgram(translations: readonly Translation[]): Promise<string> {
  const compiler = needTool(await avrGcc());
  const tests = join(packageRoot, "tests", "native");
  const texts: Record<string, string> = {
    ...tableTexts(translations),
    ...Object.fromEntries(translations.map(({ source }, index) => [`m${index}.c`, withoutNames(source)])),
    "calls.c": readFileSync(join(tests, "calls-avr.c"), "utf8"),
  };
  const sources = cSources("HOST", "NATIVE");
  const hash = createHash("sha256").update(JSON.stringify([await compilerIdentity(compiler), FLAGS, texts]));
  for (const file of [...sources, ...cIncludes().flatMap(headers)]) hash.update(readFileSync(file));
  const folder = await cached(`avr-calls-${hash.digest("hex").slice(0, 12)}`, async (fresh) => {
    mkdirSync(fresh, { recursive: true });
    for (const [file, text] of Object.entries(texts)) writeFileSync(join(fresh, file), text);
    const own = Object.keys(texts).filter((file) => file.endsWith(".c"));
    const includes = [`-I${fresh}`, `-I${join(packageRoot, "programs", "run")}`, ...cIncludeFlags()];
    const files = [...own.map((file) => join(fresh, file)), ...sources];
    const done = await run(compiler, [
      ...FLAGS,
      ...includes,
      ...files,
      "-o",
      join(fresh, "calls.elf"),
      "-lm",
    ]);
    if (done.code !== 0) throw new Error(done.output);
  });
  return join(folder, "calls.elf");
}

/**
 * Runs the modules on the emulated chip.
 * @param limit milliseconds
 * @throws Error when the answers do not come
 */
export async function onAvr(
  translations: readonly Translation[],
  orders: readonly Order[],
  limit = 60_000,
): Promise<Outcome[]> {
  const elf = await avrProgram(translations);
  const qemu = needTool(await qemuAvr());
  const child = startProcess(
    qemu,
    ["-M", "mega2560", "-bios", elf, "-display", "none", "-monitor", "none", "-serial", "stdio"],
    { stdio: ["pipe", "pipe", "inherit"] },
  );
  return new Promise((resolve, reject) => {
    let told = "";
    const timeout = setTimeout(() => child.kill("SIGKILL"), limit);
    child.stdout!.on("data", (chunk: Buffer) => {
      told += chunk.toString();
      if (told.split("\n").length > orders.length) child.kill("SIGKILL");
    });
    child.on("close", () => {
      clearTimeout(timeout);
      const outcomes = outcomesOf(told);
      if (outcomes.length === orders.length) resolve(outcomes);
      else
        reject(
          new Error(`${outcomes.length} of ${orders.length} answers came; the last: ${told.slice(-80)}`),
        );
    });
    // Its input stays open: QEMU drops what it has not read when it ends.
    child.stdin!.write(orders.map(orderLine).join(""));
  });
}
