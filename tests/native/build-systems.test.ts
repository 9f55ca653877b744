/**
 * The C host as a part of other people's builds: CMake for real, and of Zephyr, ESP-IDF, PlatformIO and
 * Arduino what can be checked without them.
 */
import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { cList, cSources } from "../../tools/c-sources/c-sources.js";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { runPackNative } from "../../tools/native/pack-native.js";
import { packageRoot } from "../../tools/package-root.js";
import { armGcc, clang, cmake } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { version } from "../../tools/version.js";
import { STRING_H } from "../boards/device-compilers.js";
import { idfHeaders, idfMacros, arduinoHeaders, zephyrHeaders, zephyrMacros } from "./build-system-stubs.js";

const c = join(packageRoot, "c");
const samples = join(c, "samples", "above");
let folder: string;
/** The guest `above` as C, without the runtime's files. */
let above: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "rill-build-systems-"));
  above = join(folder, "above");
  const guest = join(folder, "guest");
  cpSync(samples, guest, { recursive: true });
  const { corePath } = await buildGuest({
    entry: join(guest, "above.ts"),
    wit: join(guest, "above.wit"),
    outDir: join(folder, "build"),
  });
  const whole = join(folder, "whole");
  await runPackNative(corePath, { format: "native", output: whole });
  mkdirSync(above);
  for (const file of ["above.c", "above.h"]) cpSync(join(whole, file), join(above, file));
});
after(() => {
  rmSync(folder, { recursive: true });
});

/** Feeds three samples, prints what comes. */
const DESKTOP_MAIN = `#include "above_task.h"
#include <stdio.h>
static unsigned fed;
static void nothing(void) {}
static void serve(void *context)
{
    static const uint16_t samples[3] = {1u, 4000u, 2047u};
    uint8_t *alarm;
    (void)context;
    while (rill_ring_peek(&above_alarms, &alarm) != 0u) {
        printf("%d", *alarm);
        rill_ring_skip(&above_alarms, 1u);
    }
    if (fed < 3u) {
        (void)rill_ring_put(&above_samples, &samples[fed++]);
    } else {
        above_end();
    }
}
int main(void)
{
    static const struct rill_chip chip = {nothing, nothing, nothing, NULL, serve};
    const char *trap = above_run(&chip);
    puts(trap == NULL ? " end" : trap);
    return trap != NULL;
}
`;

