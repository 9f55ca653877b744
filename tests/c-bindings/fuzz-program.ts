/** Writes a firmware and a guest for any world, both of which do anything that their types and their memory allow. */
import type { FlowType } from "../../tools/bindgen/c/c-flows.js";
import { CTypes, caseNames, fieldNames, isCase } from "../../tools/bindgen/c/c-types.js";
import { callParam, hasSpace, paramsOf, prototype } from "../../tools/bindgen/c/c-function.js";
import { headerText } from "../../tools/bindgen/c/c-header.js";
import {
  holdsGuests,
  holdsHandles,
  isDeep,
  isFlow,
  isGuests,
  isOneCell,
  isPlainItem,
  isView,
} from "../../tools/bindgen/c/c-kinds.js";
import {
  type CFunction,
  type CGuestResource,
  CWorld,
  type SideBySide,
} from "../../tools/bindgen/c/c-world.js";
import { casesOf, fieldsOf, flattenFunction, holdsEnd, isPointerFree } from "../../tools/wit/layout.js";
import type { ValueType, World } from "../../tools/wit/model.js";

/** Statements that give a value of C something: mostly a value of its type. */
function filled(types: CTypes, type: ValueType, value: string, space: string): string[] {
  switch (type.kind) {
    case "record":
    case "tuple": {
      const fields = fieldsOf(type);
      const names = fieldNames(fields);
      return fields.flatMap((field, at) => filled(types, field.type, `${value}.${names[at]!}`, space));
    }
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const names = caseNames(cases);
      const tag =
        type.kind === "variant"
          ? `${value}.tag = (uint8_t)fuzz_below(${cases.length} + (fuzz_below(16) == 0));`
          : `${value}.${type.kind === "option" ? "is_some" : "is_error"} = fuzz_below(2) == 0;`;
      return [
        tag,
        ...cases.flatMap((item, at) =>
          item.type === null
            ? []
            : [
                `if (${isCase(type, value, at)}) {`,
                ...filled(types, item.type, `${value}.value.${names[at]!}`, space),
                "}",
              ],
        ),
      ];
    }
    case "string":
    case "list": {
      if (type.kind === "list" && type.length !== undefined)
        return Array.from({ length: type.length }, (_, at) =>
          filled(types, type.element, `${value}.items[${at}]`, space),
        ).flat();
      // Handles are the firmware's own, and each is in one place: what is wrong is the guest's.
      if (type.kind === "list" && holdsHandles(type)) {
        const depth = value.split("each").length - 1;
        const [each, at] = [`each${depth}`, `at${depth}`];
        return [
          "{",
          `${types.item(type)} ${each}[3];`,
          `uint32_t ${at};`,
          `memset(${each}, 0, sizeof ${each});`,
          `for (${at} = 0; ${at} < 3u; ${at}++) {`,
          ...filled(types, type.element, `${each}[${at}]`, space),
          "}",
          `(void)rill_view_put(${space}, &${value}, ${each}, fuzz_below(4), sizeof ${each}[0]);`,
          "}",
        ];
      }
      const bytes = type.kind === "list" ? `(uint32_t)sizeof(${types.item(type)})` : "1";
      return [`${value} = fuzz_view(${space}, ${bytes});`];
    }
    case "bool":
      return [`${value} = fuzz_below(2) == 0;`];
    case "enum":
      return [`${value} = (${types.member(type)})fuzz_below(${type.labels.length} + (fuzz_below(16) == 0));`];
    case "own":
    case "borrow":
      return [`${value} = ${isGuests(type) ? `fuzz_handle(${typeOf(type)})` : "fuzz_below(4)"};`];
    case "stream":
    case "future":
      return [
        "{",
        ...ring(types, type, "offered"),
        ...put(types, type, "offered"),
        `${value} = fuzz_end(fuzz_below(3) == 0 ? 0u : rill_ends_offer(&host->ends, &offered));`,
        "}",
      ];
    default:
      return [`${value} = (${types.value(type)})fuzz_cell();`];
  }
}

