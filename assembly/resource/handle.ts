/** What a guest holds of a resource: an index in its handle table, and nothing in memory. */
// @ts-nocheck: AssemblyScript; asc checks it

/**
 * The base of every resource's class in generated bindings. Such an object's address is the
 * handle itself, so that it costs what a number costs; it has no fields, and
 * `changetype<u32>` gives the number. 0 is no handle.
 * Traps: the host traps when a handle is used after it was dropped or passed on
 * Spec: CanonicalABI.md, "Resource state"
 */
@unmanaged
export class Handle {}

/** Whether T is the class of a resource; decided at compile time. */
@inline
export function isHandle<T>(): bool {
  // SAFETY: the object is not looked at, its type is known.
  if (isReference<T>() && !isManaged<T>()) return changetype<T>(0) instanceof Handle;
  return false;
}
