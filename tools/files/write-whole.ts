/** Writes a file whole or not at all. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { discardReplacement, finishReplacement, openReplacement } from "./replacement.js";

/**
 * Writes `content` beside `path` and renames it into place, so that no reader sees half a file and a failure leaves the old one.
 * A file that holds the same bytes already is left alone, its time included. Missing folders are made.
 */
export function writeFileWhole(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  if (existsSync(path) && readFileSync(path).equals(bytes)) return;
  mkdirSync(dirname(path), { recursive: true });
  replaceFile(path, bytes);
}

/** Puts `content` in the place of the file `path`, whole or not at all. Throws what the system says when it cannot. */
export function replaceFile(path: string, content: string | Uint8Array): void {
  const replacement = openReplacement(path);
  try {
    writeFileSync(replacement.descriptor, content);
  } catch (error) {
    discardReplacement(replacement);
    throw error;
  }
  finishReplacement(replacement);
}
