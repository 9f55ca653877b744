/** What becomes of one mutant: killed by some witness, or by nobody. */
import type { AnyMutant, Fate, Witness } from "./witness.js";

/** A fate, and the name of the witness that has killed; empty when none has. */
export interface Verdict {
  readonly fate: Fate;
  readonly by: string;
}

/** Shows mutants to witnesses. Which comes first changes with what has killed before, the fates do not. */
export class Court<M extends AnyMutant> {
  private readonly kills = new Map<string, number>();

  /**
   * @param hints  the name of the witness that killed a mutant last, by the mutant's key
   * @param judged keys of mutants that are judged to be no faults
   * @param forJudged witnesses that one of them is shown to at most
   */
  constructor(
    readonly witnesses: readonly Witness<M>[],
    readonly hints: ReadonlyMap<string, string>,
    readonly judged: ReadonlySet<string>,
    readonly forJudged: number,
  ) {}

  /** Asks the witnesses that hold `mutant`, one after the other, until one kills it. */
  async verdictOn(mutant: M): Promise<Verdict> {
    const fates = new Set<Fate>();
    const judged = this.judged.has(mutant.key);
    for (const witness of this.inOrder(mutant).slice(0, judged ? this.forJudged : undefined)) {
      const fate = await witness.fateOf(mutant, judged);
      if (fate === "killed") this.note(mutant, witness);
      if (fate === "killed" || fate === "refused") return { fate, by: witness.name };
      fates.add(fate);
    }
    return { fate: fates.has("same") && !fates.has("survived") ? "same" : "survived", by: "" };
  }

  /**
   * First the one that is known to kill it, then those that have killed near it,
   * then any others that have killed.
   */
  private inOrder(mutant: M): Witness<M>[] {
    const hint = this.hints.get(mutant.key);
    const kills = ({ name }: Witness<M>): number =>
      (name === hint ? 1e6 : 0) +
      1000 * (this.kills.get(`${placeOf(mutant)} ${name}`) ?? 0) +
      (this.kills.get(name) ?? 0);
    return this.witnesses.filter((witness) => witness.holds(mutant)).sort((a, b) => kills(b) - kills(a));
  }

  private note(mutant: M, { name }: Witness<M>): void {
    for (const key of [name, `${placeOf(mutant)} ${name}`])
      this.kills.set(key, (this.kills.get(key) ?? 0) + 1);
  }
}

function placeOf({ file, lines }: AnyMutant): string {
  return `${file}:${lines?.[0]}`;
}
