/** The options of every command that reads WIT. */
import { type Command, Option } from "commander";
import { UserError } from "../errors/user-error.js";

/** What they say. */
export interface WitOptions {
  readonly world?: string;
  readonly features?: readonly string[];
  readonly allFeatures?: boolean;
}

/** Adds `--world`, `--features` and `--all-features`, the last two as wasm-tools has them. */
export function withWitOptions(command: Command): Command {
  const list = (text: string, before: readonly string[] = []): string[] => {
    const names = text.split(/[\s,]+/).filter((name) => name !== "");
    if (names.length === 0) throw new UserError("--features: name at least one feature");
    return [...before, ...names];
  };
  return command
    .option("--world <name>", "the world, when the WIT has several")
    .option("--features <names>", "features of the WIT to activate, separated by commas", list)
    .addOption(new Option("--all-features", "activate every feature of the WIT").conflicts("features"));
}

/** The active features. */
export function featuresOf({ features, allFeatures }: WitOptions): readonly string[] | "all" {
  return allFeatures ? "all" : (features ?? []);
}
