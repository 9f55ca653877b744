/**
 * Takes a WIT world through bindings, asc and wasm-tools, with a generated
 * guest: bound, or refused with a reason.
 */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateSkeleton } from "../../tools/bindgen/skeleton.js";
import { type PreparedGuest, linkGuest, prepareGuest } from "../../tools/compile/guest-module.js";
import { withModule } from "../../tools/compile/optimize.js";
import { UserError } from "../../tools/errors/user-error.js";
import { run } from "../../tools/setup/run.js";
import { embedWorld } from "../../tools/wit/component.js";
import type { World } from "../../tools/wit/model.js";
import { resolveWorld } from "../../tools/wit/resolve.js";
import { missingImports } from "./missing-imports.js";
import { USES, withUses } from "./use-everything.js";

/**
 * What became of a world. `refused`: `rill bindgen` said why it does not bind it. `not WIT`:
 * wasm-tools itself does not read it. `failed`: anything else, which is a defect; `step`
 * says where. `why` is null when it passed.
 */
export interface Verdict {
  readonly outcome: "passed" | "refused" | "not WIT" | "failed";
  readonly step: string;
  readonly why: string | null;
}

/**
 * Judges one world, with all features of the WIT active.
 * @param wit       a .wit file or the folder of a package
 * @param folder    for what is made on the way; gets the guest's source
 * @param wasmTools path of the program
 * @param optimized false leaves the optimiser out: three quarters of the time, and it knows no name
 */
export async function judge(
  wit: string,
  world: string | undefined,
  folder: string,
  wasmTools: string,
  optimized = true,
): Promise<Verdict> {
  let resolved: World;
  try {
    resolved = await resolveWorld(wit, world, "all");
  } catch (error) {
    const done = await run(wasmTools, ["component", "wit", "--all-features", wit]);
    const outcome = done.code === 0 && !isRefusal(error) ? "failed" : done.code === 0 ? "refused" : "not WIT";
    return { outcome, step: "resolve", why: textOf(error) };
  }
  const entry = join(folder, "guest.ts");
  let source: string;
  try {
    source = generateSkeleton(resolved, "./bindings");
  } catch (error) {
    return { outcome: isRefusal(error) ? "refused" : "failed", step: "bind", why: textOf(error) };
  }
  mkdirSync(folder, { recursive: true });
  writeFileSync(entry, source);
  return compiled({ entry, wit, world, features: "all" }, folder, wasmTools, optimized);
}

async function compiled(
  source: Parameters<typeof prepareGuest>[0],
  folder: string,
  wasmTools: string,
  optimized: boolean,
): Promise<Verdict> {
  const core = join(folder, "core.wasm");
  const component = join(folder, "component.wasm");
  try {
    const guest = await prepareGuest(source);
    const text = await linkGuest(usingEverything(guest), { optimized });
    const binary = withModule(text, (module) => module.emitBinary());
    const missing = missingImports(guest.world, binary);
    if (missing.length > 0)
      return { outcome: "failed", step: "reach", why: `not bound: ${missing.join(", ")}` };
    writeFileSync(core, await embedWorld(binary, source.wit, source.world, source.features));
  } catch (error) {
    return { outcome: "failed", step: "compile", why: textOf(error) };
  }
  for (const args of [
    ["component", "new", core, "-o", component],
    ["validate", "--features", "all", component],
  ]) {
    const done = await run(wasmTools, args);
    if (done.code !== 0) return { outcome: "failed", step: `wasm-tools ${args[0]!}`, why: done.output };
  }
  return { outcome: "passed", step: "", why: null };
}

/** The guest, made to reach all of its bindings. */
function usingEverything(guest: PreparedGuest): PreparedGuest {
  const bindings = [...guest.bindings].map(([file, text]) => [file, withUses(text)] as const);
  const uses = bindings.map(([file], index) => {
    const path = file.replace(/\.ts$/, "");
    return `import { ${USES} as judge_uses${index} } from "./${path}";\njudge_uses${index}();\n`;
  });
  return { ...guest, bindings: new Map(bindings), entrySource: guest.entrySource + uses.join("") };
}

/** A refusal is one line for the user; an error of another class is a defect. */
function isRefusal(error: unknown): boolean {
  return error instanceof UserError && !error.message.includes("\n");
}

function textOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
