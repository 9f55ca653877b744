/** The C host under sanitizers: random call sequences from a fixed seed, then sequences that libFuzzer steers to new code. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { clang, gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";
import { packageRoot } from "../../tools/package-root.js";
import { hostSources, wamrRoot } from "../../tools/wamr/desktop-library.js";

const SEQUENCES = 1_000_000;
const FUZZER_RUNS = 400_000;
const sources = ["fuzz_main.c", ...hostSources].map((file) => join(wamrRoot, file));
const strict = ["-std=c99", "-Wall", "-Wextra", "-Wconversion", "-Werror", "-g", "-O1"];
let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-fuzz-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function must(tool: Tool, args: readonly string[]): Promise<string> {
  assert.ok(!isMissing(tool), isMissing(tool) ? tool.how : "");
  return mustRun(tool.path, args);
}

async function mustRun(path: string, args: readonly string[]): Promise<string> {
  const { code, output } = await run(path, args, { cwd: folder });
  assert.equal(code, 0, output.slice(-4000));
  return output;
}

test(`${String(SEQUENCES)} random call sequences: traps, never a wild access`, async () => {
  const program = join(folder, "rill-fuzz");
  await must(await gcc(), [
    ...strict,
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    ...sources,
    "-o",
    program,
  ]);
  assert.match(
    await mustRun(program, ["20261123", String(SEQUENCES)]),
    new RegExp(`${String(SEQUENCES)} sequences from seed 20261123`),
  );
});

test(`libFuzzer, ${String(FUZZER_RUNS)} runs from the committed corpus`, async () => {
  const program = join(folder, "rill-libfuzzer");
  await must(await clang(), [
    ...strict,
    "-DRILL_LIBFUZZER",
    "-fsanitize=fuzzer,address,undefined",
    ...sources,
    "-o",
    program,
  ]);
  const corpus = join(packageRoot, "tests", "wamr", "corpus");
  await mustRun(program, [
    `-runs=${String(FUZZER_RUNS)}`,
    "-seed=1",
    "-max_len=400",
    join(folder, "."),
    corpus,
  ]);
});

test("a host that forgets a bound is found at once", async () => {
  const { readFileSync, writeFileSync } = await import("node:fs");
  const broken = join(folder, "rill_host.c");
  const source = readFileSync(join(wamrRoot, "rill_host.c"), "utf8");
  const changed = source.replace(
    "byte_length > host->memory_bytes || ptr > host->memory_bytes - byte_length",
    "byte_length > host->memory_bytes",
  );
  assert.notEqual(changed, source);
  writeFileSync(broken, changed);
  const program = join(folder, "rill-broken");
  const files = sources.map((file) => (file.endsWith("rill_host.c") ? broken : file));
  await must(await gcc(), [
    ...strict,
    `-I${wamrRoot}`,
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    ...files,
    "-o",
    program,
  ]);
  const { code, output } = await run(program, ["1", "200000"]);
  assert.notEqual(code, 0);
  assert.match(output, /AddressSanitizer|runtime error/);
});
