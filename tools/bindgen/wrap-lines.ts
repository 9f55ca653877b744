/**
 * Breaks lines that are too long to read where a formatter would: at the arguments
 * of a call, at the answers of a choice.
 */

/** Characters that a line of bindings has at most, where it can be broken. */
export const LINE_WIDTH = 110;

/**
 * Statements with their long lines broken. Comments and what holds neither
 * brackets nor a choice stay as they are.
 */
export function wrapLines(text: string): string {
  return text
    .split("\n")
    .map((line) => wrapLine(line))
    .join("\n");
}

function wrapLine(line: string): string {
  const indent = /^ */.exec(line)![0];
  if (line.length <= LINE_WIDTH || /^ *(\/?\*|\/\/)/.test(line)) return line;
  return (
    wrapTest(line, indent) ??
    wrapReturnedCast(line, indent) ??
    wrapCall(line, indent) ??
    wrapTypeAlias(line, indent) ??
    wrapAssignment(line, indent) ??
    line
  );
}

/** `return f(a) == 0;` with brackets around the comparison, which has lines of its own. */
function wrapTest(line: string, indent: string): string | null {
  const [, test] = /^ *return (\w+\(.*\) == 0);$/.exec(line) ?? [];
  return test === undefined ? null : `${indent}return (\n${wrapLine(`${indent}  ${test}`)}\n${indent});`;
}

/** `return <A>f(a);` with brackets around the call, which has lines of its own. */
function wrapReturnedCast(line: string, indent: string): string | null {
  const [, value] = /^ *return (<\w+>\w+\(.*\));$/.exec(line) ?? [];
  const wrapped = value === undefined ? null : wrapCast(value, indent);
  return wrapped && `${indent}return ${wrapped.trimStart()};`;
}

/** `type A = B<C, D>;` with a line for each type argument. */
function wrapTypeAlias(line: string, indent: string): string | null {
  const [, head, types] = /^(.*\btype \w+ = \w+<)(.*)>;$/.exec(line) ?? [];
  const args = split(types ?? "", ", ");
  if (args.length < 2) return null;
  return `${head!}\n${args.map((arg) => `${indent}  ${arg}`).join(",\n")}\n${indent}>;`;
}

/** `const a = b;` with `b` on a line of its own. */
function wrapAssignment(line: string, indent: string): string | null {
  const [, head, value] = /^(.* =) ([^=].*)$/.exec(line) ?? [];
  return head === undefined ? null : `${head}\n${indent}  ${value!}`;
}

/** `f(a, b);` with a line for each argument. */
function wrapCall(line: string, indent: string): string | null {
  const brackets = outerBrackets(line);
  if (!brackets) return null;
  const [open, close] = brackets;
  // Brackets behind an operator hold a part of a sum.
  if (!/[\w>]/.test(line.charAt(open - 1))) return null;
  const args = split(line.slice(open + 1, close), ", ");
  if (args.length === 1 && args[0]!.trim() === "") return null;
  const lines = args.map((arg) => wrapArgument(arg, `${indent}  `));
  return `${line.slice(0, open + 1)}\n${lines.join(",\n")},\n${indent}${line.slice(close)}`;
}

function wrapArgument(arg: string, indent: string): string {
  const plain = withoutBrackets(arg.trim());
  const whole = indent + (choices(plain).length > 1 ? plain : arg.trim());
  // The comma behind it counts.
  if (whole.length < LINE_WIDTH) return whole;
  return (
    wrapChoice(plain, indent) ??
    wrapCast(arg.trim(), indent) ??
    wrapCall(indent + arg.trim(), indent) ??
    whole
  );
}

/** `<A>f(a)` with brackets around the call, which has lines of its own. */
function wrapCast(text: string, indent: string): string | null {
  const [, cast, call] = /^(<\w+>)(\w+\(.*\))$/.exec(text) ?? [];
  return call === undefined ? null : `${indent}${cast!}(\n${wrapLine(`${indent}  ${call}`)}\n${indent})`;
}

/** `a ? b : c ? d : e` with a line for each answer. */
function wrapChoice(text: string, indent: string): string | null {
  const pieces = choices(text);
  if (pieces.length === 1) return null;
  const [first, ...rest] = pieces;
  return `${indent}${first!}${chain(rest, `${indent}  `)}`;
}

/** Conditions of a chain stand behind the colon of the one before, as formatters have it. */
function chain(pieces: readonly string[], indent: string): string {
  const [yes, no, ...rest] = pieces;
  const answer = `\n${indent}? ${yes!}\n${indent}: ${no!}`;
  return rest.length === 0 ? answer : `${answer}${chain(rest, `${indent}  `)}`;
}

/** The parts of a choice: condition, answer, condition or answer, … */
function choices(text: string): string[] {
  return split(text, " ? ").flatMap((part, index) => (index === 0 ? [part] : split(part, " : ")));
}

function withoutBrackets(text: string): string {
  const brackets = text.startsWith("(") ? outerBrackets(text) : null;
  return brackets?.[0] === 0 && brackets[1] === text.length - 1 ? text.slice(1, -1) : text;
}

/** The first bracket outside of others, and its counterpart. */
function outerBrackets(text: string): [number, number] | null {
  const open = text.indexOf("(");
  if (open < 0) return null;
  let depth = 0;
  for (let at = open; at < text.length; at++) {
    if (text[at] === "(") depth++;
    if (text[at] === ")" && --depth === 0) return [open, at];
  }
  return null;
}

/** The parts of `text` between `separator`s that stand in no brackets. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]!;
    if (sign === "(" || sign === "<") depth++;
    if (sign === ")" || sign === ">") depth--;
    if (depth !== 0 || !text.startsWith(separator, at)) continue;
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  return [...parts, text.slice(from)];
}
