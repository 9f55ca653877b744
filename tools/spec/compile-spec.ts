/** From a file of specs to a module that runs them: asc's part of `rill test`. */
import { readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import "../wasm/binaryen.js"; // first: asc loads Binaryen too
import type { Parser } from "assemblyscript";
import asc from "assemblyscript/asc";
import "../compile/standard-library.js";
import { type GuestFiles, readGuestFile } from "../compile/guest-files.js";
import { type Attempt, compileWithLoops } from "../compile/loops/attempts.js";
import { type Kept, rewriteLoops } from "../compile/loops/rewrite-loops.js";
import { addAspectMembers } from "./aspect-members.js";

/** What is compiled. */
export interface SpecInput extends GuestFiles {
  /** Path of the spec, relative to `baseDir`. */
  readonly spec: string;
  /** The same folder as `baseDir` as the user named it, for messages. */
  readonly shownDir: string;
  /** Integer constants that the source sees as globals (`--use NAME=VALUE`). */
  readonly constants: Readonly<Record<string, number>>;
  /** Whether the host lowers strings and lists into the guest's arena. */
  readonly arena: boolean;
}

/** A module that declares its tests when it is started. */
export interface SpecModule {
  readonly binary: Uint8Array;
  /** Its source map, as JSON. */
  readonly map: string;
}

/** The generated second entry; it never exists on disk. */
const ENTRY_NAME = "rill-spec.ts";
const ASPECT = "@as-pect/assembly";
const aspectSource = /(?:^|\/)node_modules\/@as-pect\/assembly\/(.*)$/;
const aspectFolder = findAspect();

/** First address of static data, as in guests with an arena. */
const MEMORY_BASE = 16;

/**
 * Compiles a spec with the asc and the flags of every build. Different are that `abort` has a message, that
 * nothing is optimised, and that `new` allocates, since as-pect does.
 * @throws UserError with asc's own diagnostics
 */
export async function compileSpec(input: SpecInput): Promise<SpecModule> {
  return compileWithLoops((kept) => compileKeeping(input, kept), { ...input, entryName: ENTRY_NAME });
}

async function compileKeeping(input: SpecInput, kept: Kept): Promise<Attempt<SpecModule>> {
  const written = new Map<string, string | Uint8Array>();
  const options = [
    input.spec,
    ENTRY_NAME,
    "--baseDir",
    input.baseDir,
    "--runtime",
    "stub",
    "--memoryBase",
    String(MEMORY_BASE),
    "--disable",
    "bulk-memory",
    "--debug",
    "--optimizeLevel",
    "0",
    "--shrinkLevel",
    "0",
    "--sourceMap",
    "--exportStart",
    "_start",
    "--noColors",
    "--outFile",
    "spec.wasm",
    ...Object.entries(input.constants).flatMap(([name, value]) => ["--use", `${name}=${value}`]),
  ];
  let loops = 0;
  const { error, stderr } = await asc.main(options, {
    readFile: (name) => readSource(input, name),
    writeFile: (name, contents) => {
      written.set(basename(name), contents);
    },
    listFiles: () => [],
    transforms: [
      {
        afterParse(parser: Parser): void {
          const isGenerated = (path: string): boolean => path === ENTRY_NAME || input.virtualFiles.has(path);
          // A function under test may be called by the spec itself, where nobody may wait.
          const about = { isGenerated, arena: input.arena, hasSyncExports: true };
          loops = rewriteLoops(parser, about, kept).count;
          addAspectMembers(parser);
        },
      } as never,
    ],
  });
  if (error) return { compiled: null, loops, errors: stderr.toString().trim() || String(error) };
  const compiled = {
    binary: written.get("spec.wasm") as Uint8Array,
    map: written.get("spec.wasm.map") as string,
  };
  return { compiled, loops, errors: "" };
}

/** Brings as-pect's `describe`, `it` and `expect`, and what the host lowers strings and lists through. */
function entrySource(arena: boolean): string {
  const lines = [`export { __call } from "${ASPECT}/assembly/index";`];
  if (arena)
    lines.push(
      'import { reallocBlock } from "as-rill/assembly/bindings";',
      "export function cabi_realloc(ptr: usize, oldLength: usize, alignment: usize, newLength: usize): usize {",
      "  return reallocBlock(ptr, oldLength, newLength);",
      "}",
    );
  return lines.join("\n");
}

function readSource(input: SpecInput, name: string): string | null {
  if (name === ENTRY_NAME) return entrySource(input.arena);
  if (name === "asconfig.json") return withoutEntries(readGuestFile(input, name));
  const [, aspect] = aspectSource.exec(name) ?? [];
  if (aspect === undefined) return readGuestFile(input, name);
  const path = join(aspectFolder, aspect);
  return statSync(path, { throwIfNoEntry: false })?.isFile() ? readFileSync(path, "utf8") : null;
}

/**
 * The project's asconfig.json, whose options count as they do in `rill build`, but for what is compiled,
 * whether a file is written, and that a failure has no message.
 */
function withoutEntries(text: string | null): string | null {
  if (text === null) return null;
  try {
    const config = JSON.parse(text) as { readonly options?: { readonly use?: unknown } };
    const use = [config.options?.use ?? []].flat().filter((alias) => alias !== "abort=");
    return JSON.stringify({ ...config, entries: [], options: { ...config.options, noEmit: false, use } });
  } catch {
    return text; // asc says what is wrong with it
  }
}

/** Where npm has put as-pect's library, whose package names no file of it. */
function findAspect(): string {
  const folders = createRequire(import.meta.url).resolve.paths(ASPECT) ?? [];
  const found = folders
    .map((folder) => join(folder, ASPECT))
    .find((folder) => statSync(folder, { throwIfNoEntry: false }));
  if (found === undefined) throw new Error(`${ASPECT} is not installed; install as-rill again`);
  return found;
}
