/**
 * The canonical built-ins by number, as the import table of an image names them. The numbers are those of
 * `enum rill_builtin` in tools/wamr/rill_image.h.
 */

/** Numbers by the built-in's name; those of streams and futures stand for every stream and future of a signature. */
export const BUILT_INS: ReadonlyMap<string, number> = new Map([
  ["task-return", 0],
  ["task-cancel", 1],
  ["context-get", 2],
  ["context-set", 3],
  ["backpressure-inc", 4],
  ["backpressure-dec", 5],
  ["waitable-set-new", 6],
  ["waitable-set-wait", 7],
  ["waitable-set-poll", 8],
  ["waitable-set-drop", 9],
  ["waitable-join", 10],
  ["subtask-drop", 11],
  ["subtask-cancel", 12],
  ["thread-yield", 13],
  ["stream-new", 16],
  ["stream-read", 17],
  ["stream-write", 18],
  ["stream-cancel-read", 19],
  ["stream-cancel-write", 20],
  ["stream-drop-readable", 21],
  ["stream-drop-writable", 22],
  ["future-new", 24],
  ["future-read", 25],
  ["future-write", 26],
  ["future-cancel-read", 27],
  ["future-cancel-write", 28],
  ["future-drop-readable", 29],
  ["future-drop-writable", 30],
]);

/** One entry of the import table. */
export interface BuiltInImport {
  /** The built-in's number. */
  readonly builtIn: number;
  /** Whether it is lowered with `async`. */
  readonly lowered: boolean;
  /** Which stream or future of the function's signature; 0 where that means nothing. */
  readonly type: number;
  /** The function whose signature `type` counts in, and of task.return; null for the others. */
  readonly owner: string | null;
}

/** What an image calls its imports' module. */
export const IMPORT_MODULE = "";
/** What an image calls the export that starts the task. */
export const ENTRY_EXPORT = "r";
/** Imports that an image has at most: one letter each. */
export const MAX_IMPORTS = 52;

const PARTS =
  /^(?<lowered>\[async-lower\])?\[(?<name>(?:stream|future)-[a-z-]+?|[a-z-]+?)(?:-(?<index>\d+))?\](?<owner>.*)$/;

/** Reads an import's names in wit-component's legacy form; null when they name no canonical built-in. */
export function parseBuiltIn(module: string, name: string): BuiltInImport | null {
  if (module !== "$root" && !module.startsWith("[export]")) return null;
  const parts = PARTS.exec(name)?.groups;
  if (parts === undefined) return null;
  const { lowered, index, owner } = parts;
  const builtIn = BUILT_INS.get(parts.name!);
  if (builtIn === undefined) return null;
  const where = module.replace("[export]", "");
  return {
    builtIn,
    lowered: lowered !== undefined,
    type: Number(index ?? 0),
    owner: owner === "" ? null : where === "$root" ? owner! : `${where}#${owner!}`,
  };
}

/** The name of import number `index` in an image: A-Z, a-z. */
export function importLetter(index: number): string {
  return String.fromCharCode(index < 26 ? 65 + index : 97 + index - 26);
}
