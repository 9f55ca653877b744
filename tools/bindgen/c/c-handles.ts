/** Handles of resources inside of values of C: each becomes an index of the firmware's, or is made of one. */
import { alignment, casesOf, fieldsOf } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { elementOf, ENDS, type FlowType } from "./c-flows.js";
import { borrowCount, holdsHandles, holdsSeveral, isFlow, isGuests, isResource } from "./c-kinds.js";
import { caseNames, fieldNames, isCase } from "./c-types.js";
import type { CWorld } from "./c-world.js";

/**
 * Which way: the guest's handles are taken, or indices are given to the guest; or those that it
 * was not given are dropped. Of resources that the guest implements: numbers are asked for before any is
 * given, and what is lent returns.
 */
export type HandleWay = "take" | "give" | "drop" | "ask" | "return";

/** What the statements go by. */
export interface HandlePass {
  readonly world: CWorld;
  readonly way: HandleWay;
  /** What ends the function, for a trap. */
  readonly fail: readonly string[];
  /** Where handles that the guest lends are noted: a C array; null where none is. */
  readonly lent: string | null;
  /** The address of the space that lists are in. */
  readonly space: string;
  /** What stands for the call that is lent something, where calls go on side by side; null elsewhere. */
  readonly call?: string | null;
}

/** The table of handles, where `host` is the world's struct. */
export const TABLE = "&host->resources";
/** Whose each lent handle is, where calls go on side by side. */
export const CALLS = "host->resource_calls";
/** The table of resources that the guest implements. */
export const GUESTS = "&host->guest_resources";

/**
 * Statements that turn each handle in `value` into what is on the other side, in place.
 * @param first the first free place in `pass.lent`
 */
export function handleSteps(pass: HandlePass, type: ValueType, value: string, first = 0): string[] {
  return steps(pass, type, value, { next: first, more: "", depth: 0, lists: 0 }, "    ");
}

/** How far the walk has come. */
interface Walk {
  /** The first free place in `HandlePass.lent`. */
  next: number;
  /** What is added to it in arrays: `" + array_0_at * 2u"`. */
  readonly more: string;
  /** Lists and arrays around. */
  readonly depth: number;
  /** Lists around. */
  readonly lists: number;
}

function steps(pass: HandlePass, type: ValueType, value: string, lent: Walk, indent: string): string[] {
  if (isResource(type))
    return (isGuests(type) ? guestsSteps(pass, type, value) : firmwaresSteps(pass, type, value, lent)).map(
      (line) => indent + line,
    );
  if (isFlow(type)) return endSteps(pass, type, value).map((line) => indent + line);
  switch (type.kind) {
    case "record":
    case "tuple": {
      const fields = fieldsOf(type);
      const names = fieldNames(fields);
      return fields.flatMap((field, index) =>
        steps(pass, field.type, `${value}.${names[index]!}`, lent, indent),
      );
    }
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const names = caseNames(cases);
      return cases.flatMap((item, index) =>
        item.type === null || !holdsHandles(item.type)
          ? []
          : around(
              `${indent}if (${isCase(type, value, index)}) {`,
              steps(pass, item.type, `${value}.value.${names[index]!}`, lent, `${indent}    `),
              `${indent}}`,
            ),
      );
    }
    case "list":
      if (!holdsHandles(type)) return [];
      return type.length === undefined
        ? listSteps(pass, type, value, lent, indent)
        : arraySteps(pass, type, type.length, value, lent, indent);
    default:
      return [];
  }
}

/** Statements in a block; nothing without them. */
function around(head: string, lines: readonly string[], end: string): string[] {
  return lines.length === 0 ? [] : [head, ...lines, end];
}

/** One of the firmware's resources. */
function firmwaresSteps(
  { world, way, fail, space, lent: noted, call: lentTo = null }: HandlePass,
  type: HandleType,
  value: string,
  lent: Walk,
): string[] {
  const number = world.resourceNumber(type.resource);
  const drop = `${world.resources[number]!.dropName}(host, ${value});`;
  if (way === "drop") return type.kind === "own" ? [drop] : [];
  if (way === "ask" || way === "return") return [];
  const isLentInList = way === "take" && type.kind === "borrow" && lent.lists > 0;
  const call =
    way === "give" && type.kind === "borrow" && lentTo !== null
      ? `rill_resource_lend_to(${TABLE}, ${CALLS}, ${lentTo}, ${number}, ${value}, &${value})`
      : isLentInList
        ? `rill_resource_lend(${TABLE}, ${number}, ${value}, &${value}, ${space})`
        : `rill_resource_${way}(${TABLE}, ${number}, ${ownership(type)}, ${value}, &${value})`;
  return [
    ...(type.kind === "borrow" && noted !== null && !isLentInList
      ? [`${noted}[${lent.next++}${lent.more}] = ${value};`]
      : []),
    `if (!${call}) {`,
    // What the guest does not get is the firmware's to put away.
    ...(way === "give" && type.kind === "own" ? [`    ${drop}`] : []),
    ...fail.map((line) => `    ${line}`),
    "}",
  ];
}

