/** Where in the guest's source a trap happened. */
import type { CoreModule } from "../wasm/core-module.js";
import { readModule } from "../wasm/read-module.js";
import { findSourceMap, readSourceMap } from "../source/source-map.js";
import { SourcePlaces } from "../source/source-places.js";
import { UserError } from "../errors/user-error.js";
import { trapText } from "./trap-text.js";
import { visible } from "../errors/visible-text.js";

/** What a trap's places are looked up with. */
export interface TrapModule {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The byte of `bytes` for one of the module that ran. */
  originalOffset(offset: number): number;
}

/** Where a trap found the guest's code running. */
export interface TrapPlaces {
  /**
   * Innermost first: `file:line`, or `function name` where no source map tells
   * more. Empty when no core code was running.
   */
  readonly places: readonly string[];
  /** The text that the source gives the trap: of a `throw`, an `abort` or an `assert`. */
  readonly text: string | null;
}

/** The places of core code on an error's stack. */
export function trapPlaces(error: unknown, ran: TrapModule): TrapPlaces {
  return trapPlacesAt(
    framesOf(error).map((offset) => ran.originalOffset(offset)),
    ran.path,
    ran.bytes,
  );
}

/** The places of the code at `offsets` of the module in `bytes`, innermost first. */
export function trapPlacesAt(offsets: readonly number[], path: string, bytes: Uint8Array): TrapPlaces {
  if (offsets.length === 0) return { places: [], text: null };
  const module = readModule(bytes);
  const sources = sourcePlaces(module, path);
  // asc gives the trap of an `assert` no position: its condition, which stands in front of it, has one.
  const known = offsets.map((offset) => {
    const func = module.code.find(({ start, end }) => offset >= start && offset < end);
    return sources && func ? sources.known(offset, func.start) : offset;
  });
  return {
    places: known.map((offset) => sources?.at(offset) ?? `function ${functionName(module, offset)}`),
    text: trapText(sources?.textAround(known[0]!) ?? null),
  };
}

/** The message with its place: the innermost, and if that is not the guest's own source, the next that is. */
export function withPlace(message: string, { places, text }: TrapPlaces): string {
  const [innermost] = places;
  if (innermost === undefined) return `${message}${unresolved(message, true)}`;
  const said = text !== null && /\bunreachable\b/.test(message) ? visible(text) : message;
  const isOwn = (place: string): boolean =>
    !/(^|\/)(~lib|assembly|bindings)\/|^rill-entry\.ts:|^function /.test(place);
  const own = places.find(isOwn);
  const via = own !== undefined && own !== innermost ? `, called from ${own}` : "";
  return `${said}${unresolved(message, own === undefined)} at ${innermost}${via}`;
}

/**
 * What to add where a task was not resolved, or twice. What only bindings do is to
 * close the ends, also the one never made.
 */
function unresolved(message: string, isAtEnd: boolean): string {
  const isResult =
    /\bwithout task\.return or task\.cancel|\breturns, but it was resolved before|\breturns that was resolved before/.test(
      message,
    ) ||
    (isAtEnd && /^handle 0 is not in use|^no such end of a stream or future(?!: handle)/.test(message));
  return isResult ? " (every way through the function has to call task.resolve() once)" : "";
}

/** Bytes of the module that ran. */
function framesOf(error: unknown): number[] {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const found = [...(current.stack ?? "").matchAll(/(wasm:\/\/\S*):?wasm-function\[\d+\]:0x([0-9a-f]+)/g)];
    // Below a guest there may be another one, which waits.
    const own = found.filter(([, module]) => module === found[0]![1]);
    if (own.length > 0) return own.map(([, , offset]) => parseInt(offset!, 16));
  }
  return [];
}

/** Null where the module has no source map that is its own. */
function sourcePlaces(module: CoreModule, path: string): SourcePlaces | null {
  const place = findSourceMap(path, module.sourceMapUrl);
  if (place === null) return null;
  try {
    const { map, warning } = readSourceMap(place, module);
    if (warning !== null) warn(warning);
    return new SourcePlaces(map, path);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    warn(error.message);
    return null;
  }
}

function warn(text: string): void {
  process.stderr.write(`rill: warning: ${visible(text)}\n`);
}

function functionName(module: CoreModule, offset: number): string {
  const defined = module.code.findIndex(({ start, end }) => offset >= start && offset < end);
  const index = module.imports.filter(({ kind }) => kind === "func").length + defined;
  const named = module.names.functions.get(index);
  const exported = module.exports.find((entry) => entry.kind === "func" && entry.index === index);
  return named ?? exported?.name ?? String(index);
}
