/** All C that this machine can compile, as clang-tidy reads it: `.clang-tidy` says what it looks for. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { needTool } from "../../tools/setup/build-tool.js";
import { cIncludeFlags, cList, featureFlags, pipeFlags } from "../../tools/c-sources/c-sources.js";
import { FUNCTION_SWITCHES } from "../../tools/boards/firmware.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { clangTidy } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { wamrSource } from "../../tools/setup/wamr-source.js";
import { trackedFiles } from "../rules/tracked-files.js";

/** Files that are read with the same flags. */
interface Reading {
  readonly of: string;
  readonly files: RegExp;
  readonly flags: readonly string[];
}

const core = async (folder: string): Promise<string> => join(needTool(await wamrSource()), "core", folder);
const isystem = (folders: readonly string[]): string[] => folders.flatMap((folder) => ["-isystem", folder]);
const embedded = isystem([await core("iwasm/include")]);
const inside = [
  ...isystem(await Promise.all(cList("WAMR_INCLUDES").map(core))),
  ...[...cList("WAMR_DEFINITIONS"), "WASM_ENABLE_FAST_INTERP=1"].map((name) => `-D${name}`),
  ...["-DBUILD_TARGET_X86_64", '-DBUILD_TARGET="X86_64"', `-I${join(packageRoot, "c", "platform")}`],
];

const onBoard = [
  ...[...embedded, "-std=gnu99", "-DRILL_WASM_IN_FLASH=0", "-DRILL_MORE_FOR_BLOCKS=96u"],
  ...["-Ifirmware", "-Ifirmware/microbit"],
];

const readings: readonly Reading[] = [
  {
    of: "the C host with every switch, the desktop's programs",
    files:
      /^(?:c\/(?:host|parts|wamr|native)|programs\/(?!frames\/)\w+)\/(?!engine_native|rill_image_native|pipe|rill_pipe)\w+\.c$/,
    flags: [...embedded, ...featureFlags],
  },
  {
    of: "the C host without any",
    files:
      /^c\/(?:host\/rill_(?:host|one|end|set|value)|parts\/\w+|wamr\/rill_(?:image_)?wamr|native\/(?!rill_image_native)\w+)\.c$/,
    flags: embedded,
  },
  {
    of: "the firmware of filters",
    files:
      /^firmware\/(?:(?!native|riscv|hifive1|avr|uno)\w+\/)?(?!entry|functions|remote|calls|event_loop|row|image_row)\w+\.c$/,
    flags: onBoard,
  },
  {
    of: "the firmware, and its images",
    files: /^(?:firmware\/(?!row|image_row)\w+|c\/parts\/rill_image|c\/wamr\/rill_image_wamr)\.c$/,
    flags: [...onBoard, ...FUNCTION_SWITCHES.map((name) => `-D${name}`)],
  },
  {
    of: "the firmware that runs images in a row",
    files: /^(?:firmware\/(?:row|image_row|guest|host|main)|c\/parts\/rill_image)\.c$/,
    flags: [...onBoard, ...[...FUNCTION_SWITCHES, "RILL_WITH_PIPES"].map((name) => `-D${name}`)],
  },
  {
    of: "the firmware's files for RISC-V",
    files: /^firmware\/(?:riscv|hifive1)\/\w+\.c$/,
    flags: ["--target=riscv32-none-elf", "-march=rv32imac", "-std=gnu99", "-DRILL_SUBTASKS"],
  },
  {
    of: "the firmware's files for AVR",
    files: /^firmware\/(?:avr|uno)\/\w+\.c$/,
    flags: [
      "--target=avr",
      "-mmcu=atmega328p",
      "-std=gnu99",
      "-Wno-unknown-attributes",
      ...isystem(["/usr/lib/avr/include"]),
    ],
  },
  {
    of: "the firmware of a guest as C",
    files: /^firmware\/(?:native\/main|host)\.c$/,
    flags: ["-std=gnu99", "-DRILL_FIRMWARE_NATIVE", "-Ifirmware", "-Ifirmware/microbit"],
  },
  {
    of: "the firmware of a guest as C that asks the computer",
    files: /^firmware\/(?:native\/main|host|entry|functions|remote)\.c$/,
    flags: [
      ...["-std=gnu99", "-DRILL_FIRMWARE_NATIVE", "-DRILL_CONVERSES", "-DRILL_WITH_LISTS"],
      ...["-Ifirmware", "-Ifirmware/microbit"],
    ],
  },
  {
    of: "the firmware of a guest as C whose calls go on, and that is called back",
    files: /^firmware\/(?:native\/main|host|entry|event_loop|functions|remote|calls|feed)\.c$/,
    flags: [
      ...["-std=gnu99", "-DRILL_FIRMWARE_NATIVE", "-DRILL_CONVERSES", "-DRILL_SUBTASKS", ...featureFlags],
      ...["-Ifirmware", "-Ifirmware/microbit"],
    ],
  },
  {
    of: "the firmware that takes machine code in images",
    files: /^(?:c\/(?:native|parts)\/rill_image\w*|firmware\/(?:native\/guest|main|host))\.c$/,
    flags: [
      ...["-std=gnu99", "-DRILL_FIRMWARE_NATIVE", "-DRILL_ALLOW_NATIVE", '-DRILL_CPU="cortex-m0"'],
      ...["-Ifirmware", "-Ifirmware/microbit"],
    ],
  },
  {
    of: "the program that runs a guest as C",
    files: /^programs\/run\/(?!pipe)\w+(?<!_wamr)\.c$/,
    flags: [...featureFlags, "-DRUN_NATIVE", "-DRILL_NATIVE_COUNTS_CALLS"],
  },
  {
    of: "the program that replays scripts on a guest as C",
    files: /^programs\/conform\/\w+(?<!_wamr)\.c$/,
    flags: [...featureFlags, "-DCONFORM_NATIVE", "-Iprograms/conform"],
  },
  {
    of: "streams from one guest into another",
    files: /^(?:c\/host\/rill_(?:host|end|pipe)|programs\/run\/(?:call|ends|items|pipe))\.c$/,
    flags: [...featureFlags, ...pipeFlags, "-DRUN_NATIVE", "-DRILL_NATIVE_COUNTS_CALLS"],
  },
  {
    of: "the firmware of guests in a row",
    files: /^firmware\/row\.c$/,
    flags: [
      ...["-std=gnu99", "-DRILL_FIRMWARE_NATIVE", "-DRILL_WITH_TASKS", "-DRILL_WITH_PIPES"],
      ...["-Ifirmware", "-Ifirmware/microbit"],
    ],
  },
  { of: "what looks into WAMR", files: /^programs\/frames\/\w+\.c$/, flags: inside },
];

