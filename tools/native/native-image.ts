/** `--format native-image`: a guest's machine code in the format of images. */
import { UserError } from "../errors/user-error.js";
import { type Board, findBoard } from "../pack/board-table.js";
import { type ImageNeeds, writeImage } from "../pack/image.js";
import { choose, describe, MEMORY_LIMIT, type PackInput, POOL_LIMIT } from "../pack/pack.js";
import { liftName } from "../wit/canonical-names.js";
import { compileImage } from "./compile-image.js";
import { type Core, coreOf, findCore } from "./cores.js";
import { GuestModule } from "./guest-module.js";
import { imageSource } from "./image-source.js";
import { readModule } from "../wasm/read-module.js";

/** What to pack, and for which core. */
export interface NativeImageInput extends Omit<PackInput, "needs"> {
  readonly core: Uint8Array;
  readonly cpu: Core;
}

/** An image of machine code. */
export interface NativeImage {
  readonly image: Uint8Array;
  readonly codeBytes: number;
  readonly entry: string;
  readonly needs: ImageNeeds;
}

/**
 * The core that `--cpu` or the board's chip says.
 * @throws UserError when neither is given, or they differ
 */
export function chosenCore(cpu: string | undefined, board: Board | undefined): Core {
  if (cpu === undefined && board === undefined)
    throw new UserError("--format native-image is for one core: give --cpu, or --board");
  const core = cpu === undefined ? coreOf(board!.cpu) : findCore(cpu);
  if (board !== undefined && !core.cpus.includes(board.cpu))
    throw new UserError(`--cpu ${core.name}: ${board.name} has a ${board.cpu}`);
  return core;
}

/** Packs a guest. @throws UserError, CheckFailure for one that no image can hold */
export async function packNativeImage(input: NativeImageInput): Promise<NativeImage> {
  const chosen = await choose(input);
  const { entry, descriptor, streams, paramCount } = describe(input, chosen);
  const module = new GuestModule(readModule(chosen.minified.named), input.name);
  const func = module.module.exports.find(({ name }) => name === liftName(entry, true))!.index;
  const source = imageSource({ module, entry: func, paramCount, descriptor });
  const { bytes, instanceBytes, stackBytes } = await compileImage(source, input.cpu, input.name);
  const needs = { pool: instanceBytes, stack: stackBytes, arena: 0, frames: 1, memory: module.memoryBytes };
  if (needs.memory > MEMORY_LIMIT || needs.pool > POOL_LIMIT)
    throw new UserError(
      `${input.name}: an instance takes ${instanceBytes} bytes, of which linear memory ${needs.memory}; an image can ask ` +
        `for ${POOL_LIMIT} and ${MEMORY_LIMIT}. Build it with rill build, which exports __heap_base`,
    );
  const image = writeImage({
    name: input.name,
    imports: descriptor.imports,
    types: descriptor.types,
    streams,
    paramCount,
    module: bytes,
    cpu: input.cpu.name,
    needs,
    board: input.board,
    address: input.address,
  });
  refuseLarge(input, image.length);
  return { image, codeBytes: bytes.length, entry, needs };
}

/** @throws UserError for an image that no slot of its board holds */
function refuseLarge({ name, board }: NativeImageInput, length: number): void {
  const room = board === null ? Infinity : findBoard(board).images.length;
  if (length > room)
    throw new UserError(
      `${name}: its image has ${length} bytes, and the firmware of ${board} keeps ${room} for images`,
    );
}
