/**
 * What asc refuses, with the guest's own place in front and, for what a guest
 * cannot have, what to write instead.
 */
import { join } from "node:path";
import { syntaxHint } from "../source/syntax-hint.js";

/** What a refusal is worded with. */
export interface Refused {
  readonly shownDir: string;
  readonly entryName: string;
  readonly virtualFiles: ReadonlyMap<string, string>;
}

/**
 * One message from asc's `diagnostics`, which follow it word for word but for
 * what points into the generated entry.
 */
export function refusal(diagnostics: string, input: Refused): string {
  const isGenerated = (file: string): boolean => file === input.entryName || input.virtualFiles.has(file);
  const blocks = diagnostics.split(/\n\s*\n(?=(?:ERROR|WARNING|PEDANTIC|INFO|FAILURE)\b)/);
  const places = [...diagnostics.matchAll(/ in (\S[^\n]*\.ts)\((\d+),(\d+)\)/g)].filter(
    ([, file]) => !file!.startsWith("~lib/") && !isGenerated(file!),
  );
  const [first] = places;
  const where = first ? `${join(input.shownDir, first[1]!)}:${first[2]!}:${first[3]!}: ` : "";
  const shown = blocks.filter(
    (block) => !block.includes(` in ${input.entryName}(`) && !/^FAILURE/.test(block),
  );
  const hints = instead.filter(([pattern]) => pattern.test(diagnostics)).map(([, hint]) => hint);
  const stumbled = blocks.filter((block) => /^ERROR TS1\d\d\d\b/.test(block)).map(syntaxHint);
  const text = (shown.length > 0 ? shown : blocks).map((block) => block.trim()).join("\n\n");
  return [`${where}AssemblyScript does not compile:`, text, ...new Set([...hints, ...stumbled])]
    .filter(Boolean)
    .join("\n");
}

const loop = "a task waits by itself in `next()` and `writeOne()`: write a loop";

/** What JavaScript has and a guest does not, by asc's words. */
const instead: readonly (readonly [RegExp, string])[] = [
  [
    /Cannot find name 'abort'/,
    'Write `throw new Error("why")`: `rill run` prints the text when the guest traps.',
  ],
  [
    /Cannot find name '(setTimeout|setInterval|setImmediate|queueMicrotask|requestAnimationFrame)'/,
    `There are no timers in a guest; ${loop}.`,
  ],
  [/Cannot find name '(async|await|Promise)'/, `There are no promises in a guest; ${loop}.`],
  [
    /Not implemented: (Closures|Exceptions|Iterators|Generators?)/i,
    "AssemblyScript has no closures, exceptions or iterators: pass values as parameters, answer with a code, count in a loop.",
  ],
  [
    /Cannot find name '(fetch|require|Buffer|window|document|globalThis|global)'/,
    "A guest can reach only what its WIT imports: import a function for it in the WIT.",
  ],
];
