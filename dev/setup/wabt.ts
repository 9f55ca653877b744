/** The WebAssembly Binary Toolkit: the tests' second opinion on function sizes. */
import { program } from "../../tools/setup/programs.js";
import type { Tool } from "../../tools/setup/tool.js";

/** Its `wasm-objdump`. */
export const wabt = (): Promise<Tool> => program("wasm-objdump", ["wabt"]);
