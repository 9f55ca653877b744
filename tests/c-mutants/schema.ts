/**
 * All mutants of a file in one text: each change is behind a question for its number, so that one build holds
 * all of them and a run of one costs no compiler.
 *
 *   a < b     (rill_mutant == 17 ? (a <= b) : rill_mutant == 18 ? (a >= b) : (a < b))
 *   f();      if (rill_mutant == 19) { ; } else { f(); }
 *
 * What stands in for a part of the text holds no further questions: one mutant is on at a time. The body of
 * each loop begins with rill_turn(), which counts: a loop without an end ends the run. The body of each
 * function begins with rill_reach(), which notes that it ran: no program can tell a mutant of a function that
 * it does not reach.
 */
import type { CMutant, Edit } from "./c-mutants.js";
import { functionsOf, type Statement } from "./c-syntax.js";

/** A part of the text of a schema that belongs to the mutant of that number. */
interface Span {
  readonly from: number;
  readonly to: number;
  readonly number: number;
}

/** The text, and where in it each mutant's code is. */
export interface Schema {
  readonly text: string;
  readonly spans: readonly Span[];
}

interface Numbered extends Edit {
  readonly number: number;
}

/**
 * @param mutants those of this file that are to be in it, each with its number, above 0
 * @param place   added to the number of the line that a function begins on, in what rill_reach() is told
 */
export function schemaOf(
  source: string,
  mutants: readonly (readonly [number, CMutant])[],
  place: number,
): Schema {
  return writeSchema(source, mutants, notes(source, place));
}

/** The same for any language with C's statements and `? :`. @param notes what is put in, by the place */
export function writeSchema(
  source: string,
  mutants: readonly (readonly [number, { readonly edits: readonly Edit[] }])[],
  notes: ReadonlyMap<number, string>,
): Schema {
  const edits = mutants.flatMap(([number, mutant]) => mutant.edits.map((edit) => ({ ...edit, number })));
  return new Writer(source, edits, notes).write();
}

/** What is put behind the braces of functions and loops, by the place. */
function notes(source: string, place: number): Map<number, string> {
  const found = new Map<number, string>();
  const visit = ({ kind, statements }: Statement): void => {
    const body = statements.at(-1);
    if (kind === "while" || kind === "do" || kind === "for") {
      if (body?.kind !== "block") throw new SyntaxError("the body of a loop has no braces");
      found.set(body.from + 1, " rill_turn();");
    }
    statements.forEach(visit);
  };
  for (const { from, body } of functionsOf(source)) {
    found.set(body.from + 1, ` rill_reach(${place + source.slice(0, from).split("\n").length});`);
    visit(body);
  }
  return found;
}

class Writer {
  private readonly parts: string[] = [];
  private readonly spans: Span[] = [];
  private length = 0;

  constructor(
    private readonly source: string,
    private readonly edits: readonly Numbered[],
    private readonly notes: ReadonlyMap<number, string>,
  ) {}

  write(): Schema {
    this.range(
      0,
      this.source.length,
      [...this.edits].sort((a, b) => a.from - b.from || (isPlace(a) ? -1 : isPlace(b) ? 1 : b.to - a.to)),
    );
    return { text: this.parts.join(""), spans: this.spans };
  }

  private put(text: string): void {
    this.parts.push(text);
    this.length += text.length;
  }

  /** The source from `from` to `to`, with its notes. */
  private plain(from: number, to: number): void {
    let at = from;
    for (const [place, note] of [...this.notes].sort(([a], [b]) => a - b)) {
      if (place <= from || place > to) continue;
      this.put(this.source.slice(at, place) + note);
      at = place;
    }
    this.put(this.source.slice(at, to));
  }

  /** @param edits those inside of the range, outer ones before inner ones, places before what begins there */
  private range(from: number, to: number, edits: readonly Numbered[]): void {
    let at = from;
    for (let left = edits; left.length > 0;) {
      const outer = left[0]!;
      const isSame = (edit: Numbered): boolean => edit.from === outer.from && edit.to === outer.to;
      const same = left.filter(isSame);
      const inner = left.filter((edit) => !isSame(edit) && edit.from >= outer.from && edit.to <= outer.to);
      left = left.filter((edit) => !same.includes(edit) && !inner.includes(edit));
      this.plain(at, outer.from);
      if (isPlace(outer)) for (const edit of same) this.choice(edit);
      else this.wrapped(outer, same, inner);
      at = outer.to;
    }
    this.plain(at, to);
  }

  private wrapped(outer: Numbered, same: readonly Numbered[], inner: readonly Numbered[]): void {
    if (!outer.isStatement) this.put("(");
    for (const edit of same) this.choice(edit);
    this.put(outer.isStatement ? "{ " : "(");
    this.range(outer.from, outer.to, inner);
    this.put(outer.isStatement ? " }" : "))");
  }

  private choice({ from, to, text, isStatement, number }: Numbered): void {
    const start = this.length;
    if (isStatement) this.put(`if (rill_mutant == ${number}) { ${text} } ${from === to ? "" : "else "}`);
    else this.put(`rill_mutant == ${number} ? (${text}) : `);
    this.spans.push({ from: start, to: this.length, number });
  }
}

/** Whether it is a place, not a part of the text. */
function isPlace({ from, to }: Edit): boolean {
  return from === to;
}

/** The number of the mutant whose code is at a line and column, from 1 on; undefined when it is nobody's. */
export function mutantAt({ text, spans }: Schema, line: number, column: number): number | undefined {
  const start = text.split("\n", line - 1).reduce((sum, { length }) => sum + length + 1, 0);
  const at = start + column - 1;
  return spans.find(({ from, to }) => from <= at && at < to)?.number;
}
