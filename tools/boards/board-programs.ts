/** The compiler of a board's core, and what comes with it. */
import type { EmulatedBoard } from "../pack/board-table.js";
import { toolchainOf } from "./toolchain.js";
import { needTool } from "../setup/build-tool.js";

/** The compiler. @throws UserError with the line to type when it is missing */
export async function gccOf(board: Pick<EmulatedBoard, "cpu">): Promise<string> {
  return needTool(await toolchainOf(board).gcc());
}

/** A program of its binutils. @throws UserError with the line to type when it is missing */
export async function binutilOf(
  board: Pick<EmulatedBoard, "cpu">,
  name: "addr2line" | "nm" | "objcopy" | "objdump",
): Promise<string> {
  return (await gccOf(board)).replace(/gcc$/, name);
}
