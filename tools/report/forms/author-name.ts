/** The name that a function's author gave it, from what a compiler or the canonical ABI made of it. */

/** Longer names are no one's. */
const LONGEST = 2000;

/** `core::fmt::write` of `_ZN4core3fmt5write17h0123456789abcdefE`; null for what takes a whole demangler. */
function demangled(name: string): string | null {
  const [prefix, nested] = /^_{1,2}Z(N?)(?=\d)/.exec(name) ?? [];
  if (prefix === undefined) return null;
  const parts: string[] = [];
  let at = prefix.length;
  while (at < name.length && name[at] !== "E") {
    const [digits] = /^\d{1,3}/.exec(name.slice(at, at + 3)) ?? [];
    if (digits === undefined) return null;
    const end = at + digits.length + Number(digits);
    if (end > name.length || Number(digits) === 0) return null;
    parts.push(name.slice(at + digits.length, end));
    at = end;
    // What follows a name that is not nested are its parameters.
    if (nested === "") break;
  }
  if (nested !== "" && name[at] !== "E") return null;
  if (parts.length > 1 && /^h[0-9a-f]{16}$/.test(parts.at(-1)!)) parts.pop();
  return parts.map(rustText).join("::");
}

/** Rust writes what is no letter as `$LT$`, `..`. */
function rustText(part: string): string {
  const signs: Readonly<Record<string, string>> = {
    SP: "@",
    BP: "*",
    RF: "&",
    LT: "<",
    GT: ">",
    LP: "(",
    RP: ")",
    C: ",",
  };
  return part
    .replace(/^_(?=\$)/, "")
    .replace(/\$u([0-9a-f]{1,6})\$/g, (_, code: string) =>
      String.fromCodePoint(Math.min(0x10ffff, parseInt(code, 16))),
    )
    .replace(/\$([A-Z]{1,2})\$/g, (all, code: string) => signs[code] ?? all)
    .replaceAll("..", "::");
}

/** The author's name for `name`; `name` where nothing was made of it. */
export function authorName(name: string): string {
  if (name.length > LONGEST) return name;
  const lifted = /^\[[a-z-]+\](?:\[[a-z-]+\])*(?:[^#]*#)?(.+)$/.exec(name);
  if (lifted) return lifted[1]!;
  const ofInterface = /^[a-z][a-z0-9-]*:[^#]+#(.+)$/.exec(name);
  if (ofInterface) return ofInterface[1]!;
  const plain = demangled(name);
  if (plain !== null) return plain;
  if (name.includes("::") || name.includes(" ") || !/^[~\w@.-]+\//.test(name)) return name;
  // asc puts a file's path in front of every name, those of types in angle brackets too.
  return name.replace(/[~\w@.-]+\/(?:[\w@.~-]+\/)*(?=[^/])/g, "");
}
