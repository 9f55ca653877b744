/** What a world's calls take in the host's tables. */
import type { FunctionType } from "../../wit/model.js";
import { flowsOf } from "./c-kept.js";
import { isSource } from "./c-kinds.js";
import type { CFunction, CWorld } from "./c-world.js";

/** How many sources, sinks and handles the calls of the world need at most. */
export function counts(world: CWorld): {
  readonly sources: number;
  readonly sinks: number;
  readonly flows: number;
  readonly handles: number;
} {
  // What goes on side by side has flows in place of sources and sinks.
  const alone = world.exports.filter((item) => !world.begun.includes(item));
  const most = (of: (func: FunctionType) => number): number =>
    Math.max(0, ...alone.map(({ func }) => of(func)));
  const sources = ({ params, async }: FunctionType): number =>
    params.filter(({ type }) => async && isSource(type)).length;
  const sinks = ({ result, async }: FunctionType): number => (async && isSource(result) ? 1 : 0);
  // Each operation keeps its waitable set from its first call on; ends are there during a call alone.
  const sets = alone.reduce((sum, { func }) => sum + sources(func) + sinks(func), 0);
  const later = world.imports.filter(({ func }) => func.async && world.sideBySide.calls === null).length;
  const flows = flowCount(world);
  return {
    sources: most(sources),
    sinks: most(sinks),
    flows,
    // Of an imported async function the subtask and its set; of a flow both ends and a set.
    handles: sets + most((func) => sources(func) + 2 * sinks(func)) + 2 * later + 3 * flows,
  };
}

/** Streams and futures that go through a `struct rill_flow`, but for those of calls side by side. */
export function flowCount({ imports, exports, sideBySide }: CWorld): number {
  return (
    imports
      .filter(({ func }) => !func.async || sideBySide.calls === null)
      .reduce((sum, { func }) => sum + flowsOf(func, true).length, 0) +
    exports
      .filter(({ func }) => !func.async || sideBySide.tasks === null)
      .reduce((sum, { func }) => sum + flowsOf(func, false).length, 0)
  );
}

/** Functions of which several calls may be under way. */
export function numberedImports({ imports, sideBySide }: CWorld): readonly CFunction[] {
  return sideBySide.calls === null ? [] : imports.filter(({ func }) => func.async);
}

/**
 * Places that calls take of which several go on, in C: of a flow both ends and a set, of a call its
 * handle and a set.
 */
export function placesOfCalls(world: CWorld, of: "handles" | "streams"): string {
  const term = (count: number, macro: string): string[] => (count === 0 ? [] : [`${count}u * ${macro}`]);
  const flowsIn = ({ func }: CFunction): number => flowsOf(func, true).length;
  const each = of === "handles" ? 3 : 1;
  const imported = numberedImports(world).flatMap((item) =>
    term(each * flowsIn(item) + (of === "handles" ? 2 : 0), world.callsMacro(item)),
  );
  if (world.hasEnds) imported.push(each === 1 ? world.macro("ENDS") : `${each}u * ${world.macro("ENDS")}`);
  if (world.begun.length === 0) return imported.join(" + ");
  // A task has a set for each function that it may wait for, and one of its own.
  const sets = of === "handles" ? 1 + world.imports.filter(({ func }) => func.async).length : 0;
  const flows = world.begun.reduce((sum, item) => sum + each * flowsIn(item), 0);
  return [...imported, ...term(flows + sets, world.macro("TASKS"))].join(" + ");
}
