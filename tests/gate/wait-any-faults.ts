/** Faults that a hand could make where several are waited for at once. */
import type { SeededFault } from "./seeded-faults.js";

const file = "task/wait-any.ts";
const guest = "wait-any-of-two-reads";

/** All of them, on the guest that reads while a call goes on. */
export const waitAnyFaults: readonly SeededFault[] = [
  {
    name: "waitAny leaves those that it waited for in the common set",
    file,
    guest,
    find: "  gather(site, end, 0);\n",
    replace: "",
    rules: ["illegal-call"],
  },
  {
    name: "waitAny waits without bringing them together",
    file,
    guest,
    find: "  gather(site, end, waitables);\n",
    replace: "",
    rules: ["illegal-call"],
  },
  {
    name: "waitAny gives an event to all that are in flight",
    file,
    guest,
    find: "waited.handle != load<u32>(EVENT) || ",
    replace: "",
    rules: ["wrong-answer", "lent-read", "dropped-while-copying", "illegal-call", "empty-slot"],
  },
  {
    name: "waitAny takes an item in and does not hold it",
    file,
    guest,
    find: "else settle(waited, ofFutures && code >= FUTURE_READ ? statusOf(payload) : payload);",
    replace: "else waited.status = payload;",
    rules: ["item-lost", "illegal-call", "wrong-answer"],
  },
  {
    name: "waitAny answers one that is in flight",
    file,
    guest,
    find: "else if (status & (HELD",
    replace: "if (status & (HELD",
    rules: ["wrong-answer"],
  },
  {
    name: "waitAny loses what arrives once another one was chosen",
    file,
    guest,
    find: "if (code != EVENT_NONE) takeEvent(site, end, code);",
    replace: "if (code != EVENT_NONE && !chosen) takeEvent(site, end, code);",
    rules: ["item-lost", "illegal-call", "wrong-answer", "returned-in-flight", "handle-leaked"],
  },
];
