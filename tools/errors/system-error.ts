/** What the system refused, in words: an error's own text is for programmers. */
import { getSystemErrorMap } from "node:util";

/** An error that a call of the system ended with. */
type SystemError = NodeJS.ErrnoException & { readonly syscall: string; readonly dest?: string };

/** The reasons that need other words than the system has for them, by code. */
const reasons: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "no such file or folder"],
  ["EACCES", "permission denied"],
  ["EPERM", "permission denied"],
  ["EISDIR", "it is a folder"],
  ["ENOTDIR", "a part of the path is a file, not a folder"],
  ["EEXIST", "something of that name exists already"],
  ["ENOTEMPTY", "the folder is not empty"],
  ["ELOOP", "its links lead in a circle"],
  ["EROFS", "the file system is read-only"],
  ["ENAMETOOLONG", "the name is too long"],
  ["ENOSPC", "no space is left on the disk"],
  ["EDQUOT", "no space is left to this user"],
]);

/** Why the system refused a file. */
export function systemReason(error: unknown): string {
  const { code, errno, message } = error as NodeJS.ErrnoException;
  return reasons.get(code ?? "") ?? getSystemErrorMap().get(errno ?? 0)?.[1] ?? message;
}

/** What calls of the system do to the file that they name; others only read it. */
const verbs: ReadonlyMap<string, string> = new Map([
  ["open", "opened"],
  ...["write", "ftruncate", "mkdir", "mkdtemp", "rename", "copyfile", "fsync"].map(
    (call) => [call, "written"] as const,
  ),
  ...["unlink", "rm", "rmdir"].map((call) => [call, "removed"] as const),
]);

/**
 * The message for an error of the system that nobody has put into words before: which file, and why. Null for
 * what is none, and for a descriptor that is not open: that is our own fault.
 */
export function systemMessage(error: unknown): string | null {
  if (!isSystemError(error) || error.code === "EBADF") return null;
  const { syscall, path, dest } = error;
  if (syscall.startsWith("spawn")) return `${path ?? syscall}: cannot be started: ${systemReason(error)}`;
  const what = dest ?? path ?? "a file";
  return `${what}: cannot be ${verbs.get(syscall) ?? "read"}: ${systemReason(error)}`;
}

function isSystemError(error: unknown): error is SystemError {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === "string" && typeof syscall === "string";
}
