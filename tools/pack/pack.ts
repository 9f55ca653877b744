/** From a core module to an image: choose the entry, minify, validate, say what it needs. */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { readModule } from "../report/binary/read-module.js";
import type { World } from "../wit/model.js";
import { BUILT_INS } from "./built-ins.js";
import { HEADER_BYTES, type ImageNeeds, MAX_ELEM_SIZE, MAX_TYPES, NAME_BYTES, writeImage } from "./image.js";
import { liftedFunctions, minify, type Minified } from "./minify.js";
import { needsOf } from "./needs.js";
import { exportedFunction, type StreamTypes, streamTypes } from "./signature.js";

/** What to pack, and for where. */
export interface PackInput {
  readonly core: Uint8Array;
  /** The world of the module, from its component-type section. */
  readonly world: World;
  readonly name: string;
  /** `IFACE#FUNC`; null when the module exports only one. */
  readonly call: string | null;
  readonly board: string | null;
  readonly address: number | null;
  /** What the user states in place of what is worked out. */
  readonly needs?: Partial<ImageNeeds>;
}

/** An image and what is in it. */
export interface Packed {
  readonly image: Uint8Array;
  readonly minified: Minified;
  readonly entry: string;
  readonly streams: StreamTypes;
  readonly needs: ImageNeeds;
}

/** Memory below this and a module without `__heap_base` would ask a board for a whole 64 KiB page. */
const MEMORY_LIMIT = 0xffff;

/**
 * Packs a module.
 * @param validate answers what is wrong with a module, null when it is valid
 * @throws UserError, CheckFailure when the module is invalid or cannot run on a board
 */
export async function pack(
  input: PackInput,
  validate: (module: Uint8Array) => Promise<string | null>,
): Promise<Packed> {
  const entry = entryOf(input);
  const minified = minify(input.core, entry);
  const fault = await validate(minified.bytes);
  if (fault !== null) throw new CheckFailure(`${input.name}: the module is not valid: ${fault}`);
  const streams = streamTypes(exportedFunction(input.world, entry));
  checkTypes(minified, streams, entry);
  const needs = { ...needsOf(minified.module), ...input.needs };
  if (needs.memory > MEMORY_LIMIT) {
    throw new CheckFailure(
      `${input.name}: the guest asks for ${String(needs.memory)} bytes of linear memory; ` +
        "build it with rill build, which exports __heap_base and __data_end so that only what is used is allocated",
    );
  }
  const image = writeImage({
    name: input.name,
    imports: minified.imports,
    types: streams.types,
    paramCount: streams.paramCount,
    module: minified.bytes,
    needs,
    board: input.board,
    address: input.address,
  });
  return { image, minified, entry, streams, needs };
}

function entryOf({ core, call, name }: PackInput): string {
  const lifted = liftedFunctions(readModule(core));
  if (Buffer.byteLength(name, "latin1") > NAME_BYTES || !/^[\x21-\x7e]+$/.test(name)) {
    throw new UserError(
      `"${name}" is no name for an image: at most ${String(NAME_BYTES)} printable ASCII characters`,
    );
  }
  if (call !== null) {
    if (lifted.includes(call)) return call;
    throw new UserError(`${name} exports no async function ${call}; it has: ${lifted.join(", ") || "none"}`);
  }
  if (lifted.length === 1) return lifted[0]!;
  throw new UserError(
    lifted.length === 0
      ? `${name} exports no async function, so a board has nothing to start`
      : `${name} exports ${lifted.join(", ")}: choose one with --call`,
  );
}

/** Every stream that an import names must be one of the signature. */
function checkTypes({ imports, importNames }: Minified, { types }: StreamTypes, entry: string): void {
  if (types.length > MAX_TYPES || types.some(({ elemSize }) => elemSize > MAX_ELEM_SIZE)) {
    throw new UserError(
      `${entry} has ${String(types.length)} streams and futures; an image holds ${String(MAX_TYPES)}, ` +
        `with elements of at most ${String(MAX_ELEM_SIZE)} bytes`,
    );
  }
  imports.forEach(({ builtIn, type, owner }, index) => {
    if (owner !== null && owner !== entry && owner !== entry.split("#").at(-1)) {
      throw new UserError(
        `import ${importNames[index]!} belongs to ${owner}, but an image holds ${entry} alone`,
      );
    }
    if (builtIn >= BUILT_INS.get("stream-new")! && types[type] === undefined) {
      throw new UserError(
        `import ${importNames[index]!} names stream ${String(type)}, which ${entry} does not have`,
      );
    }
  });
}

/** Bytes of an image that are not the module's. */
export function overheadOf(packed: Packed): number {
  return packed.image.length - packed.minified.bytes.length;
}

/** Bytes of the header alone. */
export const headerBytes = HEADER_BYTES;
