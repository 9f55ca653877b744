/** What makes two value types of a world one AssemblyScript type. */
import { innerTypes } from "../../wit/layout.js";
import type { ValueType } from "../../wit/model.js";

/** A text that two types have in common exactly when bindings give them one declaration. */
export function typeIdentity(type: ValueType): string {
  if (type.name) return `${type.name.owner}#${type.name.name}${holdsExportedHandle(type) ? " exported" : ""}`;
  const inner = (part: ValueType | null): string => (part === null ? "_" : typeIdentity(part));
  switch (type.kind) {
    case "own":
    case "borrow": {
      const { owner, name, exported } = type.resource;
      return `${type.kind}<${owner}#${name}${exported ? " exported" : ""}>`;
    }
    case "list":
      return `list<${inner(type.element)};${type.length ?? ""}>`;
    case "stream":
    case "future":
      return `${type.kind}<${inner(type.element)}>`;
    case "tuple":
      return `tuple<${type.types.map(inner).join()}>`;
    case "option":
      return `option<${inner(type.type)}>`;
    case "result":
      return `result<${inner(type.ok)},${inner(type.error)}>`;
    default:
      return type.kind;
  }
}

/**
 * Whether a value holds a handle of a resource that the guest itself implements: only
 * there the two sides of a world differ.
 */
export function holdsExportedHandle(type: ValueType): boolean {
  if (type.kind === "own" || type.kind === "borrow") return type.resource.exported === true;
  return innerTypes(type).some(holdsExportedHandle);
}
