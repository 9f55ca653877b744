/**
 * Reads what the user named: a core module, or a core module inside a component,
 * or one clear message why not.
 */
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import { coreModulesIn } from "../wasm/component.js";
import type { CoreModule } from "../wasm/core-module.js";
import { InstructionReader } from "../wasm/instruction-reader.js";
import { layerOf, readModule } from "../wasm/read-module.js";
import { invalidity } from "./validate-module.js";

/** A module and its source map, read. */
export interface ReportInput {
  readonly path: string;
  readonly bytes: Uint8Array;
  readonly module: CoreModule;
  /**
   * Number of the core module inside the component that `path` is, null when `path` is a core module itself.
   */
  readonly inside: number | null;
}

/**
 * Reads the core module at `path`.
 * @param core     number of the core module to take when the file is a component
 * @param validate whether an invalid module is refused
 * Errors: UserError when there is no module to report on
 */
export async function loadInput(path: string, core: number | null, validate = true): Promise<ReportInput> {
  const input = inputAt(path, core);
  const fault = validate ? await invalidity(input.module) : null;
  if (fault === null) return input;
  const where = input.inside === null ? path : `${path}, core module ${input.inside},`;
  const unknown = unknownInstruction(input.module);
  if (unknown) throw unreadable(where, unknown);
  throw new UserError(
    `${where} is an invalid WebAssembly module: ${fault}; build or copy it again, or pass --no-validate to see the figures anyway`,
  );
}

/** The first instruction that no proposal known here has, if one there is. */
function unknownInstruction({ bytes, code }: CoreModule): WasmFormatError | null {
  const reader = new InstructionReader(bytes);
  try {
    for (const entry of code) for (reader.reset(entry.code, entry.end); !reader.done;) reader.next();
  } catch (error) {
    if (error instanceof WasmFormatError && error.isUnknown) return error;
    if (!(error instanceof WasmFormatError)) throw error;
  }
  return null;
}

/** Whether the file at `path` is a component. */
export function isComponent(path: string): boolean {
  return layerOf(readInput(path)) === "component";
}

function inputAt(path: string, core: number | null): ReportInput {
  const bytes = readInput(path);
  const layer = layerOf(bytes);
  if (layer === "component") return loadInside(path, bytes, core);
  if (layer === "neither") throw new UserError(describeOther(path, bytes));
  if (core !== null)
    throw new UserError(
      `--core ${core}: ${path} is a core module itself; --core chooses one inside a component`,
    );
  return { path, bytes, module: parse(path, bytes), inside: null };
}

function parse(path: string, bytes: Uint8Array): CoreModule {
  try {
    return readModule(bytes);
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    throw unreadable(path, error);
  }
}

/** What to say of a module that cannot be read. */
export function unreadable(path: string, error: WasmFormatError): UserError {
  return new UserError(
    error.isUnknown
      ? `${path} uses a newer WebAssembly proposal than this report reads: ${error.message}`
      : `${path} is a damaged WebAssembly module: ${error.message}; build or copy it again`,
  );
}

function loadInside(path: string, bytes: Uint8Array, core: number | null): ReportInput {
  let modules;
  try {
    modules = coreModulesIn(bytes);
  } catch (error) {
    if (!(error instanceof WasmFormatError)) throw error;
    throw new UserError(`${path} is a damaged component: ${error.message}; build or copy it again`);
  }
  const list = modules
    .map(({ start, end }, index) => `${index} (${(end - start).toLocaleString("en")} bytes)`)
    .join(", ");
  const holds =
    modules.length === 0
      ? "holds no core module"
      : `holds ${modules.length} core module${modules.length > 1 ? "s" : ""}: ${list}`;
  if (core === null) {
    const offer = modules.length === 0 ? "" : `; look inside with --core ${largest(modules)}`;
    throw new UserError(`${path} is a component, not a core module: it ${holds}${offer}`);
  }
  const range = modules[core];
  if (!range) throw new UserError(`${path} has no core module ${core}: it ${holds}`);
  const inner = bytes.slice(range.start, range.end);
  return { path, bytes: inner, module: parse(`${path}, core module ${core},`, inner), inside: core };
}

function largest(modules: readonly { start: number; end: number }[]): number {
  const sizes = modules.map(({ start, end }) => end - start);
  return sizes.indexOf(Math.max(...sizes));
}

function describeOther(path: string, bytes: Uint8Array): string {
  if (bytes.length === 0) return `${path} is empty; give a .wasm file`;
  const magic =
    bytes.length >= 4 && new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true) === 0x6d736100;
  if (magic && bytes.length < 8)
    return `${path} is cut off after ${bytes.length} bytes; build or copy it again`;
  if (magic) return `${path} is WebAssembly of an unknown version; this report reads version 1 core modules`;
  const text = new TextDecoder().decode(bytes.subarray(0, 64)).trimStart();
  if (text.startsWith("(module") || text.startsWith("(component")) {
    return `${path} is WebAssembly text; turn it into a binary first: wasm-tools parse ${path} -o OUT.wasm`;
  }
  return `${path} is not WebAssembly: its first bytes are not \\0asm`;
}
