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

/** `--then`, once for each further guest. */
export function thenOption(): Option {
  return new Option(
    "--then <core.wasm>",
    "a guest that the stream goes into; FILE#FUNCTION names its function",
  )
    .argParser(collect)
    .default([]);
}

/** `--also`: functions that are called in the same instance. */
export function alsoOption(): Option {
  return new Option(
    "--also <function>",
    "a function that the same instance is called with, too, once for each; it may be one of a resource",
  ).argParser((value: string, before: string[] | undefined) => collect(value, before ?? []));
}

/** `--out`: where a result goes. */
export function outOption(says: string): Option {
  return new Option("--out <file>", says);
}

/** `--imports`: the functions that a guest imports. */
export function importsOption(says: string): Option {
  return new Option("--imports <file.mjs>", says);
}

/** `--stub`: in place of functions that are missing. */
export function stubOption(): Option {
  return new Option("--stub", "functions that are missing answer with zeros, and each call is logged");
}

/** `--limit`: items after which a stream ends. */
export function limitOption(says: string): Option {
  return new Option("--limit <n>", says).argParser(wholeNumber("--limit", { of: "items" }));
}

/** `--held-ends`: streams and futures that a board's host holds. */
export function heldEndsOption(): Option {
  return new Option(
    "--held-ends <n>",
    "streams and futures at once inside of values and of imported functions (default: four of each list, and stream, of them)",
  ).argParser(wholeNumber("--held-ends", { of: "ends", least: 1, most: 64 }));
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

/** The same where the guest's folder can say it. */
export function foundWitOption(says: string): Option {
  return new Option("--wit <path>", says);
}

/** An option with a few values, which help and completion name; the command refuses others. */
export function choiceOption(flags: string, says: string, values: readonly string[]): Option {
  return new Option(flags, says).choices(values).argParser((value: string) => value);
}

/** `--host`: what runs the guest. */
export function hostOption(says: string, hosts: readonly string[]): Option {
  return choiceOption("--host <host>", says, hosts);
}

/** `--board`, one of those that `as-rill` has firmware for. */
export function boardOption(says: string): Option {
  return choiceOption("--board <name>", says, ["lm3s811evb", "microbit", "hifive1", "netduinoplus2", "uno"]);
}

/** `--cpu`, one of the cores that a native build is measured for. */
export function cpuOption(says: string): Option {
  return choiceOption("--cpu <name>", says, [
    "cortex-m0",
    "cortex-m3",
    "cortex-m4",
    "rv32imac",
    "atmega328p",
    "x86-64",
  ]);
}

/** `--backpressure`, as `rill build` takes it. */
export function backpressureOption(says: string): Option {
  return new Option("--backpressure", says);
}

/** `--wait`, as `rill build` takes it. */
export function waitOption(says: string): Option {
  return choiceOption("--wait <strategy>", says, ["wait", "callback"]);
}
