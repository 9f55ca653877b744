/** What a guest's exports are called in C. */

/** Prefixes of the canonical ABI's export names, and the verb that stands for each. */
const VERBS: readonly (readonly [RegExp, string])[] = [
  [/^\[callback\]\[async-lift\]/, "callback"],
  [/^\[async-lift\]/, "call"],
  [/^cabi_post_/, "post"],
];

/** An identifier of C made of `text`. */
export function identifier(text: string): string {
  const name = text.replace(/[^A-Za-z0-9]+/g, "_").replace(/^_+|_+$/g, "");
  return /^[0-9]/.test(name) || name === "" ? `guest_${name}` : name;
}

/**
 * The C name of each export: a verb and the function, `call_double`; with the interface where two
 * have one name.
 */
export function exportNames(exports: readonly string[]): string[] {
  const short = exports.map((name) => cName(name, (path) => path.slice(path.lastIndexOf("#") + 1)));
  const taken = new Set<string>();
  return exports.map((name, index) => {
    const isAlone = short.filter((other) => other === short[index]).length === 1;
    let chosen = isAlone ? short[index]! : cName(name, (path) => path);
    while (taken.has(chosen)) chosen += "_";
    taken.add(chosen);
    return chosen;
  });
}

function cName(name: string, pathPart: (path: string) => string): string {
  if (name === "cabi_realloc") return "realloc";
  const [prefix, verb] = VERBS.find(([pattern]) => pattern.test(name)) ?? [/^/, "call"];
  return `${verb}_${identifier(pathPart(name.replace(prefix, "")))}`;
}
