/** How values of a type are passed in C. */
import { holdsHandle, innerTypes, isPointerFree } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";

const NUMBERS = /^(?:bool|[us](?:8|16|32|64)|f32|f64|char)$/;

/** The types in a value itself: what a stream or future in it brings is none of it. */
function parts(type: ValueType): readonly ValueType[] {
  return isFlow(type) ? [] : innerTypes(type);
}

/** A handle of a resource: an index of the firmware's in C. */
export function isResource(type: ValueType): type is ValueType & { readonly kind: "own" | "borrow" } {
  return type.kind === "own" || type.kind === "borrow";
}

/** Whether a value is one core value of its own kind: a number, bool, char, enum, flags or an index. */
export function isOneCell(type: ValueType): boolean {
  return NUMBERS.test(type.kind) || type.kind === "enum" || type.kind === "flags" || isResource(type);
}

/** A string, or a list of items without addresses or handles in them: a pointer and a length in C. */
export function isView(type: ValueType): boolean {
  return (
    type.kind === "string" ||
    (type.kind === "list" &&
      type.length === undefined &&
      isPointerFree(type.element) &&
      !holdsHandle(type.element))
  );
}

/** A value with strings or lists in it, which lie in a space. */
export function isDeep(type: ValueType): boolean {
  return !isPointerFree(type) && !isView(type);
}

/** A stream or future: a ring in C. */
export function isFlow(type: ValueType | null): type is ValueType & { readonly kind: "stream" | "future" } {
  return type?.kind === "stream" || type?.kind === "future";
}

/** A task's stream that goes through a source or a sink of the host's: of items that are their bytes. */
export function isSource(type: ValueType | null): boolean {
  return type?.kind === "stream" && type.element !== null && isPlainItem(type.element);
}

/** Whether items of the type are their bytes alone: without strings, lists and handles. */
export function isPlainItem(type: ValueType): boolean {
  return isPointerFree(type) && !holdsHandle(type);
}

/** The places of lent handles in a type, but for those in lists: of a variant those of all cases. */
export function borrowCount(type: ValueType): number {
  if (type.kind === "borrow") return 1;
  if (type.kind === "list") return type.length === undefined ? 0 : type.length * borrowCount(type.element);
  return parts(type).reduce((sum, inner) => sum + borrowCount(inner), 0);
}

/** Whether handles are in lists in the value: as many as there are items. */
export function holdsHandleLists(type: ValueType): boolean {
  return isHandleList(type, holdsHandles) || parts(type).some(holdsHandleLists);
}

/** A list, of any length, of what has handles. */
function isHandleList(type: ValueType, has: (type: ValueType) => boolean): boolean {
  return type.kind === "list" && type.length === undefined && has(type);
}

/** A handle of a resource that the guest implements: a number of the bindings' in C. */
export function isGuests(type: ValueType): boolean {
  return isResource(type) && type.resource.exported === true;
}

/** Whether handles of the kind are in the value, of resources of the firmware's. */
export function holds(type: ValueType, kind: "own" | "borrow"): boolean {
  return (type.kind === kind && !isGuests(type)) || parts(type).some((inner) => holds(inner, kind));
}

/** Whether handles of resources that the guest implements are in the value, of that kind or either. */
export function holdsGuests(type: ValueType, kind?: "own" | "borrow"): boolean {
  return (
    (isGuests(type) && (kind === undefined || type.kind === kind)) ||
    parts(type).some((inner) => holdsGuests(inner, kind))
  );
}

/** Whether lists of handles that are lent are in the value, of resources that the guest implements. */
export function lendsGuestLists(type: ValueType): boolean {
  return isHandleList(type, (list) => holdsGuests(list, "borrow")) || parts(type).some(lendsGuestLists);
}

/** Whether lists of handles that are lent are in the value. */
export function lendsLists(type: ValueType): boolean {
  return isHandleList(type, (list) => holds(list, "borrow")) || parts(type).some(lendsLists);
}

/** Whether several handles may be handed over with the value. */
export function holdsSeveral(type: ValueType): boolean {
  return ownCount(type) > 1;
}

function ownCount(type: ValueType): number {
  if (type.kind === "own") return 1;
  const inner = parts(type).reduce((sum, each) => sum + ownCount(each), 0);
  return type.kind === "list" ? 2 * inner : inner;
}

/** Whether the handle of a resource, of a stream or of a future is in the value. */
export function holdsHandles(type: ValueType): boolean {
  return isResource(type) || isFlow(type) || parts(type).some(holdsHandles);
}
