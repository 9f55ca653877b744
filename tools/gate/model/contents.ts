/** What somebody who knows a guest can say of its items and results. */
import type { Value } from "../../host/values/value.js";

/** What a guest of known meaning has to give for what the model gives it. */
export interface Contents {
  /**
   * Item number `index` that leaves through the stream `what`, as traces name it; undefined when any will do.
   */
  item(what: string, index: number): Value | undefined;
  /**
   * The result of a call of the function `name`; undefined when any will do.
   * @param moved items that arrived so far through each stream among the parameters
   */
  result(name: string, params: readonly Value[], moved: readonly number[]): Value | undefined;
}
