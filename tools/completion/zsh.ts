/** Completion for zsh, by its own `_arguments`. */
import { type CommandWords, type OptionWords, quoted } from "./command-words.js";

/** The script: to be sourced after `compinit`, or a file `_rill` in a folder of `fpath`. */
export function zshCompletion(program: string, [own, ...commands]: readonly CommandWords[]): string {
  const listed = commands.map(({ name, says }) => quoted(`${name}:${says}`));
  return `#compdef ${program}
# Completion of ${program} for zsh: source <(${program} completion zsh)
_${program}() {
  local curcontext="$curcontext" state line
  local -a commands
  commands=(
    ${listed.join("\n    ")}
  )
  _arguments -C \\
    ${[...own!.options.map(specification), "'1:command:->command'", "'*::argument:->argument'"].join(" \\\n    ")}
  case $state in
    command) _describe command commands ;;
    argument)
      case $line[1] in
${commands.map(commandArm).join("\n")}
      esac
      ;;
  esac
}
if [[ $funcstack[1] == _${program} ]]; then _${program} "$@"; else compdef _${program} ${program}; fi
`;
}

function commandArm({ name, options, argument }: CommandWords): string {
  const rest = argument === null ? "'*:file:_files'" : `'1:${name}:(${argument.join(" ")})'`;
  return `        ${name})
          _arguments \\
            ${[...options.map(specification), rest].join(" \\\n            ")}
          ;;`;
}

/** What `_arguments` takes for an option: which others it excludes, its flags, what it says, its value. */
function specification({ flags, says, value, repeats }: OptionWords): string {
  const once = repeats ? "'*'" : flags.length > 1 ? quoted(`(${flags.join(" ")})`) : "";
  const names = flags.length > 1 ? `{${flags.join(",")}}` : flags[0]!;
  const message = `[${says.replaceAll(/[[\]\\]/g, "\\$&")}]`;
  const values = value === "any" ? ":value:_files" : value === "none" ? "" : `:value:(${value.join(" ")})`;
  return `${once}${names}${quoted(`${message}${values}`)}`;
}
