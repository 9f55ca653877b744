/**
 * Streams the recording through the guest on WAMR, the interpreter of
 * microcontrollers, where it can be built.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CheckFailure, UserError } from "../../tools/errors/user-error.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { onPath } from "../../tools/setup/on-path.js";
import { run } from "../../tools/setup/run.js";
import { prepareWamrRun, type WamrFacts } from "../../tools/wamr/run-program.js";
import { decodeComponentType } from "../../tools/wit/component-type.js";
import { decodeBeats } from "./beat.js";
import { samplesPath } from "./recording.js";
import { BEATS, type EcgInput, type EcgRun } from "./stream-ecg.js";

/** The Debian package that brings each program that WAMR is built with. */
const packages: Readonly<Record<string, string>> = { gcc: "gcc libc6-dev", cargo: "cargo" };

/** Why WAMR cannot run here. The message is one line with what to do. */
export class NoWamr extends Error {}

/**
 * Builds WAMR on the first run, then runs the guest until the recording is over.
 * @throws NoWamr when this machine lacks what WAMR is built with; CheckFailure when the run failed
 */
export async function streamOnWamr({ corePath, samples, progress }: EcgInput): Promise<EcgRun> {
  requirePrograms();
  return inTemporaryFolder("rill-start-", async (folder) => {
    const output = join(folder, "beats.bin");
    const prepared = await prepare(corePath, output);
    const started = performance.now();
    const facts = await prepared.run();
    const seconds = (performance.now() - started) / 1000;
    if (facts.trap !== null) throw new CheckFailure(`the guest trapped on WAMR: ${facts.trap}`);
    const beats = decodeBeats(await readFile(output));
    progress.update(samples.length, beats.length);
    return { host: "WAMR 2.4.3, fast interpreter", beats, seconds };
  });
}

function requirePrograms(): void {
  const absent = Object.keys(packages).filter((name) => onPath(name) === null);
  if (absent.length === 0) return;
  const install = absent.map((name) => packages[name]!).join(" ");
  throw new NoWamr(`needs ${absent.join(" and ")}; on Debian: sudo apt-get install -y ${install}`);
}

async function prepare(core: string, output: string): Promise<{ run(): Promise<WamrFacts> }> {
  const world = decodeComponentType(await readFile(core))!;
  try {
    const prepared = await prepareWamrRun({
      core,
      world,
      call: BEATS,
      params: [{ path: samplesPath }],
      output,
      variant: { interpreter: "fast", bits: 64 },
    });
    return {
      run: async () => {
        const { code, output: told } = await run(prepared.command[0]!, prepared.command.slice(1));
        prepared.remove();
        if (code !== 0) throw new CheckFailure(`WAMR ended with ${code}: ${told.trim()}`);
        return JSON.parse(told) as WamrFacts;
      },
    };
  } catch (error) {
    if (error instanceof UserError) throw new NoWamr(error.message);
    throw error;
  }
}
