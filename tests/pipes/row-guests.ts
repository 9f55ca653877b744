/** Guests that stand in rows on boards. */
import { join } from "node:path";
import { builtOnce } from "../built-once.js";

/** Builds them into `folder`: `double` with each strategy, and `row-numbers`. @returns their paths */
export async function rowGuests(
  folder: string,
): Promise<{ readonly wait: string; readonly callback: string; readonly numbers: string }> {
  const build = (name: string, wait: "wait" | "callback"): Promise<string> => {
    const path = `tests/guests/${name}/${name}`;
    return builtOnce({ entry: `${path}.ts`, wit: `${path}.wit`, wait }, join(folder, wait));
  };
  return {
    wait: await build("double", "wait"),
    callback: await build("double", "callback"),
    numbers: await build("row-numbers", "callback"),
  };
}
