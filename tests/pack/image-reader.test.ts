/** The C reader of images against what `rill pack` writes: damaged, torn and forged ones, sanitized. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { must, needTool } from "../../tools/setup/build-tool.js";
import { cIncludeFlags, cRoot, cSources } from "../../tools/c-sources/c-sources.js";
import { type ImageFunctions, writeImage } from "../../tools/pack/image.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { findCore } from "../../tools/native/cores.js";
import { packNativeBytes } from "../../tools/native/pack-native-image.js";
import { packageRoot } from "../../tools/package-root.js";
import { gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { typeDescriptor } from "../../tools/c-host/copy-plan.js";
import type { ValueType } from "../../tools/wit/model.js";
import { core } from "../boards/guests.js";

const u32: ValueType = { kind: "u32" };
const f32: ValueType = { kind: "f32" };
const maybe: ValueType = { kind: "option", type: { kind: "u8" } };

/** Each step that a copy plan can have, a variant in a variant, and cases that go on at several places. */
const ODD: ValueType = {
  kind: "tuple",
  types: [
    { kind: "bool" },
    { kind: "char" },
    { kind: "option", type: { kind: "result", ok: { kind: "f64" }, error: { kind: "f32" } } },
    { kind: "enum", labels: ["a", "b", "c"] },
    { kind: "flags", labels: ["a", "b", "c", "d", "e", "f", "g", "h", "i"] },
    u32,
  ],
};

/** What makes it one of version 2: two functions, and a result that is no stream. */
const FUNCTIONS: ImageFunctions = {
  futures: [false, true, false, false],
  values: [false, false, false, false],
  places: [0, 3, 5],
  words: 7,
  isSync: false,
  isCallback: false,
  answersValue: true,
  hasArena: true,
  handles: 9,
  ends: 0,
  calls: 3,
  piped: null,
  rows: [
    null,
    null,
    { hash: 0, signature: "(iF)" },
    { hash: 0x12345678, signature: "(iIfF)I" },
    { hash: 9, signature: "()" },
  ],
};

/** The same for a guest that goes back to its host while it waits. */
const CALLED_BACK: ImageFunctions = { ...FUNCTIONS, isCallback: true };

/** The same with streams of strings and of no type, and two functions more. */
const FURTHER: ImageFunctions = {
  ...FUNCTIONS,
  values: [false, true, false, false],
  further: [
    {
      ...{ streams: [1, 3, 0], futures: [false, true, false], values: [true, false, false] },
      ...{ places: [1, 4], words: 6, isSync: false, isCallback: false, answersValue: false, hasArena: true },
    },
    {
      ...{ streams: [], futures: [], values: [], places: [] },
      ...{ words: 2, isSync: true, isCallback: false, answersValue: true, hasArena: false },
    },
  ],
};
/** The same for one that gets the stream of the image in front of it. */
const IN_A_ROW: ImageFunctions = { ...FURTHER, isCallback: true, piped: 2 };

/** task.cancel, backpressure.inc and .dec, context.get and .set: behind `call` in enum rill_builtin. */
const TASK_BUILTINS = [16, 17, 18, 19, 20];

/** An image whose types have long copy plans; nobody looks at its module. */
function rich(
  functions: ImageFunctions | null = null,
  taskBuiltins: readonly number[] = functions?.isCallback === true ? TASK_BUILTINS : [],
): Uint8Array {
  const call = { builtin: 15, type: -1, async: false, future: false };
  return writeImage({
    name: "rich",
    imports: [
      { builtin: 1, type: 0, async: true, future: false },
      { builtin: 2, type: 1, async: true, future: false },
      { builtin: 14, type: -1, async: false, future: false },
      ...(functions === null ? [] : [call, { ...call, async: true }]),
      ...taskBuiltins.map((builtin) => ({ ...call, builtin })),
    ],
    functions,
    types: [ODD, u32, maybe, f32].map((type) => typeDescriptor(type)),
    streams: [0, 1, 2, 3],
    paramCount: 3,
    module: Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0),
    needs: { pool: 4000, stack: 128, arena: 0, frames: 1, memory: 64 },
    board: null,
    address: 0x38000,
  });
}

test("no damaged image is accepted, no forged one leads the reader or the host out of its bytes", async () => {
  const folder = mkdtempSync(join(tmpdir(), "rill-image-reader-"));
  try {
    const path = await core("double");
    const bytes = readFileSync(path);
    const { image } = await packBytes(path, bytes, { address: 0x38000 });
    const machineCode = await packNativeBytes(path, bytes, {
      ...{ name: "double", call: null, board: null, address: 0x38000, cpu: findCore("cortex-m3") },
    });
    const compiler = needTool(await gcc());
    const reader = async (name: string, ...flags: readonly string[]): Promise<string> => {
      const program = join(folder, name);
      await must(compiler, [
        ...flags,
        ...["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-g", "-O1", ...cIncludeFlags()],
        ...["-fsanitize=address,undefined", "-fno-sanitize-recover=all"],
        ...[
          join(packageRoot, "tests", "pack", "image-reader.c"),
          ...cSources("IMAGE"),
          join(cRoot, "host", "rill_value.c"),
          "-o",
          program,
        ],
      ]);
      return program;
    };
    const plain = await reader("plain");
    const trusting = await reader("trusting", "-DRILL_ALLOW_NATIVE");
    const whole = await reader("whole", "-DRILL_IMAGE_FUNCTIONS");
    const withPipes = await reader(
      "pipes",
      ...["-DRILL_IMAGE_FUNCTIONS", "-DRILL_WITH_TASKS", "-DRILL_WITH_PIPES"],
    );
    const withTasks = await reader("tasks", "-DRILL_IMAGE_FUNCTIONS", "-DRILL_WITH_TASKS");
    for (const [name, content, program] of [
      ["double", image, plain],
      ["rich", rich(), plain],
      ["rich, beside machine code", rich(), trusting],
      ["machine code", machineCode.image, trusting],
      ["rich, beside functions", rich(), whole],
      ["functions", rich(FUNCTIONS), whole],
      ["functions, beside tasks", rich(FUNCTIONS), withTasks],
      ["several functions", rich(FURTHER), whole],
      ["tasks", rich(CALLED_BACK), withTasks],
      ["tasks, beside pipes", rich(CALLED_BACK), withPipes],
      ["pipes", rich(IN_A_ROW), withPipes],
    ] as const) {
      const file = join(folder, "guest.img");
      writeFileSync(file, content);
      const { code, output } = await run(program, [file]);
      const lines = output.trim().split("\n");
      assert.deepEqual(
        lines.filter((line) => !line.startsWith("ok ")),
        [],
        name,
      );
      assert.equal(code, 0);
      assert.equal(lines.length, 13);
    }
    const file = join(folder, "tasks.img");
    for (const content of [rich(CALLED_BACK), rich({ ...CALLED_BACK, isCallback: false }, TASK_BUILTINS)]) {
      writeFileSync(file, content);
      const { output } = await run(whole, [file]);
      assert.match(output, /^not ok the image as rill pack wrote it is accepted/, "a reader without tasks");
    }
    writeFileSync(file, rich(IN_A_ROW));
    const { output } = await run(withTasks, [file]);
    assert.match(output, /^not ok the image as rill pack wrote it is accepted/, "a reader without pipes");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
