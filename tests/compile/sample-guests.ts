/** Guests that tests write, build and run on the spot. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../tools/package-root.js";

/** The WIT of the `double` workload. */
export const doubleWit: string = join(packageRoot, "tests", "guests", "double", "double.wit");

/** A `double` whose loop body is given. */
export function doubleSource(body: string, before = ""): string {
  return `import { double } from "./bindings/my-test-i";
${before}
export function run(task: double.Task): void {
  const input = task.x;
  const output = task.resolve();
  while (input.next()) {
    ${body}
  }
}
`;
}

/** Writes a guest's source into a fresh folder. @returns its path */
export function writeGuest(folder: string, name: string, source: string): string {
  const path = join(folder, name, `${name}.ts`);
  mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(path, source);
  return path;
}
