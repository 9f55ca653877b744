/**
 * WAMR's source, unmodified, from the crate that packs it: cargo checks the checksum that
 * `tools/setup/wamr-crate/Cargo.lock` pins.
 */
import { createHash } from "node:crypto";
import { cp, readFile, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { packageRoot } from "../package-root.js";
import { cached } from "./cache.js";
import { cargo } from "./programs.js";
import { run } from "./run.js";
import { isMissing, type Tool } from "./tool.js";

/** The folder `wasm-micro-runtime` of WAMR 2.4.3. */
export async function wamrSource(): Promise<Tool> {
  const pins = join(packageRoot, "tools", "setup", "wamr-crate");
  const key = createHash("sha256")
    .update(await readFile(join(pins, "Cargo.lock")))
    .digest("hex")
    .slice(0, 12);
  const tool = await cargo();
  if (isMissing(tool)) return tool;
  let reason = "";
  try {
    const entry = await cached(`wamr-${key}`, async (folder) => {
      await cp(pins, folder, { recursive: true });
      const done = await run(tool.path, ["vendor", "--locked", "--quiet", "vendor"], { cwd: folder });
      reason = done.output.trim();
      if (done.code !== 0) throw new Error(reason);
      await rename(
        join(folder, "vendor", "wamrx-sys", "wasm-micro-runtime"),
        join(folder, "wasm-micro-runtime"),
      );
      await rm(join(folder, "vendor"), { recursive: true });
    });
    return { path: join(entry, "wasm-micro-runtime") };
  } catch (error) {
    if (reason === "") throw error;
    return {
      missing: `WAMR's source: ${reason.split("\n")[0]!}`,
      how: `cargo vendor --locked, in ${pins}, to see why`,
    };
  }
}
