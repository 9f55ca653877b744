/** What each import lets a module do, in plain words: what goes in, what comes out, whether it may wait. */
import type { WitImports } from "../analysis/wit-imports.js";
import type { CoreModule, ImportEntry } from "../wasm/core-module.js";
import { type Builtin, describeImport, parseImportName } from "../wit/canonical-names.js";
import type { CoreMeaning } from "../wit/core-names.js";
import { witType } from "../wit/wit-type.js";

/** One import's capability. */
export interface Capability {
  /** What it does, in a sentence without its full stop. */
  readonly does: string;
  readonly takes: readonly string[];
  readonly gives: readonly string[];
  /** Whether the module waits in it until something happens elsewhere. */
  readonly blocks: "never" | "may" | "unknown";
}

/** What built-ins do; a `#` stands for the stream or future. */
const BUILTINS: Readonly<Record<Builtin, string>> = {
  "waitable-set.new": "makes a set of what it can wait for",
  "waitable-set.wait": "waits until something in a set has happened",
  "waitable-set.poll": "asks whether something in a set has happened",
  "waitable-set.drop": "gives a set up",
  "waitable.join": "puts something to wait for into a set",
  "backpressure.inc": "asks callers to hold back",
  "backpressure.dec": "lets callers in again",
  "backpressure.set": "asks callers to hold back, or lets them in",
  "subtask.cancel": "cancels a call that it made",
  "subtask.drop": "gives a call up that has ended",
  "task.cancel": "says that it has ended because it was cancelled",
  "thread.yield": "lets others run",
  "context.get": "reads a word that it has put by for its task",
  "context.set": "puts a word by for its task",
  "error-context.new": "makes an error with a message",
  "error-context.debug-message": "reads an error's message",
  "error-context.drop": "gives an error up",
  "task.return": "gives its result to its caller",
  "resource.new": "makes a resource of its own",
  "resource.rep": "looks up a resource of its own",
  "resource.drop": "gives a resource up",
  "stream.new": "makes a stream",
  "stream.read": "reads items of #",
  "stream.write": "writes items of #",
  "stream.cancel-read": "takes a read of # back",
  "stream.cancel-write": "takes a write of # back",
  "stream.drop-readable": "stops reading #",
  "stream.drop-writable": "ends #",
  "future.new": "makes a future",
  "future.read": "reads the value of #",
  "future.write": "writes the value of #",
  "future.cancel-read": "takes a read of # back",
  "future.cancel-write": "takes a write of # back",
  "future.drop-readable": "stops waiting for #",
  "future.drop-writable": "gives # up",
};
const WAITS: ReadonlySet<string> = new Set(["waitable-set.wait", "thread.yield"]);
/** These wait unless they are lowered with the option `async`. */
const WAITS_WHEN_SYNC = /^(subtask\.cancel|(stream|future)\.(cancel-)?(read|write))$/;
const PREVIEW_1 = /^wasi_(snapshot_preview1|unstable)$/;
const PREVIEW_1_WAITS = /^(fd_|sock_|poll_)/;
const KINDS = {
  table: "shares a table of functions",
  memory: "shares a linear memory",
  global: "shares a global",
  tag: "shares a kind of exception",
} as const;

/** The capability of `entry`. */
export function capabilityOf(entry: ImportEntry, module: CoreModule, wit: WitImports): Capability {
  if (entry.kind !== "func") return { does: KINDS[entry.kind], takes: [], gives: [], blocks: "never" };
  const meaning = wit.meaningOf(entry.module, entry.field);
  const signature = module.types[entry.typeIndex!]?.signature ?? { params: [], results: [] };
  const core = { takes: signature.params, gives: signature.results };
  if (meaning?.kind === "call") return callCapability(meaning);
  const { builtin, async = false, subject = "" } = parseImportName(entry.field);
  if (builtin !== null && describeImport(entry.module, entry.field) === builtin)
    return { ...builtinCapability(builtin, async, subject), ...(meaning ? carried(meaning) : core) };
  if (describeImport(entry.module, entry.field) !== null)
    return { does: `calls ${subject} of ${entry.module}`, ...core, blocks: async ? "never" : "may" };
  if (PREVIEW_1.test(entry.module)) {
    const blocks = PREVIEW_1_WAITS.test(entry.field) ? "may" : "never";
    return { does: `calls ${entry.field} of WASI's first preview`, ...core, blocks };
  }
  return { does: `calls the host's ${entry.field}, of which nothing is known`, ...core, blocks: "unknown" };
}

function builtinCapability(
  builtin: Builtin,
  isAsync: boolean,
  subject: string,
): Pick<Capability, "does" | "blocks"> {
  const [kind] = builtin.split(".");
  const waits = WAITS.has(builtin) || (WAITS_WHEN_SYNC.test(builtin) && !isAsync);
  const whose = subject === "" ? "" : ` (${subject})`;
  const does = BUILTINS[builtin].replace("#", `a ${kind!}`) + whose;
  return { does, blocks: waits ? "may" : "never" };
}

/**
 * A sync call of a function that is not `async` ends without waiting, and one that
 * is lowered with `async` answers at once.
 */
function callCapability({ func, async }: CoreMeaning & { readonly kind: "call" }): Capability {
  return {
    does: `calls ${func.name}`,
    takes: func.params.map(({ name, type }) => `${name}: ${witType(type)}`),
    gives: func.result ? [witType(func.result)] : [],
    blocks: func.async && !async ? "may" : "never",
  };
}

/** What a built-in carries over the border, by its WIT. */
function carried(meaning: CoreMeaning): Pick<Capability, "takes" | "gives"> {
  if (meaning.kind === "task.return")
    return { takes: meaning.func.result ? [witType(meaning.func.result)] : [], gives: [] };
  if (meaning.kind !== "copy") return { takes: [], gives: [] };
  const item = meaning.element ? [witType(meaning.element)] : [];
  const isWrite = meaning.builtin.endsWith(".write");
  const isRead = meaning.builtin.endsWith(".read");
  return { takes: isWrite ? item : [], gives: isRead ? item : [] };
}
