/**
 * Guests of the gate, with a fault in the library or as they are, as C under the sanitizers: what a
 * caller sees of them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withModule } from "../../tools/compile/optimize.js";
import { linkGuest, type PreparedGuest, sizeConstants } from "../../tools/compile/guest-module.js";
import { prepareNativeRun } from "../../tools/native/native-run.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { run } from "../../tools/setup/run.js";
import { readChunks } from "../../tools/c-host/item-chunks.js";
import type { WamrParameter } from "../../tools/wamr/wamr-run.js";
import { elemSize } from "../../tools/wit/layout.js";
import { exportedFunctions } from "../../tools/wit/exported-functions.js";
import type { ValueType } from "../../tools/wit/model.js";

/** Items that each stream brings: more than a guest reads at once. */
const ITEMS = 6;

/** How copies go: as files are read, all at once, each BLOCKED first. */
const MODES = [undefined, "ready", "blocking"] as const;

/** What a caller sees: the way of the run, its trap, the sanitizers' complaint, and what came out. */
export async function seenOf(guest: PreparedGuest, arenaBytes?: number): Promise<string[]> {
  return inTemporaryFolder("rill-faulty-", async (folder) => {
    const text = await linkGuest(guest, {
      constants: sizeConstants(arenaBytes === undefined ? {} : { arenaBytes }),
    });
    const core = join(folder, "core.wasm");
    writeFileSync(
      core,
      withModule(text, (module) => module.emitBinary()),
    );
    const [[call, func]] = exportedFunctions(guest.world) as unknown as [
      [string, { readonly params: readonly { readonly type: ValueType }[] }],
    ];
    const params = func.params.map(({ type }, index) => parameter(type, join(folder, `in-${index}`)));
    const seen: string[] = [];
    for (const mode of MODES) {
      const output = join(folder, "out");
      writeFileSync(output, "");
      const job = { core, world: guest.world, call, params, output, ...(mode !== undefined && { mode }) };
      const prepared = await prepareNativeRun(job, { sanitized: true });
      try {
        const { code, output: told } = await run("timeout", ["-s", "KILL", "20", ...prepared.command]);
        const facts = code === 0 ? (JSON.parse(told) as { trap: string | null; ends_left: number }) : null;
        const value =
          facts?.trap === null && prepared.result !== null
            ? JSON.stringify([
                ...readChunks(
                  { kind: "tuple", types: [prepared.result.type] },
                  readFileSync(prepared.result.path),
                ),
              ])
            : "";
        const came = readFileSync(output).toString("hex");
        seen.push(
          `${mode ?? "files"}: ${facts === null ? complaint(told) : (facts.trap ?? `done, ${facts.ends_left} ends left`)} ${came}${value}`,
        );
      } finally {
        prepared.remove();
      }
    }
    return seen;
  });
}

/** A sanitizer's first line, or why the program ended. */
function complaint(told: string): string {
  return /(?:ERROR: \w+Sanitizer: [\w-]+|runtime error: .*)/.exec(told)?.[0] ?? "never ends";
}

function parameter(type: ValueType, path: string): WamrParameter {
  if (type.kind !== "stream") return { value: 3 };
  if (type.element === null) return { units: ITEMS };
  const bytes = ITEMS * elemSize(type.element);
  // A boolean is 0 or 1: every second byte is no more.
  writeFileSync(
    path,
    Uint8Array.from({ length: bytes }, (_, index) => (index % 2 === 0 ? index + 1 : 0)),
  );
  return { path };
}
