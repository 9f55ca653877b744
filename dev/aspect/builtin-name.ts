/**
 * The canonical built-in behind an import's name, in the specification's spelling and without the function and
 * the stream it belongs to: `[async-lower][stream-read-0]double` is `stream.read`, `[waitable-join]` is
 * `waitable.join`. An import that is no built-in (a function of an interface) keeps its name.
 */
export function builtinName(importName: string): string {
  const bracket = /^(?:\[async-lower\])?\[([a-z-]+?)(?:-\d+)?\]/.exec(importName)?.[1];
  if (bracket === undefined) return importName;
  return bracket.replace(
    /^(waitable-set|stream|future|task|waitable|subtask|backpressure|context|thread)-/,
    "$1.",
  );
}
