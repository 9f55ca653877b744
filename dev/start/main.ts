/**
 * `npm start`: builds the heartbeat detector of examples/ecg, streams five minutes of a real
 * electrocardiogram through it and shows what it found and what it cost. Needs Node and npm; with a
 * C toolchain the host is WAMR, else V8.
 */
import { join } from "node:path";
import { isDeepStrictEqual, parseArgs } from "node:util";
import asciichart from "asciichart";
import pc from "picocolors";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { CheckFailure, UserError } from "../../tools/errors/user-error.js";
import { packageRoot } from "../../tools/package-root.js";
import { count } from "./count.js";
import { ratesOverTime } from "./heart-rate.js";
import { CHART_MARGIN, heartRateChart } from "./heart-rate-chart.js";
import { matchBeats } from "./match-beats.js";
import { moduleFigures } from "./module-figures.js";
import { showProgress, silent } from "./progress.js";
import { readReferenceBeats, readSamples, SAMPLE_RATE, TOLERANCE } from "./recording.js";
import type { EcgCounts, EcgInput, EcgRun } from "./stream-ecg.js";
import { streamOnV8 } from "./stream-on-v8.js";
import { NoWamr, streamOnWamr } from "./stream-on-wamr.js";
import { summary } from "./summary.js";

/** Columns of the page: those of a terminal of 80, less a margin. */
const WIDTH = 78;

async function start(): Promise<void> {
  const wanted = readArguments();
  const samples = readSamples();
  const minutes = samples.length / SAMPLE_RATE / 60;
  print(pc.bold("as-rill") + ": a heartbeat detector without an allocator, on a real electrocardiogram\n");

  const example = join(packageRoot, "examples", "ecg");
  const { corePath } = await buildGuest({
    entry: join(example, "ecg.ts"),
    wit: join(example, "ecg.wit"),
    outDir: join(packageRoot, "build", "ecg"),
  });
  print(`  Built examples/ecg; streaming ${count(samples.length)} samples, ${minutes} minutes.`);
  const { run, counts } = await streamOn(wanted, corePath, samples);

  const rates = ratesOverTime(run.beats, samples.length, WIDTH - CHART_MARGIN);
  print(`\n  Heart rate, beats a minute\n`);
  print(heartRateChart(rates, minutes, pc.isColorSupported ? asciichart.red : undefined));

  const reference = readReferenceBeats().xqrs;
  const found = run.beats.map(({ at }) => at);
  const outcome = {
    samples: samples.length,
    run,
    counts,
    module: await moduleFigures(corePath),
    xqrs: matchBeats(reference, found, TOLERANCE),
    xqrsBeats: reference.length,
  };
  print(`\n${summary(outcome)}`);
}

/** The host that was asked for; null for the best one that there is. */
function readArguments(): string | null {
  try {
    const { values } = parseArgs({ options: { host: { type: "string" } } });
    if (values.host === undefined || values.host === "v8" || values.host === "wamr")
      return values.host ?? null;
  } catch {
    // an argument that there is not
  }
  throw new UserError("npm start takes no arguments but -- --host v8 or -- --host wamr");
}

/**
 * Streams the recording: through WAMR where it can be built, else through V8.
 * The counts are V8's in both cases.
 */
async function streamOn(
  wanted: string | null,
  corePath: string,
  samples: Uint16Array,
): Promise<{ run: EcgRun; counts: EcgCounts }> {
  const progress = showProgress(samples.length);
  try {
    const onWamr = wanted === "v8" ? null : await tryWamr(wanted, { corePath, samples, progress });
    if (onWamr === null) {
      const run = streamOnV8({ corePath, samples, progress });
      return { run, counts: run };
    }
    const counts = streamOnV8({ corePath, samples, progress: silent });
    if (!isDeepStrictEqual(onWamr.beats, counts.beats))
      throw new CheckFailure("WAMR and V8 found other beats");
    return { run: onWamr, counts };
  } finally {
    progress.stop();
  }
}

/** The run on WAMR; null, and a line that says why, when this machine has no WAMR and nobody insists. */
async function tryWamr(wanted: string | null, input: EcgInput): Promise<EcgRun | null> {
  try {
    return await streamOnWamr(input);
  } catch (error) {
    if (!(error instanceof NoWamr)) throw error;
    if (wanted === "wamr") throw new UserError(`WAMR ${error.message}`);
    print(pc.dim(`  On V8; WAMR ${error.message}`));
    return null;
  }
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  await start();
} catch (error) {
  if (!(error instanceof UserError || error instanceof CheckFailure)) throw error;
  process.stderr.write(`as-rill: ${error.message}\n`);
  process.exitCode = error instanceof UserError ? 2 : 1;
}
