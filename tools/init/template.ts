/** The files of a new guest project. */
import { version } from "../version.js";

/** File name to text. `name` is a WIT identifier: kebab-case. */
export function projectFiles(name: string): ReadonlyMap<string, string> {
  return new Map([
    ["package.json", packageJson(name)],
    [`${name}.wit`, wit(name)],
    [`${name}.ts`, guest(name)],
    ["test.mjs", testProgram(name)],
    ["README.md", readme(name)],
    [".gitignore", "node_modules/\nbuild/\nbindings/\n"],
  ]);
}

function packageJson(name: string): string {
  const project = {
    name,
    private: true,
    type: "module",
    scripts: {
      build: `rill build ${name}.ts --wit ${name}.wit --component -o build`,
      start: `npm run --silent build && rill run build/${name}.core.wasm --call my:${name}/filter#smooth --in samples=- --out -`,
      test: "npm run --silent build && node --test test.mjs",
    },
    devDependencies: { "as-rill": `^${version}` },
  };
  return `${JSON.stringify(project, null, 2)}\n`;
}

function wit(name: string): string {
  return `package my:${name};

/// A first filter.
interface filter {
  /// Answers every sample with the mean of it and the one before.
  smooth: async func(samples: stream<u16>) -> stream<u16>;
}

world ${name} {
  export filter;
}
`;
}

function guest(name: string): string {
  return `import { smooth } from "./bindings/my-${name}-filter";

/** Reads one sample at a time and answers with the mean of it and the one before. */
export function run(task: smooth.Task): void {
  const input = task.samples;
  const output = task.resolve();
  let before: u32 = 0;
  while (input.next()) {
    const sample: u32 = input.value;
    if (!output.writeOne(<u16>((before + sample) >> 1))) break;
    before = sample;
  }
}
`;
}

function testProgram(name: string): string {
  return `// Streams samples from a file through the guest and compares what comes back.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { test } from "node:test";

test("each answer is the mean of a sample and the one before", () => {
  writeFileSync("build/in.u16le", Buffer.from(Uint16Array.of(10, 20, 30, 30).buffer));
  const args = ["build/${name}.core.wasm", "--call", "my:${name}/filter#smooth", "--in", "samples=build/in.u16le"];
  execFileSync("rill", ["run", ...args, "--out", "build/out.u16le"], { shell: process.platform === "win32" });
  const bytes = readFileSync("build/out.u16le");
  const answers = Array.from({ length: bytes.length / 2 }, (_, index) => bytes.readUInt16LE(index * 2));
  assert.deepEqual(answers, [5, 15, 25, 30]);
});
`;
}

function readme(name: string): string {
  return `# ${name}

A guest of [as-rill](https://www.npmjs.com/package/as-rill): a WASI 0.3 stream filter without an allocator.

    npm install
    npm run build   # build/${name}.core.wasm for microcontrollers, build/${name}.component.wasm for Wasmtime
    npm test        # builds, streams a few samples, compares

\`${name}.wit\` says what the guest offers, \`${name}.ts\` does it; \`bindings/\` is generated from the WIT by each build.
`;
}
