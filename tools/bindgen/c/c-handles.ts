/** Handles of resources inside of values of C: each becomes an index of the firmware's, or is made of one. */
import { alignment, casesOf, fieldsOf } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { holdsResource, holdsSeveral, isResource } from "./c-kinds.js";
import { caseNames, fieldNames, isCase } from "./c-types.js";
import type { CWorld } from "./c-world.js";

/**
 * Which way: the guest's handles are taken, or indices are given to the guest; or those that it
 * was not given are dropped.
 */
export type HandleWay = "take" | "give" | "drop";

/** What the statements go by. */
export interface HandlePass {
  readonly world: CWorld;
  readonly way: HandleWay;
  /** The table's address in C. */
  readonly table: string;
  /** What ends the function, for a trap. */
  readonly fail: readonly string[];
  /** Where handles that the guest lends are noted: a C array; null where none is. */
  readonly lent: string | null;
  /** The address of the space that lists are in. */
  readonly space: string;
}

/**
 * Statements that turn each handle in `value` into what is on the other side, in place.
 * @param first the first free place in `pass.lent`
 */
export function handleSteps(pass: HandlePass, type: ValueType, value: string, first = 0): string[] {
  return steps(pass, type, value, { next: first, depth: 0 }, "    ");
}

/** How far the walk has come. */
interface Walk {
  /** The first free place in `HandlePass.lent`. */
  next: number;
  /** Lists around. */
  readonly depth: number;
}

function steps(pass: HandlePass, type: ValueType, value: string, lent: Walk, indent: string): string[] {
  if (isResource(type)) {
    const { world, way, table, fail } = pass;
    const number = world.resourceNumber(type.resource);
    if (way === "drop")
      return type.kind === "own" ? [`${indent}${world.resources[number]!.dropName}(host, ${value});`] : [];
    const how = type.kind === "own" ? "RILL_OWN" : "RILL_BORROW";
    const isLentInList = way === "take" && type.kind === "borrow" && lent.depth > 0;
    const call = isLentInList
      ? `rill_resource_lend(${table}, ${number}, ${value}, &${value}, ${pass.space})`
      : `rill_resource_${way}(${table}, ${number}, ${how}, ${value}, &${value})`;
    return [
      ...(type.kind === "borrow" && pass.lent !== null && !isLentInList
        ? [`${indent}${pass.lent}[${lent.next++}] = ${value};`]
        : []),
      `${indent}if (!${call}) {`,
      // What the guest does not get is the firmware's to put away.
      ...(way === "give" && type.kind === "own"
        ? [`${indent}    ${world.resources[number]!.dropName}(host, ${value});`]
        : []),
      ...fail.map((line) => `${indent}    ${line}`),
      `${indent}}`,
    ];
  }
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
        item.type === null || !holdsResource(item.type)
          ? []
          : [
              `${indent}if (${isCase(type, value, index)}) {`,
              ...steps(pass, item.type, `${value}.value.${names[index]!}`, lent, `${indent}    `),
              `${indent}}`,
            ],
      );
    }
    case "list":
      return holdsResource(type) ? listSteps(pass, type, value, lent, indent) : [];
    default:
      return [];
  }
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
  const inside = { next: lent.next, depth: lent.depth + 1 };
  return [
    `${indent}{`,
    `${indent}    ${item} *${items} = (${item} *)rill_view_items(${pass.space}, ${value}, sizeof *${items}, ${alignment(element)});`,
    `${indent}    uint32_t ${at};`,
    "",
    `${indent}    for (${at} = 0; ${items} != NULL && ${at} < ${value}.length; ${at}++) {`,
    ...steps(pass, element, `${items}[${at}]`, inside, `${indent}        `),
    `${indent}    }`,
    ...(pass.way === "drop"
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
