/** Statements that drop the handles in a value that nobody took. */
import { casesOf, elemSize, fieldsOf, holdsHandle, recordLayout, variantLayout } from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { type Place, inside } from "./refuse.js";
import { type ValueClasses, isEnd, isHandle } from "./value-classes.js";

/**
 * Drops what the value at `address` owns: resources, ends of streams and futures, at any depth. Empty for a type that holds none.
 * @param address an expression without side effect
 */
export function releaseStatements(
  type: ValueType,
  address: string,
  offset: number,
  classes: ValueClasses,
  place: Place,
): string[] {
  if (!holdsHandle(type)) return [];
  const at = (more: number): string => (more === 0 ? address : `${address}, ${String(more)}`);
  const inner = (part: ValueType, from: string, more: number, step: string): string[] =>
    releaseStatements(part, from, more, classes, inside(place, step));
  if (isEnd(type) || isHandle(type))
    return [`changetype<${classes.typeName(type, place)}>(<usize>load<u32>(${at(offset)})).drop();`];
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
      const tag = `load<u${String(layout.discriminantByteLength * 8)}>(${at(offset)})`;
      return cases.flatMap((item, index) => {
        if (item.type === null) return [];
        const body = inner(item.type, address, offset + layout.payloadOffset, `case ${item.name}`);
        return body.length > 0 ? [`if (${tag} == ${String(index)}) {`, ...body.map(indent), "}"] : [];
      });
    }
    case "list":
      return releaseList(type, address, offset, (from) => inner(type.element, from, 0, "element"));
    default:
      return [];
  }
}

function releaseList(
  { element, length }: ValueType & { readonly kind: "list" },
  address: string,
  offset: number,
  release: (item: string) => string[],
): string[] {
  const place = offset === 0 ? address : `${address} + ${String(offset)}`;
  const isFixed = length !== undefined;
  const depth = String(address.split("_").length);
  const [items, end, item] = [`items_${depth}`, `end_${depth}`, `item_${depth}`];
  const stride = String(elemSize(element));
  return [
    "{",
    `  const ${items}: usize = ${isFixed ? place : `load<usize>(${place})`};`,
    `  const ${end}: usize = ${items} + ${isFixed ? String(length * elemSize(element)) : `<usize>load<u32>(${place}, 4) * ${stride}`};`,
    `  for (let ${item} = ${items}; ${item} < ${end}; ${item} += ${stride}) {`,
    ...release(item).map(indent).map(indent),
    "  }",
    "}",
  ];
}

function indent(line: string): string {
  return `  ${line}`;
}
