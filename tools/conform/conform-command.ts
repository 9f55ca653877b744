/** What `rill conform` does: replays files of scripts on a host, says what failed, closes with the counts. */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { addResult, conformOnV8, emptyResult, type ConformResult } from "./conform.js";
import { readScripts, type ScriptFile } from "./script.js";

/** Flags of the command. */
export interface ConformFlags {
  readonly host: string;
  readonly json?: boolean;
}

/** Failures that are told one by one. */
const SHOWN_FAILURES = 10;

/** Replays the files. @throws UserError for bad input, CheckFailure when a case failed */
export async function runConform(paths: readonly string[], flags: ConformFlags): Promise<void> {
  const replay = replayerOf(flags.host);
  const files = await Promise.all(paths.map(async (path) => ({ path, script: await readScripts(path) })));
  const sum = emptyResult();
  const rows: object[] = [];
  for (const { path, script } of files) {
    const result = await replay(script);
    addResult(sum, result);
    rows.push({ file: path, kind: script.kind, ...counts(result), failures: result.failures });
    if (!flags.json) printFile(path, result);
  }
  if (flags.json) console.log(JSON.stringify({ host: flags.host, ...counts(sum), files: rows }, null, 2));
  else console.log(closing(sum));
  if (sum.failures.length > 0)
    throw new CheckFailure(`${sum.failures.length} conformance cases failed on ${flags.host}`);
}

type Replayer = (file: ScriptFile) => ConformResult | Promise<ConformResult>;

function replayerOf(host: string): Replayer {
  switch (host) {
    case "v8":
      return conformOnV8;
    case "wamr":
      return conformOnBothInterpreters;
    case "native":
      return async (file) => (await import("./native/conform-on-native.js")).conformOnNative(file);
    default:
      throw new UserError(`--host ${host}: unknown host (v8, wamr, native)`);
  }
}

/** WAMR has two interpreters: a case passes when it passes on both. */
async function conformOnBothInterpreters(file: ScriptFile): Promise<ConformResult> {
  const { conformOnWamr } = await import("./wamr/conform-on-wamr.js");
  const classic = await conformOnWamr(file, { interpreter: "classic", bits: 64 });
  const fast = await conformOnWamr(file, { interpreter: "fast", bits: 64 });
  const failures = [
    ...classic.failures.map(({ id, message }) => ({ id, message: `classic: ${message}` })),
    ...fast.failures.map(({ id, message }) => ({ id, message: `fast: ${message}` })),
  ];
  const failed = new Set(failures.map(({ id }) => id)).size;
  return { passed: classic.passed + classic.failures.length - failed, failures, skipped: classic.skipped };
}

function counts({ passed, failures, skipped }: ConformResult): {
  passed: number;
  failed: number;
  skipped: number;
} {
  return {
    passed,
    failed: failures.length,
    skipped: [...skipped.values()].reduce((sum, count) => sum + count, 0),
  };
}

function printFile(path: string, result: ConformResult): void {
  for (const { id, message } of result.failures.slice(0, SHOWN_FAILURES)) console.log(`${id}: ${message}`);
  const more = result.failures.length - SHOWN_FAILURES;
  if (more > 0) console.log(`... and ${more} more failures`);
  for (const [reason, count] of result.skipped) console.log(`${count} skipped: ${reason}`);
  console.log(`${path}: ${closing(result)}`);
}

/** `N passed, N failed`, and `, N skipped` where any were. */
function closing(result: ConformResult): string {
  const { passed, failed, skipped } = counts(result);
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}
