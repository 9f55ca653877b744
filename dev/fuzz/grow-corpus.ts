/**
 * `npm run fuzz:corpus -- RUNS`: libFuzzer grows the corpus on both hosts, then
 * keeps what reaches code that no other does.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../../tools/errors/user-error.js";
import { clang } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { packCorpus, unpackCorpus } from "./corpus.js";
import { fuzzedHosts, libFuzzerBuild, longestFlag } from "./fuzzed-hosts.js";

const DEFAULT_RUNS = "400000";

async function must(path: string, args: readonly string[]): Promise<void> {
  const { code, output } = await run(path, args);
  if (code !== 0) throw new UserError(`${path} failed:\n${output.slice(-4000)}`);
}

/** Grows and minimises the corpus in `folder`. */
async function grow(folder: string, runs: string): Promise<void> {
  const compiler = await clang();
  if (isMissing(compiler)) throw new UserError(compiler.how);
  const made = (name: string): string => {
    const path = join(folder, name);
    mkdirSync(path);
    return path;
  };
  const all = made("all");
  const kept = made("kept");
  const before = unpackCorpus(all);
  const programs: string[] = [];
  for (const host of Object.values(fuzzedHosts)) {
    const program = join(folder, `fuzzer-${programs.length}`);
    await must(compiler.path, libFuzzerBuild(host, program));
    await must(program, [`-runs=${runs}`, longestFlag, `-artifact_prefix=${folder}/`, all]);
    programs.push(program);
  }
  // Adds to `kept`, the shortest first, what reaches code that nothing in it reaches on this
  // host; how often code runs is no reason.
  const merge = ["-merge=1", "-use_counters=0", longestFlag, kept, all];
  for (const program of programs) await must(program, merge);
  process.stdout.write(`${before} sequences before, ${packCorpus(kept)} now\n`);
}

async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const runs = positionals[0] ?? DEFAULT_RUNS;
  if (positionals.length > 1 || !/^\d+$/.test(runs))
    throw new UserError("usage: npm run fuzz:corpus -- [RUNS]");
  const folder = mkdtempSync(join(tmpdir(), "rill-fuzz-corpus-"));
  try {
    await grow(folder, runs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
