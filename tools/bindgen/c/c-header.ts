/** `W_host.h`: the world's struct, what the firmware implements, and what it calls. */
import { isPointerFree, MAX_FLAT_PARAMS } from "../../wit/layout.js";
import { begunFunctions, begunStruct } from "./c-begun.js";
import { cancelledComment, cancelledHead, doneComment, doneHead } from "./c-later.js";
import { counts, flowCount, numberedImports, placesOfCalls } from "./c-counts.js";
import {
  dropComment,
  exportComment,
  guestDropComment,
  guestHeldComment,
  importComment,
  prototype,
} from "./c-function.js";
import { flowsOf, hasPointers, keptMember, paramCells, pendingStruct } from "./c-kept.js";
import { commentLines, wrapped } from "./c-text.js";
import { usesRoom } from "./c-serve.js";
import { exportRows, importRows } from "./c-wamr-tables.js";
import type { CFunction, CWorld } from "./c-world.js";

/** The header. */
export function headerText(world: CWorld): string {
  const { prefix } = world;
  // Types are declared in front of the functions, whose signatures find them.
  const functions = [
    ...section(world.imports, "What the guest imports: the firmware implements each", (item) => [
      ...importComment(world, item),
      ...ended(prototype(world, item, true)),
      ...(item.func.async
        ? [
            ...["", ...doneComment(world, item), ...ended(doneHead(world, item))],
            ...["", ...cancelledComment(world, item), ...ended(cancelledHead(world, item))],
          ]
        : []),
    ]),
    ...(world.resources.length === 0
      ? []
      : [
          "/// Resources of the firmware's: what it does when the guest gives one up ///",
          "",
          ...world.resources.flatMap((resource) => [
            ...dropComment(resource),
            ...ended(wrapped(`void ${resource.dropName}(struct ${prefix} *host, uint32_t index)`)),
            "",
          ]),
        ]),
    ...(world.guestResources.length === 0
      ? []
      : [
          "/// Resources that the guest implements: what the firmware holds ///",
          "",
          ...world.guestResources.flatMap((resource) => [
            ...guestDropComment(resource),
            ...ended(wrapped(`bool ${resource.dropName}(struct ${prefix} *host, uint32_t handle)`)),
            "",
            ...guestHeldComment(resource),
            ...ended(
              wrapped(`enum rill_held ${resource.heldName}(const struct ${prefix} *host, uint32_t handle)`),
            ),
            "",
          ]),
        ]),
    ...section(world.exports, "What the guest exports", (item) => [
      ...exportComment(world, item),
      ...ended(prototype(world, item, false)),
    ]),
    ...begunFunctions(world),
  ];
  const { declarations } = world.types;
  const guard = world.macro("H");
  return `${[
    ...banner(world),
    `#ifndef ${guard}`,
    `#define ${guard}`,
    "",
    '#include "rill_bindings.h"',
    ...(usesLists(world)
      ? [
          "#ifndef RILL_WITH_LISTS",
          '#error "this world has strings, lists or many parameters: it needs RILL_WITH_LISTS, in all files alike"',
          "#endif",
        ]
      : []),
    ...(usesCalls(world)
      ? [
          "#ifndef RILL_WITH_CALLS",
          '#error "this world has functions that go on after they were called, or futures: it needs RILL_WITH_CALLS, in all files alike"',
          "#endif",
        ]
      : []),
    ...(world.begun.length > 0
      ? [
          "#ifndef RILL_WITH_TASKS",
          '#error "calls of this world go on side by side: it needs RILL_WITH_TASKS, in all files alike"',
          "#endif",
        ]
      : []),
    "#ifdef RILL_BINDINGS_ON_WAMR",
    '#include "rill_wamr_bindings.h"',
    "#endif",
    "",
    "#ifdef __cplusplus",
    'extern "C" {',
    "#endif",
    "",
    "/** Tells this world from others: a guest is compiled with the bindings of its own. */",
    `#define ${world.macro("WORLD")} 0x${world.hash()}u`,
    "",
    ...(declarations.length === 0 ? [] : ["/// Types ///", "", ...declarations]),
    ...ownNames(world, "define"),
    ...structure(world),
    ...wrapped(
      `bool ${prefix}_init(struct ${prefix} *host, const struct rill_engine *engine, struct rill_host *guest, ` +
        "const struct rill_chip *chip, void *context);",
    ),
    "",
    "/** Ends the guest, after its last call or its trap. `host` may be used for another one. */",
    `void ${prefix}_close(struct ${prefix} *host);`,
    "",
    ...world.begun.flatMap((item) => begunStruct(world, item)),
    ...functions,
    ...engineParts(world),
    ...ownNames(world, "undef"),
    "#ifdef __cplusplus",
    "}",
    "#endif",
    "",
    "#endif",
  ].join("\n")}\n`;
}

/** Functions of the firmware's are called after their interface; where two worlds have it, after one. */
function ownNames(world: CWorld, how: "define" | "undef"): string[] {
  const { prefix, imports, resources } = world;
  const names = [...imports.map(({ cName }) => cName), ...resources.map(({ dropName }) => dropName)];
  if (names.length === 0) return [];
  const own = world.macro("OWN_NAMES");
  return how === "define"
    ? [
        "/*",
        ` * Another world that imports one of these interfaces, in the same program, has functions of the same names. Define ${own}`,
        ` * for all files alike: then those of this world, and what its struct keeps of them, begin with ${prefix}_.`,
        " */",
        `#ifdef ${own}`,
        ...names.map((name) => `#define ${name} ${prefix}_${name}`),
        "#endif",
        "",
      ]
    : [
        `#if defined(${own}) && !defined(${world.macro("SOURCE")})`,
        ...names.map((name) => `#undef ${name}`),
        "#endif",
        "",
      ];
}

