/**
 * Statements that go through a value in canonical layout, at any depth, and do
 * something at each part that matters.
 */
import { casesOf, elemSize, fieldsOf, recordLayout, variantLayout } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";
import { type Place, inside } from "../refuse.js";

/** What a walk does. */
export interface Walk {
  /** Whether a value of the type is, or holds, a part that matters. */
  readonly enters: (type: ValueType) => boolean;
  /** Statements for a value that is looked at as a whole; null for one that is gone through. */
  readonly visit: (type: ValueType, address: string, offset: number, place: Place) => string[] | null;
  /**
   * An expression for the address of the items of the list, of no fixed length,
   * whose address and length stand at `pair`.
   */
  readonly items: (pair: string, stride: number) => string;
}

/**
 * The statements for the value at `address` + `offset`; none for a type that the walk does not enter.
 * @param address an expression without side effect
 */
export function walkValue(
  walk: Walk,
  type: ValueType,
  address: string,
  offset: number,
  place: Place,
): string[] {
  if (!walk.enters(type)) return [];
  const whole = walk.visit(type, address, offset, place);
  if (whole !== null) return whole;
  const inner = (part: ValueType, from: string, more: number, step: string): string[] =>
    walkValue(walk, part, from, more, inside(place, step));
  switch (type.kind) {
    case "record":
    case "tuple": {
      const fields = fieldsOf(type);
      const { offsets } = recordLayout(fields);
      return fields.flatMap((field, index) =>
        inner(field.type, address, offset + offsets[index]!, `field ${field.name}`),
      );
    }
    case "variant":
    case "option":
    case "result": {
      const cases = casesOf(type);
      const layout = variantLayout(cases);
      const at = offset === 0 ? address : `${address}, ${offset}`;
      const tag = `load<u${layout.discriminantByteLength * 8}>(${at})`;
      return cases.flatMap((item, index) => {
        if (item.type === null) return [];
        const body = inner(item.type, address, offset + layout.payloadOffset, `case ${item.name}`);
        return body.length > 0 ? [`if (${tag} == ${index}) {`, ...body.map(indent), "}"] : [];
      });
    }
    case "list":
      return walkList(walk, type, address, offset, (from) => inner(type.element, from, 0, "element"));
    default:
      return [];
  }
}

function walkList(
  walk: Walk,
  { element, length }: ValueType & { readonly kind: "list" },
  address: string,
  offset: number,
  each: (item: string) => string[],
): string[] {
  const list = addressAt(address, offset);
  const isFixed = length !== undefined;
  const depth = String(address.split("_").length);
  const [items, end, item] = [`items_${depth}`, `end_${depth}`, `item_${depth}`];
  const stride = elemSize(element);
  return [
    "{",
    `  const ${items}: usize = ${isFixed ? list : walk.items(list, stride)};`,
    `  const ${end}: usize = ${items} + ${isFixed ? String(length * stride) : `<usize>load<u32>(${list}, 4) * ${stride}`};`,
    `  for (let ${item} = ${items}; ${item} < ${end}; ${item} += ${stride}) {`,
    ...each(item).map(indent).map(indent),
    "  }",
    "}",
  ];
}

/** An expression for an address. */
export function addressAt(address: string, offset: number): string {
  return offset === 0 ? address : `${address} + ${offset}`;
}

function indent(line: string): string {
  return `  ${line}`;
}
