/** From the guest's run to the picture in docs/. */
import { join } from "node:path";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { silent } from "../start/progress.js";
import { readReferenceBeats, readSamples, SAMPLE_RATE } from "../start/recording.js";
import { streamOnV8 } from "../start/stream-on-v8.js";
import { ecgSvg } from "./ecg-svg.js";

/** Where the picture is kept. */
export const picturePath: string = join(packageRoot, "docs", "ecg.svg");

/** Ten seconds with narrow beats and wide ones, of which XQRS leaves some out. */
const excerpt = { start: 80_080, length: 10 * SAMPLE_RATE };

/** Builds the guest, streams the recording through it on V8 and draws what it found. */
export async function drawEcg(): Promise<string> {
  return inTemporaryFolder("rill-plot-", async (outDir) => {
    const example = join(packageRoot, "examples", "ecg");
    const { corePath } = await buildGuest({
      entry: join(example, "ecg.ts"),
      wit: join(example, "ecg.wit"),
      outDir,
    });
    const samples = readSamples();
    const { beats } = streamOnV8({ corePath, samples, progress: silent });
    return ecgSvg({ samples, beats, xqrs: readReferenceBeats().xqrs, excerpt });
  });
}
