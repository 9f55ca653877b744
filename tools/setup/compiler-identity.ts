/** What tells one C compiler from another: a part of the key of all that it has built. */
import { run } from "./run.js";

const known = new Map<string, Promise<string>>();

/** The compiler's version and the machine that it builds for, in its own words. */
export function compilerIdentity(path: string): Promise<string> {
  let identity = known.get(path);
  if (identity === undefined) {
    identity = run(path, ["-v"]).then(({ output }) => output.replace(/^COLLECT_.*\n/gm, ""));
    known.set(path, identity);
  }
  return identity;
}
