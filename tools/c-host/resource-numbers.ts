/**
 * Resources for a C host that knows none: a number stands for each handle in the values that it passes on,
 * and dropping one is a call like any other. Who implements the resources says what the numbers mean.
 */
import type { Case, Field, FunctionType, Resource, ValueType } from "../wit/model.js";

const NUMBER: ValueType = { kind: "u32" };

/** `type`, with a number in place of each handle: of the same layout. */
export function numberedHandles(type: ValueType): ValueType {
  const one = numberedHandles;
  const orNone = (inner: ValueType | null): ValueType | null => (inner === null ? null : one(inner));
  const each = <T extends Field | Case>(inner: T): T => ({ ...inner, type: orNone(inner.type) });
  switch (type.kind) {
    case "own":
    case "borrow":
    case "stream":
    case "future":
      return NUMBER;
    case "list":
      return { ...type, element: one(type.element) };
    case "record":
      return { ...type, fields: type.fields.map(each) };
    case "tuple":
      return { ...type, types: type.types.map(one) };
    case "option":
      return { ...type, type: one(type.type) };
    case "variant":
      return { ...type, cases: type.cases.map(each) };
    case "result":
      return { ...type, ok: orNone(type.ok), error: orNone(type.error) };
    default:
      return type;
  }
}

/** What dropping one of the host's resources is, as a function. */
export function dropFunction(resource: Resource): FunctionType {
  return {
    name: `[resource-drop]${resource.name}`,
    kind: "freestanding",
    async: false,
    params: [{ name: "self", type: { kind: "own", resource } }],
    result: null,
  };
}

/**
 * What making a handle of a resource of the guest's own is, asking for what it stands for, or giving it up,
 * as a function.
 * @param name `[resource-new]`, `[resource-rep]` or `[resource-drop]`, and the resource's
 */
export function ownFunction(name: string, resource: Resource): FunctionType {
  return {
    ...{ name, kind: "freestanding", async: false, resource },
    params: [{ name: "self", type: NUMBER }],
    result: NUMBER,
  };
}

/** What `func` does with a resource of the guest's own; null of any other function. */
export function ownUse({ name, kind, resource }: FunctionType): "new" | "rep" | "drop" | null {
  if (kind !== "freestanding" || resource === undefined) return null;
  return (["new", "rep", "drop"] as const).find((use) => name.startsWith(`[resource-${use}]`)) ?? null;
}

/** The resource that `func` drops; null of any other function. */
export function droppedResource({ name, params }: FunctionType): Resource | null {
  const type = params[0]?.type;
  return name.startsWith("[resource-drop]") && type?.kind === "own" ? type.resource : null;
}
