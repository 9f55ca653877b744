import type { Command } from "commander";
import { visible } from "../errors/visible-text.js";
import { withExamples } from "./examples.js";

/** `rill compose A B… -o C`. */
export function register(program: Command): void {
  const command = program
    .command("compose")
    .description("put components together: A, and those that have what it imports")
    .argument("<component>", "the component whose exports remain")
    .argument("<others...>", "components that export what it imports")
    .requiredOption("-o, --output <file>", "the composed component")
    .action(async (component: string, others: string[], { output }: { readonly output: string }) => {
      const { composeComponents } = await import("../compile/compose.js");
      await composeComponents(component, others, output);
      process.stdout.write(`${visible(output)}\n`);
    });
  withExamples(
    command,
    "rill compose build/filter.component.wasm build/sensor.component.wasm -o build/whole.component.wasm",
  );
}
