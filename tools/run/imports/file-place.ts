/** Where in a file of imports something happened. */
import { spawnSync } from "node:child_process";
import { existsSync, realpathSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";

/** `file:line` of the file that is on an error's stack, innermost; the file alone when it is not. */
export function placeIn(file: string, error: unknown): string {
  if (!(error instanceof Error) || !existsSync(file)) return file;
  const line = lineIn(file, error.stack ?? "");
  return line === null ? file : `${file}:${line}`;
}

/** The same for what a module that does not load is refused with. */
export function loadPlace(file: string, error: unknown): string {
  const place = placeIn(file, error);
  if (!(error instanceof SyntaxError) || place !== file) return place;
  // Node tells where a module's syntax is wrong only to whoever reads its standard error.
  const { stderr } = spawnSync(process.execPath, ["--check", file], { encoding: "utf8" });
  const line = lineIn(file, stderr);
  return line === null ? file : `${file}:${line}`;
}

function lineIn(file: string, text: string): string | null {
  const path = realpathSync(file);
  for (const name of [pathToFileURL(path).href, path])
    for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
      const [, line] = /^:(\d+)/.exec(text.slice(at + name.length)) ?? [];
      if (line !== undefined) return line;
    }
  return null;
}

/** What was thrown, in one line. */
export function thrownText(error: unknown): string {
  const text =
    error instanceof Error
      ? `${error.name}: ${error.message}`
      : inspect(error, { depth: 1, breakLength: Infinity });
  return text.split("\n")[0]!.trim();
}
