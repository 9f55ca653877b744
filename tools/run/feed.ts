/**
 * The program that feeds a guest on WAMR: reads a stream's items from a file and writes them to
 * standard output as rill-run wants them, piece by piece. A program and no thread, because a
 * thread that waits for input cannot be ended.
 */
import { ReaderGone } from "../errors/reader-gone.js";
import { UserError } from "../errors/user-error.js";
import { NotServed } from "../c-host/not-served.js";
import { openItems } from "./formats/item-reader.js";
import { OutputFile } from "./formats/output-file.js";
import { itemBytes, itemsAtOnce } from "./item-bytes.js";
import type { ItemFile } from "./run-plan.js";

/** What to feed, in the only argument, as JSON. */
export interface Feed extends ItemFile {
  readonly limit: number | null;
  /** Whose it is, counted from 0, and its number among the inputs of all guests. */
  readonly guest: number;
  readonly input: number;
}

function feed({ path, elementType, format, limit }: Feed): void {
  const reader = openItems(path, elementType, format);
  const output = new OutputFile("-");
  for (let left = limit ?? Infinity; left > 0;) {
    const items = reader.read(Math.min(left, itemsAtOnce(elementType)));
    if (items === null) break;
    left -= items.length;
    output.write(itemBytes(items, elementType));
  }
  output.close();
}

try {
  feed(JSON.parse(process.argv[2]!) as Feed);
} catch (error) {
  if (!(error instanceof ReaderGone)) {
    if (!(error instanceof UserError || error instanceof NotServed)) throw error;
    process.stderr.write(error instanceof NotServed ? `${error.message}; use --host v8` : error.message);
    process.exitCode = 2;
  }
}
