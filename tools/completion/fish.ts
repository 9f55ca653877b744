/** Completion for fish. */
import { type CommandWords, type OptionWords } from "./command-words.js";

/** The script: a line for each command and option. Where no word is known, fish completes names of files. */
export function fishCompletion(program: string, [own, ...commands]: readonly CommandWords[]): string {
  const complete = `complete -c ${program}`;
  const lines = [
    ...own!.options.map((option) => `${complete} ${optionPart(option)}`),
    ...commands.map(
      ({ name, says }) => `${complete} -n __fish_use_subcommand -f -a ${name} -d ${fishQuoted(says)}`,
    ),
    ...commands.flatMap(({ name, options, argument }) => {
      const here = `${complete} -n '__fish_seen_subcommand_from ${name}'`;
      const words = argument === null ? [] : [`${here} -f -a '${argument.join(" ")}'`];
      return [...words, ...options.map((option) => `${here} ${optionPart(option)}`)];
    }),
  ];
  return `# Completion of ${program} for fish: ${program} completion fish | source\n${lines.join("\n")}\n`;
}

function optionPart({ flags, says, value }: OptionWords): string {
  const names = flags.map((flag) => (flag.startsWith("--") ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`));
  const values = value === "any" ? ["-r"] : value === "none" ? [] : [`-x -a '${value.join(" ")}'`];
  return [...names, ...values, `-d ${fishQuoted(says)}`].join(" ");
}

function fishQuoted(text: string): string {
  return `'${text.replaceAll(/['\\]/g, "\\$&")}'`;
}
