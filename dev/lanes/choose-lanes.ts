/** Which lanes a run is of: those whose names, or whose files' names, were given. */
import { basename } from "node:path";
import type { Lane } from "./lane.js";

/** What was asked for. */
export interface Choice {
  /**
   * Names of lanes, and of files: `place.spec.ts`, `unit/place.spec.ts`,
   * `tests/unit/place.spec.ts`, without the ending too.
   */
  readonly words: readonly string[];
  /** What the names of tests must match. */
  readonly test?: string | undefined;
}

/** The lanes to run, or the words that name none. */
export type Chosen = { readonly lanes: readonly Lane[] } | { readonly unknown: readonly string[] };

/**
 * Chooses among `all`; a lane whose files are named runs those alone. A file is looked for
 * in the lanes that are named, or in all.
 */
export function chooseLanes(all: readonly Lane[], { words, test }: Choice): Chosen {
  const named = all.filter(({ name }) => words.includes(name));
  const files = words.filter((word) => !all.some(({ name }) => name === word));
  const candidates = named.length > 0 ? named : all;
  const unknown = files.filter((word) => !candidates.some((lane) => matches(lane, [word]).length > 0));
  if (unknown.length > 0) return { unknown };
  if (files.length === 0 && test === undefined) return { lanes: named.length > 0 ? named : all };
  const lanes = candidates.flatMap((lane) => {
    const some = files.length === 0 ? (lane.files ?? []) : matches(lane, files);
    return some.length === 0 || !lane.narrow ? [] : [{ ...lane, command: lane.narrow(some, test) }];
  });
  return { lanes };
}

function matches({ files = [] }: Lane, words: readonly string[]): string[] {
  const plain = (path: string): string => path.replace(/\.(?:test|spec)\.(?:ts|js)$|\.ts$/, "");
  return files.filter((file) =>
    words.some((word) => {
      const wanted = plain(word).replaceAll("\\", "/");
      const path = plain(file).replaceAll("\\", "/");
      return path === wanted || path.endsWith(`/${wanted}`) || basename(path) === wanted;
    }),
  );
}
