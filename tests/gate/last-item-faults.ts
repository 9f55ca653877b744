/**
 * Faults that a hand could make with the item that a reader takes before it leaves: `writeOne` answers false
 * for it, and `taken` true.
 */
import type { SeededFault } from "./seeded-faults.js";

/** All faults of that kind. */
export const lastItemFaults: readonly SeededFault[] = [
  {
    name: "writeOne answers true for the item that the reader left with, after a wait",
    file: "stream/writer.ts",
    find: "    return announcedWriteOne(changetype<usize>(this), result == ONE_MOVED);",
    replace: "    return announcedWriteOne(changetype<usize>(this), result > PROGRESS_MASK);",
    guest: "write-a-few",
    rules: ["wrong-answer"],
  },
  {
    name: "writeOne answers true for the item that the reader left with at once",
    file: "stream/writer.ts",
    find: "    if (result == ONE_MOVED) {",
    replace: "    if (<i32>result >= <i32>ONE_MOVED) {",
    guest: "write-a-few",
    rules: ["wrong-answer"],
  },
  {
    name: "writeOne answers false for an item that was taken after a wait, though the reader stays",
    file: "stream/writer.ts",
    find: "    return announcedWriteOne(changetype<usize>(this), result == ONE_MOVED);",
    replace: "    return announcedWriteOne(changetype<usize>(this), false);",
    guest: "write-a-few",
    rules: ["wrong-answer"],
  },
  {
    name: "taken denies the item that the reader left with",
    file: "stream/writer.ts",
    find: "    if (result != BLOCKED) {\n      this.status = result;\n      return announcedWriteOne",
    replace:
      "    if (result != BLOCKED) {\n      this.status = CopyResult.DROPPED;\n      return announcedWriteOne",
    guest: "write-a-few",
    rules: ["wrong-answer"],
  },
];
