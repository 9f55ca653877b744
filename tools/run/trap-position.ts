/** Where in the guest's source a trap happened. */
import type { CoreModule } from "../report/binary/core-module.js";
import { readModule } from "../report/binary/read-module.js";
import { findSourceMap, readSourceMap } from "../report/source/source-map.js";
import { SourcePlaces } from "../report/source/source-places.js";
import { UserError } from "../errors/user-error.js";
import { visible } from "../errors/visible-text.js";

/** A frame of core code on an error's stack. */
interface WasmFrame {
  readonly functionIndex: number;
  /** Byte of the module that ran. */
  readonly offset: number;
}

/** What a trap's places are looked up with. */
export interface TrapModule {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The byte of `bytes` for one of the module that ran. */
  originalOffset(offset: number): number;
}

/**
 * The places of core code on an error's stack, innermost first: `file:line`, or `function name` where no source map
 * tells more. Empty when no core code was running.
 */
export function trapPlaces(error: unknown, ran: TrapModule): string[] {
  const frames = framesOf(error);
  if (frames.length === 0) return [];
  const module = readModule(ran.bytes);
  const places = sourcePlaces(module, ran.path);
  return frames.map(({ functionIndex, offset }) => {
    const place = places?.at(ran.originalOffset(offset)) ?? null;
    return place ?? `function ${functionName(module, functionIndex)}`;
  });
}

/** The message with its place: the innermost, and if that is not the guest's own source, the next that is. */
export function withPlace(message: string, places: readonly string[]): string {
  const [innermost] = places;
  if (innermost === undefined) return message;
  const isOwn = (place: string): boolean => !/(^|\/)(~lib|assembly|bindings)\/|^function /.test(place);
  const own = places.find(isOwn);
  const via = own !== undefined && own !== innermost ? `, called from ${own}` : "";
  return `${message} at ${innermost}${via}`;
}

function framesOf(error: unknown): WasmFrame[] {
  for (let current: unknown = error; current instanceof Error; current = current.cause) {
    const found = [...(current.stack ?? "").matchAll(/wasm-function\[(\d+)\]:0x([0-9a-f]+)/g)];
    if (found.length > 0)
      return found.map(([, index, offset]) => ({
        functionIndex: Number(index),
        offset: parseInt(offset!, 16),
      }));
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

function functionName(module: CoreModule, index: number): string {
  const named = module.names.functions.get(index);
  const exported = module.exports.find((entry) => entry.kind === "func" && entry.index === index);
  return named ?? exported?.name ?? String(index);
}
