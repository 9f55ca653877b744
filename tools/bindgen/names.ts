/** From WIT's kebab-case to AssemblyScript's names, with a stated escape for words that AssemblyScript keeps for itself. */

/** Words that cannot name a function, parameter, field or type; such a name gets a trailing underscore. */
const reserved = new Set(
  (
    "abstract any anyref array as assert async await bool boolean break case catch char class const constructor continue debugger " +
    "declare default delete do else enum export extends external f32 f64 false finally for from function get global i8 i16 i32 i64 if " +
    "implements import in infer instanceof interface is isize keyof let load module namespace never new null number object of package " +
    "private protected public readonly return set static store string super switch symbol this throw true try type typeof u8 u16 u32 " +
    "u64 undefined unreachable usize v128 var void while with yield memory task result native changetype offsetof sizeof alignof"
  ).split(" "),
);

/** `find-next-beat` → `findNextBeat`; `in` → `in_`. */
export function camelCase(name: string): string {
  const [first, ...rest] = name.split("-");
  return escape(first!.toLowerCase() + rest.map(capital).join(""));
}

/** `find-next-beat` → `FindNextBeat`. */
export function pascalCase(name: string): string {
  return escape(name.split("-").map(capital).join(""));
}

/** `my:test/i@1.0.0` → `my-test-i`; the file name of an interface's bindings. */
export function fileStem(id: string): string {
  return id
    .replace(/@.*$/, "")
    .replaceAll(/[^A-Za-z0-9]+/g, "-")
    .toLowerCase();
}

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
}

/** The name, with a trailing underscore when AssemblyScript keeps it for itself. */
export function escape(name: string): string {
  return reserved.has(name) ? `${name}_` : name;
}

/** `find-next-beat` → `FIND_NEXT_BEAT`. */
export function constantCase(name: string): string {
  return name.replaceAll("-", "_").toUpperCase();
}