/** Statements that read all that a value holds, and keep the guest's resources in it. */
function read(types: CTypes, type: ValueType, value: string, depth = 0, space = "space"): string[] {
  switch (type.kind) {
    case "record":
    case "tuple": {
      const fields = fieldsOf(type);
      const names = fieldNames(fields);
      return fields.flatMap((field, at) => read(types, field.type, `${value}.${names[at]!}`, depth, space));
    }
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const names = caseNames(cases);
      return cases.flatMap((item, at) =>
        item.type === null
          ? []
          : [
              `if (${isCase(type, value, at)}) {`,
              ...read(types, item.type, `${value}.value.${names[at]!}`, depth, space),
              "}",
            ],
      );
    }
    case "string":
      return [`fuzz_read(rill_view_in(${space}, ${value}), ${value}.length);`];
    case "list": {
      if (type.length !== undefined)
        return Array.from({ length: type.length }, (_, at) =>
          read(types, type.element, `${value}.items[${at}]`, depth, space),
        ).flat();
      const item = types.item(type);
      const [items, at] = [`items${depth}`, `at${depth}`];
      return [
        "{",
        `const ${item} *${items} = (const ${item} *)rill_view_in(${space}, ${value});`,
        `uint32_t ${at};`,
        `for (${at} = 0; ${at} < ${value}.length; ${at}++) {`,
        `fuzz_read(&${items}[${at}], sizeof ${items}[${at}]);`,
        ...read(types, type.element, `${items}[${at}]`, depth + 1, space),
        "}",
        "}",
      ];
    }
    case "own":
      return isGuests(type) ? [`fuzz_hold(${typeOf(type)}, ${value});`] : [];
    case "stream":
    case "future":
      return [
        "{",
        ...ring(types, type, "came_in"),
        `(void)fuzz_end(${value});`,
        "if (fuzz_below(4) != 0) {",
        ...take(types, type, "came_in"),
        `(void)rill_ends_read(&host->ends, ${value}, &came_in);`,
        "}",
        "}",
      ];
    default:
      return [];
  }
}

/** The firmware's function. */
function stub(world: CWorld, item: CFunction): string[] {
  const { types } = world;
  const { func } = item;
  const { result } = func;
  const body: string[] = [];
  const statics: string[] = [];
  for (const { name, type, length } of paramsOf(func)) {
    if (length !== null) body.push(`fuzz_read(${name}, (uint64_t)${length} * sizeof ${name}[0]);`);
    else if (isFlow(type)) {
      statics.push(...ring(types, type, `ring_${name}`));
      body.push(`${name}->ring = fuzz_below(4) == 0 ? NULL : &ring_${name};`);
      body.push(...take(types, type, `ring_${name}`));
    } else if (!isOneCell(type)) body.push(...read(types, type, `(*${name})`));
  }
  const space = hasSpace(func) ? "space" : "NULL";
  const call = callParam(world, func, true);
  if (call !== null) body.push(`fuzz_begun(${call});`);
  if (isFlow(result)) {
    statics.push(...ring(types, result, "ring_result"));
    body.push("result->ring = fuzz_below(8) == 0 ? NULL : &ring_result;");
    body.push(...put(types, result, "ring_result"), "result->is_over = fuzz_below(4) == 0;");
  }
  if (func.async) body.push("if (fuzz_below(2) == 0) {", ...ends(world, item, space, call), "}");
  else if (result !== null && !isFlow(result)) {
    if (isView(result)) {
      body.push(`*result = (const ${types.item(result)} *)(const void *)fuzz_room;`);
      body.push("*result_length = fuzz_below((uint32_t)(ROOM_BYTES / sizeof **result) + 1u);");
    } else if (result.kind === "enum")
      body.push(
        `*result = (${types.value(result)})fuzz_below(${result.labels.length} + (fuzz_below(16) == 0));`,
      );
    else body.push(...filled(types, result, "(*result)", space));
  }
  return [...prototype(world, item, true), "{", ...statics, ...body, "return fuzz_below(32) != 0;", "}", ""];
}

function ring(
  types: CTypes,
  type: ValueType & { readonly kind: "stream" | "future" },
  name: string,
): string[] {
  if (type.element === null) return [`static struct rill_ring ${name} = RILL_RING_OF(3);`];
  const item = types.member(type.element);
  return [
    `static ${isPointerFree(type.element) ? item : `RILL_ITEM_PLACE(${item}, 32)`} places_${name}[4];`,
    `static struct rill_ring ${name} = RILL_RING_ON(places_${name});`,
  ];
}

/** Puts an item into a ring. */
function put(types: CTypes, { element }: FlowType, name: string): string[] {
  if (element === null || isPlainItem(element)) return [`(void)rill_ring_put(&${name}, fuzz_room);`];
  const hasRoom = !isPointerFree(element);
  return [
    "{",
    `__typeof__(places_${name}[0]) item;`,
    "memset(&item, 0, sizeof item);",
    ...(hasRoom ? ["struct rill_space own_space = RILL_SPACE_ON(item.room);"] : []),
    ...filled(types, element, hasRoom ? "item.item.value" : "item", "&own_space"),
    `(void)rill_ring_put(&${name}, &item);`,
    "}",
  ];
}

