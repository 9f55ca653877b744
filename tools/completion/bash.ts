/** Completion for bash; it needs nothing but bash. */
import type { CommandWords } from "./command-words.js";

/** The script. Where no word is known, bash completes names of files. */
export function bashCompletion(program: string, [own, ...commands]: readonly CommandWords[]): string {
  const all = [own!, ...commands];
  const values = all.flatMap(({ name, options }) =>
    options.flatMap(({ flags, value }) =>
      Array.isArray(value) ? flags.map((flag) => arm(`"${name} ${flag}"`, value)) : [],
    ),
  );
  const flags = all.map(({ name, options }) =>
    arm(
      `"${name} -"`,
      options.flatMap((option) => option.flags),
    ),
  );
  const named = commands.flatMap(({ name, argument }) =>
    argument === null ? [] : [arm(`"${name} ${name}"`, argument)],
  );
  // Of the options before the command, the value is none.
  const global = own!.options.filter(({ value }) => value !== "none").flatMap((option) => option.flags);
  const before = global.map((flag) => arm(`" ${flag}"`, []));
  return `# Completion of ${program} for bash: source <(${program} completion bash)
_${program}() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" command="" words="" at
  # bash makes three words of --flag=value.
  if [[ $word == "=" ]]; then word=""
  elif [[ $before == "=" ]]; then before="\${COMP_WORDS[COMP_CWORD - 2]}"
  fi
  for ((at = 1; at < COMP_CWORD; at++)); do
    case "\${COMP_WORDS[at]}" in
      ${global.join("|")}) ((at++)) ;;
      -*) ;;
      *) command="\${COMP_WORDS[at]}"; break ;;
    esac
  done
  case "$command $before" in
${[...before, ...values, ...named].join("\n")}
    *)
      if [[ $word == -* ]]; then
        case "$command -" in
${flags.map((line) => `    ${line}`).join("\n")}
        esac
      elif [[ -z $command ]]; then
        words=${JSON.stringify(commands.map(({ name }) => name).join(" "))}
      fi
      ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$word"))
}
complete -o bashdefault -o default -F _${program} ${program}
`;
}

function arm(pattern: string, words: readonly string[]): string {
  return `    ${pattern}) words="${words.join(" ")}" ;;`;
}
