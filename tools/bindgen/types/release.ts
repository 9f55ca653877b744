/** Statements that drop the handles in a value that nobody took. */
import { holdsHandle } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import type { Place } from "../refuse.js";
import { type ValueClasses, isEnd, isHandle } from "./value-classes.js";
import { walkValue } from "./walk-value.js";

/**
 * Drops what the value at `address` owns: resources, ends of streams and futures, at any depth. Empty for a type that holds none.
 * @param address an expression without side effect
 */
export function releaseStatements(
  type: ValueType,
  address: string,
  offset: number,
  classes: ValueClasses,
  place: Place,
): string[] {
  const release = {
    enters: holdsHandle,
    visit: (part: ValueType, from: string, more: number, at: Place): string[] | null => {
      if (!isEnd(part) && !isHandle(part)) return null;
      const handle = `<usize>load<u32>(${more === 0 ? from : `${from}, ${String(more)}`})`;
      return [`changetype<${classes.typeName(part, at)}>(${handle}).drop();`];
    },
    items: (pair: string): string => `load<usize>(${pair})`,
  };
  return walkValue(release, type, address, offset, place);
}
