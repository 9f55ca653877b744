/** A command that was started, to its end. */
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";

/** How a command ended, and what it printed. */
export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/**
 * Waits until a command has ended.
 * @param input what it finds in its standard input; null leaves that open and empty
 */
export async function ended(child: ChildProcess, input: string | null = ""): Promise<Ended> {
  if (input !== null) child.stdin!.end(input);
  const texts = { out: "", err: "" };
  child.stdout!.setEncoding("utf8").on("data", (text: string) => (texts.out += text));
  child.stderr!.setEncoding("utf8").on("data", (text: string) => (texts.err += text));
  const [code] = (await once(child, "close")) as [number | null];
  child.stdin!.destroy();
  return { code, ...texts };
}
