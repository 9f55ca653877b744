/** What the fields of the JSON report are, for readers of its schema; `model.ts` says more. */

/** By field of the document. */
export const DESCRIPTIONS: Readonly<Record<string, string>> = {
  schema: "What the document is.",
  version:
    "Version of this schema. It changes when a field goes or gets another meaning; fields may come within it.",
  file: "The module's file name; for one inside a component, which.",
  sha256: "SHA-256 of its bytes, in hexadecimal.",
  provenance:
    "What the module says of what made it: its `producers` section, and how `rill build` built it (null for others). `rill verify` says whether that is true.",
  file_bytes: "Bytes of the whole file: the sum of `parts`, and of `origins`.",
  stripped_bytes: "Bytes without custom sections.",
  gzip_bytes: "The same, compressed by gzip.",
  code_bytes: "The code section with its id and length.",
  data_bytes: "The data section with its id and length.",
  custom_bytes: "All custom sections with their ids and lengths.",
  sections: "Sections in the order of the file; `payload_bytes` are without id and length.",
  origins: "Bytes by where they come from.",
  parts: "Every byte of the file in one part.",
  functions:
    "Defined functions. `bytes` with the body's length prefix; `origins` where their bytes come from; `retained_bytes` with the functions that only it leads to; `called_by` the shortest way from an export; `frame_bytes` on WAMR classic, 32 bit; null where not computed.",
  sources: "Code bytes by source file and line; empty without a source map.",
  source_map: "The source map that was used, and the code bytes that it gives no line.",
  source_url: "Where source lines can be read, from --source-url; null without it.",
  imports:
    "Imports, with what each lets the module do, what goes in and comes out, and whether it may block; `shortest_name_bytes` is what their names would take with one letter each.",
  exports: "Exports; `canonical` is what the canonical ABI calls them.",
  linear_memory:
    "The first linear memory in bytes. `regions` cover `initial_bytes`, each byte once; `objects` are what the build named.",
  memories: "Every linear memory, the first too.",
  memory_grow: "Whether any instruction grows memory.",
  allocator_functions: "Functions that allocate, by name or source line.",
  cabi_realloc: "Whether the module exports cabi_realloc.",
  allocation:
    "Whether the module can allocate: `proven` not to, `found` to (along `paths`), or `unknown` (for `reasons`), with the evidence.",
  stack:
    "What the guest needs of WAMR's stack: the worst chain of calls, computed from the binary; null with recursion. `parts` add up to it.",
  worst_cases:
    "The most wasm instructions that one item (or, where no loop takes items, one call) of each exported function can take, proven from the code; null without a bound, for `obstacles`. `on_board` is the same in cycles of the core of --board, whose `mean` was measured there with the first `items` of --run.",
  device:
    "RAM on WAMR, 32 bit, measured by running; `stack_bytes` is the worst chain's (`computed`) or, where that has no bound, this run's (`measured`), `run_stack_bytes` the least with which this run ends; `block_caches` says what other sizes of WAMR's BLOCK_ADDR_CACHE_SIZE would cost and give; null without --device.",
  native:
    "The guest as C, compiled for the core `cpu`, measured on the smallest program around it: flash, RAM and the deepest chain of calls, which is null where it is open (`stack_open`); null without --device native.",
  run: "What a run cost; null without --run.",
  fit: "RAM and flash of a board with the guest, measured on its emulator; null without --board.",
  budget: "The figures against a budget; null without --budget.",
  diff: "What changed since another build; null without --diff.",
  notes: "What the report could not know, in sentences.",
};
