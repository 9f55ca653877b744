/**
 * The detector of examples/ecg alone, compiled by asc: what it finds is tested
 * here, how it is streamed elsewhere.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { packageRoot } from "../../tools/package-root.js";
import type { Beat } from "../../dev/start/beat.js";

interface Exports {
  push(sample: number): number;
  at(): number;
  interval(): number;
  height(): number;
  reset(): void;
}

/** One detector with its own state. */
export class Detector {
  private readonly exports: Exports;

  constructor(module: WebAssembly.Module) {
    this.exports = new WebAssembly.Instance(module).exports as unknown as Exports;
  }

  /** Gives it samples, one by one. @returns the beats it told of meanwhile */
  feed(samples: Iterable<number>): Beat[] {
    const { push, at, interval, height } = this.exports;
    const beats: Beat[] = [];
    for (const sample of samples) {
      if (push(sample)) beats.push({ at: at() >>> 0, interval: interval(), height: height() });
    }
    return beats;
  }

  reset(): void {
    this.exports.reset();
  }
}

/** Compiles examples/ecg/qrs-detector.ts. Its wasm has no imports: it needs nothing from anybody. */
export async function compileDetector(): Promise<WebAssembly.Module> {
  const source = readFileSync(join(packageRoot, "examples", "ecg", "qrs-detector.ts"), "utf8");
  let binary: Uint8Array<ArrayBuffer> | undefined;
  const { error, stderr } = await asc.main(
    ["detector.ts", "-Oz", "--runtime", "stub", "--memoryBase", "8", "--outFile", "detector.wasm"],
    {
      readFile: (name) => (name === "detector.ts" ? source : null),
      writeFile: (name, contents) => {
        if (name === "detector.wasm") binary = Uint8Array.from(contents as Uint8Array);
      },
      listFiles: () => [],
    },
  );
  if (error || !binary) throw new Error(`asc: ${stderr.toString()}${error?.message}`);
  return new WebAssembly.Module(binary);
}
