/**
 * The C host under sanitizers: random call sequences from a fixed seed, then
 * sequences that libFuzzer steers to new code.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { after, before, test } from "node:test";
import { clang, gcc } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";
import { cRoot } from "../../tools/c-sources/c-sources.js";
import { unpackCorpus } from "../../dev/fuzz/corpus.js";
import {
  type Fuzzed,
  fuzzedHosts,
  libFuzzerBuild,
  longestFlag,
  strictFlags,
} from "../../dev/fuzz/fuzzed-hosts.js";
import { atTier, seed } from "../tier.js";

const SEQUENCES = atTier(250_000, 50_000_000);
const FUZZER_RUNS = atTier(80_000, 20_000_000);

let folder: string;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "rill-fuzz-"));
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function must(tool: Tool, args: readonly string[], cwd = folder): Promise<string> {
  assert.ok(!isMissing(tool), isMissing(tool) ? tool.how : "");
  return mustRun(tool.path, args, cwd);
}

async function mustRun(path: string, args: readonly string[], cwd = folder): Promise<string> {
  const { code, output } = await run(path, args, { cwd });
  assert.equal(code, 0, output.slice(-4000));
  return output;
}

const SANITIZERS = ["-fsanitize=address,undefined", "-fno-sanitize-recover=all"];
const objects = new Map<Fuzzed, Promise<string>>();

/** Compiles files for programs of random sequences. @returns the folder of their objects */
async function compiled({ flags }: Fuzzed, sources: readonly string[]): Promise<string> {
  const into = mkdtempSync(join(folder, "objects-"));
  await must(await gcc(), [...strictFlags, ...flags, ...SANITIZERS, "-c", ...sources], into);
  return into;
}

/**
 * Builds the program of random sequences.
 * @param changed a source to take instead of the library's of the same name
 */
async function buildRandom(host: Fuzzed, name: string, changed?: string): Promise<string> {
  const program = join(folder, name);
  const common = objects.get(host) ?? compiled(host, host.sources);
  objects.set(host, common);
  const own = changed === undefined ? null : await compiled(host, [changed]);
  const isOwn = (file: string): boolean => changed !== undefined && basename(file) === basename(changed);
  const folders = host.sources.map(async (file) => [isOwn(file) ? own! : await common, file] as const);
  const files = (await Promise.all(folders)).map(([of, file]) => join(of, `${basename(file, ".c")}.o`));
  await must(await gcc(), [...SANITIZERS, ...files, "-o", program]);
  return program;
}

/** A bound that only the short way forgets is also one that the long way has. */
const wild = /AddressSanitizer|runtime error|the short way and the long way differ/;
/** What a host is made to do wrong: its file, the code that is replaced, and what the run says then. */
const faults: readonly (readonly [what: string, file: string, from: string, to: string, found: RegExp])[] = [
  [
    "forgets a bound",
    "rill_host.c",
    "type->elem_size, host->memory_bytes - ptr)",
    "type->elem_size, host->memory_bytes)",
    wild,
  ],
  [
    "forgets a bound on the short way",
    "rill_one.c",
    "|| ptr > host->memory_bytes - element->elem_size",
    "",
    wild,
  ],
  [
    "counts two for one on the short way",
    "rill_one.c",
    "partner->packed += 1u << 4",
    "partner->packed += 2u << 4",
    /the short way and the long way differ/,
  ],
  [
    "waits for a partner that is gone",
    "rill_one.c",
    "if (stream->is_dropped)",
    "if (false)",
    /the short way and the long way differ/,
  ],
];

for (const [name, host] of Object.entries(fuzzedHosts)) {
  test(`${SEQUENCES} random call sequences on ${name}: traps, never a wild access`, async () => {
    const program = await buildRandom(host, "rill-fuzz");
    assert.match(
      await mustRun(program, [String(seed), String(SEQUENCES)]),
      new RegExp(`${SEQUENCES} sequences from seed ${seed}`),
    );
  });

  test(`libFuzzer, ${FUZZER_RUNS} runs on ${name} from the committed corpus`, async () => {
    const program = join(folder, "rill-libfuzzer");
    await must(await clang(), libFuzzerBuild(host, program));
    const corpus = mkdtempSync(join(folder, "committed-"));
    assert.ok(unpackCorpus(corpus) > 0, "the corpus has sequences");
    const found = mkdtempSync(join(folder, "corpus-"));
    await mustRun(program, [`-runs=${FUZZER_RUNS}`, `-seed=${seed}`, longestFlag, found, corpus]);
  });

  for (const [fault, file, from, to, found] of faults) {
    test(`${name}, but it ${fault}: found at once`, async () => {
      const source = readFileSync(join(cRoot, "host", file), "utf8");
      const changed = source.replace(from, to);
      assert.ok(changed !== source, `the change applies to ${file}`);
      const broken = join(folder, file);
      writeFileSync(broken, changed);
      const program = await buildRandom(host, "rill-broken", broken);
      const { code, output } = await run(program, ["1", "200000"]);
      assert.notEqual(code, 0);
      assert.match(output, found);
    });
  }
}
