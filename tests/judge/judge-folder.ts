/**
 * Judges a folder of WIT that others wrote: every `.wit` file and every folder
 * of a package in it, all worlds of each.
 */
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { worldNames } from "../../tools/wit/wit-error.js";
import { readWitSource } from "../../tools/wit/wit-source.js";
import { type Verdict, judge } from "./judge.js";

/** An entry's verdict. */
export interface EntryVerdict extends Verdict {
  /** Name of the file or folder. */
  readonly name: string;
}

/**
 * @param scratch a folder that may be made and removed
 * @param wasmTools path of the program
 * @returns a verdict for each entry, by name
 */
export async function judgeFolder(root: string, scratch: string, wasmTools: string): Promise<EntryVerdict[]> {
  const verdicts: EntryVerdict[] = [];
  for (const name of readdirSync(root).sort()) {
    const wit = witOf(join(root, name));
    const verdict = wit
      ? spokesman(await judgeWorlds(wit, scratch, wasmTools))
      : notWit("no .wit file in it; is it a submodule that was not checked out?");
    verdicts.push({ ...verdict, name });
  }
  return verdicts;
}

/** An entry's WIT: the file itself, or the folder, or the `wit` in it. Null when there is none. */
function witOf(path: string): string | null {
  if (!statSync(path).isDirectory()) return path.endsWith(".wit") ? path : null;
  const inner = existsSync(join(path, "wit")) ? join(path, "wit") : path;
  return readdirSync(inner).some((name) => name.endsWith(".wit")) ? inner : null;
}

async function judgeWorlds(wit: string, scratch: string, wasmTools: string): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  for (const world of worldNames(readWitSource(wit))) {
    const verdict = await judge(wit, world, scratch, wasmTools);
    rmSync(scratch, { recursive: true, force: true });
    verdicts.push({ ...verdict, why: verdict.why === null ? null : `world ${world}: ${verdict.why}` });
  }
  return verdicts;
}

/** The first world that does not pass speaks for all. */
function spokesman(verdicts: readonly Verdict[]): Verdict {
  const bad =
    verdicts.find(({ outcome }) => outcome === "failed") ??
    verdicts.find(({ outcome }) => outcome !== "passed");
  return bad ?? verdicts[0] ?? notWit("there is no world in it");
}

function notWit(why: string): Verdict {
  return { outcome: "not WIT", step: "read", why };
}
