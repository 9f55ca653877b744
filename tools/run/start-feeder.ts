/** The program that reads a guest's items from a file (feed.ts), started. */
import type { ChildProcess, StdioOptions } from "node:child_process";
import { fileURLToPath } from "node:url";
import { startProcess } from "../processes/start-process.js";
import type { Feed } from "./feed.js";

/**
 * Starts it.
 * @param output where the items go; what is wrong with the file goes to a pipe
 */
export function startFeeder(feed: Feed, output: Exclude<StdioOptions, string>[number]): ChildProcess {
  const program = fileURLToPath(new URL("./feed.js", import.meta.url));
  const input = feed.path === "-" ? "inherit" : "ignore";
  return startProcess(process.execPath, [program, JSON.stringify(feed)], { stdio: [input, output, "pipe"] });
}
