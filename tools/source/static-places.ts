/**
 * Where named static memory lies: each constant that a source sets to
 * `memory.data(...)`, with its address and length.
 */

/** One piece of static memory. */
export interface StaticPlace {
  /**
   * The constant's full name: source path without extension, a slash, the
   * constant (`bindings/NAME/LABEL_FRAME`).
   */
  readonly name: string;
  /** Address in linear memory, in bytes. */
  readonly address: number;
  /** Length in bytes. */
  readonly bytes: number;
}

/** The name of the place that a waiting task's locals are saved to, in guests of strategy `callback`. */
export const CALLBACK_STACK = "callback-strategy/stack";

/** The name of the memory of all tasks but the first one, in guests of several tasks. */
export const FURTHER_TASKS = "callback-strategy/further tasks";

/** A source as asc has parsed it; a statement that declares variables has declarations. */
export interface DeclaringSource {
  readonly normalizedPath: string;
  readonly statements: readonly {
    readonly declarations?: readonly {
      readonly name: { readonly text: string };
      readonly initializer?: { readonly range: { toString(): string } } | null;
    }[];
  }[];
}

/** The full names of the constants in `sources` whose value is `memory.data(...)`. */
export function placeNames(sources: readonly DeclaringSource[]): string[] {
  return sources.flatMap(({ normalizedPath, statements }) =>
    statements
      .flatMap(({ declarations }) => declarations ?? [])
      .filter(({ initializer }) => initializer?.range.toString().startsWith("memory.data("))
      .map(({ name }) => `${normalizedPath.replace(/\.ts$/, "")}/${name.text}`),
  );
}

/**
 * Finds `names` in asc's text: the global gives the address, the data segment that starts there the length.
 */
export function staticPlaces(text: string, names: readonly string[]): StaticPlace[] {
  const addresses = new Map(
    [...text.matchAll(/\(global \$(\S+) i32\s*(?:;;@[^\n]*\s*)*\(i32\.const (\d+)\)/g)].map(
      ([, name, address]) => [name!, Number(address)],
    ),
  );
  const lengths = new Map(
    [...text.matchAll(/\(data \$\S+ \(i32\.const (\d+)\) "((?:[^"\\]|\\.)*)"\)/g)].map(
      ([, address, content]) => [Number(address), content!.replaceAll(/\\[0-9a-f]{2}|\\./g, "x").length],
    ),
  );
  return names.flatMap((name) => {
    const address = addresses.get(name);
    const bytes = address === undefined ? undefined : lengths.get(address);
    return address === undefined || bytes === undefined ? [] : [{ name, address, bytes }];
  });
}
