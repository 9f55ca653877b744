/** Replays conformance scripts and sums up. */
import { Mismatch } from "./mismatch.js";
import { replayCase } from "./replay.js";
import type { Case, ScriptFile } from "./script.js";

/** A case that failed, and at what. */
export interface ConformFailure {
  readonly id: string;
  readonly message: string;
}

/** How a host did on scripts. */
export interface ConformResult {
  passed: number;
  readonly failures: ConformFailure[];
  /** Cases that were not run, by the reason. */
  readonly skipped: Map<string, number>;
}

/** An empty result. */
export function emptyResult(): ConformResult {
  return { passed: 0, failures: [], skipped: new Map() };
}

/** Replays a file's cases on the V8 host, which lacks nothing that a script may need. */
export function conformOnV8(file: ScriptFile): ConformResult {
  const result = emptyResult();
  for (const script of file.cases) {
    const message = failureOf(file, script);
    if (message === null) result.passed++;
    else result.failures.push({ id: script.id, message });
  }
  return result;
}

function failureOf(file: ScriptFile, script: Case): string | null {
  try {
    replayCase(file, script);
    return null;
  } catch (error) {
    if (error instanceof Mismatch) return error.message;
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Adds one result to another. */
export function addResult(sum: ConformResult, { passed, failures, skipped }: ConformResult): void {
  sum.passed += passed;
  sum.failures.push(...failures);
  for (const [reason, count] of skipped) sum.skipped.set(reason, (sum.skipped.get(reason) ?? 0) + count);
}
