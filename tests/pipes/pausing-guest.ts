/** A guest of `--wait callback` that pauses until an item is there, in place of waiting for it. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../../tools/compile/build-guest.js";

const PAUSING = `import { pause } from "as-rill/assembly";
import { pass } from "./bindings/test-pausing-p";

export function runPass(task: pass.Task): void {
  const input = task.input;
  const output = task.resolve();
  for (;;) {
    input.start();
    while (!input.poll()) pause();
    if (!input.next() || !output.writeOne(input.value)) break;
  }
}
`;

/** Builds it into `folder`. @returns `FILE#FUNCTION`: its items are those that it is given */
export async function pausingGuest(folder: string): Promise<string> {
  const [entry, wit] = [join(folder, "pausing.ts"), join(folder, "pausing.wit")];
  writeFileSync(entry, PAUSING);
  writeFileSync(
    wit,
    `package test:pausing;
interface p { pass: async func(input: stream<u32>) -> stream<u32>; }
world w { export p; }
`,
  );
  const { corePath } = await buildGuest({ entry, wit, wait: "callback", outDir: join(folder, "pausing") });
  return `${corePath}#test:pausing/p#pass`;
}
