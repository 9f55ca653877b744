/**
 * The smallest program around a guest: rings behind its streams, empty functions behind all else. What
 * is measured of a native build is measured on it.
 */
import { UserError } from "../../errors/user-error.js";
import { liftedFunctions } from "../../pack/minify.js";
import { pairHandles, pairStreams } from "../../pack/pair-places.js";
import { type StreamTypes, streamTypes } from "../../pack/signature.js";
import type { CoreModule } from "../../wasm/core-module.js";
import { elemSize } from "../../wit/layout.js";
import { liftName } from "../../wit/canonical-names.js";
import { exportedFunctions } from "../../wit/exported-functions.js";
import type { World } from "../../wit/model.js";
import type { GuestDescriptor } from "../../c-host/descriptor.js";
import { functionSpace } from "../../wasm/function-space.js";
import { exportNames } from "../export-names.js";

/** The function that it begins with. */
export const ROOT = "program";
/** What takes the guest's answer. */
export const RETURNED = "returned";
/** Bytes that a firmware chooses by itself: what the rings hold. */
export const ROOMS = /^room\d+$/;

/** Items that each ring holds. */
const ITEMS = 8;

/** The program's parts. */
export interface SmallestProgram {
  readonly text: string;
  /** What else `guest.c` includes. */
  readonly header: string;
}

/** An export that streams alone are given to and come from. */
interface Streamed extends StreamTypes {
  readonly cName: string;
}

/** Writes it. @param name of the guest in C */
export function smallestProgram(
  name: string,
  module: CoreModule,
  world: World,
  descriptor: GuestDescriptor,
): SmallestProgram {
  const exported = module.exports.filter(({ kind }) => kind === "func");
  const names = exportNames(exported.map(({ name: own }) => own));
  const streamed = streamedExports(module, world);
  const functions = functionSpace(module);
  const streams = [...streamed.values()];
  const sources = Math.max(0, ...streams.map(({ paramCount }) => paramCount));
  const sinks = Math.max(0, ...streams.map(({ elements, paramCount }) => elements.length - paramCount));
  const sets = streams.reduce((sum, { elements }) => sum + elements.length, 0);
  const ends = Math.max(1, ...streams.map(({ elements, paramCount }) => 2 * elements.length - paramCount));
  const handles = Math.max(2, sets + ends) + pairHandles(module.bytes, descriptor);
  const streamCount =
    Math.max(1, ...streams.map(({ elements }) => elements.length)) + pairStreams(module.bytes, descriptor);
  const rings = new Rings(sources, sinks);
  const calls = exported.flatMap(({ name: own, index }, at) => {
    if (own === "cabi_realloc") return [];
    const cName = `${name}_${names[at]!}`;
    const found = streamed.get(own);
    if (found !== undefined) return rings.call(name, { ...found, cName }, descriptor);
    const { params, results } = functions[index]!.signature;
    const args = params.map(() => "0");
    return [
      "    {",
      ...results.map((type, i) => `        ${C_TYPES[type]!} result${i};`),
      "",
      `        (void)${cName}(${["&instance", ...args, ...results.map((_, i) => `&result${i}`)].join(", ")});`,
      "    }",
    ];
  });
  const text = [
    `#include "${name}.h"`,
    '#include "rill_rings.h"',
    "",
    `static struct ${name}_guest instance;`,
    `static struct rill_end handles[${handles}];`,
    `static struct rill_stream streams[${streamCount}];`,
    ...rings.declarations(),
    ...returnedFunction(sinks),
    `void ${ROOT}(void)`,
    "{",
    `    rill_host_init(&instance.base.host, handles, ${handles}, streams, sizeof streams / sizeof streams[0], &rill_rings_port, &rings);`,
    `    instance.base.returned = ${RETURNED};`,
    `    if (!${name}_init(&instance)) {`,
    "        return;",
    "    }",
    ...calls,
    "}",
    "",
  ];
  return { text: text.join("\n"), header: SERVE };
}

