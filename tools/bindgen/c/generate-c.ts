/** The bindings of a world for firmware in C: `W_host.h` and `W_host.c`. */
import type { World } from "../../wit/model.js";
import type { WitSource } from "../../wit/wit-source.js";
import { headerText } from "./c-header.js";
import { refuseUnserved } from "./c-refuse.js";
import { sourceText } from "./c-source.js";
import { CWorld, type SideBySide } from "./c-world.js";

/**
 * Generates both files.
 * @param source the WIT's text, for the places of errors
 * @param sideBySide how many calls may be under way at once
 * @returns file name to text; the same world gives the same text
 * @throws UserError for what is not served yet
 */
export function generateC(world: World, source: WitSource, sideBySide?: SideBySide): Map<string, string> {
  const own = new CWorld(world, sideBySide);
  refuseUnserved(own, source);
  return new Map([
    [`${own.prefix}.h`, headerText(own)],
    [`${own.prefix}.c`, sourceText(own)],
  ]);
}