/** Takes an item out of a ring, and reads it. */
function take(types: CTypes, { element }: FlowType, name: string): string[] {
  const skip = `rill_ring_skip(&${name}, rill_ring_empty(&${name}) != 0 ? 0u : 1u);`;
  if (element === null || isPlainItem(element)) return [skip];
  const hasRoom = !isPointerFree(element);
  return [
    "{",
    "uint8_t *place;",
    `if (rill_ring_peek(&${name}, &place) != 0u) {`,
    `__typeof__(places_${name}[0]) *came = (__typeof__(places_${name}[0]) *)(void *)place;`,
    ...(hasRoom ? ["struct rill_space own_space = RILL_SPACE_ON(came->room);"] : []),
    ...read(types, element, hasRoom ? "came->item.value" : "(*came)", 4, "&own_space"),
    "}",
    skip,
    "}",
  ];
}

/** A flow of the firmware's on a ring, which may be open. */
function flow(name: string): string[] {
  return [
    `static struct rill_flow flow_${name};`,
    `if (!rill_flow_is_open(&flow_${name})) {`,
    `flow_${name}.ring = &${name};`,
    "}",
    `flow_${name}.is_over = fuzz_below(4) == 0;`,
  ];
}

/**
 * Ends a call of an async import, or what it takes for one.
 * @param call its number where it is one of several; any that was seen when not given
 */
function ends(world: CWorld, item: CFunction, space: string, call?: string | null): string[] {
  const { types } = world;
  const { result } = item.func;
  const host = `host${numbered(world, call)}`;
  const done = `(void)${world.doneName(item)}`;
  if (result === null || isFlow(result)) return [`${done}(${host});`];
  if (isView(result))
    return [
      `${done}(${host}, (const ${types.item(result)} *)(const void *)fuzz_room, fuzz_below((uint32_t)(ROOM_BYTES / sizeof(${types.item(result)})) + 1u));`,
    ];
  const own = isDeep(result) && space === "NULL";
  const value = [
    ...(own ? ["uint64_t own_room[16] = {0};", "struct rill_space own = RILL_SPACE_ON(own_room);"] : []),
    `${types.value(result)} answer;`,
    "memset(&answer, 0, sizeof answer);",
    ...(result.kind === "enum"
      ? [`answer = (${types.value(result)})fuzz_below(${result.labels.length});`]
      : filled(types, result, "answer", own ? "&own" : space)),
  ];
  const args = [isOneCell(result) ? "answer" : "&answer", ...(isDeep(result) ? [own ? "&own" : space] : [])];
  return ["{", ...value, `${done}(${host}, ${args.join(", ")});`, "}"];
}

function numbered({ sideBySide }: CWorld, call?: string | null): string {
  return sideBySide.calls === null ? "" : `, ${call ?? "fuzz_a_call()"}`;
}

