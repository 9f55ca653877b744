/** The files that asc reads for a guest: its own, its bindings, written or not, and those of as-rill. */
import { readFileSync, statSync } from "node:fs";
import { isAbsolute, join, posix, resolve } from "node:path";
import { packageRoot } from "../package-root.js";

/** Where they are. */
export interface GuestFiles {
  /** Folder that source paths are relative to, in messages and in the source map. */
  readonly baseDir: string;
  /** Sources that take the place of files, by path relative to `baseDir`: generated bindings. */
  readonly virtualFiles: ReadonlyMap<string, string>;
  /** Told of each path that is looked for, whether it is there or not, before it is. */
  readonly onRead?: ((path: string) => void) | undefined;
}

/**
 * A file of this package, which lies in its own node_modules too: a link,
 * through which asc finds it again and again.
 */
const ownPackage = /(?:^|\/)(?:node_modules\/as-rill\/)+(.*)$/;

/** The source that asc asks for as `name`; null where there is none. */
export function readGuestFile(input: GuestFiles, name: string): string | null {
  const own = ownPackage.exec(name);
  const virtual = input.virtualFiles.get(own ? `node_modules/as-rill/${own[1]!}` : name);
  if (virtual !== undefined) return virtual;
  const path = own ? join(packageRoot, own[1]!) : isAbsolute(name) ? name : resolve(input.baseDir, name);
  if (own && /^wasi\/bindings\//.test(own[1]!)) return "";
  input.onRead?.(path);
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return null;
  const text = readFileSync(path, "utf8");
  return own ? withOwnBindings(text, own[1]!, input) : text;
}

/**
 * What a source in `wasi/` imports from `bindings` are the guest's own, wherever these are. An interface that
 * the world does not have is an empty file, so that asc says what is missing where it is called.
 */
function withOwnBindings(text: string, path: string, { virtualFiles }: GuestFiles): string {
  if (!path.startsWith("wasi/")) return text;
  return text.replaceAll(/"\.\/bindings\/([\w-]+)"/g, (stand, name: string) => {
    const found = [...virtualFiles.keys()].find((key) => posix.basename(key) === `${name}.ts`);
    // From `~lib/as-rill/wasi/` to the folder that the guest's paths are relative to.
    return found === undefined ? stand : `"../../../${found.replace(/\.ts$/, "")}"`;
  });
}
