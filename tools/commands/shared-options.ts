/**
 * The options that several commands have: how each is written and read is here
 * alone, what it says is the command's.
 */
import { Option } from "commander";
import { collect, wholeNumber } from "./number-option.js";

/** `--call`: the function that is meant. */
export function callOption(says: string): Option {
  return new Option("--call <function>", says);
}

/** `--in`, once for each parameter. */
export function inOption(says: string): Option {
  return new Option("--in <param=file>", says).argParser(collect).default([]);
}

/** `--out`: where a result goes. */
export function outOption(says: string): Option {
  return new Option("--out <file>", says);
}

/** `--limit`: items after which a stream ends. */
export function limitOption(says: string): Option {
  return new Option("--limit <n>", says).argParser(wholeNumber("--limit", { of: "items" }));
}

/** `--json`: one document, of `what`, in place of text. */
export function jsonOption(what: string): Option {
  return new Option("--json", `print ${what} as one JSON document`);
}

/** `--no-validate`: figures of a module that engines would refuse. */
export function noValidateOption(says: string): Option {
  return new Option("--no-validate", says);
}

/** `--wit`, without which a guest cannot be built. */
export function witOption(): Option {
  return new Option("--wit <path>", "a .wit file or the folder of a WIT package").makeOptionMandatory();
}
