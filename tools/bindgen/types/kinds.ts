/**
 * How values of a type are held in a guest: as numbers, as AssemblyScript's strings and
 * arrays, as views, as handles, as ends.
 */
import type { CopyType } from "../../wit/core-names.js";
import type { ValueType } from "../../wit/model.js";

/** The AssemblyScript types of numbers. */
export const scalarNames: Readonly<Partial<Record<ValueType["kind"], string>>> = {
  bool: "bool",
  u8: "u8",
  u16: "u16",
  u32: "u32",
  u64: "u64",
  s8: "i8",
  s16: "i16",
  s32: "i32",
  s64: "i64",
  f32: "f32",
  f64: "f64",
  char: "u32",
};

type HandleType = ValueType & { readonly kind: "own" | "borrow" };

/** Whether a type is a stream or future: a value of it is one of its ends. */
export function isEnd(type: ValueType): type is CopyType {
  return type.kind === "stream" || type.kind === "future";
}

/**
 * Whether values of the type are handles of resources, or for a resource of the
 * guest's own what a handle was made for.
 */
export function isHandle(type: ValueType): type is HandleType {
  return type.kind === "own" || type.kind === "borrow";
}

/**
 * Whether the host hands over what the guest made the resource for, instead of a handle:
 * it lends the guest's own resource to it.
 */
export function isState(type: ValueType): boolean {
  return type.kind === "borrow" && type.resource.exported === true;
}

/** Whether the host lends a handle that has to be dropped before the call ends. */
export function isLentHandle(type: ValueType): boolean {
  return type.kind === "borrow" && type.resource.exported !== true;
}

/** Whether values of the type are objects whose address is a handle: of a resource, or of a readable end. */
export function isHandleObject(type: ValueType): boolean {
  return isEnd(type) || (isHandle(type) && !isState(type));
}

/**
 * Whether values of the type are AssemblyScript's own strings or arrays: an
 * address and a length in canonical layout.
 */
export function isPair(type: ValueType): boolean {
  if (type.kind === "string") return true;
  return type.kind === "list" && type.length === undefined && isNumber(type.element);
}

function isNumber(type: ValueType): boolean {
  return scalarNames[type.kind] !== undefined || type.kind === "enum" || type.kind === "flags";
}

/** Whether values of the type are views, not numbers, strings or arrays. */
export function isView(type: ValueType): boolean {
  return (
    (type.kind === "list" && !isPair(type)) ||
    ["record", "tuple", "variant", "option", "result"].includes(type.kind)
  );
}