/** The comment at the top of both files. */
export function banner({ world, prefix }: CWorld): string[] {
  const docs = world.docs === undefined ? [] : ["", ...commentLines(world.docs)];
  const lines = [
    `${prefix}: the world \`${world.id}\` in C.`,
    ...docs,
    "",
    "Written by `rill bindgen --host c`: change the WIT and regenerate, not this file.",
  ];
  return ["/*", ...lines.map((line) => ` * ${line}`.trimEnd()), " */"];
}

/** Whether its bindings need RILL_WITH_CALLS. */
export function usesCalls(world: CWorld): boolean {
  return (
    world.imports.some(({ func }) => func.async) ||
    flowCount(world) > 0 ||
    world.hasEnds ||
    world.begun.some(({ func }) => flowsOf(func, true).length > 0)
  );
}

/** Whether a function has strings or lists, or more parameters than go without the guest's allocator. */
export function usesLists({ imports, exports, elements }: CWorld): boolean {
  return (
    [...imports, ...exports].some(({ func }) => hasPointers(func)) ||
    elements.some((type) => !isPointerFree(type)) ||
    exports.some(({ func }) => paramCells(func) > MAX_FLAT_PARAMS)
  );
}

/** Whether functions of the firmware's are given strings or lists, which lie in the host's room meanwhile. */
function hasRoom({ imports }: CWorld): boolean {
  return imports.some(({ func }) => !func.async && usesRoom(func));
}

