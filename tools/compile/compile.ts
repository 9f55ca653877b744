/** From AssemblyScript to unoptimised WebAssembly text with source positions: asc's part of the build. */
import "../wasm/binaryen.js"; // first: asc loads Binaryen too
import type { Parser } from "assemblyscript";
import asc from "assemblyscript/asc";
import "./standard-library.js";
import { type Attempt, compileWithLoops } from "./loops/attempts.js";
import { asInBindings } from "./bindings-folder.js";
import { type GuestFiles, readGuestFile } from "./guest-files.js";
import { type Kept, type RewrittenLoops, type WaitingLoop, rewriteLoops } from "./loops/rewrite-loops.js";
import { spaceOut } from "./spaced-memory.js";
import { placeStaticArrays } from "./static-arrays.js";
import { placeTasks } from "./task-memory.js";
import { type DeclaringSource, placeNames, type StaticPlace, staticPlaces } from "../source/static-places.js";

/** What is compiled. */
export interface CompileInput extends GuestFiles {
  /** The same folder as the user named it, for messages. */
  readonly shownDir: string;
  /** The generated entry's file name (relative to `baseDir`) and text. It need not exist on disk. */
  readonly entryName: string;
  readonly entrySource: string;
  /** Integer constants that the source sees as globals (`--use NAME=VALUE`). */
  readonly constants?: Readonly<Record<string, number>>;
  /**
   * Whether the entry brings the guest library's runtime, which allocates from
   * the arena, in place of asc's `stub`.
   */
  readonly arena?: boolean;
  /** Whether each of the guest's exports may wait; false when that is not said. */
  readonly isAsync?: boolean;
  /** Whether memory is left unused behind each static object. */
  readonly spaced?: boolean;
  /** Where what belongs to a task is placed, apart from all else; null or left out when it is not. */
  readonly taskBase?: number | null;
}

/** asc's output. */
export interface Compiled {
  /** The module as WebAssembly text, with source positions. */
  readonly text: string;
  /** Where static data ends: an address, in bytes. */
  readonly dataEnd: number;
  /** Where that of a task ends, which begins at `taskBase`; null when it is not apart. */
  readonly taskEnd: number | null;
  /** The same with the memory of a task at another place. */
  readonly elsewhere?: Compiled;
  /** Text of each source, by the path that the source map gives it. */
  readonly sources: ReadonlyMap<string, string>;
  /** Static memory that has a name. */
  readonly places: readonly StaticPlace[];
  /** Loops that wait though they are written to ask. */
  readonly waitingLoops: readonly WaitingLoop[];
}

/** First address of static data: below it nothing is placed, so that no address is null. */
const MEMORY_BASE = 4;
/**
 * The same with an arena: AssemblyScript looks 20 bytes in front of an object
 * for its header, and must not wrap around.
 */
const ARENA_MEMORY_BASE = 16;

/** Compiles a guest with the flags of every build. @throws UserError with asc's own diagnostics */
export async function compileGuest(input: CompileInput): Promise<Compiled> {
  return compileWithLoops((kept) => compileKeeping(input, kept), input);
}

/** @param kept loops that stay as they are written */
async function compileKeeping(input: CompileInput, kept: Kept): Promise<Attempt<Compiled>> {
  let text: string | undefined;
  let sources: readonly ParsedSource[] = [];
  let loops: RewrittenLoops = { waiting: [], count: 0 };
  const generated = new Set([input.entryName, ...input.virtualFiles.keys()].map((path) => path.slice(0, -3)));
  const tasks =
    typeof input.taskBase === "number"
      ? { base: input.taskBase, end: input.taskBase, isGenerated: (path: string) => generated.has(path) }
      : null;
  const options = [
    input.entryName,
    "--baseDir",
    input.baseDir,
    "--runtime",
    "stub",
    "--memoryBase",
    String(input.arena === true ? ARENA_MEMORY_BASE : MEMORY_BASE),
    "--disable",
    "bulk-memory",
    "--use",
    "abort=",
    "--sourceMap",
    "--noColors",
    "--outFile",
    "guest.wasm",
    ...Object.entries(input.constants ?? {}).flatMap(([name, value]) => ["--use", `${name}=${value}`]),
  ];
  const { error, stderr } = await asc.main(options, {
    readFile: (name) =>
      name === input.entryName ? input.entrySource + askForDataEnd : readGuestFile(input, name),
    writeFile: () => undefined,
    listFiles: () => [],
    transforms: [
      {
        afterParse(parser: Parser): void {
          sources = parser.sources as unknown as readonly ParsedSource[];
          placeStaticArrays(sources);
          if (input.arena === true) replaceRuntime(sources);
          const isGenerated = (path: string): boolean => generated.has(path.replace(/\.ts$/, ""));
          loops = rewriteLoops(
            parser,
            { isGenerated, arena: input.arena === true, hasSyncExports: input.isAsync !== true },
            kept,
          );
        },
        afterInitialize(program: object): void {
          if (input.spaced === true) spaceOut(program);
          if (tasks) placeTasks(program, tasks);
        },
        afterCompile(module: { emitText(): string }): void {
          text = module.emitText();
        },
      } as never,
    ],
  });
  if (error || text === undefined) {
    return { compiled: null, loops: loops.count, errors: stderr.toString().trim() || String(error) };
  }
  const named = asInBindings(input.virtualFiles);
  const compiled = {
    text: named(text),
    dataEnd: dataEndOf(text),
    taskEnd: tasks?.end ?? null,
    sources: new Map(sources.map((source) => [named(source.normalizedPath), source.text])),
    places: staticPlaces(text, placeNames(sources)).map((place) => ({ ...place, name: named(place.name) })),
    waitingLoops: loops.waiting,
  };
  return { compiled, loops: loops.count, errors: "" };
}

/** A source as asc has parsed it; statements that declare functions have a name and a body. */
interface ParsedSource extends DeclaringSource {
  readonly text: string;
  statements: (DeclaringSource["statements"][number] & {
    readonly name?: { readonly text: string };
    body?: unknown;
  })[];
}

/**
 * Puts the guest library's runtime in the place of asc's. asc has no option for that: the
 * functions of its `stub` go before they are compiled, the entry's import brings others, and
 * `memory.copy` gets a body that is small.
 */
function replaceRuntime(sources: readonly ParsedSource[]): void {
  const named = (path: string): ParsedSource => {
    const found = sources.find((source) => source.normalizedPath === path);
    if (!found) throw new Error(`asc has no source ${path}`);
    return found;
  };
  const copyOf = (path: string): { body?: unknown } => {
    const found = named(path).statements.find((statement) => statement.name?.text === "memmove");
    if (!found) throw new Error(`${path} has no function memmove`);
    return found;
  };
  named("~lib/rt/stub.ts").statements = [];
  copyOf("~lib/util/memory.ts").body = copyOf("~lib/as-rill/assembly/runtime.ts").body;
}

/** asc emits `__data_end` only where a source asks for it. */
const askForDataEnd = "\nexport function rillDataEnd(): usize {\n  return __data_end;\n}\n";

function dataEndOf(text: string): number {
  const global = /\(global \$~lib\/memory\/__data_end i32\s*(?:;;@[^\n]*\s*)*\(i32\.const (\d+)\)/.exec(text);
  if (!global) throw new Error("asc left no __data_end in the module");
  return Number(global[1]);
}
