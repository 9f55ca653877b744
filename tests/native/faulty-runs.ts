/**
 * Guests of the gate, with a fault in the library or as they are, as C under the sanitizers: what a
 * caller sees of them.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { MessageChannel } from "node:worker_threads";
import { withModule } from "../../tools/compile/optimize.js";
import { linkGuest, type PreparedGuest, sizeConstants } from "../../tools/compile/guest-module.js";
import { prepareNativeRun } from "../../tools/native/native-run.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { startProcess } from "../../tools/processes/start-process.js";
import { serving } from "../../tools/run/run-on-c-host.js";
import type { ToImports } from "../../tools/run/imports/messages.js";
import { type ImportedFunction, importedFunctions } from "../../tools/run/imports/imported-function.js";
import { readChunks } from "../../tools/c-host/item-chunks.js";
import type { WamrParameter } from "../../tools/wamr/wamr-run.js";
import { elemSize } from "../../tools/wit/layout.js";
import { exportedFunctions } from "../../tools/wit/exported-functions.js";
import type { ValueType, World } from "../../tools/wit/model.js";

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
      const functions = importedFunctions(new WebAssembly.Module(readFileSync(core)), guest.world);
      const job = {
        ...{ core, world: guest.world, call, params, output },
        ...(mode !== undefined && { mode }),
        ...(functions.length > 0 && { imports: CALLS }),
      };
      const prepared = await prepareNativeRun(job, { sanitized: true });
      try {
        const { code, told } = await runAnswered(prepared.command, core, guest.world, functions);
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

/** The descriptor over which the program passes calls of imports on. */
const CALLS = 3;
/** What each imported function answers. */
const ANSWER = 7;

/** Runs the program; each function that it calls answers. */
async function runAnswered(
  command: readonly string[],
  core: string,
  world: World,
  functions: readonly ImportedFunction[],
): Promise<{ readonly code: number | null; readonly told: string }> {
  // One that never ends may write without end.
  const limited = ["-c", 'ulimit -f 2048; exec timeout -s KILL 20 "$@"', "sh", ...command];
  const child = startProcess("sh", limited, { stdio: ["ignore", "pipe", "pipe", "pipe"] });
  const { port1, port2 } = new MessageChannel();
  port2.on("message", (message: ToImports) => {
    if (message.kind === "call") port2.postMessage({ kind: "returned", call: message.call, value: ANSWER });
  });
  if (functions.length > 0)
    for (const serve of serving(
      { core: readFileSync(core) as Uint8Array<ArrayBuffer>, world },
      { functions, stubbed: [], end: { port: port1, words: new SharedArrayBuffer(0) } },
    ))
      serve(child.stdio[CALLS] as Duplex).catch(() => undefined);
  const chunks: Buffer[] = [];
  for (const stream of [child.stdout!, child.stderr!])
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  port1.close();
  return { code, told: Buffer.concat(chunks).toString() };
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
