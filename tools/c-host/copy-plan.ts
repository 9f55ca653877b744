/**
 * The copy plan of an element type: what rill_value.c runs for each element. See
 * `enum rill_op` in rill_host.h.
 */
import {
  alignment,
  casesOf,
  elemSize,
  fieldsOf,
  flagsByteLength,
  isPointerFree,
  recordLayout,
  variantLayout,
} from "../wit/layout.js";
import type { ValueType } from "../wit/model.js";
import { NotServed } from "./not-served.js";

const Op = {
  END: 0,
  BYTES: 1,
  BOOL: 2,
  F32: 3,
  F64: 4,
  CHAR: 5,
  ENUM: 6,
  FLAGS: 7,
  VARIANT: 8,
  JUMP: 9,
  STRING: 10,
  LIST: 11,
} as const;

/** Bytes of an element, words of a plan at most: a plan's numbers have 16 bits. */
const MOST = 0xffff;

/** A `struct rill_type` as data. */
export interface TypeDescriptor {
  readonly plan: readonly number[];
  readonly elemSize: number;
  readonly alignment: number;
  readonly isNumber: boolean;
  /** It holds a string or list. */
  readonly holdsPointer: boolean;
}

/** Whether elements of the type are copied as they are: RILL_PLAIN_VALUES. */
export function isPlain({ plan }: TypeDescriptor): boolean {
  for (let at = 0; plan[at] !== Op.END; at += 3) if (plan[at] !== Op.BYTES) return false;
  return true;
}

const numbers = new Set(["u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "f32", "f64"]);

/**
 * The descriptor of a type. A handle in it is copied as a number; that it moves from one
 * table to another is the embedder's to do.
 * @throws NotServed for a type, or a list's element, of more than 65,535 bytes, and for a plan of more words
 */
export function typeDescriptor(type: ValueType): TypeDescriptor {
  const plan: number[] = [];
  requireSmall(elemSize(type), "bytes in one element");
  planValue(type, 0, plan);
  plan.push(Op.END);
  requireSmall(plan.length, "steps for one element");
  return {
    plan,
    elemSize: elemSize(type),
    alignment: alignment(type),
    isNumber: numbers.has(type.kind),
    holdsPointer: !isPointerFree(type),
  };
}

/**
 * The same of a type whose strings and lists somebody else puts where its addresses say: those are copied as
 * they are.
 */
export function addressesDescriptor(type: ValueType): TypeDescriptor {
  return { ...typeDescriptor(type), plan: [Op.BYTES, 0, elemSize(type), Op.END] };
}

/** What stands for no type where each stream has one: a byte, which is not copied. */
export const NO_TYPE: TypeDescriptor = {
  plan: [Op.END],
  elemSize: 1,
  alignment: 1,
  isNumber: false,
  holdsPointer: false,
};

function requireSmall(count: number, what: string): void {
  if (count > MOST)
    throw new NotServed(
      `${count.toLocaleString("en")} ${what}; the C host takes ${MOST.toLocaleString("en")} at most`,
    );
}

function planValue(type: ValueType, offset: number, plan: number[]): void {
  switch (type.kind) {
    case "bool":
      plan.push(Op.BOOL, offset);
      return;
    case "f32":
      plan.push(Op.F32, offset);
      return;
    case "f64":
      plan.push(Op.F64, offset);
      return;
    case "char":
      plan.push(Op.CHAR, offset);
      return;
    case "enum":
      plan.push(Op.ENUM, offset, elemSize(type), type.labels.length);
      return;
    case "flags":
      plan.push(Op.FLAGS, offset, flagsByteLength(type.labels.length), type.labels.length);
      return;
    case "record":
    case "tuple": {
      const fields = fieldsOf(type);
      const { offsets } = recordLayout(fields);
      fields.forEach((field, index) => {
        planValue(field.type, offset + offsets[index]!, plan);
      });
      return;
    }
    case "variant":
    case "option":
    case "result":
      planVariant(type, offset, plan);
      return;
    case "string":
      plan.push(Op.STRING, offset);
      return;
    case "list":
      if (type.length === undefined) {
        planList(type.element, offset, plan);
        return;
      }
      for (let index = 0; index < type.length; index++)
        planValue(type.element, offset + index * elemSize(type.element), plan);
      return;
    default:
      plan.push(Op.BYTES, offset, elemSize(type));
  }
}

/** Where the list's address is, how its elements lie, and their own steps, which the rest follows. */
function planList(element: ValueType, offset: number, plan: number[]): void {
  const stride = elemSize(element);
  requireSmall(stride, "bytes in an element of a list");
  plan.push(Op.LIST, offset, stride, alignment(element), 0);
  const next = plan.length - 1;
  planValue(element, 0, plan);
  plan.push(Op.END);
  plan[next] = plan.length;
}

/** The discriminant, a jump table, then each case's payload, which jumps to the end. */
function planVariant(
  type: ValueType & { readonly kind: "variant" | "option" | "result" },
  offset: number,
  plan: number[],
): void {
  const cases = casesOf(type);
  const layout = variantLayout(cases);
  plan.push(Op.VARIANT, offset, layout.discriminantByteLength, cases.length);
  const table = plan.length;
  plan.push(...cases.map(() => 0));
  const jumps: number[] = [];
  cases.forEach((item, index) => {
    plan[table + index] = plan.length;
    if (item.type) planValue(item.type, offset + layout.payloadOffset, plan);
    plan.push(Op.JUMP, 0);
    jumps.push(plan.length - 1);
  });
  for (const jump of jumps) plan[jump] = plan.length;
}