/** A call of an export. */
function called(world: CWorld, item: CFunction, at: number): string[] {
  const { types } = world;
  const { func } = item;
  const { result } = func;
  const lines: string[] = [];
  const isBegun = world.begun.includes(item);
  // What a call is given that goes on stays in place.
  const kept = isBegun ? "static " : "";
  const args = ["host", ...(isBegun ? ["begun"] : [])];
  for (const { name, type, length } of paramsOf(func)) {
    const own = `own_${name}`;
    if (isFlow(type)) {
      lines.push(...ring(types, type, own), ...put(types, type, own));
      if (!func.async) lines.push(...flow(own));
      args.push(`&${func.async ? "" : "flow_"}${own}`);
    } else if (length !== null) {
      args.push(`(const ${types.item(type)} *)(const void *)fuzz_room`);
      args.push(`fuzz_below((uint32_t)(ROOM_BYTES / sizeof(${types.item(type)})) + 1u)`);
    } else {
      lines.push(`${kept}${types.value(type)} ${own};`, `memset(&${own}, 0, sizeof ${own});`);
      if (type.kind === "enum")
        lines.push(
          `${own} = (${types.value(type)})fuzz_below(${type.labels.length} + (fuzz_below(16) == 0));`,
        );
      else lines.push(...filled(types, type, own, "&space"));
      args.push(isOneCell(type) ? own : `&${own}`);
    }
  }
  const space = hasSpace(func)
    ? [
        `${kept}uint64_t space_room[24] = {0};`,
        `${kept}struct rill_space space = RILL_SPACE_ON(space_room);`,
        "space.used = 0;",
      ]
    : [];
  if (hasSpace(func)) args.push("&space");
  if (result !== null) {
    if (isFlow(result)) {
      lines.push(...ring(types, result, "own_result"), ...take(types, result, "own_result"));
      if (!func.async) lines.push(...flow("own_result"));
      args.push(`&${func.async ? "" : "flow_"}own_result`);
    } else if (isView(result)) {
      lines.push(`${kept}${types.item(result)} own_result[4];`, `${kept}uint32_t own_length = 0;`);
      args.push("own_result", "4", "&own_length");
    } else {
      lines.push(`${kept}${types.value(result)} own_result;`);
      args.push("&own_result");
    }
  }
  const held =
    result !== null && !isFlow(result) && !isView(result) && (holdsGuests(result) || holdsEnd(result))
      ? read(types, result, "own_result", 0, "&space")
      : [];
  const streams = paramsOf(func).filter(({ type }) => func.async && type.kind === "stream");
  const sources = isBegun ? 0 : streams.filter(({ source }) => source !== null).length;
  return [
    `case ${at}: {`,
    ...(isBegun
      ? [
          `struct ${world.begunName(item)} *begun = &all_${world.begunFunction(item, "calls")}[fuzz_below(2)];`,
        ]
      : []),
    ...space,
    ...lines,
    ...Array.from(
      { length: sources },
      (_, source) => `host->sources[${source}].is_over = fuzz_below(2) == 0;`,
    ),
    ...(isBegun
      ? [
          `if (${item.cName}(${args.join(", ")})) {`,
          ...streams.map(({ name }) => `begun->flows.${name}.is_over = fuzz_below(2) == 0;`),
          "}",
          "if (fuzz_below(4) == 0) {",
          `return ${world.prefix}_cancel(host, &begun->call);`,
          "}",
          `if (fuzz_below(2) != 0 || !${world.prefix}_finish(host, &begun->call)) {`,
          "return false;",
          "}",
          ...held,
          "return true;",
        ]
      : held.length === 0
        ? [`return ${item.cName}(${args.join(", ")});`]
        : [`if (!${item.cName}(${args.join(", ")})) {`, "return false;", "}", ...held, "return true;"]),
    "}",
  ];
}

/** A number for a resource, alike in all values. */
function typeOf({ resource }: ValueType & { readonly kind: "own" | "borrow" }): string {
  return `${resource.name.charCodeAt(0)}u`;
}

/** Drops one of the guest's resources, or what is none: what has happened is what was said before. */
function drops({ dropName, heldName, resource }: CGuestResource, at: number): string[] {
  return [
    `case ${at}: {`,
    `const uint32_t handle = fuzz_handle(${typeOf({ kind: "own", resource })});`,
    `const enum rill_held how = ${heldName}(host, handle);`,
    `const bool is_done = ${dropName}(host, handle);`,
    "",
    `if (${heldName}(host, handle) != (how == RILL_HELD ? RILL_HELD_NOT : fuzz_guest.trap != NULL ? RILL_HELD_NOT : how) || (is_done && how != RILL_HELD)) {`,
    'puts("a handle is not what it was said to be");',
    "exit(1);",
    "}",
    "return is_done;",
    "}",
  ];
}

