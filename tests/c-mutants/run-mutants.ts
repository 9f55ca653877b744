/** Shows all mutants of the C host to its test programs, on all cores. */
import { mkdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { inTemporaryFolder } from "../../tools/processes/temporary-folder.js";
import { Court, type Verdict } from "../mutants/court.js";
import { readJudgements } from "../mutants/survivors.js";
import { atTier } from "../tier.js";
import type { CMutant } from "./c-mutants.js";
import { compileHosts } from "./hosts.js";
import { type Known, readKnown } from "./killers.js";
import { CodeComparer } from "./same-code.js";
import { type ProgramWitness, programWitnesses } from "./witnesses.js";

/**
 * There is nothing to be found where that has been judged: a few witnesses look, and at night, or where
 * everything is asked, all of them.
 */
const WITNESSES_FOR_JUDGED = atTier(4, Infinity);

/** What a run is to do. */
export interface RunOptions {
  /** Hears of each mutant that is done. */
  readonly progress?: (done: number, of: number) => void;
  /** Runs only mutants whose key holds one of these texts; all when there are none. */
  readonly some?: readonly string[];
  /** Whether nothing is taken from the last run but whom to ask first. */
  readonly isThorough?: boolean;
}

/** The mutants of a run, and what became of each, by its key. */
export interface Run {
  readonly mutants: readonly CMutant[];
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/** @throws Error when a witness complains of the host as it is */
export async function runMutants({ progress, some = [], isThorough = false }: RunOptions = {}): Promise<Run> {
  return inTemporaryFolder("rill-mutants-", async (folder) => {
    const made = await compileHosts(folder);
    const lanes = await programWitnesses(folder, made, availableParallelism());
    const isChosen = ({ key }: CMutant): boolean =>
      some.length === 0 || some.some((text) => key.includes(text));
    const mutants = [...made.mutants.values()].filter(isChosen);
    const known = readKnown(mutants);
    const waiting = [...mutants];
    const verdicts = new Map<string, Verdict>(mutants.map(({ key }) => [key, { fate: "survived", by: "" }]));
    let done = 0;
    await Promise.all(
      lanes.map(async (witnesses, index) => {
        try {
          const judge = await Judge.make(join(folder, `judge-${index}`), witnesses, known, isThorough);
          for (let mutant = waiting.shift(); mutant; mutant = waiting.shift()) {
            verdicts.set(mutant.key, await judge.verdictOn(mutant));
            progress?.(++done, mutants.length);
          }
        } finally {
          for (const witness of witnesses) witness.close();
        }
      }),
    );
    for (const { key } of made.refused.filter(isChosen)) verdicts.set(key, { fate: "refused", by: "" });
    return { mutants, verdicts };
  });
}

/** Judges one mutant after the other. */
class Judge {
  private constructor(
    private readonly court: Court<CMutant>,
    private readonly comparer: CodeComparer,
    private readonly known: Known,
    private readonly isThorough: boolean,
  ) {}

  static async make(
    folder: string,
    witnesses: readonly ProgramWitness[],
    known: Known,
    isThorough: boolean,
  ): Promise<Judge> {
    for (const witness of witnesses)
      if (!(await witness.isSilent())) throw new Error(`${witness.name} complains of the host as it is`);
    const judged = new Set(readJudgements("c-mutants").flatMap(({ mutants }) => mutants));
    const most = isThorough ? Infinity : WITNESSES_FOR_JUDGED;
    mkdirSync(folder);
    const court = new Court(witnesses, known.killers, judged, most);
    return new Judge(court, new CodeComparer(folder), known, isThorough);
  }

  async verdictOn(mutant: CMutant): Promise<Verdict> {
    const same = { fate: "same", by: "" } as const;
    if (this.known.same.has(mutant.key) && !this.isThorough) return same;
    const verdict = await this.court.verdictOn(mutant);
    if (verdict.fate !== "survived" || (this.court.judged.has(mutant.key) && !this.isThorough))
      return verdict;
    return (await this.comparer.isSame(mutant)) ? same : verdict;
  }
}
