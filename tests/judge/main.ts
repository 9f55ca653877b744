/**
 * `npm run judge -- FOLDER`: takes every `.wit` file and every folder of a WIT package in FOLDER through bindings, asc and wasm-tools,
 * all worlds of each, and says how many pass and why each other one does not.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";
import { worldNames } from "../../tools/wit/wit-error.js";
import { readWitSource } from "../../tools/wit/wit-source.js";
import { type Verdict, judge } from "./judge.js";
import { limitOf } from "./limits.js";

/** An entry's WIT: the file itself, or the folder, or the `wit` in it. Null when there is none. */
function witOf(path: string): string | null {
  if (!statSync(path).isDirectory()) return path.endsWith(".wit") ? path : null;
  const inner = existsSync(join(path, "wit")) ? join(path, "wit") : path;
  return readdirSync(inner).some((name) => name.endsWith(".wit")) ? inner : null;
}

async function judgeEntry(wit: string, folder: string, tool: string): Promise<Verdict[]> {
  const source = readWitSource(wit);
  const verdicts: Verdict[] = [];
  for (const world of worldNames(source)) {
    const verdict = await judge(wit, world, folder, tool);
    rmSync(folder, { recursive: true, force: true });
    const why = verdict.why === null ? null : `world ${world}: ${verdict.why}`;
    verdicts.push({ ...verdict, why });
  }
  return verdicts;
}

/** The entry as a whole: the first of its worlds that does not pass speaks for it. */
function summary(verdicts: readonly Verdict[]): Verdict {
  const bad =
    verdicts.find(({ outcome }) => outcome === "failed") ??
    verdicts.find(({ outcome }) => outcome !== "passed");
  return bad ?? verdicts[0] ?? { outcome: "not WIT", step: "", why: "there is no world in it" };
}

async function main(): Promise<number> {
  const [root] = process.argv.slice(2);
  const tool = await wasmTools();
  if (root === undefined || !existsSync(root) || isMissing(tool)) {
    process.stderr.write(
      isMissing(tool) ? `${tool.missing}: ${tool.how}\n` : "usage: npm run judge -- FOLDER\n",
    );
    return 2;
  }
  const scratch = mkdtempSync(join(tmpdir(), "rill-judge-"));
  const counts = new Map<string, number>();
  for (const name of readdirSync(root).sort()) {
    const wit = witOf(join(root, name));
    const verdict: Verdict = wit
      ? summary(await judgeEntry(wit, join(scratch, "guest"), tool.path))
      : { outcome: "not WIT", step: "", why: "no .wit file" };
    counts.set(verdict.outcome, (counts.get(verdict.outcome) ?? 0) + 1);
    const limit =
      verdict.outcome === "refused" && limitOf(verdict.why!) === null ? " NOT A DOCUMENTED LIMIT" : "";
    if (verdict.why !== null)
      process.stdout.write(`${name}: ${verdict.outcome}${limit} ${verdict.step}: ${verdict.why}\n`);
  }
  rmSync(scratch, { recursive: true, force: true });
  const all = [...counts].map(([outcome, count]) => `${String(count)} ${outcome}`);
  process.stdout.write(`${all.join(", ")}\n`);
  return counts.has("failed") ? 1 : 0;
}

process.exitCode = await main();