/** One of the guest's. */
function guestsSteps({ world, way, fail }: HandlePass, type: HandleType, value: string): string[] {
  const number = world.resourceNumber(type.resource);
  const how = ownership(type);
  const unless = (call: string): string[] => [
    `if (!rill_guest_resource_${call}) {`,
    ...fail.map((line) => `    ${line}`),
    "}",
  ];
  switch (way) {
    case "ask":
      return unless(`ask(${GUESTS}, ${number}, ${how}, ${value})`);
    case "give":
      return unless(`give(${GUESTS}, ${number}, ${how}, ${value}, &${value})`);
    case "take":
      return unless(`take(${GUESTS}, ${number}, ${value}, &${value})`);
    default:
      return (way === "drop") === (type.kind === "own")
        ? [`rill_guest_resource_return(${GUESTS}, ${number}, ${how}, ${value});`]
        : [];
  }
}

/** The end of a stream or future. */
function endSteps({ world, way, fail }: HandlePass, type: FlowType, value: string): string[] {
  if (way === "return") return [];
  if (way === "drop") return [`rill_ends_return(${ENDS}, ${value});`];
  const what = `${ENDS}, ${elementOf(world, type)}, ${type.kind === "future"}, ${value}`;
  const to = way === "ask" ? "" : `, &${value}`;
  return [`if (!rill_ends_${way}(${what}${to})) {`, ...fail.map((line) => `    ${line}`), "}"];
}

type HandleType = ValueType & { readonly kind: "own" | "borrow" };

function ownership({ kind }: HandleType): string {
  return kind === "own" ? "RILL_OWN" : "RILL_BORROW";
}

/** The same for each item of an array. */
function arraySteps(
  pass: HandlePass,
  { element }: ValueType & { readonly kind: "list" },
  length: number,
  value: string,
  lent: Walk,
  indent: string,
): string[] {
  const at = `array_${lent.depth}_at`;
  const each = borrowCount(element);
  const inside = { ...lent, more: `${lent.more} + ${at} * ${each}u`, depth: lent.depth + 1 };
  const lines = steps(pass, element, `${value}.items[${at}]`, inside, `${indent}        `);
  lent.next += length * each;
  return around(
    `${indent}{`,
    lines.length === 0
      ? []
      : [
          `${indent}    uint32_t ${at};`,
          "",
          `${indent}    for (${at} = 0; ${at} < ${length}u; ${at}++) {`,
          ...lines,
          `${indent}    }`,
        ],
    `${indent}}`,
  );
}

/** The same for each item of a list. */
function listSteps(
  pass: HandlePass,
  { element }: ValueType & { readonly kind: "list" },
  value: string,
  lent: Walk,
  indent: string,
): string[] {
  // No name of the WIT has a word that begins with a digit.
  const [items, at] = [`list_${lent.depth}_items`, `list_${lent.depth}_at`];
  const item = pass.world.types.member(element);
  const inside = { ...lent, depth: lent.depth + 1, lists: lent.lists + 1 };
  const lines = steps(pass, element, `${items}[${at}]`, inside, `${indent}        `);
  if (lines.length === 0) return [];
  return [
    `${indent}{`,
    `${indent}    ${item} *${items} = (${item} *)rill_view_items(${pass.space}, ${value}, sizeof *${items}, ${alignment(element)});`,
    `${indent}    uint32_t ${at};`,
    "",
    `${indent}    for (${at} = 0; ${items} != NULL && ${at} < ${value}.length; ${at}++) {`,
    ...lines,
    `${indent}    }`,
    // What is no list is refused where it is lowered.
    ...(pass.way !== "take" && pass.way !== "give"
      ? []
      : [
          `${indent}    if (${items} == NULL) {`,
          `${indent}        (void)rill_bindings_no_value(host->base.rings.host);`,
          ...pass.fail.map((line) => `${indent}        ${line}`),
          `${indent}    }`,
        ]),
    `${indent}}`,
  ];
}

/** Where one of several handles was not given: the others are, or go back to the firmware. */
export const GIVEN: readonly string[] = ["is_given = false;"];

/**
 * Statements that give a result's handles, and end the function where one cannot be given. Of
 * several each is tried, for what the guest does not get is dropped.
 */
export function giveSteps(
  pass: Omit<HandlePass, "way" | "lent" | "fail">,
  type: ValueType,
  value: string,
): string[] {
  const own = { ...pass, way: "give", lent: null } as const;
  if (!holdsSeveral(type)) return handleSteps({ ...own, fail: ["return false;"] }, type, value);
  return [
    "    {",
    "        bool is_given = true;",
    "",
    ...handleSteps({ ...own, fail: GIVEN }, type, value).map((line) => (line === "" ? "" : `    ${line}`)),
    "        if (!is_given) {",
    "            return false;",
    "        }",
    "    }",
  ];
}
