/**
 * Says broken promises in the words of the guest's author: the own line, why it
 * is refused, and what to write instead.
 */
import { join } from "node:path";
import { type OwnPlace, OwnPlaces } from "./own-places.js";
import type { Violation } from "./violation.js";

/** Places that one message lists. */
const MOST_PLACES = 20;

/** What a violation is explained with. */
export interface Explanation {
  /** The module as asc leaves it. */
  readonly text: string;
  /** Folder of the guest's entry as it was given. */
  readonly folder: string;
  /** Whether a source, by its path, was written by the build. */
  readonly isGenerated: (path: string) => boolean;
}

/** The same violations by the guest's own lines; those that no line leads to stay as they are. */
export function explainViolations(violations: readonly Violation[], about: Explanation): Violation[] {
  const places = new OwnPlaces(about.text, about.isGenerated);
  const isAllocation = ({ rule }: Violation): boolean => rule === "allocator" || rule === "memory-grow";
  const own = (found: readonly OwnPlace[], rule: Violation["rule"], say: Saying): Violation[] =>
    found.map((place) => ({
      rule,
      where: `${join(about.folder, place.file)}:${place.line}:${place.column}`,
      ...say(place.callee),
    }));
  const explained = violations
    .filter((violation) => !isAllocation(violation))
    .flatMap((violation) => {
      const [, module, name] = /^import (\S+) (.*)$/.exec(violation.where) ?? [];
      const imported = violation.rule === "unknown-import" ? places.imported(module!, name!) : null;
      const found = imported === null ? [] : places.reaching((callee) => callee === imported);
      const say = (): Reason => importReason(module!, name!);
      return found.length === 0 ? [violation] : own(found, violation.rule, say);
    });
  const allocations = violations.filter(isAllocation);
  if (allocations.length === 0) return explained;
  const found = places.reaching((callee) =>
    /^~lib\/rt\/stub\/__(new|renew|alloc|realloc)$|^memory\.(grow|size)$/.test(callee),
  );
  const rule = allocations.some((violation) => violation.rule === "allocator") ? "allocator" : "memory-grow";
  return [...explained, ...(found.length === 0 ? allocations : own(found, rule, allocationReason))];
}

/** The lines of a message, in the order of the source; no more than one can read. */
export function violationLines(violations: readonly Violation[]): string[] {
  const number = new Intl.Collator("en", { numeric: true });
  const sorted = [...violations].sort((x, y) => number.compare(x.where, y.where));
  const lines = sorted.map(({ rule, where, what, remedy }) => `  ${where}: ${what} [${rule}]; ${remedy}`);
  const more = lines.length - MOST_PLACES;
  return more > 0 ? [...lines.slice(0, MOST_PLACES), `  and ${more} more`] : lines;
}

type Reason = Pick<Violation, "what" | "remedy">;
type Saying = (callee: string) => Reason;

const instead = {
  text: "write text to a stream with `writeText` and `writeDecimal` of as-rill/text, or put it into a buffer with `putText` and `putDecimal`",
  table: "declare it once at the top of the file, as in `const table = new StaticArray<u32>(64)`",
  object: "keep its fields in variables at the top of the file",
};

/** What allocates, by asc's name of the function that the guest calls. */
function allocationReason(callee: string): Reason {
  const because = "allocates, and this guest has no memory to allocate from";
  if (callee.startsWith("memory.")) return { what: `${callee} is in the binary`, remedy: instead.table };
  const short = shortName(callee);
  if (/\.__concat$|#concat$/.test(callee) && callee.startsWith("~lib/string/"))
    return { what: `\`+\` on strings ${because}`, remedy: instead.text };
  if (/^~lib\/(string|util\/(string|number|casemap))\/|#toString|#join/.test(callee))
    return { what: `making a string (\`${short}\`) ${because}`, remedy: instead.text };
  if (/^~lib\/rt\/__new(Array|Buffer)$/.test(callee))
    return { what: `an array or string made here ${because}`, remedy: instead.table };
  if (/^~lib\/rt\//.test(callee))
    return { what: `an object or array made here ${because}`, remedy: instead.table };
  if (/^~lib\/array\/Array#__u?set$/.test(withoutTypes(callee)))
    return { what: `an array made or made longer here ${because}`, remedy: instead.table };
  const made = /([\w$]+)#constructor$/.exec(withoutTypes(callee));
  if (made) {
    const remedy = callee.startsWith("~lib/") ? instead.table : instead.object;
    return { what: `\`new ${made[1]!}\` ${because}`, remedy };
  }
  return { what: `\`${short}\` ${because}`, remedy: instead.table };
}

/** `~lib/array/Array<u32>#push` as its reader knows it: `Array.push`. */
function shortName(callee: string): string {
  const last = withoutTypes(callee).split("/").pop()!;
  return last
    .replace(/#|@virtual|@override/g, (found) => (found === "#" ? "." : ""))
    .replace(/(get|set):/, "");
}

function withoutTypes(name: string): string {
  let bare = name;
  for (let before = ""; before !== bare;) {
    before = bare;
    bare = bare.replace(/<[^<>]*>/g, "");
  }
  return bare;
}

/** What a guest asks of AssemblyScript's own host, by the import's name, and what there is instead. */
const knownImports: readonly (readonly [RegExp, string, string])[] = [
  [
    /^console\./,
    "a guest has no console",
    "write what you want to see to the output stream, or import a function for it in the WIT",
  ],
  [/^trace$/, "a guest has no console for `trace`", "import a function for it in the WIT"],
  [
    /^(Date\.|performance\.)/,
    "a guest has no clock",
    "count samples, take the time as a parameter, or import a clock in the WIT (wasi:clocks)",
  ],
  [
    /^seed$/,
    "`Math.random` needs a seed that no host of this world provides",
    "keep a generator of your own in a variable (xorshift), and take the seed as a parameter",
  ],
  [
    /^(process\.|crypto\.)/,
    "a guest has no process around it",
    "take what it needs as parameters, or import a function for it in the WIT",
  ],
];

function importReason(module: string, name: string): Reason {
  const known = module === "env" ? knownImports.find(([pattern]) => pattern.test(name)) : undefined;
  const asked = `this needs the import ${module} ${name}`;
  if (!known)
    return {
      what: `${asked}, which no host of this world provides`,
      remedy: "import only what the WIT declares",
    };
  return { what: `${known[1]} (import ${module} ${name})`, remedy: known[2] };
}
