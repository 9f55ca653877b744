/**
 * The lists of words in a CMake file: `set(NAME word…)`, comments aside. Nothing
 * else of the language is read.
 */

/** Every list of `text`, by its name. */
export function cmakeLists(text: string): ReadonlyMap<string, readonly string[]> {
  const code = text.replace(/#.*$/gm, "");
  return new Map(
    [...code.matchAll(/^set\((\w+)\s+([^()$]*)\)/gm)].map(([, name, words]) => [
      name!,
      words!.split(/\s+/).filter((word) => word !== ""),
    ]),
  );
}
