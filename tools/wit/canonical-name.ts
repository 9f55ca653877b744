/** What an import or export name of the canonical ABI (wit-component's naming) stands for. */

/** A canonical import: the built-in's name in the specification, and what it is for. */
export interface CanonicalName {
  /** As in the Component Model: `stream.read`, `task.return`, `waitable-set.wait`, ... or `lowered function`. */
  readonly builtin: string;
  /** The function or resource that it belongs to, null for those of the instance. */
  readonly subject: string | null;
  /** Number of the stream or future in its function's signature, null for others. */
  readonly position: number | null;
  /** Whether the call may answer BLOCKED. */
  readonly asynchronous: boolean;
}

const STREAM =
  /^\[(stream|future)-(new|read|write|cancel-read|cancel-write|drop-readable|drop-writable)-(\d+|unit)\](.*)$/;
const ROOT_BUILTINS: ReadonlyMap<string, string> = new Map([
  ["waitable-set-new", "waitable-set.new"],
  ["waitable-set-wait", "waitable-set.wait"],
  ["waitable-set-poll", "waitable-set.poll"],
  ["waitable-set-drop", "waitable-set.drop"],
  ["waitable-join", "waitable.join"],
  ["backpressure-set", "backpressure.set"],
  ["backpressure-inc", "backpressure.inc"],
  ["backpressure-dec", "backpressure.dec"],
  ["subtask-drop", "subtask.drop"],
  ["subtask-cancel", "subtask.cancel"],
  ["task-cancel", "task.cancel"],
  ["thread-yield", "thread.yield"],
  ["error-context-new-utf8", "error-context.new"],
  ["error-context-new-utf16", "error-context.new"],
  ["error-context-new-latin1+utf16", "error-context.new"],
  ["error-context-debug-message-utf8", "error-context.debug-message"],
  ["error-context-debug-message-utf16", "error-context.debug-message"],
  ["error-context-drop", "error-context.drop"],
]);
const OF_SUBJECT: ReadonlyMap<string, string> = new Map([
  ["task-return", "task.return"],
  ["resource-drop", "resource.drop"],
  ["resource-new", "resource.new"],
  ["resource-rep", "resource.rep"],
]);

/** Reads an import's names; null when they are none of the canonical ABI's. */
export function canonicalImport(module: string, field: string): CanonicalName | null {
  const asynchronous = /^\[async-lower\]|^\[async\]|^\[cancellable\]/.test(field);
  const name = field.replace(/^\[async-lower\]|^\[async\]|^\[cancellable\]/, "");
  const stream = STREAM.exec(name);
  if (stream) {
    const position = stream[3] === "unit" ? null : Number(stream[3]);
    return { builtin: `${stream[1]}.${stream[2]}`, subject: stream[4] ?? null, position, asynchronous };
  }
  const bracket = /^\[([^\]]+)\](.*)$/.exec(name);
  const tag = bracket?.[1] ?? "";
  const subject = bracket?.[2] ? bracket[2] : null;
  const plain = { subject, position: null, asynchronous };
  const ofSubject = OF_SUBJECT.get(tag);
  if (ofSubject) return { ...plain, builtin: ofSubject };
  if (module === "$root" || module === "[export]$root") {
    const root = ROOT_BUILTINS.get(tag) ?? contextBuiltin(tag);
    if (root) return { ...plain, builtin: root };
  }
  const isInterface = module === "$root" || /^[a-z][a-z0-9-]*:[^/]+\/[^/]+/.test(module);
  return isInterface ? { ...plain, builtin: "lowered function", subject: name } : null;
}

function contextBuiltin(tag: string): string | null {
  const match = /^context-(get|set)-\d+$/.exec(tag);
  return match ? `context.${match[1]}` : null;
}

/** What an export's name stands for in the canonical ABI; null for a plain one. */
export function canonicalExport(name: string): string | null {
  if (name.startsWith("[async-lift]")) return "async-lifted function";
  if (name.startsWith("[callback]")) return "callback";
  if (name.startsWith("[async-lift-stackful]")) return "stackful async-lifted function";
  if (name.startsWith("[dtor]") || name.includes("[dtor]")) return "resource destructor";
  if (name === "cabi_realloc" || name.startsWith("cabi_post_"))
    return name === "cabi_realloc" ? "realloc" : "post-return";
  if (name === "memory") return "memory";
  return /^[a-z][a-z0-9-]*:[^/]+\/[^#]+#/.test(name) ? "lifted function" : null;
}
