/** What a guest and its generated bindings import from as-rill. */
export { END_PLACES, freeEnd } from "./ends";
export { ArenaFutureReader } from "./future/arena-reader";
export { FutureReader } from "./future/reader";
export { FutureWriter } from "./future/writer";
export { StreamReader } from "./stream/reader";
export { StreamWriter } from "./stream/writer";
export { ArenaSubtask } from "./task/arena-subtask";
export { Subtask, awaitSubtask } from "./task/subtask";
export { copyElement, elemSize, liftPair, loadElement, storeElement } from "./slot";
export { slotArray } from "./element-operation";
export { Handle } from "./resource/handle";
export { Place, takePlace } from "./resource/place";
export { ArenaReader } from "./stream/arena-reader";
export {
  ARENA_BYTES,
  beginCall,
  beginTask,
  endCall,
  endTask,
  enterRegion,
  leaveRegion,
  lowerBlock,
  mark,
  reallocBlock,
  releaseTo,
  takeBlock,
  useTaskRegion,
} from "./arena";
export { keepArray, keepBlock, keepItems } from "./task/kept-params";
export { Unit } from "./unit";
