/** The programs of this folder that run sequences of calls (sequences.h), and which hosts they need. */
import { join } from "node:path";
import { programsRoot } from "../../tools/c-sources/c-sources.js";
import { packageRoot } from "../../tools/package-root.js";

/** A program of sequences. */
export interface SequenceProgram {
  readonly name: string;
  readonly sources: readonly string[];
  /** How many sequences it has at least. */
  readonly least: number;
}

function program(name: string, least: number, ...others: readonly string[]): SequenceProgram {
  return { name, sources: [join(packageRoot, "tests", "wamr", `${name}.c`), ...others], least };
}

/** Those for any host. */
export const smallestHostPrograms: readonly SequenceProgram[] = [
  program("transitions", 98),
  program("ends", 44),
  program("one", 36, join(programsRoot, "check", "both_ways.c")),
  program("values", 1),
];

/** Those for a host with all that it can do. */
export const wholeHostPrograms: readonly SequenceProgram[] = [
  ...smallestHostPrograms,
  program("texts", 19),
  program("lists", 46),
  program("flats", 4),
  program("calls", 47),
  program("subtasks", 26),
  program("tasks", 56),
  program("waits", 34),
];
