/**
 * The names that the Component Model gives functions: plain, `[constructor]r`, `[method]r.f`, `[static]r.f`.
 */
import type { FunctionType, Resource, ValueType } from "./model.js";

interface Signature {
  readonly async: boolean;
  readonly params: FunctionType["params"];
  readonly result: ValueType | null;
}

const annotated = /^\[(constructor|method|static)\]([^.]+)(?:\.(.+))?$/;

/** A function of the given component name; `types` are searched for the resource that it belongs to. */
export function functionType(
  name: string,
  { async, params, result }: Signature,
  types: readonly { readonly kind: string; readonly resource?: Resource }[],
): FunctionType {
  const match = annotated.exec(name);
  if (!match) return { name, kind: "freestanding", async, params, result };
  const [, kind, resourceName, member] = match;
  const entry = types.find((type) => type.kind === "resource" && type.resource?.name === resourceName);
  if (!entry?.resource) throw new RangeError(`${name} belongs to a resource that does not exist`);
  return {
    name: member ?? resourceName!,
    kind: kind as "constructor" | "method" | "static",
    resource: entry.resource,
    async,
    params,
    result,
  };
}

/** The component name of a function: what `functionType` took apart. */
export function componentName(func: FunctionType): string {
  if (func.kind === "freestanding" || !func.resource) return func.name;
  if (func.kind === "constructor") return `[constructor]${func.resource.name}`;
  return `[${func.kind}]${func.resource.name}.${func.name}`;
}
