/** What a guest's author imports from as-rill. Generated bindings import from `bindings.ts`. */
// @ts-nocheck: AssemblyScript; asc checks it
export { ARENA_BYTES, mark, releaseTo } from "./arena";
export { slotArray } from "./element-operation";
export { END_PLACES } from "./ends";
export { ArenaFutureReader } from "./future/arena-reader";
export { FutureReader } from "./future/reader";
export { FutureWriter } from "./future/writer";
export { Made, made } from "./made";
export { Handle } from "./resource/handle";
export { Place, takePlace } from "./resource/place";
export { Scope, openScope } from "./scope";
export { elemSize } from "./slot";
export { ArenaReader } from "./stream/arena-reader";
export { StreamReader } from "./stream/reader";
export { StreamWriter } from "./stream/writer";
export { lowerBackpressure, raiseBackpressure } from "./task/backpressure";
export { CALL_PLACES } from "./task/call-places";
export { heedCancellation, holdCancellation, isCancelled } from "./cancellation";
export { pause } from "./task/pause";
export { waitAny } from "./task/wait-any";
export { Unit } from "./unit";

// Guests and bindings written before there was `bindings.ts` find here what they found.
export {
  ArenaSubtask,
  Subtask,
  awaitSubtask,
  beginCall,
  beginTask,
  copyElement,
  endCall,
  endTask,
  freeEnd,
  liftPair,
  loadElement,
  lowerBlock,
  reallocBlock,
  storeElement,
  takeBlock,
  useTaskRegion,
} from "./bindings";
