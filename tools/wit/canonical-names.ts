/**
 * The names under which a core module imports and exports what the canonical ABI defines: wit-component's
 * "legacy" scheme, once for all who print such names and all who read them.
 *
 * `[async-lower][stream-read-0]double` is `stream.read`, async, of the first stream or future in the
 * signature of `double`. A tag is the specification's name of the built-in with `-` for `.`.
 */
import type { StringEncoding } from "./string-encoding.js";

/** What follows a built-in's tag. */
type Form =
  /** Nothing: `[waitable-join]`. */
  | "instance"
  /** A slot: `[context-get-0]`. */
  | "slot"
  /** An encoding: `[error-context-new-utf8]`. */
  | "encoding"
  /** A function or resource behind it: `[task-return]f`. */
  | "subject"
  /** A type of a function's signature: `[stream-read-0]f`, or `[stream-read-unit]` for no element type. */
  | "type";

const FORMS = {
  "waitable-set.new": "instance",
  "waitable-set.wait": "instance",
  "waitable-set.poll": "instance",
  "waitable-set.drop": "instance",
  "waitable.join": "instance",
  "backpressure.inc": "instance",
  "backpressure.dec": "instance",
  "backpressure.set": "instance",
  "subtask.cancel": "instance",
  "subtask.drop": "instance",
  "task.cancel": "instance",
  "thread.yield": "instance",
  "context.get": "slot",
  "context.set": "slot",
  "error-context.new": "encoding",
  "error-context.debug-message": "encoding",
  "error-context.drop": "instance",
  "task.return": "subject",
  "resource.new": "subject",
  "resource.rep": "subject",
  "resource.drop": "subject",
  "stream.new": "type",
  "stream.read": "type",
  "stream.write": "type",
  "stream.cancel-read": "type",
  "stream.cancel-write": "type",
  "stream.drop-readable": "type",
  "stream.drop-writable": "type",
  "future.new": "type",
  "future.read": "type",
  "future.write": "type",
  "future.cancel-read": "type",
  "future.cancel-write": "type",
  "future.drop-readable": "type",
  "future.drop-writable": "type",
} as const satisfies Readonly<Record<string, Form>>;

/** A built-in of the canonical ABI, as the specification names it. */
export type Builtin = keyof typeof FORMS;

/** An import's name, taken apart. */
export interface ImportName {
  /** The built-in; null for a function that the host implements, whose component name is `subject`. */
  readonly builtin: Builtin | null;
  /** Whether the canonical option `async` is set: the call may answer BLOCKED. */
  readonly async?: boolean;
  /** Whether it may answer that the task was cancelled. */
  readonly cancellable?: boolean;
  /**
   * Component name of the function or resource that it belongs to; empty for what belongs to the instance.
   */
  readonly subject?: string;
  /** Place of the stream or future type in the function's signature; `unit` for one without element type. */
  readonly type?: number | "unit";
  /** Slot of `context.get` and `context.set`. */
  readonly slot?: number;
  /** Encoding of an error context's text. */
  readonly encoding?: StringEncoding;
}

/** Every built-in. */
export const builtins = Object.keys(FORMS) as readonly Builtin[];

const BUILTIN_OF_TAG: ReadonlyMap<string, Builtin> = new Map(
  builtins.map((builtin) => [builtin.replace(".", "-"), builtin]),
);
/** `[async]` is what `[async-lower]` was called before. */
const OPTION = /^\[(async-lower|async|cancellable)\]/;
const TAG = /^\[([a-z-]+?)(?:-(unit|utf8|utf16|latin1\+utf16)|(?:-i32)?(?:-(\d+))?)\]/;

