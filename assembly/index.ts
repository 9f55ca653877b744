/** What a guest and its generated bindings import from as-rill. */
export { StreamReader } from "./stream/reader";
export { StreamWriter } from "./stream/writer";
export { ensureWaitableSet } from "./task/waiting";
export { awaitSubtask } from "./task/subtask";
export { copyElement } from "./slot";
