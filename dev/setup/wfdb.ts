/**
 * The Python package `wfdb` with all that it imports: the heartbeat detectors that examples/ecg is held to.
 */
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import { cached } from "../../tools/setup/cache.js";
import { run } from "../../tools/setup/run.js";
import { isMissing, type Tool } from "../../tools/setup/tool.js";
import { pythonWithPip } from "../../tools/setup/wheels.js";

/** The pins, with the hash of each wheel. */
const pins = join(packageRoot, "tests", "ecg-reference", "requirements.txt");

/** pip's refusal; the message is its own last line. */
class PipError extends Error {}

/** The folder to put on PYTHONPATH. Needs CPython 3.11 to 3.13 on Linux, whose wheels are pinned. */
export async function wfdb(): Promise<Tool> {
  const python = await pythonWithPip();
  if (isMissing(python)) return python;
  const version = await run(python.path, ["-c", "import sys; print('%d.%d' % sys.version_info[:2])"]);
  const hash = createHash("sha256").update(await readFile(pins));
  const key = hash.update(version.output).digest("hex").slice(0, 12);
  try {
    return { path: await cached(`wfdb-${key}`, (folder) => install(python.path, folder)) };
  } catch (error) {
    if (!(error instanceof PipError)) throw error;
    const how = `python3 -m pip install --require-hashes --target DIR -r ${pins}, to see why`;
    return { missing: `wfdb: ${error.message}`, how };
  }
}

async function install(python: string, folder: string): Promise<void> {
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--only-binary=:all:"];
  const done = await run(python, [...args, "--require-hashes", "--target", folder, "-r", pins]);
  if (done.code !== 0) throw new PipError(`pip: ${done.output.trim().split("\n").at(-1) ?? ""}`);
}
