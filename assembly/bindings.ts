/**
 * What generated bindings and the generated entry import from as-rill. A guest's author imports from
 * `index.ts`: much of this takes addresses and tables, and is right only as the generator calls it.
 */
// @ts-nocheck: AssemblyScript; asc checks it
export {
  ARENA_BYTES,
  beginCall,
  beginTask,
  endCall,
  endTask,
  enterRegion,
  leaveRegion,
  lowerBlock,
  reallocBlock,
  takeBlock,
  useTaskRegion,
} from "./arena";
export { takeRegion } from "./end-regions";
export { END_PLACES, freeEnd } from "./ends";
export { ArenaFutureReader } from "./future/arena-reader";
export { FutureReader } from "./future/reader";
export { FutureWriter } from "./future/writer";
export { Made, made } from "./made";
export { Handle } from "./resource/handle";
export { copyElement, elemSize, liftPair, loadElement, storeElement } from "./slot";
export { ArenaReader } from "./stream/arena-reader";
export { StreamReader } from "./stream/reader";
export { StreamWriter } from "./stream/writer";
export { ArenaSubtask } from "./task/arena-subtask";
export { CALL_PLACES, leaveCall, takeCall } from "./task/call-places";
export { endCancelled, endsCancelled, isCancelled, noteAnswered } from "./cancellation";
export { keepArray, keepBlock, keepItems } from "./task/kept-params";
export { Subtask, awaitSubtask, awaitSubtaskOrCancel } from "./task/subtask";
export { Unit } from "./unit";
