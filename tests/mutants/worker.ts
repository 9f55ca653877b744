/** A thread that runs mutants: it is sent their numbers and answers with their fates. */
import { parentPort } from "node:worker_threads";
import { allMutants, Court } from "./fate.js";
import { makeSpecFolder, removeSpecFolder } from "./unit-specs.js";
import { allWitnesses } from "./witnesses.js";

const mutants = allMutants();
const specs = makeSpecFolder();
process.on("exit", () => {
  removeSpecFolder(specs);
});
const court = new Court(await allWitnesses(), specs);
parentPort!.on("message", (index: number | null) => {
  if (index === null) {
    parentPort!.close();
    return;
  }
  court.fateOf(mutants[index]!).then(
    (fate) => {
      parentPort!.postMessage({ index, fate });
    },
    (error: unknown) => {
      throw error;
    },
  );
});
parentPort!.postMessage({ index: -1, fate: null });
