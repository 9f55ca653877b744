/** `rill pack --format native`: what it writes compiles as it says, and what it refuses. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { runPackNative } from "../../tools/native/pack-native.js";
import { packageRoot } from "../../tools/package-root.js";
import { run } from "../../tools/setup/run.js";
import { core, handMadeCore } from "../boards/guests.js";

const folder = mkdtempSync(join(tmpdir(), "rill-pack-native-"));
after(() => {
  rmSync(folder, { recursive: true });
});

const STRICT = ["-pedantic", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-Os", "-c", "-o", "/dev/null"];

for (const guest of ["double", "ecg"] as const)
  test(`${guest}: C99 and C++ without a warning, of both compilers`, async () => {
    const out = join(folder, guest);
    await runPackNative(await core(guest), { format: "native", output: out, json: true });
    const files = readdirSync(out);
    assert.ok(
      [`${guest}.c`, `${guest}.h`, "LICENSE", "NOTICE", "rill_native.c"].every((file) =>
        files.includes(file),
      ),
    );
    const compile = async (compiler: string, language: readonly string[], file: string): Promise<void> => {
      const { code, output } = await run(compiler, [...language, ...STRICT, `-I${out}`, join(out, file)]);
      assert.equal(code, 0, output);
    };
    for (const compiler of ["gcc", "clang"]) {
      for (const file of files.filter((name) => name.endsWith(".c")))
        await compile(compiler, ["-std=c99"], file);
      await compile(compiler, ["-x", "c++", "-std=c++11"], `${guest}.c`);
    }
  });

test("a load whose value nobody wants leaves no variable behind", async () => {
  const out = join(folder, "unwanted");
  const path = join(folder, "unwanted.core.wasm");
  writeFileSync(path, await handMadeCore("(drop (i32.load (i32.const 0))) (i32.const 0)"));
  await runPackNative(path, { format: "native", output: out, json: true });
  const { code, output } = await run("gcc", ["-std=c99", ...STRICT, `-I${out}`, join(out, "unwanted.c")]);
  assert.equal(code, 0, output);
});

test("the header says what an instance needs", async () => {
  const out = join(folder, "said");
  await runPackNative(await core("double"), { format: "native", output: out, name: "twice" });
  const header = readFileSync(join(out, "twice.h"), "utf8");
  for (const line of [
    "#define TWICE_MEMORY_BYTES 64u",
    "#define TWICE_HANDLES 5u",
    "#define TWICE_STREAMS 2u",
    "bool twice_call_double(struct twice_guest *guest, uint32_t l0, uint32_t *result);",
  ])
    assert.ok(header.includes(line), header);
});

test("the main.c of docs/native.md compiles with what is written, and doubles", async () => {
  const out = join(folder, "documented");
  await runPackNative(await core("double"), { format: "native", output: out, json: true });
  const page = readFileSync(join(packageRoot, "docs", "native.md"), "utf8");
  const program = join(folder, "documented-program");
  writeFileSync(join(out, "main.c"), /```c\n(.*?)```/s.exec(page)![1]!);
  const sources = readdirSync(out).filter((file) => file.endsWith(".c"));
  const flags = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-fsanitize=address,undefined"];
  const made = await run("gcc", [
    ...flags,
    `-I${out}`,
    ...sources.map((file) => join(out, file)),
    "-o",
    program,
  ]);
  assert.equal(made.code, 0, made.output);
  assert.deepEqual(await run(program, []), { code: 0, output: "0\n2\n4\n6\n8\n" });
});

const refused: readonly (readonly [what: string, flags: object, error: RegExp])[] = [
  ["a flag of images", { board: "microbit" }, /--board is for images/],
  ["a name like the runtime's files", { name: "rill_host" }, /choose another --name/],
];
for (const [what, flags, error] of refused)
  test(`refused, and nothing is written: ${what}`, async () => {
    const output = join(folder, "refused");
    await assert.rejects(runPackNative(await core("double"), { format: "native", output, ...flags }), error);
    assert.ok(!existsSync(output));
  });

test("refused: a file in place of the folder", async () => {
  const output = join(folder, "file");
  writeFileSync(output, "kept");
  await assert.rejects(runPackNative(await core("double"), { format: "native", output }), /is a file/);
  assert.equal(readFileSync(output, "utf8"), "kept");
});

test("refused: an instruction that is not translated, by its name", async () => {
  const output = join(folder, "simd");
  const path = join(folder, "simd.core.wasm");
  writeFileSync(path, await handMadeCore("(i32x4.extract_lane 0 (i32x4.splat (local.get $in)))"));
  await assert.rejects(
    runPackNative(path, { format: "native", output }),
    /has the instruction .*not translated to C/,
  );
  assert.ok(!existsSync(output));
});
