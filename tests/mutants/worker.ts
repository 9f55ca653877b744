/** A thread that runs mutants: it is sent their numbers and answers with their fates. */
import { parentPort } from "node:worker_threads";
import { allMutants, fateOf, witnesses } from "./fate.js";

const mutants = allMutants();
const all = await witnesses();
parentPort!.on("message", (index: number) => {
  fateOf(mutants[index]!, all).then(
    (fate) => {
      parentPort!.postMessage({ index, fate });
    },
    (error: unknown) => {
      throw error;
    },
  );
});
parentPort!.postMessage({ index: -1, fate: null });
