/** Handles of resources inside of values of C: each becomes an index of the firmware's, or is made of one. */
import { casesOf, fieldsOf } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { holdsResource, isResource } from "./c-kinds.js";
import { caseNames, fieldNames, isCase } from "./c-types.js";
import type { CWorld } from "./c-world.js";

/** Which way: the guest's handles are taken, or indices are given to the guest. */
export type HandleWay = "take" | "give";

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
}

/**
 * Statements that turn each handle in `value` into what is on the other side, in place.
 * @param first the first free place in `pass.lent`
 */
export function handleSteps(pass: HandlePass, type: ValueType, value: string, first = 0): string[] {
  return steps(pass, type, value, { next: first }, "    ");
}

function steps(
  pass: HandlePass,
  type: ValueType,
  value: string,
  lent: { next: number },
  indent: string,
): string[] {
  if (isResource(type)) {
    const { world, way, table, fail } = pass;
    const number = world.resourceNumber(type.resource);
    const how = type.kind === "own" ? "RILL_OWN" : "RILL_BORROW";
    const call = `rill_resource_${way}(${table}, ${number}, ${how}, ${value}, &${value})`;
    return [
      ...(type.kind === "borrow" && pass.lent !== null
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
    default:
      return [];
  }
}
