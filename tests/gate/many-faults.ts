/** Faults that a hand could make where many items are copied and nobody waits. */
import type { SeededFault } from "./seeded-faults.js";

const guest = "start-read-many-then-write";

/** All of them, on the guest that has such copies in both directions. */
export const manyFaults: readonly SeededFault[] = [
  {
    name: "items that startRead brought are taken for one in the slot",
    file: "stream/reader.ts",
    guest,
    find: "markMany(this, true);\n",
    replace: "\n",
    rules: ["empty-slot", "wrong-answer", "item-lost", "taken-twice"],
  },
  {
    name: "startRead forgets the item that is held",
    file: "stream/reader.ts",
    guest,
    find: "const isHeld = (this.status & HELD) != 0 && !this.lastOfMany;",
    replace: "const isHeld = false;",
    rules: ["item-lost", "wrong-answer", "empty-slot", "lent-twice", "unwritten-item"],
  },
  {
    name: "progress answers for one item too many",
    file: "operation.ts",
    guest,
    find: "<i32>(operation.status >> PROGRESS_SHIFT)",
    replace: "<i32>(operation.status >> PROGRESS_SHIFT) + 1",
    rules: ["wrong-answer"],
  },
  {
    name: "startWrite takes a copy in flight for a settled one",
    file: "stream/writer.ts",
    guest,
    find: "if (result == BLOCKED) this.status = BLOCKED;\n    else settle(this, result);\n    return announcedStarted(changetype<usize>(this), result != BLOCKED);",
    replace:
      "settle(this, 1 << PROGRESS_SHIFT);\n    return announcedStarted(changetype<usize>(this), true);",
    rules: ["wrong-answer", "lent-write"],
  },
];
