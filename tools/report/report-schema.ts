/**
 * The report's form as JSON Schema (draft 2020-12), printed by `rill report --schema`.
 * `model.ts` says what each field means.
 */
import { ORIGINS } from "../source/origin.js";
import { REPORT_VERSION } from "./model.js";
import { DESCRIPTIONS } from "./schema-descriptions.js";

type Schema = Readonly<Record<string, unknown>>;

const integer: Schema = { type: "integer", minimum: 0 };
const amount: Schema = { type: "number", minimum: 0 };
const signedNumber: Schema = { type: "number" };
const text: Schema = { type: "string" };
const flag: Schema = { type: "boolean" };
const origin: Schema = { enum: ORIGINS };

function orNull(schema: Schema): Schema {
  return { anyOf: [schema, { type: "null" }] };
}

function list(items: Schema): Schema {
  return { type: "array", items };
}

/**
 * An object whose fields are all there. Other fields may come within a version;
 * readers ignore what they do not know.
 */
function object(properties: Readonly<Record<string, Schema>>): Schema {
  return { type: "object", properties, required: Object.keys(properties) };
}

const named = { function: text, source: orNull(text) };
const nameSets = object({ added: list(text), removed: list(text) });

const importEntry = object({
  module: text,
  field: text,
  kind: text,
  canonical: orNull(text),
  bytes: integer,
  name_bytes: integer,
  call_sites: integer,
  does: text,
  takes: list(text),
  gives: list(text),
  blocks: { enum: ["never", "may", "unknown"] },
});

const runCost = object({ instructions_per_item: signedNumber, host_calls_per_item: signedNumber });
const partInUse = object({ total: integer, used: integer });

const allocationPhases = {
  count: integer,
  bytes: integer,
  first_item: object({ count: integer, bytes: integer }),
  steady_per_item: orNull(object({ count: amount, bytes: amount })),
};

const run = object({
  host: text,
  call: text,
  items_in: orNull(integer),
  items_out: orNull(integer),
  trap: orNull(text),
  instructions: integer,
  instructions_per_item: orNull(amount),
  host_calls: integer,
  host_calls_per_item: orNull(amount),
  steady: orNull(object({ ready: runCost, blocking: runCost })),
  host_calls_by_import: list(object({ import: text, calls: integer })),
  allocations: object({
    ...allocationPhases,
    by_line: list(object({ source: text, ...allocationPhases })),
  }),
  arena: object({
    high_water_bytes: integer,
    curve: list(object({ item: integer, bytes: integer })),
    regions: list(object({ label: text, bytes: integer, high_water_bytes: integer })),
  }),
  operations: object({
    in_flight_max: integer,
    slots: partInUse,
    frames: orNull(partInUse),
  }),
  functions: list(object({ function: text, instructions: integer, calls: integer })),
  lines: list(object({ source: text, instructions: integer })),
  flame: { $ref: "#/$defs/flame" },
  stack_used: object({ call_depth: integer, stack_bytes: orNull(integer) }),
});

const device = object({
  interpreter: text,
  word_bits: integer,
  stack_bytes: integer,
  stack_basis: { enum: ["computed", "measured"] },
  run_stack_bytes: integer,
  linear_memory_bytes: integer,
  runtime_bytes: integer,
  module_bytes: integer,
  instance_bytes: integer,
  exec_env_bytes: integer,
  pool_bytes: integer,
  next_instance_bytes: integer,
  fits: list(object({ kib: integer, guests: integer })),
  block_caches: list(object({ places: integer, exec_env_bytes: integer, instructions: orNull(integer) })),
});

const native = object({
  cpu: text,
  compiler: text,
  flags: text,
  flash_bytes: integer,
  guest_flash_bytes: integer,
  instance_bytes: integer,
  ram_bytes: integer,
  stack_bytes: orNull(integer),
  stack_chain: list(text),
  stack_open: orNull(text),
  counted_calls: orNull(integer),
});

const room = object({ available: integer, used: integer });
const fit = object({
  board: text,
  fits: flag,
  ram: room,
  flash: room,
  images: room,
  guests: list(
    object({
      name: text,
      file: text,
      address: integer,
      image_bytes: integer,
      pool_bytes: integer,
      error: orNull(text),
    }),
  ),
});

const budget = object({
  path: text,
  passed: flag,
  names_functions: flag,
  imports: orNull(object({ allowed: list(text), denied: list(text) })),
  checks: list(
    object({
      name: text,
      limit: amount,
      actual: orNull(amount),
      passed: flag,
      grown: list(object({ function: text, by: integer })),
    }),
  ),
});

const diff = object({
  old_file: text,
  identical: flag,
  figures: list(object({ name: text, before: amount, after: amount })),
  sections: list(object({ name: text, before: integer, after: integer })),
  functions: list(
    object({
      name: text,
      index: orNull(integer),
      old_name: orNull(text),
      change: { enum: ["added", "removed", "changed"] },
      matched: { enum: ["name", "shape", null] },
      before: integer,
      after: integer,
      source: orNull(text),
    }),
  ),
  imports: nameSets,
  exports: nameSets,
  allocation: object({ before: text, after: text }),
});

const worstCase = object({
  export: text,
  per: { enum: ["item", "call"] },
  loop: orNull(text),
  instructions: orNull(integer),
  obstacles: list(object({ what: text, source: orNull(text) })),
  on_board: orNull(
    object({
      board: text,
      cycles: orNull(integer),
      obstacles: list(text),
      mean: orNull(object({ items: integer, ready: integer, blocking: integer })),
    }),
  ),
});

