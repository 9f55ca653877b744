/**
 * How the command line ends with an error, whatever was thrown: one line, and
 * the exit code that scripts rely on.
 */
import { writeSync } from "node:fs";
import { inspect } from "node:util";
import { hidePasswords } from "./passwords.js";
import { ReaderGone } from "./reader-gone.js";
import { systemMessage } from "./system-error.js";
import { CheckFailure, UserError } from "./user-error.js";
import { visibleLines } from "./visible-text.js";

/** Where a fault of ours is reported. */
const REPORT_AT = "https://www.npmjs.com/package/as-rill";

/**
 * What to tell, and the exit code: 0 nobody listens any more, 1 a check that failed, 2
 * bad usage or input, 70 a fault of ours.
 */
export interface Ending {
  readonly text: string;
  readonly exitCode: 0 | 1 | 2 | 70;
}

/** How the command with the arguments `args` ends when `error` was thrown. */
export function endingOf(error: unknown, args: readonly string[]): Ending {
  const { text, exitCode } = shownEnding(error, args);
  return { text: hidePasswords(text, args), exitCode };
}

function shownEnding(error: unknown, args: readonly string[]): Ending {
  if (error instanceof ReaderGone) return { text: "", exitCode: 0 };
  if (error instanceof CheckFailure) return { text: error.message, exitCode: 1 };
  const message = error instanceof UserError ? error.message : systemMessage(error);
  if (message !== null) return { text: message, exitCode: 2 };
  const command = ["rill", ...args].map(quoted).join(" ");
  const text = `an error in as-rill: ${inOneLine(error)}; it happens with: ${command} (--debug shows the stack); please report it: ${REPORT_AT}`;
  return { text, exitCode: 70 };
}

/** Tells on stderr how the command ends, with the stack when `args` ask for it. @returns the exit code */
export function tellEnding(error: unknown, args: readonly string[]): Ending["exitCode"] {
  const { text, exitCode } = endingOf(error, args);
  if (text === "") return exitCode;
  const stack = args.includes("--debug") && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  try {
    writeSync(2, `rill: ${visibleLines(text)}\n${visibleLines(hidePasswords(stack, args))}`);
  } catch {
    // Nobody listens; the exit code remains.
  }
  return exitCode;
}

/** What was thrown: an error, or anything else, as Binaryen does. */
function inOneLine(error: unknown): string {
  const text =
    error instanceof Error
      ? `${error.name}: ${error.message}`
      : inspect(error, { depth: 1, breakLength: Infinity });
  return text.replaceAll(/\s+/g, " ").trim();
}

/** A word as a shell reads it back. */
function quoted(word: string): string {
  return /^[\w./:=@,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
