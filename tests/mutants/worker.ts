/** A thread that judges mutants: it is sent their numbers and answers with verdicts. */
import { parentPort, workerData } from "node:worker_threads";
import { Court, type Verdict } from "./court.js";
import { guestWitnesses } from "./guest-witnesses.js";
import { readHints } from "./hints.js";
import { atTier } from "../tier.js";
import { allMutants } from "./mutants.js";
import { specWitnesses } from "./spec-witnesses.js";
import { readJudgements } from "./survivors.js";

/**
 * What a thread says: that it is ready, that tests begin which may never end, that they have
 * ended, or what has become of a mutant.
 */
export type Message = "ready" | "tests begin" | "tests end" | Verdict;

const say = (message: Message): void => {
  parentPort!.postMessage(message);
};
/** There is nothing to be found, as has been judged: in CI a few witnesses look, and at night all of them. */
const WITNESSES_FOR_JUDGED = atTier(4, Infinity);

const mutants = allMutants();
const witnesses = [...(await specWitnesses(say)), ...(await guestWitnesses())];
const court = new Court(
  witnesses,
  readHints(),
  new Set(readJudgements().flatMap((judgement) => judgement.mutants)),
  WITNESSES_FOR_JUDGED,
);
if (workerData === "looks at witnesses")
  for (const witness of witnesses)
    if (!(await witness.isSilent())) throw new Error(`${witness.name} complains of the library as it is`);
parentPort!.on("message", (index: number | null) => {
  if (index === null) {
    parentPort!.close();
    return;
  }
  court.verdictOn(mutants[index]!).then(say, (error: unknown) => {
    throw error;
  });
});
say("ready");
