/** A process that judges mutants: it is sent their indices and answers with verdicts. */
import { Court } from "../mutants/court.js";
import { readHints } from "../mutants/hints.js";
import { readJudgements } from "../mutants/survivors.js";
import { corpus } from "./corpus.js";
import { GuestWitness } from "./guest-witness.js";
import { answerWith } from "./judges.js";
import { allMutants } from "./mutated-files.js";
import { testWitnesses } from "./test-witness.js";

/** Witnesses that a mutant is shown to in CI when it is judged to be no fault. */
const WITNESSES_FOR_JUDGED = 2;

const isThorough = process.argv.includes("--thorough");
const hints = readHints("pass-mutants");
const killers = new Set(hints.values());
const names = corpus.filter((name) => isThorough || killers.has(name));
const witnesses = await testWitnesses();
const guests: GuestWitness[] = [];
for (const name of names) guests.push(await GuestWitness.make(name));
const judged = readJudgements("pass-mutants").flatMap(({ mutants }) => mutants);
const court = new Court(
  [...witnesses, ...guests],
  hints,
  new Set(judged),
  isThorough ? Infinity : WITNESSES_FOR_JUDGED,
);

answerWith((index) => court.verdictOn(allMutants[index]!));
