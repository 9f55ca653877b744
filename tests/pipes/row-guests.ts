/** Guests that stand in rows on boards. */
import { join } from "node:path";
import { builtOnce } from "../built-once.js";

/** Paths of core modules. */
export interface RowGuests {
  /** `double`, with each strategy. */
  readonly wait: string;
  readonly callback: string;
  /** `row-numbers`, and so on. */
  readonly numbers: string;
  readonly texts: string;
  readonly values: string;
  readonly clock: string;
}

/** Builds them into `folder`. @returns their paths */
export async function rowGuests(folder: string): Promise<RowGuests> {
  const build = (name: string, wait: "wait" | "callback"): Promise<string> => {
    const path = `tests/guests/${name}/${name}`;
    return builtOnce({ entry: `${path}.ts`, wit: `${path}.wit`, wait }, join(folder, wait));
  };
  return {
    wait: await build("double", "wait"),
    callback: await build("double", "callback"),
    numbers: await build("row-numbers", "callback"),
    texts: await build("row-texts", "callback"),
    values: await build("row-values", "callback"),
    clock: await build("row-clock", "callback"),
  };
}

/** What `row-values` imports, as a file for `--imports`. */
export const BOARD = `export default {
  "test:row-more/board": {
    level(x) { return x * 10; },
    later: async (x) => { await new Promise((done) => setTimeout(done, 5)); return x + 100; },
  },
};
`;
