/**
 * `npm start`: builds the heartbeat detector of examples/ecg, streams five minutes of a real electrocardiogram through it and
 * shows what it found and what it cost. Needs Node and npm; with a C toolchain the host is WAMR, else V8.
 */
import { join } from "node:path";
import asciichart from "asciichart";
import pc from "picocolors";
import { buildGuest } from "./build/build-guest.js";
import { CheckFailure, UserError } from "./errors/user-error.js";
import { packageRoot } from "./package-root.js";
import { count } from "./start/count.js";
import { ratesOverTime } from "./start/heart-rate.js";
import { CHART_MARGIN, heartRateChart } from "./start/heart-rate-chart.js";
import { matchBeats } from "./start/match-beats.js";
import { moduleFigures } from "./start/module-figures.js";
import { showProgress } from "./start/progress.js";
import { readReferenceBeats, readSamples, SAMPLE_RATE, TOLERANCE } from "./start/recording.js";
import { streamOnV8 } from "./start/stream-on-v8.js";
import { summary } from "./start/summary.js";

/** Columns of the page: those of a terminal of 80, less a margin. */
const WIDTH = 78;

async function start(): Promise<void> {
  const samples = readSamples();
  const minutes = samples.length / SAMPLE_RATE / 60;
  print(pc.bold("as-rill") + ": a heartbeat detector without an allocator, on a real electrocardiogram\n");

  const example = join(packageRoot, "examples", "ecg");
  const { corePath } = await buildGuest({
    entry: join(example, "ecg.ts"),
    wit: join(example, "ecg.wit"),
    outDir: join(packageRoot, "build", "ecg"),
  });
  print(`  Built examples/ecg; streaming ${count(samples.length)} samples, ${String(minutes)} minutes.`);

  const progress = showProgress(samples.length);
  const run = streamOnV8({ corePath, samples, progress });
  progress.stop();

  const rates = ratesOverTime(run.beats, samples.length, WIDTH - CHART_MARGIN);
  print(`\n  Heart rate, beats a minute\n`);
  print(heartRateChart(rates, minutes, pc.isColorSupported ? asciichart.red : undefined));

  const reference = readReferenceBeats().xqrs;
  const found = run.beats.map(({ at }) => at);
  print(
    "\n" +
      summary({
        samples: samples.length,
        run,
        counts: run,
        module: moduleFigures(corePath),
        xqrs: matchBeats(reference, found, TOLERANCE),
        xqrsBeats: reference.length,
      }),
  );
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
