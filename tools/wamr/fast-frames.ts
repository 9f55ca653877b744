/** The frames of WAMR's fast interpreter, which nothing but its loader knows. */
import { UserError } from "../errors/user-error.js";
import { run } from "../setup/run.js";
import { desktopProgram } from "./desktop-library.js";

/**
 * Bytes of the frame that each function gets on a 32-bit machine, by index, imports included.
 * @param core path of the core module
 * @throws UserError when WAMR cannot be built here or refuses the module
 */
export async function fastFrames(core: string): Promise<readonly number[]> {
  const variant = { interpreter: "fast", bits: 32, inside: true } as const;
  const program = await desktopProgram("rill-frames", ["frames/main.c", "desktop/start_wamr.c"], variant);
  const { code, output } = await run(program, [core]);
  if (code !== 0) throw new UserError(output.trim() || `rill-frames ended with ${code}`);
  return output.trim().split("\n").map(Number);
}
