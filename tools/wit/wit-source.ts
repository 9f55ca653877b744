/**
 * The WIT that a path names: one file, or a package's folder with its `deps`,
 * bundled into one text that wasm-tools reads.
 */
import { isUtf8 } from "node:buffer";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { missingWasiPackages } from "./wasi-packages.js";
import { type Token, witTokens } from "./wit-tokens.js";

/** A part of the bundled text that came from one file. */
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

/**
 * Reads the WIT at `path`, with the packages of WASI that it uses and does not have.
 * @throws UserError when there is none
 */
export function readWitSource(path: string): WitSource {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found === undefined)
    throw new UserError(`${path}: no such file or folder; name a .wit file or the folder of a WIT package`);
  const bundle = new Bundle();
  if (!found.isDirectory()) {
    bundle.add(readFile(path));
    bundle.wasi();
    return bundle;
  }
  const own = witFiles(path);
  if (own.length === 0) throw new UserError(`${path}: there is no .wit file in this folder`);
  bundle.main(own.map(readFile));
  for (const files of dependencies(join(path, "deps"))) bundle.dependency(files.map(readFile));
  bundle.wasi();
  return bundle;
}

/** The files of each dependency: a folder, or a file, in `deps`. */
function dependencies(deps: string): string[][] {
  if (!existsSync(deps)) return [];
  const paths = readdirSync(deps)
    .sort()
    .map((name) => join(deps, name));
  const found = paths.map((path) => {
    if (statSync(path).isDirectory()) return witFiles(path);
    return path.endsWith(".wit") ? [path] : [];
  });
  return found.filter((files) => files.length > 0);
}

function witFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".wit"))
    .sort()
    .map((name) => join(folder, name));
}

interface File {
  readonly path: string;
  readonly text: string;
}

/** @throws UserError for what is no text, with the place: wasm-tools does not say where */
function readFile(path: string): File {
  const bytes = readInput(path);
  const text = bytes.toString("utf8");
  const strange = (isUtf8(bytes) ? /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/ : /\ufffd/).exec(text);
  if (!strange) return { path, text };
  const before = text.slice(0, strange.index).split("\n");
  const place = `${path}:${before.length}:${before.at(-1)!.length + 1}`;
  const what =
    isUtf8(bytes) && strange[0] !== "\0"
      ? "a control character stands here; take it out"
      : "this is not UTF-8 text; name a .wit file";
  throw new UserError(`${place}: ${what}`);
}

/**
 * Joins files. The main package's `package` line stands in front of its files, a
 * dependency's becomes a block around them.
 */
class Bundle implements WitSource {
  text = "";
  readonly parts: Part[] = [];

  main(files: readonly File[]): void {
    const [name, texts] = takePackageLine(files);
    if (name !== null) this.text += `package ${name};\n`;
    for (const file of texts) this.add(file);
  }

  dependency(files: readonly File[]): void {
    const [name, texts] = takePackageLine(files);
    if (name === null) {
      // Each file's packages stand in blocks already, or wasm-tools says what is missing.
      for (const file of texts) this.add(file);
      return;
    }
    const split = texts.map(splitPackageBlocks);
    this.text += `package ${name} {\n`;
    for (const [file] of split) this.add(file);
    this.text += "}\n";
    for (const [, blocks] of split) if (blocks) this.add(blocks);
  }

  /** Adds the packages of WASI that are used and not there, and those that they use in turn. */
  wasi(): void {
    for (;;) {
      const missing = missingWasiPackages(witTokens(this.text));
      if (missing.length === 0) return;
      for (const path of missing) this.dependency([readFile(path)]);
    }
  }

  add({ path, text }: File): void {
    this.parts.push({ path, from: this.text.length, text });
    this.text += `${text}\n`;
  }
}

/**
 * The package that the files' own `package` lines name, and the files with
 * blanks in the place of those lines.
 * @throws UserError when they name two
 */
function takePackageLine(files: readonly File[]): [string | null, File[]] {
  let named: { name: string; path: string } | null = null;
  const texts = files.map(({ path, text }) => {
    const line = packageLine(witTokens(text));
    if (!line) return { path, text };
    const name = text
      .slice(line.from, line.to - 1)
      .replace(/^package/, "")
      .trim();
    named ??= { name, path };
    if (name !== named.name) {
      const at = text.slice(0, line.from).split("\n").length;
      throw new UserError(
        `${path}:${at}: this is the package ${name}, and ${named.path} is ${named.name}; a folder is one package, others go into a deps folder in it`,
      );
    }
    return { path, text: blanked(text, line.from, line.to) };
  });
  return [(named as { name: string } | null)?.name ?? null, texts];
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** `package a:b;`, where a file starts with it. */
function packageLine(tokens: readonly Token[]): Range | null {
  const end = tokens.findIndex(({ text }) => text === ";" || text === "{");
  if (tokens[0]?.text !== "package" || tokens[end]?.text !== ";") return null;
  return { from: tokens[0].offset, to: tokens[end].offset + 1 };
}

/** A file without its `package a:b { … }` blocks, and one with nothing else; null when it has none. */
function splitPackageBlocks(file: File): [File, File | null] {
  const blocks = packageBlocks(witTokens(file.text));
  if (blocks.length === 0) return [file, null];
  let rest = file.text;
  let only = blanked(file.text, 0, file.text.length);
  for (const { from, to } of blocks) {
    rest = blanked(rest, from, to);
    only = only.slice(0, from) + file.text.slice(from, to) + only.slice(to);
  }
  return [
    { ...file, text: rest },
    { ...file, text: only },
  ];
}

function packageBlocks(tokens: readonly Token[]): Range[] {
  const found: Range[] = [];
  let depth = 0;
  let from: number | null = null;
  for (const { text, offset } of tokens) {
    if (depth === 0 && text === "package") from = offset;
    if (depth === 0 && text === ";") from = null;
    if (text === "{") depth++;
    if (text !== "}" || --depth > 0 || from === null) continue;
    found.push({ from, to: offset + 1 });
    from = null;
  }
  return found;
}

function blanked(text: string, from: number, to: number): string {
  return text.slice(0, from) + text.slice(from, to).replaceAll(/[^\n]/g, " ") + text.slice(to);
}

/** `file:line:column` of an offset in the bundled text. */
export function placeOf(source: WitSource, offset: number): string {
  const part = [...source.parts].reverse().find((candidate) => candidate.from <= offset) ?? source.parts[0]!;
  const before = part.text.slice(0, Math.max(0, offset - part.from));
  const lines = before.split("\n");
  return `${part.path}:${lines.length}:${lines[lines.length - 1]!.length + 1}`;
}
