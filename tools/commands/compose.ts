import type { Command } from "commander";

/** `rill compose A B… -o C`. */
export function register(program: Command): void {
  program
    .command("compose")
    .description("put components together: A, and those that have what it imports")
    .argument("<component>", "the component whose exports remain")
    .argument("<others...>", "components that export what it imports")
    .requiredOption("-o, --output <file>", "the composed component")
    .action(async (component: string, others: string[], { output }: { readonly output: string }) => {
      const { composeComponents } = await import("../compile/compose.js");
      await composeComponents(component, others, output);
    });
}
