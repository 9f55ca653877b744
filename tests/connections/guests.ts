/** The guests of these tests. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { packageRoot } from "../../tools/package-root.js";
import { doubleSource, doubleWit, writeGuest } from "../compile/sample-guests.js";

const sumWit = `package my:sum;
interface i { sum: async func(x: stream<u32>) -> u32; }
world w { export i; }
`;

const sumSource = `import { sum } from "./bindings/my-sum-i";
export function run(task: sum.Task): void {
  let total: u32 = 0;
  while (task.x.next()) total += task.x.value;
  task.resolve(total);
}
`;

/** Doubles each item. @returns the core module */
export async function doubleGuest(folder: string): Promise<string> {
  return build(folder, "double", doubleSource("if (!output.writeOne(input.value * 2)) break;"), doubleWit);
}

/** Doubles each item, and traps at 13. */
export async function superstitiousGuest(folder: string): Promise<string> {
  const body = "if (input.value == 13) unreachable();\n    if (!output.writeOne(input.value * 2)) break;";
  return build(folder, "superstitious", doubleSource(body), doubleWit);
}

/** Adds up its items. */
export async function sumGuest(folder: string): Promise<string> {
  const wit = join(folder, "sum.wit");
  writeFileSync(wit, sumWit);
  return build(folder, "sum", sumSource, wit);
}

/** Labels names: its items are strings. */
export async function labelsGuest(folder: string): Promise<string> {
  const names = join(packageRoot, "examples", "names");
  return (
    await buildGuest({
      entry: join(names, "names.ts"),
      wit: join(names, "names.wit"),
      outDir: join(folder, "out"),
    })
  ).corePath;
}

async function build(folder: string, name: string, source: string, wit: string): Promise<string> {
  const entry = writeGuest(folder, name, source);
  return (await buildGuest({ entry, wit, outDir: join(folder, "out") })).corePath;
}
