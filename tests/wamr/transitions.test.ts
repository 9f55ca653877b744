/**
 * The C host's own tests: each transition that a guest must not make traps (transitions.c), a copy of one
 * element comes to the same both ways (one.c), what values, strings, lists, calls and tasks come to
 * (values.c, texts.c, …); and which compilers take it.
 */
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { needTool } from "../../tools/setup/build-tool.js";
import { clang, gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";
import { type SequenceProgram, smallestHostPrograms, wholeHostPrograms } from "./sequences.js";
import { cFeatures, cIncludeFlags, cSources, featureFlags } from "../../tools/c-sources/c-sources.js";

const strict = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Wvla", "-Werror"];
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-transitions-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function must(tool: Tool, args: readonly string[]): Promise<string> {
  assert.ok(!isMissing(tool), isMissing(tool) ? tool.how : "");
  const { code, output } = await run(tool.path, args);
  assert.equal(code, 0, output);
  return output;
}

const sanitizers = ["-g", "-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
/** Who compiles the host and with which flags, and what then runs. */
const builds: readonly (readonly [
  string,
  () => Promise<Tool>,
  readonly string[],
  readonly SequenceProgram[],
])[] = [
  ["the smallest host, gcc, sanitized", gcc, sanitizers, smallestHostPrograms],
  ["the smallest host, clang, sanitized", clang, sanitizers, smallestHostPrograms],
  [
    "the smallest host, gcc, for size, without the traps' texts",
    gcc,
    ["-Os", "-DRILL_NO_TRAP_TEXTS"],
    smallestHostPrograms,
  ],
  ["the whole host, gcc, sanitized", gcc, [...sanitizers, ...featureFlags], wholeHostPrograms],
  ["the whole host, gcc, 32 bit", gcc, ["-m32", "-Os", ...featureFlags], wholeHostPrograms],
];

for (const [name, compiler, flags, programs] of builds) {
  test(`sequences of calls on ${name}`, async (t) => {
    const objects = mkdtempSync(join(folder, "objects-"));
    const features = programs === wholeHostPrograms ? cFeatures : [];
    const args = [...strict, ...flags, ...cIncludeFlags()];
    const path = needTool(await compiler());
    const sources = cSources("HOST", ...features);
    assert.equal((await run(path, [...args, "-c", ...sources], { cwd: objects })).output, "");
    const host = readdirSync(objects).map((object) => join(objects, object));
    for (const { name: program, sources: files, least } of programs)
      await t.test(program, async () => {
        const out = join(objects, program);
        await must({ path }, [...args, ...files, ...host, "-o", out]);
        const { code, output } = await run(out, []);
        const lines = output.trim().split("\n");
        assert.deepEqual(
          lines.filter((line) => !line.startsWith("ok ")),
          [],
        );
        assert.equal(code, 0);
        assert.ok(lines.length >= least, `${lines.length} sequences ran`);
      });
  });
}

/**
 * Cores that firmware is for, and the most bytes that the whole of the host may take there, by switches. The
 * short way of a copy of one element is some 300 of them.
 */
const targets: readonly (readonly [string, readonly string[], number, number])[] = [
  ["Cortex-M0", ["--target=thumbv6m-none-eabi", "-mcpu=cortex-m0"], 5540, 4010],
  ["Cortex-M3", ["--target=thumbv7m-none-eabi", "-mcpu=cortex-m3"], 5600, 4070],
  ["Cortex-M4", ["--target=thumbv7em-none-eabi", "-mcpu=cortex-m4"], 5600, 4070],
  ["RV32", ["--target=riscv32-none-elf", "-march=rv32imc", "-mabi=ilp32"], 6840, 5280],
];
const leastCode = ["-DRILL_NO_FUTURES", "-DRILL_NO_TRAP_TEXTS"];

for (const [name, flags, whole, small] of targets) {
  test(`on ${name}: no warning, no library but memcpy, memmove and memset, code within its budget`, async () => {
    const figures = [await objectBytes(flags), await objectBytes([...flags, ...leastCode])];
    assert.ok(figures[0]! <= whole && figures[1]! <= small, `${figures.join(" and ")} bytes of code`);
  });
}

/** Compiles for a target and sums up the sections that go into flash. */
async function objectBytes(flags: readonly string[]): Promise<number> {
  const include = join(folder, "include");
  mkdirSync(include, { recursive: true });
  // A target without a C library: all that the host takes from one.
  writeFileSync(
    join(include, "string.h"),
    "#include <stddef.h>\nvoid *memcpy(void *, const void *, size_t);\nvoid *memmove(void *, const void *, size_t);\nvoid *memset(void *, int, size_t);\n",
  );
  let sum = 0;
  for (const source of cSources("HOST")) {
    const object = join(folder, "target.o");
    await must(await clang(), [
      ...strict,
      ...["-Os", "-ffreestanding", "-fno-stack-protector", "-isystem", include],
      ...flags,
      ...["-c", source, "-o", object],
    ]);
    const symbols = await must({ path: "readelf" }, ["-sW", object]);
    const outside = [...symbols.matchAll(/ UND (\S+)$/gm)].map(([, symbol]) => symbol!);
    const strange = outside.filter(
      (symbol) => !/^(rill_|(__aeabi_)?mem(cpy|move|set|clr)\d*$|__aeabi_lmul$)/.test(symbol),
    );
    assert.deepEqual(strange, []);
    sum += flashBytes(await must({ path: "readelf" }, ["-SW", object]));
  }
  return sum;
}

/** Code and constants, of `readelf -S`. */
function flashBytes(headers: string): number {
  const sections = [...headers.matchAll(/\s(?:\.text|\.rodata)\S*\s+PROGBITS\s+\S+\s+\S+\s+([0-9a-f]+)/g)];
  assert.ok(sections.length > 0, headers);
  return sections.reduce((sum, [, hex]) => sum + parseInt(hex!, 16), 0);
}
