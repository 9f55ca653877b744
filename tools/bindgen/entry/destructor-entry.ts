/** The destructor of a resource that the guest implements, as the entry exports it. */
import { destructorExport } from "../../wit/canonical-names.js";
import type { Resource } from "../../wit/model.js";
import { type EntryModules, type EntryPart, importAs } from "./entry-part.js";
import { type Guest, findDestructor } from "./find-implementation.js";

/**
 * Joins a resource with its destructor.
 * @param name what the guest has to call it
 * @param number the resource's place among those that the guest implements
 * @throws UserError when the guest has none, or it does not fit
 */
export function destructorEntry(
  resource: Resource,
  owner: string,
  name: string,
  number: number,
  guest: Guest,
  modules: EntryModules,
): EntryPart {
  const found = findDestructor(resource, name, guest);
  const [called, dropped] = [`entry_drop${number}`, `entry_dropped${number}`];
  const { type } = found.params[0]!;
  const isObject = type !== "usize";
  const internal = `drop${number}`;
  return {
    imports: [
      importAs(found.name, called, modules.guest),
      ...(isObject ? [importAs(type, dropped, modules.guest)] : []),
    ],
    text: `
/** Ends a \`${resource.name}\`. */
export function ${internal}(state: usize): void {
  // SAFETY: the state is what the guest made the handle for.
  ${called}(${isObject ? `changetype<${dropped}>(state)` : "state"});
}`,
    exports: [{ internal, canonical: destructorExport(owner, resource.name) }],
  };
}
