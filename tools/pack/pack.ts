/** From a core module to an image: choose the entry, minify, validate, say what it needs. */
import { CheckFailure, UserError } from "../errors/user-error.js";
import { readModule } from "../wasm/read-module.js";
import { GuestDescriptor } from "../c-host/descriptor.js";
import type { ValueType, World } from "../wit/model.js";
import { refuseCallback } from "./callback.js";
import { enginePitfall } from "./engine-pitfalls.js";
import { type ImageNeeds, MAX_ELEM_SIZE, MAX_TYPES, NAME_BYTES, writeImage } from "./image.js";
import { liftedFunctions, minify, type Minified } from "./minify.js";
import { needsOf } from "./needs.js";
import { exportedFunction, streamTypes } from "./signature.js";

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
  /** Imports and distinct element types. */
  readonly descriptor: GuestDescriptor;
  /** Element type of each stream: the parameters first, then the result. */
  readonly streams: readonly number[];
  readonly needs: ImageNeeds;
}

/** Memory below this: a module without `__heap_base` would ask a board for a whole 64 KiB page. */
const MEMORY_LIMIT = 0xffff;
const POOL_LIMIT = 8 * 0xffff;
const STACK_LIMIT = 0xffff;
/** A frame of the interpreter's without locals. */
const LEAST_STACK = 32;
const PLAN_LIMIT = 0xff;

/**
 * Packs a module.
 * @param validate answers what is wrong with a module, null when it is valid
 * @throws UserError, CheckFailure when the module is invalid or cannot run on a board
 */
export async function pack(
  input: PackInput,
  validate: (module: Uint8Array) => Promise<string | null>,
): Promise<Packed> {
  const chosen = await choose(input);
  const { minified } = chosen;
  const fault = (await validate(minified.bytes)) ?? enginePitfall(minified.module);
  if (fault !== null) throw new CheckFailure(`${input.name}: the module is not fit for a board: ${fault}`);
  const { entry, descriptor, streams, paramCount } = describe(input, chosen);
  const needs = needsOf(minified.module, input.needs);
  checkNeeds(input.name, needs);
  const image = writeImage({
    name: input.name,
    imports: descriptor.imports,
    types: descriptor.types,
    streams,
    paramCount,
    module: minified.bytes,
    needs,
    board: input.board,
    address: input.address,
  });
  return { image, minified, entry, descriptor, streams, needs };
}

/** What of a module goes into an image: the function that is called, what it reaches, its streams. */
export interface Chosen {
  readonly entry: string;
  readonly minified: Minified;
  readonly elements: readonly ValueType[];
  readonly paramCount: number;
}

/** Chooses. @throws UserError for a function that a board does not start */
export async function choose(input: PackInput): Promise<Chosen> {
  const entry = entryOf(input);
  refuseCallback(readModule(input.core), entry, input.name);
  const signature = streamTypes(exportedFunction(input.world, entry));
  return { entry, minified: await minify(input.core, entry), ...signature };
}

/** Imports and types of what was chosen. @throws UserError for those that an image does not hold */
export function describe(
  { name, world }: Pick<PackInput, "name" | "world">,
  { entry, minified, elements, paramCount }: Chosen,
): Pick<Packed, "entry" | "descriptor" | "streams"> & { readonly paramCount: number } {
  const descriptor = new GuestDescriptor(minified.named, world);
  const streams = elements.map((element) => descriptor.typeIndex(element));
  checkTypes(name, descriptor);
  return { entry, descriptor, streams, paramCount };
}

function entryOf({ core, call, name }: PackInput): string {
  const lifted = liftedFunctions(readModule(core));
  if (Buffer.byteLength(name, "latin1") > NAME_BYTES || !/^[\x21-\x7e]+$/.test(name)) {
    throw new UserError(
      `"${name}" cannot name an image: use at most ${NAME_BYTES} printable ASCII characters`,
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

function checkTypes(name: string, { types }: GuestDescriptor): void {
  const words = types.reduce((sum, { plan }) => sum + plan.length, 0);
  if (
    types.length <= MAX_TYPES &&
    words <= PLAN_LIMIT &&
    types.every(({ elemSize }) => elemSize <= MAX_ELEM_SIZE)
  )
    return;
  throw new UserError(
    `${name} has ${types.length} element types, the largest of ` +
      `${Math.max(...types.map(({ elemSize }) => elemSize))} bytes, with copy plans of ${words} words; ` +
      `an image holds ${MAX_TYPES} types of at most ${MAX_ELEM_SIZE} bytes and ${PLAN_LIMIT} words`,
  );
}

function checkNeeds(name: string, { memory, pool, stack }: ImageNeeds): void {
  if (memory > MEMORY_LIMIT) {
    throw new CheckFailure(
      `${name}: the guest asks for ${memory} bytes of linear memory; build it with rill build, ` +
        "which exports __heap_base and __data_end so that only what is used is allocated",
    );
  }
  if (stack < LEAST_STACK) {
    throw new UserError(
      `${name}: a stack of ${stack} bytes cannot hold a frame (at least ${LEAST_STACK}); for 0 the interpreter would take kilobytes`,
    );
  }
  if (pool > POOL_LIMIT || stack > STACK_LIMIT) {
    throw new CheckFailure(
      `${name}: the guest needs ${pool} bytes of pool and ${stack} of stack: no board here has that`,
    );
  }
}