function structure(world: CWorld): string[] {
  const { prefix } = world;
  const { sources, sinks, flows, handles } = counts(world);
  const room = hasRoom(world);
  const keepsRoom = world.imports.some(({ func }) => func.async && hasPointers(func));
  const places = (name: string, count: number, more = ""): string[] => [
    `#ifndef ${world.macro(name)}`,
    `#define ${world.macro(name)} ${more === "" ? `${Math.max(1, count)}u` : `(${count === 0 ? "" : `${count}u + `}${more})`}`,
    "#endif",
  ];
  const numbered = numberedImports(world);
  const types =
    world.elements.length === 0
      ? []
      : [
          "/** The element types of its streams. */",
          `extern const struct rill_type ${prefix}_types[${world.elements.length}];`,
          "",
        ];
  return [
    ...(numbered.length === 0
      ? []
      : [
          "/*",
          " * Calls of each async import that may be under way at once; with more the guest traps. Define them for all files alike.",
          " */",
          ...places("CALLS", world.sideBySide.calls!),
          ...numbered.flatMap((item) => [
            `#ifndef ${world.callsMacro(item)}`,
            `#define ${world.callsMacro(item)} ${world.macro("CALLS")}`,
            "#endif",
          ]),
          "",
        ]),
    ...(world.begun.length === 0
      ? []
      : [
          "/* Calls of the exports that go on side by side: `rill build --tasks`. Define it for all files alike. */",
          ...places("TASKS", world.sideBySide.tasks!),
          "",
        ]),
    "/*",
    ` * Places in the host's tables: what calls of the exports take${world.begun.length === 0 ? ", one at a time" : ""}. Where a guest needs more, define them, for all`,
    " * files alike.",
    " */",
    ...places("HANDLES", handles, placesOfCalls(world, "handles")),
    ...places("STREAMS", sources + sinks + flows, placesOfCalls(world, "streams")),
    ...(world.resources.length > 0
      ? [
          "/* Handles of resources that the guest has at once; with more it traps. */",
          ...places("RESOURCES", 8),
        ]
      : []),
    ...(world.guestResources.length > 0
      ? [
          "/* Resources that the guest implements and that there are at once, whoever holds them; with more it traps. */",
          ...places("GUEST_RESOURCES", 8),
        ]
      : []),
    ...(world.hasEnds
      ? [
          "/*",
          " * Streams and futures in values that there are at once, offered ones among them: with more the guest traps, or the firmware",
          " * cannot offer one.",
          " */",
          ...places("ENDS", 8),
        ]
      : []),
    ...(room || keepsRoom
      ? [
          "/* Bytes for the strings and lists of one call of the guest's; with more it traps. */",
          ...places("ROOM_BYTES", 256),
        ]
      : []),
    "",
    ...types,
    ...(numbered.length === 0
      ? []
      : [`struct ${prefix};`, "", ...numbered.flatMap((item) => pendingStruct(world, item))]),
    "/**",
    " * A guest of this world, as the firmware sees it: zero before its first use. `base.rings.context` is the firmware's,",
    " * `base.rings.patience` may be set; all else is the bindings' own.",
    " */",
    `struct ${prefix} {`,
    "    struct rill_bindings base;",
    ...(sources === 0 ? [] : [`    struct rill_source sources[${sources}];`]),
    ...(sinks === 0 ? [] : [`    struct rill_sink sinks[${sinks}];`]),
    `    struct rill_end handles[${world.macro("HANDLES")}];`,
    `    struct rill_stream streams[${world.macro("STREAMS")}];`,
    ...(world.resources.length > 0
      ? [
          "    struct rill_resources resources;",
          `    struct rill_resource resource_places[${world.macro("RESOURCES")}];`,
          ...(world.lendsToCalls ? [`    const void *resource_calls[${world.macro("RESOURCES")}];`] : []),
        ]
      : []),
    ...(world.guestResources.length > 0
      ? [
          "    struct rill_guest_resources guest_resources;",
          `    struct rill_guest_resource guest_resource_places[${world.macro("GUEST_RESOURCES")}];`,
        ]
      : []),
    ...(world.hasEnds
      ? [
          "    struct rill_ends ends; /* of streams and futures in values: the firmware names it to rill_ends_… */",
          `    struct rill_ends_place end_places[${world.macro("ENDS")}];`,
        ]
      : []),
    ...world.imports.flatMap((item) => keptMember(world, item, true)),
    ...world.exports.flatMap((item) => (world.begun.includes(item) ? [] : keptMember(world, item, false))),
    ...(world.begun.length === 0
      ? []
      : ["    struct rill_begun *begun; /* calls that go on, in the order in which they were begun */"]),
    ...(room ? [`    uint64_t room[(${world.macro("ROOM_BYTES")} + 7u) / 8u];`] : []),
    "};",
    "",
    "/**",
    " * Makes a guest ready: before its first call.",
    " * @param host    zero, or closed; in place until it is closed",
    " * @param engine  what runs the guest: `NAME_engine` of a guest that is C, `rill_wamr_engine`",
    " * @param guest   of the engine's instance: `&NAME.base.host`, or `&instance.guest.host` on WAMR",
    " * @param chip    how to sleep, and what to do while the guest waits",
    " * @param context the firmware's: `host->base.rings.context`, and what `chip->serve` gets",
    " * @returns false when the guest trapped, with the reason in `guest->trap`",
    " * Lends: all of them, until the guest is closed",
    " */",
  ];
}

function section(
  items: readonly CFunction[],
  title: string,
  one: (item: CFunction) => readonly string[],
): string[] {
  if (items.length === 0) return [];
  return [`/// ${title} ///`, "", ...items.flatMap((item) => [...one(item), ""])];
}

function ended(lines: readonly string[]): string[] {
  return [...lines.slice(0, -1), `${lines.at(-1)!};`];
}

/** What engines need of the world: nothing of a firmware's. */
function engineParts(world: CWorld): string[] {
  const { prefix } = world;
  const { plain, tasks } = importRows(world);
  const serving = world.imports.flatMap((item) =>
    (item.func.async ? [false, true] : [false]).map(
      (isAsync) => `rill_serve ${world.serveName(item, isAsync)};`,
    ),
  );
  serving.push(...world.resources.map((resource) => `rill_serve ${world.serveDropName(resource)};`));
  for (const { serveNames } of world.guestResources)
    serving.push(...Object.values(serveNames).map((name) => `rill_serve ${name};`));
  return [
    ...(serving.length === 0
      ? []
      : ["/// For engines: who serves a call of the guest's ///", "", ...serving, ""]),
    "#ifdef RILL_BINDINGS_ON_WAMR",
    "/** All that a guest of this world may import: for rill_wamr_register. */",
    "#ifdef RILL_WITH_TASKS",
    `#define ${world.macro("IMPORTS")} ${plain.length + tasks.length}u`,
    "#else",
    `#define ${world.macro("IMPORTS")} ${plain.length}u`,
    "#endif",
    `extern const struct rill_import ${prefix}_imports[${world.macro("IMPORTS")}];`,
    "/** Its exports: for `struct rill_wamr_instance`. */",
    `extern const struct rill_export ${prefix}_exports[${Math.max(1, exportRows(world).length)}];`,
    "#endif",
    "",
  ];
}