/**
 * Pieces of a C library and of WAMR, whose names and parameters are theirs; lines that include a file of
 * ours; samples, which are compiled with a guest that is made for it (tests/native/build-systems.test.ts).
 */
const OTHERS = /^c\/(?:platform|src|samples|zephyr|esp-idf)\//;

const common = [
  ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wdocumentation", ...cIncludeFlags()],
  // The analyser would go on for seconds in each file where plans are followed.
  ...["-Xclang", "-analyzer-config", "-Xclang", "max-nodes=50000"],
];

/** What clang-tidy finds in `file`; nothing when all is well. */
async function found(file: string, flags: readonly string[]): Promise<string> {
  const config = `--config-file=${join(packageRoot, ".clang-tidy")}`;
  const args = ["--quiet", config, file, "--", ...common, ...flags];
  const { code, output } = await run(needTool(await clangTidy()), args, { cwd: packageRoot });
  return code === 0 ? "" : output;
}

for (const { of, files, flags } of readings) {
  test(`clang-tidy finds nothing in ${of}`, async () => {
    const waiting = trackedFiles(files).map(({ path }) => path);
    const findings: string[] = [];
    const worker = async (): Promise<void> => {
      for (let file = waiting.pop(); file !== undefined; file = waiting.pop())
        findings.push(await found(file, flags));
    };
    await Promise.all(Array.from({ length: availableParallelism() }, worker));
    assert.equal(findings.join(""), "");
  });
}

test("every C file that is compiled for a guest's host is read", () => {
  const read = new Set(readings.flatMap(({ files }) => trackedFiles(files).map(({ path }) => path)));
  const all = trackedFiles(/^(?:c|firmware|programs)\/.*\.c$/).filter(({ path }) => !OTHERS.test(path));
  assert.deepEqual(
    all.map(({ path }) => path).filter((path) => !read.has(path)),
    [],
  );
});

for (const [check, text] of [
  ["bugprone-macro-parentheses", "#define TWICE(x) 2 * x"],
  ["clang-analyzer-core.NullDereference", "int f(int a) { int *b = 0; if (a > 0) { b = &a; } return *b; }"],
  ["clang-diagnostic-documentation", "/** @param b it */\nint f(int a) { return a; }"],
  ["readability-braces-around-statements", "int f(int a) { if (a > 0) return 1; return 0; }"],
] as const) {
  test(`${check} is looked for`, async () => {
    await inTemporaryFolder("rill-tidy-", async (folder) => {
      const file = join(folder, "seeded.c");
      await writeFile(file, `${text}\n`);
      assert.match(await found(file, []), new RegExp(`error: .*\\[${check.replaceAll(".", "\\.")}`));
    });
  });
}