/** The whole program; it takes a seed and how many calls to make. */
export function fuzzProgram(
  world: World,
  sideBySide?: SideBySide,
): { readonly text: string; readonly prefix: string } {
  const own = new CWorld(world, sideBySide);
  const { prefix } = own;
  // Types are named in the order in which the header asks for them.
  headerText(own);
  const served = [
    ...own.imports.flatMap((item) =>
      (item.func.async ? [false, true] : [false]).map((async) => {
        const { params } = flattenFunction(item.func, { context: "lower", async });
        return `{${own.serveName(item, async)}, ${params.length}u, false},`;
      }),
    ),
    ...own.resources.map((resource) => `{${own.serveDropName(resource)}, 1u, false},`),
    ...own.guestResources.flatMap(({ serveNames }) =>
      [serveNames.new, serveNames.rep, serveNames.drop].map(
        (name) => `{${name}, 1u, ${name === serveNames.new}},`,
      ),
    ),
  ];
  const later = own.imports.filter(({ func }) => func.async);
  // The firmware makes some of the guest's resources, to have them.
  const maker = own.exports.findIndex(({ func }) => func.kind === "constructor");
  const types = own.elements.length === 0 ? "NULL, 0u" : `${prefix}_types, ${own.elements.length}u`;
  const text = [
    `#include "${prefix}.h"`,
    '#include "fuzz.h"',
    "",
    `static struct ${prefix} fuzz_host;`,
    "static struct rill_host fuzz_guest;",
    "static uint32_t naps;",
    "",
    ...own.imports.flatMap((item) => stub(own, item)),
    ...own.resources.flatMap(({ dropName }) => [
      `void ${dropName}(struct ${prefix} *host, uint32_t index)`,
      "{",
      "(void)host;",
      "if (index > 3u) {",
      'puts("an index that the firmware never gave");',
      "exit(1);",
      "}",
      "}",
      "",
    ]),
    "static void nothing(void)",
    "{",
    "}",
    "",
    "/* The guest's code may wait only so often. */",
    "static void nap(void)",
    "{",
    `struct ${prefix} *host = &fuzz_host;`,
    "(void)host;",
    "if (naps++ > 4u) {",
    'fuzz_guest.trap = "enough";',
    "return;",
    "}",
    ...(own.hasEnds
      ? [
          "(void)rill_ends_over(&host->ends, fuzz_end(0));",
          "if (fuzz_below(8) == 0) {",
          "(void)rill_ends_drop(&host->ends, fuzz_end(0));",
          "}",
        ]
      : []),
    `switch (fuzz_below(${later.length + 1}u)) {`,
    ...later.flatMap((item, at) => [
      `case ${at}:`,
      `if (fuzz_below(4) == 0) {`,
      `(void)${own.cancelledName(item)}(host${numbered(own)});`,
      "} else {",
      ...ends(own, item, "NULL"),
      "}",
      "break;",
    ]),
    "default:",
    "break;",
    "}",
    "}",
    "",
    "static const struct rill_chip chip = {nothing, nothing, nap, NULL, NULL};",
    "",
    "static bool init(struct rill_host *guest)",
    "{",
    "rill_host_memory(guest, (uint8_t *)fuzz_memory, MEMORY_BYTES);",
    "guest->memory_stays = 1;",
    "#ifdef RILL_WITH_LISTS",
    "rill_host_lists(guest, (enum rill_encoding)fuzz_below(3), fuzz_allocate);",
    "#endif",
    "return true;",
    "}",
    "",
    `static const struct fuzz_served served[] = {${served.join(" ")} {NULL, 0u, false}};`,
    "",
    "static bool call(struct rill_host *guest, uint16_t export_index, uint64_t *cells)",
    "{",
    "(void)export_index;",
    `return fuzz_call(guest, cells, served, ${served.length}u, ${types});`,
    "}",
    "",
    "static const struct rill_engine engine = {init, call};",
    "",
    ...own.begun.map(
      (item) => `static struct ${own.begunName(item)} all_${own.begunFunction(item, "calls")}[2];`,
    ),
    `static bool call_any(struct ${prefix} *host)`,
    "{",
    `switch (${maker < 0 ? "" : `fuzz_below(3) == 0 ? ${maker}u : `}fuzz_below(${own.exports.length + own.guestResources.length + (own.begun.length === 0 ? 0 : 2)}u)) {`,
    ...own.exports.flatMap((item, at) => called(own, item, at)),
    ...own.guestResources.flatMap((item, at) => drops(item, own.exports.length + at)),
    "default:",
    own.begun.length === 0
      ? "return true;"
      : `return fuzz_below(2) == 0 ? ${prefix}_run(host) : ${prefix}_wait(host);`,
    "}",
    "}",
    "",
    "/* No call goes on without its guest. */",
    "static void expect_none(void)",
    "{",
    ...own.begun.flatMap((item) =>
      [0, 1].map((at) => `fuzz_is_not_on(&all_${own.begunFunction(item, "calls")}[${at}].call);`),
    ),
    "}",
    "",
    "int main(int argc, char **argv)",
    "{",
    "uint32_t left = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 10) : 0u;",
    "uint32_t done = 0;",
    "",
    "fuzz_state = argc > 1 ? strtoull(argv[1], NULL, 10) | 1u : 1u;",
    'memcpy(fuzz_room, "bytes of the firmware\'s, UTF-8 alone", 36);',
    "while (left-- > 0u) {",
    "uint32_t i;",
    `${prefix}_close(&fuzz_host);`,
    "expect_none();",
    "fuzz_guest.context = NULL;",
    `(void)${prefix}_init(&fuzz_host, &engine, &fuzz_guest, &chip, NULL);`,
    `for (i = 0; i < ${maker < 0 ? 4 : 16}u && fuzz_guest.trap == NULL; i++) {`,
    "naps = 0;",
    "done += call_any(&fuzz_host);",
    "}",
    "}",
    `${prefix}_close(&fuzz_host);`,
    'printf("%u calls, %u done, %u served\\n", (unsigned)fuzz_calls, (unsigned)done, (unsigned)fuzz_served);',
    "return 0;",
    "}",
  ];
  return { text: `${text.join("\n")}\n`, prefix };
}
