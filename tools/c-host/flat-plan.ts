/**
 * The plan by which core values and canonical layout are turned into each other: what
 * rill_flat.c runs. See `enum rill_flat_op`.
 */
import {
  casesOf,
  elemSize,
  fieldsOf,
  flagsByteLength,
  flatten,
  recordLayout,
  variantLayout,
} from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { type TypeDescriptor, typeDescriptor } from "./copy-plan.js";

const Op = { END: 0, BYTES: 1, SIGNED: 2, BOOL: 3, CHAR: 4, ENUM: 5, VARIANT: 6, JUMP: 7 } as const;

/** A `struct rill_values` as data. */
export interface ValuesDescriptor {
  /** Core values that the values take. */
  readonly cells: number;
  /** The values as a tuple; null when there are none. */
  readonly type: TypeDescriptor | null;
  readonly flat: readonly number[];
}

/** The descriptor of a parameter list, or of a result as a list of one. */
export function valuesDescriptor(types: readonly ValueType[]): ValuesDescriptor {
  const tuple: ValueType = { kind: "tuple", types };
  if (types.length === 0) return { cells: 0, type: null, flat: [] };
  const flat: number[] = [];
  const cells = planFlat(tuple, 0, 0, flat);
  flat.push(Op.END);
  return { cells, type: typeDescriptor(tuple), flat };
}

/** Plans a value that begins at `offset` and in core value `cell`. @returns the core value behind it */
function planFlat(type: ValueType, offset: number, cell: number, flat: number[]): number {
  switch (type.kind) {
    case "bool":
      flat.push(Op.BOOL, offset, cell);
      return cell + 1;
    case "char":
      flat.push(Op.CHAR, offset, cell);
      return cell + 1;
    case "s8":
    case "s16":
      flat.push(Op.SIGNED, offset, cell, elemSize(type));
      return cell + 1;
    case "enum":
      flat.push(Op.ENUM, offset, cell, elemSize(type), type.labels.length);
      return cell + 1;
    case "flags":
      flat.push(Op.BYTES, offset, cell, flagsByteLength(type.labels.length));
      return cell + 1;
    case "string":
      return planPair(offset, cell, flat);
    case "list":
      return type.length === undefined
        ? planPair(offset, cell, flat)
        : planSequence(repeated(type.element, type.length, offset), cell, flat);
    case "record":
    case "tuple": {
      const fields = fieldsOf(type);
      const { offsets } = recordLayout(fields);
      return planSequence(
        fields.map((field, index) => [field.type, offset + offsets[index]!]),
        cell,
        flat,
      );
    }
    case "variant":
    case "option":
    case "result":
      return planVariant(type, offset, cell, flat);
    default:
      flat.push(Op.BYTES, offset, cell, elemSize(type));
      return cell + 1;
  }
}

/** An address and a length. */
function planPair(offset: number, cell: number, flat: number[]): number {
  flat.push(Op.BYTES, offset, cell, 4, Op.BYTES, offset + 4, cell + 1, 4);
  return cell + 2;
}

function repeated(element: ValueType, length: number, offset: number): (readonly [ValueType, number])[] {
  return Array.from({ length }, (_, index) => [element, offset + index * elemSize(element)]);
}

function planSequence(
  parts: readonly (readonly [type: ValueType, offset: number])[],
  cell: number,
  flat: number[],
): number {
  return parts.reduce((next, [type, offset]) => planFlat(type, offset, next, flat), cell);
}

/** The discriminant, a jump table, then each case's payload: all of them begin in the same core value. */
function planVariant(
  type: ValueType & { readonly kind: "variant" | "option" | "result" },
  offset: number,
  cell: number,
  flat: number[],
): number {
  const cases = casesOf(type);
  const layout = variantLayout(cases);
  flat.push(Op.VARIANT, offset, cell, layout.discriminantByteLength, cases.length);
  const table = flat.length;
  flat.push(...cases.map(() => 0));
  const jumps: number[] = [];
  cases.forEach((item, index) => {
    flat[table + index] = flat.length;
    if (item.type) planFlat(item.type, offset + layout.payloadOffset, cell + 1, flat);
    flat.push(Op.JUMP, 0);
    jumps.push(flat.length - 1);
  });
  for (const jump of jumps) flat[jump] = flat.length;
  return cell + flatten(type).length;
}
