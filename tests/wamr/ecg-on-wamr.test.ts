import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { silent } from "../../dev/start/progress.js";
import { readSamples } from "../../dev/start/recording.js";
import { streamOnV8 } from "../../dev/start/stream-on-v8.js";
import { streamOnWamr } from "../../dev/start/stream-on-wamr.js";

const outDir = mkdtempSync(join(tmpdir(), "rill-ecg-wamr-"));
let corePath: string;

before(async () => {
  const example = join(packageRoot, "examples", "ecg");
  ({ corePath } = await buildGuest({
    entry: join(example, "ecg.ts"),
    wit: join(example, "ecg.wit"),
    outDir,
  }));
});
after(() => {
  rmSync(outDir, { recursive: true });
});

test("WAMR gives the whole recording's beats, the same as V8: an input longer than the host's buffer loses nothing", async () => {
  const input = { corePath, samples: readSamples(), progress: silent };
  const { beats } = await streamOnWamr(input);
  assert.equal(beats.length, 472);
  assert.deepEqual(beats, streamOnV8(input).beats);
});
