/** How far the streaming is: a bar on a terminal, a line every fifth elsewhere. */
import { Presets, SingleBar } from "cli-progress";
import { count } from "./count.js";

/** Told as the guest takes samples and gives beats. Nothing is shown before the first word. */
export interface Progress {
  update(samples: number, beats: number): void;
  stop(): void;
}

/** For a run that nobody watches. */
export const silent: Progress = { update: () => undefined, stop: () => undefined };

/** Shows progress on stdout. @param total samples that there are */
export function showProgress(total: number): Progress {
  return process.stdout.isTTY ? bar(total) : lines(total);
}

function bar(total: number): Progress {
  const single = new SingleBar(
    {
      format: "  {bar}  {samples} samples  {beats} beats",
      barsize: 40,
      hideCursor: true,
      stream: process.stdout,
    },
    Presets.rect,
  );
  return {
    update: (samples, beats) => {
      if (!single.isActive) single.start(total, 0, { samples: count(0).padStart(7), beats: 0 });
      single.update(samples, { samples: count(samples).padStart(7), beats });
    },
    stop: () => {
      single.stop();
    },
  };
}

function lines(total: number): Progress {
  const step = total / 5;
  let next = step;
  return {
    update: (samples, beats) => {
      if (samples < next) return;
      while (next <= samples) next += step;
      process.stdout.write(`  ${count(samples).padStart(7)} samples, ${beats} beats\n`);
    },
    stop: () => undefined,
  };
}
