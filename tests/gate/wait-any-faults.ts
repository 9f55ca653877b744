/** Faults that a hand could make where several are waited for at once. */
import type { SeededFault } from "./seeded-faults.js";

const file = "task/wait-any.ts";
const guest = "wait-any-of-two-reads";

/** Most of them on the guest that reads while a call goes on. */
export const waitAnyFaults: readonly SeededFault[] = [
  {
    name: "waitAny leaves those that it waited for in the common set",
    file,
    guest,
    find: "  gather<A, B, C, D, E, F, G, H>(0, a, b, c, d, e, f, g, h);\n",
    replace: "",
    rules: ["illegal-call"],
  },
  {
    name: "waitAny waits without bringing them together",
    file,
    guest: "calls-side-by-side",
    find: "  gather<A, B, C, D, E, F, G, H>(waitables, a, b, c, d, e, f, g, h);\n",
    replace: "",
    rules: ["illegal-call"],
  },
  {
    name: "waitAny gives an event to all that are in flight",
    file,
    guest,
    find: " & u32(waited.handle == load<u32>(EVENT))",
    replace: "",
    rules: ["wrong-answer", "lent-read", "dropped-while-copying", "illegal-call", "empty-slot"],
  },
  {
    name: "waitAny takes an item in and does not hold it",
    file,
    guest,
    find: "else settle(waited, ofFutures && place & OF_FUTURE ? statusOf(payload) : payload);",
    replace: "else waited.status = payload;",
    rules: ["item-lost", "illegal-call", "wrong-answer"],
  },
  {
    name: "waitAny answers one that is in flight",
    file,
    guest,
    find: "if (status > SETTLED) return chosen & ~NONE;",
    replace: "if (status > SETTLED) chosen &= ~NONE;",
    rules: ["wrong-answer"],
  },
  {
    name: "waitAny loses what arrives once another one was chosen",
    file,
    guest,
    find: "(chosen ? waitableSetPoll(waitables, EVENT) : awaitEvent(waitables))",
    replace: "(chosen ? waitableSetPoll(waitables, EVENT) & 0 : awaitEvent(waitables))",
    rules: ["item-lost", "illegal-call", "wrong-answer", "returned-in-flight", "handle-leaked"],
  },
  {
    name: "next of a guest that waits for several gives an item twice",
    file: "stream/reader.ts",
    guest,
    find: "(changetype<usize>(this), false);\n    this.status &= ~HELD;\n",
    replace: "(changetype<usize>(this), false);\n",
    rules: ["wrong-answer", "empty-slot"],
  },
  {
    name: "a call that waitAny alone waits for is waited for by itself all the same",
    file: "task/subtask.ts",
    guest,
    find: "    if (apart && handle) {\n",
    replace: "    if (false) {\n",
    rules: ["handle-after-drop"],
  },
];
