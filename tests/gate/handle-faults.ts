/** Faults that a hand could make with handles and their types, or by calling out where that is forbidden. */
import type { SeededFault } from "./seeded-faults.js";

/** All faults of that kind. */
export const handleFaults: readonly SeededFault[] = [
  {
    name: "every end has a new set, and the old ones are forgotten",
    file: "operation.ts",
    find: "  if (!waitables) operation.waitables = waitables = waitableSetNew();",
    replace: "  operation.waitables = waitables = waitableSetNew();",
    guest: "read-to-the-end",
    rules: ["handle-leaked"],
  },
  {
    name: "an end's set is not kept for the ends after it",
    file: "operation.ts",
    find: "  let waitables = operation.waitables;",
    replace: "  let waitables: u32 = 0;",
    guest: "read-to-the-end",
    rules: ["handle-leaked"],
  },
  {
    name: "the set for calls that are waited for is made anew for each",
    file: "task/waiting.ts",
    find: "  if (!waitables) store<u32>(WAITABLE_SET, (waitables = waitableSetNew()));",
    replace: "  if (!waitables) waitables = waitableSetNew();",
    guest: "call-while-reading",
    rules: ["handle-leaked"],
  },
  {
    name: "an end is dropped by the built-in of another element type",
    file: "bindings/merge.ts",
    find: "    dropReadable_stream1_Merge(handle);",
    replace: "    dropReadable_stream0_Merge(handle);",
    guest: "merge-two-streams",
    rules: ["illegal-call"],
  },
  {
    name: "a copy is cancelled by the built-in of another element type",
    file: "bindings/merge.ts",
    find: "    return cancelRead_stream1_Merge(handle);",
    replace: "    return cancelRead_stream0_Merge(handle);",
    guest: "merge-two-streams",
    rules: ["illegal-call"],
  },
  {
    name: "an end is read by the built-in of another element type",
    file: "bindings/merge.ts",
    find: "    return read_stream1_Merge(handle, ptr, length);",
    replace: "    return read_stream0_Merge(handle, ptr, length);",
    guest: "merge-two-streams",
    rules: ["illegal-call", "outside-element"],
  },
  {
    name: "what is called when the host has read a sync function's result calls out",
    file: "entry",
    find: "export function post1(_result: usize): void {\n",
    replace:
      'import { waitableSet } from "as-rill/assembly/task/waiting";\nexport function post1(_result: usize): void {\n  waitableSet();\n',
    guest: "call-with-strings",
    rules: ["illegal-call"],
  },
  {
    name: "the allocator calls out",
    file: "arena.ts",
    find: "@unsafe\nexport function reallocBlock(ptr: usize, oldLength: usize, newLength: usize): usize {\n",
    replace:
      'import { waitableSetNew } from "./abi/waitable-set";\nexport function reallocBlock(ptr: usize, oldLength: usize, newLength: usize): usize {\n  waitableSetNew();\n',
    guest: "write-joined-strings",
    rules: ["illegal-call"],
  },
];
