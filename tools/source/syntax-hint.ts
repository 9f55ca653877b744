/** What TypeScript has and AssemblyScript's parser stumbles on: what to write instead. */

/** By the line of source in which the parser stops. */
const hints: readonly (readonly [RegExp, string])[] = [
  [
    /\basync\b|\bawait\b/,
    "There are no promises in a guest; a task waits by itself in `next()` and `writeOne()`: write a loop, without async and await.",
  ],
  [/\bfunction\s*\*|\byield\b/, "AssemblyScript has no generators: write a loop that calls a function."],
  [/\b(const|let|var)\s*[{[]/, "AssemblyScript has no destructuring: write one variable after the other."],
  [/\?\.|\?\?/, "AssemblyScript has neither `?.` nor `??`: write an `if`."],
  [/\b\d+n\b/, "AssemblyScript has no bigint: write the number without `n`, and give it a type, as u64."],
];

/** What to write instead of what stands in `line`, as one sentence; null where nothing is known. */
export function syntaxHint(line: string): string | null {
  return hints.find(([pattern]) => pattern.test(line))?.[1] ?? null;
}
