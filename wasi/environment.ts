/**
 * What a command was started with. The strings lie in the current region of the
 * arena, see `rill build --arena`.
 */
// @ts-nocheck: AssemblyScript; asc checks it
import * as environment from "./bindings/wasi-cli-environment";

/** The command's arguments; the first one is usually its own name. */
export function args(): environment.ListString {
  return environment.getArguments();
}

/** The value of the environment variable `name`; null when there is none. */
export function env(name: string): string | null {
  const variables = environment.getEnvironment();
  for (let i = 0; i < variables.length; i++) {
    if (variables[i].item0 == name) return variables[i].item1;
  }
  return null;
}
