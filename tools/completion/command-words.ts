/** What can stand in a command line, as plain data, read from the commands: it is never behind them. */
import type { Command, Option } from "commander";

/** One option. */
export interface OptionWords {
  /** `-o`, `--output`. */
  readonly flags: readonly string[];
  readonly says: string;
  /** What follows it: one of a few words, anything (a file, as far as a shell can know), or nothing. */
  readonly value: readonly string[] | "any" | "none";
  readonly repeats: boolean;
}

/** One command; the program itself has the name "". */
export interface CommandWords {
  readonly name: string;
  readonly says: string;
  readonly options: readonly OptionWords[];
  /** Words that its first argument may be; null when it is a file. */
  readonly argument: readonly string[] | null;
}

/** The program with its global options, then its commands. */
export function commandWords(program: Command): CommandWords[] {
  return [{ ...wordsOf(program), name: "" }, ...program.createHelp().visibleCommands(program).map(wordsOf)];
}

function wordsOf(command: Command): CommandWords {
  return {
    name: command.name(),
    says: command.description(),
    options: command.createHelp().visibleOptions(command).map(optionWords),
    argument: command.registeredArguments[0]?.argChoices ?? null,
  };
}

function optionWords(option: Option): OptionWords {
  const takes = option.required || option.optional;
  return {
    flags: [option.short, option.long].filter((flag) => flag !== undefined),
    says: option.description,
    value: takes ? (option.argChoices ?? "any") : "none",
    repeats: Array.isArray(option.defaultValue),
  };
}

/** `text` as one word of a shell that knows no escapes between single quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
