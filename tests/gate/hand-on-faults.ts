/** Faults that a hand could make where ends are handed on. */
import type { SeededFault } from "./seeded-faults.js";

const file = "operation.ts";
const checked = "  if (operation.status & (HELD | CopyResult.DROPPED)) unreachable();\n";
const forgotten = "  operation.handle = 0;\n  operation.status = CopyResult.DROPPED;\n  return handle;";

/** All of them. */
export const handOnFaults: readonly SeededFault[] = [
  {
    name: "an end is handed on whatever goes on",
    file,
    find: checked,
    replace: "",
    guest: "../wrong/hand-on-in-flight",
    rules: ["illegal-call", "item-lost"],
  },
  {
    name: "an end is handed on with the item that it holds",
    file,
    find: checked,
    replace: "  if (operation.status & CopyResult.DROPPED) unreachable();\n",
    guest: "../wrong/hand-on-in-flight",
    rules: ["item-lost"],
  },
  {
    name: "an end stays in its set while it is handed on",
    file,
    find: "  waitableJoin(handle, 0);\n",
    replace: "",
    guest: "hand-on-the-rest",
    rules: ["illegal-call"],
  },
  {
    name: "the epilogue drops what was handed on",
    file,
    find: forgotten,
    replace: forgotten.replace("  operation.handle = 0;\n", ""),
    guest: "hand-on-the-rest",
    rules: ["handle-after-drop"],
  },
  {
    name: "what was handed on can be read",
    file,
    find: forgotten,
    replace: forgotten.replace("  operation.status = CopyResult.DROPPED;\n", ""),
    guest: "hand-on-the-rest",
    rules: ["handle-after-drop"],
  },
  {
    name: "the end that a call which never started did not take is left",
    file: "bindings/caller-import.ts",
    find: "      dropGiven_stream0_Double(load<u32>(DOUBLE_CALL + 24));\n",
    replace: "",
    guest: "hand-on-an-answer",
    rules: ["handle-leaked"],
  },
];
