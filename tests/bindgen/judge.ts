/** Takes a WIT world through bindings, asc and wasm-tools, with a generated guest: bound, or refused with a reason. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateSkeleton } from "../../tools/bindgen/skeleton.js";
import { linkGuest, prepareGuest } from "../../tools/build/guest-module.js";
import { withModule } from "../../tools/build/optimize.js";
import { UserError } from "../../tools/errors/user-error.js";
import { run } from "../../tools/setup/run.js";
import { embedWorld } from "../../tools/wit/component.js";
import { resolveWorld } from "../../tools/wit/resolve.js";

/** What became of a world. `why` is null when it passed. */
export interface Verdict {
  readonly outcome: "passed" | "refused" | "failed";
  readonly step: string;
  readonly why: string | null;
}

/**
 * Judges one world.
 * @param wit    a .wit file or the folder of a package
 * @param folder for what is made on the way; gets the guest's source
 */
export async function judge(
  wit: string,
  world: string | undefined,
  folder: string,
  wasmTools: string,
): Promise<Verdict> {
  let step = "resolve";
  try {
    const resolved = await resolveWorld(wit, world, "all");
    step = "bind";
    const source = generateSkeleton(resolved, "./bindings");
    mkdirSync(folder, { recursive: true });
    const entry = join(folder, "guest.ts");
    writeFileSync(entry, source);
    const guest = await prepareGuest({ entry, wit, world, features: "all" });
    step = "compile";
    const text = await linkGuest(guest, { optimized: false });
    const core = withModule(text, (module) => module.emitBinary());
    step = "component";
    const embedded = join(folder, "core.wasm");
    writeFileSync(embedded, await embedWorld(core, wit, world, "all"));
    const component = join(folder, "component.wasm");
    for (const args of [
      ["component", "new", embedded, "-o", component],
      ["validate", "--features", "all", component],
    ]) {
      const done = await run(wasmTools, args);
      if (done.code !== 0) return { outcome: "failed", step: args[0]!, why: done.output };
    }
    return { outcome: "passed", step: "", why: null };
  } catch (error) {
    const refused = error instanceof UserError && step !== "compile" && step !== "component";
    const why =
      error instanceof Error ? (refused ? error.message : (error.stack ?? error.message)) : String(error);
    return { outcome: refused ? "refused" : "failed", step, why };
  }
}
