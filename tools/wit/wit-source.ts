/** The WIT that a path names: one file, or a package's folder with its `deps`, bundled into one text that wasm-tools reads. */
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";

/** A line range of the bundled text that came from one file. */
interface Part {
  readonly path: string;
  /** Offset of the part's first character in the bundle. */
  readonly from: number;
  /** The file's text as it stands in the bundle: as long as the file, so that positions agree. */
  readonly text: string;
}

/** Bundled WIT, and where each character of it came from. */
export interface WitSource {
  readonly text: string;
  readonly parts: readonly Part[];
}

/** Reads the WIT at `path`. @throws UserError when there is none */
export function readWitSource(path: string): WitSource {
  if (!existsSync(path))
    throw new UserError(`${path}: no such file or folder; name a .wit file or the folder of a WIT package`);
  if (!statSync(path).isDirectory()) return bundle([{ path, nested: false }]);
  const own = witFiles(path);
  if (own.length === 0) throw new UserError(`${path}: there is no .wit file in this folder`);
  const files = own.map((file) => ({ path: file, nested: false }));
  const deps = join(path, "deps");
  const dependencies = existsSync(deps)
    ? readdirSync(deps)
        .sort()
        .flatMap((name) => dependencyFiles(join(deps, name)))
    : [];
  return bundle([...files, ...dependencies]);
}

interface File {
  readonly path: string;
  /** Whether the file belongs to another package than the first. */
  readonly nested: boolean;
  /** The package's files but the first leave out their `package` line. */
  readonly continued?: boolean;
  readonly last?: boolean;
}

function witFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".wit"))
    .sort()
    .map((name) => join(folder, name));
}

function dependencyFiles(path: string): File[] {
  const files = statSync(path).isDirectory() ? witFiles(path) : path.endsWith(".wit") ? [path] : [];
  return files.map((file, index) => ({
    path: file,
    nested: true,
    continued: index > 0,
    last: index === files.length - 1,
  }));
}

const packageLine = /^(\s*(?:\/\/[^\n]*\n\s*|\/\*[\s\S]*?\*\/\s*)*)package\s+([^;{]+);/;

/** Joins files: the first package's `package` line stays, a dependency's becomes a block around its files. */
function bundle(files: readonly File[]): WitSource {
  const parts: Part[] = [];
  let text = "";
  let packageSeen = false;
  for (const file of files) {
    let content = readFileSync(file.path, "utf8");
    const match = packageLine.exec(content);
    if (match && (file.nested || packageSeen)) {
      const blank = content.slice(0, match[0].length).replaceAll(/[^\n]/g, " ");
      content = blank + content.slice(match[0].length);
    }
    if (match && !file.nested) packageSeen = true;
    if (file.nested && !file.continued) text += `package ${match?.[2] ?? "unknown:unknown"} {\n`;
    parts.push({ path: file.path, from: text.length, text: content });
    text += `${content}\n`;
    if (file.last) text += "}\n";
  }
  return { text, parts };
}

/** `file:line:column` of an offset in the bundled text. */
export function placeOf(source: WitSource, offset: number): string {
  const part = [...source.parts].reverse().find((candidate) => candidate.from <= offset) ?? source.parts[0]!;
  const before = part.text.slice(0, Math.max(0, offset - part.from));
  const lines = before.split("\n");
  return `${part.path}:${String(lines.length)}:${String(lines[lines.length - 1]!.length + 1)}`;
}
