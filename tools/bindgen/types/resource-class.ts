/** The class of a resource: its objects are handles, numbers of the handle table that take no memory. */
import type { Resource } from "../../wit/model.js";
import { external } from "../ends/copy-operations.js";
import { plainPascalCase } from "../names/names.js";

/**
 * A resource that the guest imports.
 * @param module  import module of its built-ins
 * @param name    the class's name
 * @param members methods and static functions, each complete
 */
export function importedResource(
  resource: Resource,
  module: string,
  name: string,
  members: readonly string[],
): string[] {
  const drop = builtin("drop", resource);
  return [
    external(module, { builtin: "resource.drop", subject: resource.name }, `${drop}(handle: u32): void`),
    classText(
      `WIT: \`resource ${resource.name}\`: a handle of one. Traps: any use after \`drop\`, or after it was passed on as \`own\``,
      name,
      [...members, dropMember("Gives the handle up; an own one ends the resource.", drop)],
    ),
  ];
}

/** A resource that the guest implements: a handle that the guest owns, made for what it calls its state. */
export function exportedResource(resource: Resource, module: string, name: string): string[] {
  const [make, rep, drop] = (["new", "rep", "drop"] as const).map((kind) => builtin(kind, resource));
  return [
    external(module, { builtin: "resource.new", subject: resource.name }, `${make!}(state: usize): u32`),
    external(module, { builtin: "resource.rep", subject: resource.name }, `${rep!}(handle: u32): usize`),
    external(module, { builtin: "resource.drop", subject: resource.name }, `${drop!}(handle: u32): void`),
    classText(
      `WIT: \`resource ${resource.name}\`, which this guest implements: a handle that the guest owns`,
      name,
      [
        `/** A new handle. @param state an address or number of the guest's own, which comes back in each call. Spec: canon resource.new */\n` +
          `@inline\nstatic of<T_state>(state: T_state): ${name} {\n  // SAFETY: a state is a number or the address of an unmanaged object; a handle is a number.\n` +
          `  return changetype<${name}>(<usize>${make!}(changetype<usize>(state)));\n}`,
        `/** What the handle was made for. Spec: canon resource.rep */\n` +
          `@inline\nstate<T_state>(): T_state {\n  // SAFETY: it is what \`of\` was given, of the same type.\n` +
          `  return changetype<T_state>(${rep!}(changetype<u32>(this)));\n}`,
        dropMember("Gives the handle up: the guest's destructor runs.", drop!),
      ],
    ),
  ];
}

function builtin(kind: "new" | "rep" | "drop", resource: Resource): string {
  return `resource_${kind}_${plainPascalCase(resource.name)}`;
}

function dropMember(note: string, drop: string): string {
  return `/** ${note} Spec: canon resource.drop */\n@inline\ndrop(): void {\n  // SAFETY: the object's address is the handle.\n  ${drop}(changetype<u32>(this));\n}`;
}

function classText(note: string, name: string, members: readonly string[]): string {
  const body = members.join("\n").replaceAll(/^(?=.)/gm, "  ");
  return `/** ${note}. */\n@unmanaged\nexport class ${name} extends Handle {\n${body}\n}`;
}
