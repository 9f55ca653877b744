/** Replays conformance scripts on the C host, with the guest's steps on WAMR. */
import type { ScriptFile } from "../script.js";
import { conformModule } from "../c-host/conform-module.js";
import { CONFORM_FILES, type CHostConformResult, replayOnProgram } from "../c-host/replay-on-program.js";
import { type DesktopVariant, desktopProgram } from "../../wamr/desktop-library.js";

/** The program's own files, below `programs/`. */
export const conformMains: readonly string[] = [
  ...CONFORM_FILES,
  "conform/engine_wamr.c",
  "desktop/start_wamr.c",
];

/** Replays a file's cases, all of them. @throws UserError when a C compiler or WAMR's source is missing */
export async function conformOnWamr(file: ScriptFile, variant: DesktopVariant): Promise<CHostConformResult> {
  const program = await desktopProgram("rill-conform", conformMains, { ...variant, whole: true });
  const module = await conformModule(file);
  return replayOnProgram(file, { command: [program, module.path], lines: module.lines });
}
