/** The module that asc compiles: it joins the guest's functions with the world's exports. */
import type { GuestSourceItems } from "../../source/user-functions.js";
import { REALLOC } from "../../wit/canonical-names.js";
import type { World } from "../../wit/model.js";
import { bindWorld } from "../bound-world.js";
import { GuestTypes, guestNames } from "../names/guest-names.js";
import { destructorEntry } from "./destructor-entry.js";
import type { EntryExport } from "./entry-part.js";
import { ARENA_IMPORTS, REALLOC_ENTRY, memoryUse } from "./memory-use.js";
import { syncEntry } from "./sync-entry.js";
import { taskEntry } from "./task-entry.js";

/** The entry's text and its exports. */
export interface GeneratedEntry {
  readonly source: string;
  readonly exports: readonly EntryExport[];
}

/**
 * Matches the guest's exported functions with the world's exports.
 * An async function is the one whose parameter is that function's `Task`, under
 * any name; a sync one goes by its name.
 * @param guestModule    import path of the guest's file, from the entry
 * @param bindingsFolder import path of the bindings' folder, from the entry
 * @param entryPath      the guest's file as the user named it, for messages
 * @throws UserError when a function is missing or its signature does not fit, with the signature that does
 */
export function generateEntry(
  world: World,
  items: GuestSourceItems,
  guestModule: string,
  bindingsFolder: string,
  entryPath: string,
): GeneratedEntry {
  const boundWorld = bindWorld(world);
  const names = guestNames(boundWorld.parts);
  const guest = { items, types: new GuestTypes(items.imports, boundWorld), path: entryPath };
  const modules = { guest: guestModule, bindings: bindingsFolder };
  const memory = memoryUse(world);
  const exported = boundWorld.parts.filter((part) => part.exported);
  const functions = exported.flatMap((part) => part.functions.map((func) => ({ part, func })));
  const resources = exported.flatMap((part) => part.resources.map((resource) => ({ part, resource })));
  const entries = [
    ...functions.map(({ part, func }, number) =>
      func.async
        ? taskEntry(func, part, number, guest, modules, memory)
        : syncEntry(func, part, names.func(part, func), number, guest, modules, memory),
    ),
    ...resources.map(({ part, resource }, number) =>
      destructorEntry(resource, part.owner, names.destructor(part, resource), number, guest, modules),
    ),
  ];
  const hasArena = memory !== "none";
  const lines = [
    ...(hasArena ? [ARENA_IMPORTS] : []),
    ...entries.flatMap(({ imports }) => imports),
    ...entries.map(({ text }) => text),
    ...(hasArena ? [REALLOC_ENTRY] : []),
  ];
  const exports = entries.flatMap((entry) => entry.exports);
  return {
    source: `${lines.join("\n")}\n`,
    exports: hasArena ? [...exports, { internal: "realloc", canonical: REALLOC }] : exports,
  };
}
