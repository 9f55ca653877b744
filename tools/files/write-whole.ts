/** Writes a file whole or not at all. */
import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { systemReason } from "../errors/system-error.js";
import { UserError } from "../errors/user-error.js";
import { discardReplacement, finishReplacement, openReplacement } from "./replacement.js";

/**
 * Writes `content` beside `path` and renames it into place, so that no reader sees half a file
 * and a failure leaves the old one. A file that holds the same bytes already is left alone, its
 * time included. Missing folders are made.
 * @throws UserError with the reason when the system refuses
 */
export function writeFileWhole(path: string, content: string | Uint8Array): void {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  if (holds(path, bytes)) return;
  makeFolder(dirname(path));
  replaceFile(path, bytes);
}

/**
 * Puts `content` in the place of the file `path`, whole or not at all. A link stays, and what it
 * leads to is replaced; what is no regular file (a pipe, a device) is written to. @throws UserError
 * with the reason when the system refuses
 */
export function replaceFile(path: string, content: string | Uint8Array): void {
  try {
    const replacement = openReplacement(path);
    try {
      writeFileSync(replacement.descriptor, content);
    } catch (error) {
      discardReplacement(replacement);
      throw error;
    }
    finishReplacement(replacement);
  } catch (error) {
    throw new UserError(`${path}: cannot be written: ${systemReason(error)}`);
  }
}

/**
 * Makes a folder and those that it lies in, where they are missing.
 * @throws UserError with the reason when the system refuses
 */
export function makeFolder(path: string): void {
  try {
    // One by one: where a file system takes no folders (/proc), Node's `recursive` never ends.
    for (const folder of missingFolders(resolve(path))) addFolder(folder);
  } catch (error) {
    throw new UserError(`${path}: the folder cannot be made: ${systemReason(error)}`);
  }
}

/** Makes one folder, unless another process has just done so. */
function addFolder(path: string): void {
  try {
    mkdirSync(path);
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}

/** @throws what the system says when something else is in the way */
function missingFolders(path: string): string[] {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isDirectory()) return [];
  if (found) throw Object.assign(new Error(), { code: "EEXIST" });
  return [...missingFolders(dirname(path)), path];
}

function holds(path: string, bytes: Uint8Array): boolean {
  try {
    const found = statSync(path);
    return found.isFile() && found.size === bytes.length && readFileSync(path).equals(bytes);
  } catch {
    return false;
  }
}
