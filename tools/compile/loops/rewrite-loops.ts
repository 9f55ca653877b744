/**
 * Loops of a guest's own that are right as they are written, and cost more than they need: those that only
 * ask wait instead (polls-in-loops.ts), and those that keep what imported functions have answered give it
 * back (results-in-loops.ts). The guest does the same.
 *
 * What is proved from the syntax rests on types in places, and only asc knows them. There a question is
 * compiled in, which asc answers as it compiles: no code at all, or the error `rill: loop N`. Then
 * everything is compiled anew, and that loop stays as it is; so does every loop when asc has found another
 * error, so that messages are about the guest as it was written.
 */
import "../../wasm/binaryen.js"; // first: asc loads Binaryen too
import type { Parser, Source } from "assemblyscript";
import { GuestCode, type OwnFunction } from "./guest-code.js";
import { Insertions, type LoopNames, QUESTION, relocate } from "./insertions.js";
import { loopsOf } from "./loop.js";
import { waitInsteadOfAsking } from "./polls-in-loops.js";
import { giveBackResults } from "./results-in-loops.js";
import { placeOf } from "./syntax.js";

/** What a build says of its guest. */
export interface LoopsOf {
  /** Whether the build wrote the source of this path. */
  readonly isGenerated: (path: string) => boolean;
  /** Whether the guest has an arena. */
  readonly arena: boolean;
  /** Whether a function may be called where nobody may wait: the guest has exports that are not async. */
  readonly hasSyncExports: boolean;
}

/** A loop that waits though it is written to ask. */
export interface WaitingLoop {
  /** Path of the source. */
  readonly file: string;
  readonly line: number;
}

/** Numbers of loops that stay as they are; `all` of them do. */
export type Kept = ReadonlySet<number> | "all";

/** What was done. */
export interface RewrittenLoops {
  readonly waiting: readonly WaitingLoop[];
  /** How many loops were changed, those that wait among them. */
  readonly count: number;
}

/** Changes the loops of `parser`'s sources, which are parsed and not resolved yet. */
export function rewriteLoops(parser: Parser, about: LoopsOf, kept: Kept): RewrittenLoops {
  const waiting: WaitingLoop[] = [];
  if (kept === "all") return { waiting, count: 0 };
  const code = new GuestCode(parser.sources, about.isGenerated);
  const insertions = new Insertions();
  const needed = new Map<Source, Set<string>>();
  let count = 0;
  let number = 0;
  for (const func of code.functions()) {
    if (usesOurNames(func)) continue;
    for (const loop of loopsOf(func)) {
      number++;
      if (kept.has(number)) continue;
      const names = questionsAbout(number);
      const waits = mayWait(func, about) && waitInsteadOfAsking(code, loop, insertions, names);
      const givesBack = !waits && about.arena && giveBackResults(code, loop, insertions, names);
      if (!waits && !givesBack) continue;
      count++;
      if (waits) waiting.push({ file: func.file.normalizedPath, line: placeOf(loop.statement).line });
      const imported = needed.get(func.file) ?? new Set();
      for (const name of waits ? WAITING : SCOPED) imported.add(name);
      needed.set(func.file, imported);
    }
  }
  insertions.write();
  for (const [file, imported] of needed) importInto(parser, file, imported);
  return { waiting, count };
}

/** Names and questions for one loop. */
function questionsAbout(number: number): LoopNames {
  const [never, value] = [`rill_${number}_never`, `rill_${number}_value`];
  const ask = (condition: string): string => `if (${condition}) ERROR("${QUESTION}${number}");`;
  return {
    prefix: `rill_${number}_`,
    ask,
    // asc compiles what it is asked about, and Binaryen finds that nobody comes there.
    askForNumber: (expression) =>
      `{ let ${never} = 0; if (${never} != ${never}) { let ${value} = ${expression}; ${ask(`isReference(${value})`)} } }`,
  };
}

/** The loops that asc has found not to be as they were taken for. */
export function questionedLoops(errors: string): number[] {
  return [...errors.matchAll(new RegExp(`${QUESTION}(\\d+)`, "g"))].map(([, number]) => Number(number));
}

const WAITING = [
  "waitAny as rill_wait_any",
  "holdCancellation as rill_hold_cancellation",
  "heedCancellation as rill_heed_cancellation",
];
const SCOPED = ["openScope as rill_open_scope"];

/** Whether a function may wait wherever it is called. */
function mayWait({ declaration }: OwnFunction, { hasSyncExports, arena }: LoopsOf): boolean {
  if (!hasSyncExports) return true;
  const isTask = declaration.signature.parameters.some(({ type }) =>
    /(^|\.)Task$/.test(type.range.toString()),
  );
  // A sync function may not ask for items that hold strings while a task waits for several things.
  return isTask && !arena;
}

/** Whether a function has names of ours. */
function usesOurNames({ declaration }: OwnFunction): boolean {
  return /\brill_(\d|open|wait|hold|heed)/.test(declaration.range.toString());
}

/** Lets a source import names of the library. */
function importInto(parser: Parser, file: Source, names: ReadonlySet<string>): void {
  parser.parseFile(`import { ${[...names].join(", ")} } from "as-rill/assembly";`, "rill-loops.ts", false);
  const written = parser.sources.pop()!;
  for (const statement of written.statements) relocate(statement, file.range);
  file.statements.unshift(...written.statements);
}