const npmPackage = object({ name: text, version: text, license: orNull(text) });
const provenance = object({
  producers: list(object({ field: text, name: text, version: text })),
  build: orNull(
    object({
      format: { const: 1 },
      entry: text,
      wit: text,
      world: text,
      features: { anyOf: [list(text), { const: "all" }] },
      wait: { enum: ["wait", "callback"] },
      arena: orNull(integer),
      ends: orNull(integer),
      call_places: orNull(integer),
      tasks: orNull(integer),
      tools: { type: "object", additionalProperties: text },
      project: orNull(npmPackage),
      lock: orNull(object({ file: text, sha256: text })),
      packages: list(npmPackage),
    }),
  ),
});

const linearMemory = object({
  index: integer,
  name: text,
  imported: flag,
  shared: flag,
  memory64: flag,
  page_bytes: integer,
  initial_bytes: integer,
  maximum_bytes: orNull(integer),
  used_bytes: integer,
  used_by: text,
  used_is_at_least: flag,
  base: orNull(text),
  heap_base: orNull(integer),
  data_end: orNull(integer),
  stack_pointer: orNull(integer),
  shrinks_on_wamr: flag,
  shrink_obstacles: list(text),
  regions: list(object({ address: integer, bytes: integer, kind: text, label: text })),
  by_source: list(object({ file: orNull(text), bytes: integer })),
  objects: list(object({ address: integer, bytes: integer, kind: text, label: text })),
});

const stack = object({
  interpreter: text,
  stack_bytes: orNull(integer),
  call_depth: orNull(integer),
  operand_cells: orNull(object({ cells: integer, function: text })),
  parts: list(
    object({
      kind: { enum: ["entry", "call", "import", "re-entry", "reserve"] },
      function: text,
      bytes: integer,
    }),
  ),
  chain: list(object({ function: text, frame_bytes: orNull(integer) })),
  roots: list(object({ export: text, stack_bytes: integer })),
  recursion: list(text),
});

/** `schema` with a description for each of its properties. */
function described(schema: Schema): Schema {
  const properties = Object.entries(schema.properties as Readonly<Record<string, Schema>>);
  return {
    ...schema,
    properties: Object.fromEntries(
      properties.map(([name, type]) => [name, { description: DESCRIPTIONS[name], ...type }]),
    ),
  };
}

/** The schema. */
export const reportSchema: Schema = {
  $schema: "https://json-schema.org/draft/2020-12/schema",
  title: `as-rill report, version ${REPORT_VERSION}`,
  ...described(
    object({
      schema: { const: "as-rill.report" },
      version: { const: REPORT_VERSION },
      file: text,
      sha256: text,
      provenance,
      file_bytes: integer,
      stripped_bytes: integer,
      gzip_bytes: integer,
      code_bytes: integer,
      data_bytes: integer,
      custom_bytes: integer,
      sections: list(
        object({ id: integer, name: text, offset: integer, bytes: integer, payload_bytes: integer }),
      ),
      origins: list(object({ origin, bytes: integer })),
      parts: list(object({ section: text, name: text, bytes: integer, origin })),
      functions: list(
        object({
          index: integer,
          name: text,
          bytes: integer,
          body_bytes: integer,
          retained_bytes: integer,
          called_by: orNull(list(text)),
          source: orNull(text),
          origin,
          origins: { type: "object", propertyNames: origin, additionalProperties: integer },
          instructions: integer,
          frame_bytes: orNull(integer),
          exports: list(text),
        }),
      ),
      sources: list(
        object({
          file: text,
          origin,
          bytes: integer,
          lines: list(object({ line: integer, bytes: integer, function: orNull(text), text: orNull(text) })),
        }),
      ),
      source_url: orNull(text),
      source_map: object({ path: orNull(text), unmapped_code_bytes: integer }),
      imports: object({
        count: integer,
        bytes: integer,
        name_bytes: integer,
        shortest_name_bytes: integer,
        canonical_count: integer,
        entries: list(importEntry),
      }),
      exports: list(
        object({ name: text, kind: text, canonical: orNull(text), bytes: integer, name_bytes: integer }),
      ),
      linear_memory: linearMemory,
      memories: list(linearMemory),
      memory_grow: flag,
      allocator_functions: list(text),
      cabi_realloc: flag,
      allocation: object({
        verdict: { enum: ["proven", "found", "unknown"] },
        evidence: list(text),
        reasons: list(
          object({
            kind: { enum: ["export", "import", "call", "exception"] },
            name: text,
            why: text,
            source: orNull(text),
          }),
        ),
        leading: integer,
        sites: list(object({ ...named, kind: text })),
        paths: list(object({ export: text, chain: list(object(named)), kind: text, source: orNull(text) })),
      }),
      stack,
      worst_cases: list(worstCase),
      device: orNull(device),
      native: orNull(native),
      run: orNull(run),
      fit: orNull(fit),
      budget: orNull(budget),
      diff: orNull(diff),
      notes: list(text),
    }),
  ),
  $defs: {
    flame: object({
      name: text,
      source: orNull(text),
      origin,
      self: signedNumber,
      children: list({ $ref: "#/$defs/flame" }),
    }),
  },
};