const C_TYPES: Readonly<Record<string, string>> = {
  i32: "uint32_t",
  i64: "uint64_t",
  f32: "float",
  f64: "double",
};

/** Stands for all functions that the guest imports. */
const SERVE = `#include "rill_host.h"

static inline bool serve_nothing(struct rill_host *host, const uint64_t *args, uint64_t *result)
{
    (void)host;
    (void)args;
    *result = 0;
    return true;
}
`;

/** Exports whose parameters and result are streams, and that wait inside their call. */
function streamedExports(module: CoreModule, world: World): Map<string, StreamTypes> {
  const functions = exportedFunctions(world);
  const exported = new Set(module.exports.map(({ name }) => name));
  const found = new Map<string, StreamTypes>();
  for (const path of liftedFunctions(module)) {
    const func = functions.get(path);
    const name = liftName(path, true);
    if (func === undefined || !exported.has(name)) continue;
    try {
      found.set(name, streamTypes(func));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
  }
  return found;
}

/** The rings behind the streams: those of one call at a time. */
class Rings {
  private readonly rooms: string[] = [];

  constructor(
    private readonly sources: number,
    private readonly sinks: number,
  ) {}

  /** Rings for the streams of a function, and a call of it. */
  call(name: string, { cName, elements, paramCount }: Streamed, descriptor: GuestDescriptor): string[] {
    const lines = elements.map((element, index) => {
      const at = this.rooms.length;
      const bytes = elemSize(element);
      this.rooms.push(
        `static uint64_t room${at}[${Math.ceil(((ITEMS + 1) * bytes) / 8)}];`,
        `static struct rill_ring ring${at} = {(uint8_t *)room${at}, ${ITEMS + 1}u, ${bytes}u, 0u, 0u};`,
      );
      const ring = `&ring${at}`;
      return index < paramCount
        ? `        sources[${index}].ring = ${ring};`
        : `        sinks[${index - paramCount}].ring = ${ring};`;
    });
    const type = (index: number): string => `&${name}_types[${descriptor.typeIndex(elements[index]!)}]`;
    const params = elements.slice(0, paramCount).map((_, index) => `argument${index}`);
    const opened = params.map(
      (param, index) => `rill_source_open(&rings, &sources[${index}], ${type(index)}, &${param})`,
    );
    const made = `${cName}(${["&instance", ...params, "&code"].join(", ")})`;
    return [
      "    {",
      ...params.map((param) => `        uint32_t ${param} = 0;`),
      "        uint32_t code = 0;",
      "",
      ...lines,
      ...(elements.length > paramCount ? [`        sink_type = ${type(paramCount)};`] : []),
      `        (void)(${[...opened, made].join(" && ")});`,
      "        rill_rings_close(&rings);",
      "    }",
    ];
  }

  declarations(): string[] {
    const { sources, sinks } = this;
    return [
      ...this.rooms,
      ...(sources > 0 ? [`static struct rill_source sources[${sources}];`] : []),
      ...(sinks > 0
        ? [`static struct rill_sink sinks[${sinks}];`, "static const struct rill_type *sink_type;"]
        : []),
      "static void nothing(void)",
      "{",
      "}",
      "static const struct rill_chip chip = {nothing, nothing, nothing, NULL, NULL};",
      "static struct rill_rings rings = {",
      "    .host = &instance.base.host,",
      "    .chip = &chip,",
      ...(sources > 0 ? ["    .sources = sources,", `    .source_count = ${sources},`] : []),
      ...(sinks > 0 ? ["    .sinks = sinks,", `    .sink_count = ${sinks},`] : []),
      "};",
      `void ${ROOT}(void);`,
    ];
  }
}

function returnedFunction(sinks: number): string[] {
  return [
    `static bool ${RETURNED}(struct rill_native *of, const uint64_t *values)`,
    "{",
    "    (void)of;",
    ...(sinks > 0
      ? ["    return rill_sink_open(&rings, &sinks[0], sink_type, (uint32_t)values[0]);"]
      : ["    (void)values;", "    return true;"]),
    "}",
  ];
}