/** Takes an import's name apart. Any name that has no tag of the table is a function's. */
export function parseImportName(name: string): ImportName {
  const option = OPTION.exec(name);
  const bare = option ? name.slice(option[0].length) : name;
  const options = {
    async: option?.[1]?.startsWith("async") ?? false,
    cancellable: option?.[1] === "cancellable",
  };
  const match = TAG.exec(bare);
  const builtin = match && BUILTIN_OF_TAG.get(match[1]!);
  if (!match || builtin === undefined || builtin === null)
    return { builtin: null, ...options, subject: bare };
  const [tag, , word, digits] = match;
  const parsed = { builtin, ...options, subject: bare.slice(tag.length) };
  const number = digits === undefined ? undefined : Number(digits);
  switch (FORMS[builtin]) {
    case "type":
      return word === "unit" || number !== undefined ? { ...parsed, type: number ?? "unit" } : { ...parsed };
    case "slot":
      return number === undefined ? parsed : { ...parsed, slot: number };
    case "encoding":
      return word === undefined || word === "unit" ? parsed : { ...parsed, encoding: word as StringEncoding };
    default:
      return parsed;
  }
}

/** Prints what `parseImportName` reads. */
export function printImportName(parts: ImportName): string {
  const { builtin, async = false, cancellable = false, subject = "", type, slot, encoding } = parts;
  const option = async ? "[async-lower]" : cancellable ? "[cancellable]" : "";
  if (builtin === null) return `${option}${subject}`;
  const detail = type ?? slot ?? encoding;
  const tag = builtin.replace(".", "-");
  return `${option}[${detail === undefined ? tag : `${tag}-${detail}`}]${subject}`;
}

const ASYNC_LIFT = "[async-lift]";

/**
 * What a function is called in a core module's exports: `IFACE#FUNC`, or `FUNC`
 * of the world itself (`owner` `$root`).
 */
export function exportPath(owner: string, subject: string): string {
  return owner === "$root" ? subject : `${owner}#${subject}`;
}

/** The export of a lifted function. `async` is the canonical option, with which it is lifted. */
export function liftName(path: string, async: boolean): string {
  return async ? `${ASYNC_LIFT}${path}` : path;
}

/**
 * The path of a function that is exported under `name` with the option `async`; null for any other export.
 */
export function asyncLifted(name: string): string | null {
  return name.startsWith(ASYNC_LIFT) ? name.slice(ASYNC_LIFT.length) : null;
}

/** The callback beside the async-lifted function `path`. */
export function callbackName(path: string): string {
  return `[callback]${liftName(path, true)}`;
}

/** What the host calls when it has taken the result of the function `path`. */
export function postReturnName(path: string): string {
  return `cabi_post_${path}`;
}

/** What the host calls when a resource of the guest's ends. */
export function destructorExport(owner: string, resource: string): string {
  return exportPath(owner, `[dtor]${resource}`);
}

/** The export through which the host asks for memory. */
export const REALLOC = "cabi_realloc";

/** What an export's name stands for in the canonical ABI, in words; null for one that is none of its. */
export function describeExport(name: string): string | null {
  if (name === REALLOC) return "realloc";
  if (name === "memory") return "memory";
  if (name.startsWith("[async-lift]")) return "async-lifted function";
  if (name.startsWith("[async-lift-stackful]")) return "stackful async-lifted function";
  if (name.startsWith("[callback]")) return "callback";
  if (name.includes("[dtor]")) return "resource destructor";
  if (name.startsWith("cabi_post_")) return "post-return";
  return /^[a-z][a-z0-9-]*:[^/]+\/[^#]+#/.test(name) ? "lifted function" : null;
}

/**
 * What an import stands for, in words: a built-in's name or `lowered function`;
 * null for none of the canonical ABI's.
 */
export function describeImport(module: string, name: string): string | null {
  const { builtin } = parseImportName(name);
  if (builtin !== null) return isOfModule(builtin, module) ? builtin : null;
  return module === "$root" || /^[a-z][a-z0-9-]*:[^/]+\/[^/]+/.test(module) ? "lowered function" : null;
}

/** Built-ins of the instance come from `$root` alone. */
function isOfModule(builtin: Builtin, module: string): boolean {
  const form: Form = FORMS[builtin];
  return form === "subject" || form === "type" || /^(?:\[export\])?\$root$/.test(module);
}
