/** The compilers and their companions: found or asked for, started, and what they say when they fail. */
import { basename } from "node:path";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { run } from "./run.js";
import { isMissing, type Tool } from "./tool.js";

/** Where a ready tool is. @throws UserError with the line to type when it is missing */
export function needTool(tool: Tool): string {
  if (!isMissing(tool)) return tool.path;
  throw new UserError(`${tool.missing} is not installed; type: ${tool.how}`);
}

/** Runs a build tool. @throws CheckFailure with its output when it fails */
export async function must(command: string, args: readonly string[]): Promise<string> {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new CheckFailure(`${basename(command)} failed:\n${output}`);
  return output;
}
