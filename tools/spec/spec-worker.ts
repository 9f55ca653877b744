/** The thread in which a spec's tests run: one that never ends can be ended. */
import { parentPort, workerData } from "node:worker_threads";
import type { FromSpec, SpecWork } from "./run-spec.js";
import { runModule } from "./run-module.js";

const { binary, names } = workerData as SpecWork;
const tell = (message: FromSpec): void => {
  parentPort!.postMessage(message);
};
const wanted = names === null ? null : new RegExp(names);
runModule(
  binary,
  {
    begins: (path) => {
      tell({ kind: "begins", path });
    },
    ends: (result) => {
      tell({ kind: "ends", result });
    },
  },
  (name) => wanted === null || wanted.test(name),
);