/** A project of these files in a folder of its own. */
function project(name: string, files: Readonly<Record<string, string>>): string {
  const root = join(folder, name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

/** Configures and builds. @returns the folder of what was built */
async function built(source: string, name: string, ...settings: readonly string[]): Promise<string> {
  const out = join(folder, `${name}-built`);
  const program = needTool(await cmake());
  await must(program, ["-S", source, "-B", out, ...settings.map((setting) => `-D${setting}`)]);
  await must(program, ["--build", out]);
  return out;
}

/** A program around the guest that links what `found` finds. */
function consumer(found: string): Readonly<Record<string, string>> {
  return {
    "main.c": DESKTOP_MAIN,
    "CMakeLists.txt": `cmake_minimum_required(VERSION 3.15)
project(consumer C)
${found}
add_executable(consumer main.c ${samples}/above_task.c ${above}/above.c)
target_include_directories(consumer PRIVATE ${samples} ${above})
target_compile_options(consumer PRIVATE -Wall -Wextra -Wconversion -Werror)
target_link_libraries(consumer rill::host)
`,
  };
}

test("CMake: add_subdirectory gives rill::host", async () => {
  const root = project("inside", consumer(`add_subdirectory(${c} rill)`));
  const out = await built(root, "inside");
  assert.equal(await must(join(out, "consumer"), []), "010 end\n");
});

test("CMake: what is installed is found by find_package, with its switches", async () => {
  const prefix = join(folder, "prefix");
  const all = ["RILL_WITH_LISTS=ON", "RILL_WITH_CALLS=ON", "RILL_WITH_TASKS=ON"];
  const out = await built(c, "installing", `CMAKE_INSTALL_PREFIX=${prefix}`, ...all);
  await must(needTool(await cmake()), ["--install", out]);
  const root = project("beside", consumer("find_package(rill REQUIRED)"));
  const consumed = await built(
    root,
    "beside",
    `CMAKE_PREFIX_PATH=${prefix}`,
    "CMAKE_EXPORT_COMPILE_COMMANDS=ON",
  );
  assert.equal(await must(join(consumed, "consumer"), []), "010 end\n");
  const commands = readFileSync(join(consumed, "compile_commands.json"), "utf8");
  for (const part of ["LISTS", "CALLS", "TASKS"]) assert.ok(commands.includes(`-DRILL_WITH_${part}`), part);
});

const cores = [
  ["cortex-m0", armGcc, "-mcpu=cortex-m0 -mthumb"],
  ["cortex-m3", armGcc, "-mcpu=cortex-m3 -mthumb"],
  ["RV32", clang, "--target=riscv32-none-elf -march=rv32imac -mabi=ilp32 -ffreestanding"],
] as const;

for (const [core, compiler, flags] of cores)
  test(`CMake: the host for ${core}`, async () => {
    const string = project("string", {
      "string.h": STRING_H,
      "setjmp.h": "typedef int jmp_buf[32];\nint setjmp(jmp_buf);\nvoid longjmp(jmp_buf, int);\n",
    });
    await built(
      c,
      core,
      "CMAKE_SYSTEM_NAME=Generic",
      "CMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY",
      `CMAKE_C_COMPILER=${needTool(await compiler())}`,
      `CMAKE_C_FLAGS=${flags} ${core === "RV32" ? `-isystem ${string}` : ""}`,
    );
  });

for (const [what, settings, message] of [
  ["a folder without WAMR", ["RILL_WAMR_DIR=/", "RILL_WAMR_TARGET=THUMB"], /RILL_WAMR_DIR: \/ has no core/],
  ["no core's name", ["RILL_WAMR_TARGET="], /RILL_WAMR_TARGET: `` is none of X86_64/],
  [
    "another interpreter",
    ["RILL_WAMR_INTERPRETER=jit"],
    /RILL_WAMR_INTERPRETER: `jit` is neither classic nor fast/,
  ],
  ["another loader", ["RILL_WAMR_LOADER=tiny"], /RILL_WAMR_LOADER: `tiny` is neither full nor mini/],
] as const)
  test(`CMake: ${what} is refused with what to write`, async () => {
    const wamr = project("wamr", { "core/iwasm/include/wasm_export.h": "" });
    const defaults = [`RILL_WAMR_DIR=${wamr}`, "RILL_WAMR_TARGET=X86_64"];
    const { code, output } = await run(needTool(await cmake()), [
      ...["-S", c, "-B", join(folder, "refused", what.replaceAll(" ", "-"))],
      ...[...defaults, ...settings].map((setting) => `-D${setting}`),
    ]);
    assert.notEqual(code, 0);
    assert.match(output.replaceAll(/\s+/g, " "), message);
  });

test("Zephyr: the module's CMakeLists.txt with stubs of Zephyr's macros builds the host that Kconfig chose", async () => {
  const root = project("zephyr", {
    "CMakeLists.txt": zephyrMacros(join(c, "zephyr")),
    "none.c": "int none;\n",
  });
  const on = await built(
    root,
    "zephyr-on",
    "CONFIG_RILL=y",
    "CONFIG_RILL_TASKS=y",
    "CONFIG_RILL_ALLOW_NATIVE=y",
    "CMAKE_EXPORT_COMPILE_COMMANDS=ON",
  );
  const commands = readFileSync(join(on, "compile_commands.json"), "utf8");
  assert.ok(commands.includes("rill_task.c") && commands.includes("-DRILL_WITH_TASKS"));
  assert.ok(commands.includes("rill_image_native.c") && commands.includes("-DRILL_ALLOW_NATIVE"));
  const off = await built(root, "zephyr-off", "CMAKE_EXPORT_COMPILE_COMMANDS=ON");
  assert.ok(!readFileSync(join(off, "compile_commands.json"), "utf8").includes("rill_host.c"));
});

test("Zephyr: each option of Kconfig is one that the build reads, and the module names files that are there", () => {
  const options = [...readFileSync(join(c, "Kconfig"), "utf8").matchAll(/^config (\w+)/gm)].map(
    ([, name]) => name!,
  );
  const switches = readFileSync(join(c, "CMakeLists.txt"), "utf8").matchAll(/^option\((\w+) /gm);
  assert.deepEqual(
    options,
    Array.from(switches, ([, name]) => name!.replace("_WITH_", "_")),
  );
  const module = readFileSync(join(c, "zephyr", "module.yml"), "utf8");
  for (const [, path] of module.matchAll(/(?:cmake: |kconfig: |- )(\S+)$/gm))
    assert.ok(existsSync(join(c, path!)), path);
});

test("ESP-IDF: the component's CMakeLists.txt with stubs of IDF's macros, both times that IDF reads it", async () => {
  const root = project("idf", {
    "CMakeLists.txt": idfMacros(c),
    "early.cmake": idfMacros(c, "early"),
    "none.c": "int none;\n",
  });
  const early = await run(needTool(await cmake()), ["-P", join(root, "early.cmake")]);
  assert.equal(early.code, 0, early.output);
  assert.match(early.output, /SRCS;.*rill_host\.c/);
  const out = await built(root, "idf", "CONFIG_RILL_LISTS=y", "CMAKE_EXPORT_COMPILE_COMMANDS=ON");
  const commands = readFileSync(join(out, "compile_commands.json"), "utf8");
  assert.ok(commands.includes("rill_list.c") && commands.includes("-DRILL_WITH_LISTS"));
});

for (const [what, source, headers, language] of [
  ["Zephyr", "zephyr/sample/src/main.c", zephyrHeaders, ["-std=c99", "-Wextra", "-Wconversion"]],
  ["ESP-IDF", "esp-idf/example/main/main.c", idfHeaders, ["-std=c99", "-Wextra", "-Wconversion"]],
  [
    "Arduino",
    "examples/Above/Above.ino",
    arduinoHeaders,
    ["-x", "c++", "-std=c++11", "-include", "Arduino.h"],
  ],
] as const)
  test(`${what}: the sample compiles against stubs of the headers`, async () => {
    const stubs = project(`${what}-headers`, headers);
    const own = what === "Arduino" ? [join(c, "src")] : cList("RILL_INCLUDES").map((name) => join(c, name));
    const includes = [stubs, samples, above, ...own].map((path) => `-I${path}`);
    await must(needTool(await clang()), [
      ...language,
      ...["-Wall", "-Werror", "-fsyntax-only", ...includes, join(c, source)],
    ]);
  });

/** What a build without Kconfig or CMake compiles. */
const plain = (): string[] => cSources("HOST", "RINGS", "BINDINGS", "NATIVE");

test("PlatformIO: library.json has the version of the package, and the files of the host", () => {
  const library = json(join(c, "library.json")) as {
    version: string;
    headers: readonly string[];
    build: { srcFilter: readonly string[]; flags: readonly string[] };
  };
  assert.equal(library.version, version);
  const [none, ...files] = library.build.srcFilter;
  assert.equal(none, "-<*>");
  assert.deepEqual(files.map((file) => join(c, /^\+<(.*)>$/.exec(file)![1]!)).sort(), plain().sort());
  for (const flag of library.build.flags) assert.ok(existsSync(join(c, flag.slice(2))), flag);
});

test("Arduino: library.properties is whole, and src has a file for each of the host's", () => {
  const text = readFileSync(join(c, "library.properties"), "utf8");
  const fields = new Map(
    text
      .trim()
      .split("\n")
      .map((line) => line.split(/=(.*)/s) as [string, string]),
  );
  for (const name of [
    "name",
    "author",
    "maintainer",
    "sentence",
    "paragraph",
    "category",
    "url",
    "architectures",
  ])
    assert.ok((fields.get(name) ?? "") !== "", name);
  assert.equal(fields.get("version"), version);
  assert.ok(fields.get("paragraph")!.length <= 200 && existsSync(join(c, "src", fields.get("includes")!)));
  for (const path of plain()) {
    const stub = readFileSync(join(c, "src", basename(path)), "utf8");
    const [, included] = /#include "(.*)"/.exec(stub)!;
    assert.equal(join(c, "src", included!), path);
  }
});

test("ESP-IDF: idf_component.yml has the version of the package and names an example that is there", () => {
  const manifest = readFileSync(join(c, "idf_component.yml"), "utf8");
  assert.equal(/^version: "(.*)"$/m.exec(manifest)![1], version);
  assert.ok(existsSync(join(c, /- path: (\S+)/.exec(manifest)![1]!, "main", "CMakeLists.txt")));
});

test("Arduino: the sketch, the library and the guest link to one program", async () => {
  const stubs = project("linked", {
    ...arduinoHeaders,
    "main.cpp":
      '#include "Arduino.h"\nvoid setup();\nvoid loop();\nint main() { setup(); loop(); }\n' + ARDUINO_WORLD,
  });
  const program = join(folder, "sketch");
  const stubFiles = plain().map((path) => join(c, "src", basename(path)));
  const objects: string[] = [];
  for (const file of [...stubFiles, join(samples, "above_task.c"), join(above, "above.c")]) {
    const object = join(folder, `${basename(file)}.o`);
    await must("gcc", [
      "-std=c99",
      `-I${join(c, "src")}`,
      `-I${samples}`,
      `-I${above}`,
      "-c",
      file,
      "-o",
      object,
    ]);
    objects.push(object);
  }
  cpSync(join(c, "examples", "Above", "Above.ino"), join(stubs, "sketch.cpp"));
  for (const file of ["sketch.cpp", "main.cpp"]) {
    const object = join(stubs, `${file}.o`);
    const flags = ["-std=c++11", "-fno-exceptions", `-I${stubs}`, `-I${join(c, "src")}`, `-I${samples}`];
    const more = ["-include", "Arduino.h", "-c", join(stubs, file), "-o", object];
    await must(needTool(await clang()), [...flags, ...more]);
    objects.push(object);
  }
  await must("gcc", [...objects, "-o", program]);
  assert.equal(await must(program, []), "010");
});

/** Three samples and then zeros; pins print, and after the third the program ends. */
const ARDUINO_WORLD = `#include <stdio.h>
#include <stdlib.h>
void pinMode(int, int) {}
int analogRead(int) {
  static const int samples[] = {0, 1023, 511};
  static int at;
  return at < 3 ? samples[at++] : 0;
}
void digitalWrite(int, int level) {
  static int shown;
  printf("%d", level);
  if (++shown == 3) exit(0);
}
`;

function json(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}
