/** `rill pack`: reads a core module, packs it, writes the image, says what is in it. */
import { basename } from "node:path";
import { findBoard } from "./board-table.js";
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { refuseSameFile } from "../files/same-file.js";
import { replaceFile } from "../files/write-whole.js";
import { visibleJson, visibleLines } from "../errors/visible-text.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import { layerOf } from "../wasm/read-module.js";
import type { World } from "../wit/model.js";
import { validatorWords } from "../wasm/validator-words.js";
import { moduleWorld } from "../wit/module-world.js";
import { parseAddress } from "./address.js";
import { boardId, type ImageNeeds, NAME_BYTES } from "./image.js";
import { pack, type Packed } from "./pack.js";
import { validateForBoard } from "./validate.js";
import { encodeImage, FORMATS, type Format } from "./write-image.js";

/** The flags of the command. */
export interface PackFlags {
  readonly format: string;
  readonly output: string;
  readonly name?: string;
  readonly call?: string;
  readonly also?: readonly string[];
  readonly board?: string;
  readonly cpu?: string;
  readonly address?: string;
  readonly section?: string;
  readonly family?: string;
  readonly stack?: string;
  readonly pool?: string;
  readonly piped?: string;
  readonly heldEnds?: number;
  readonly json?: boolean;
}

/** Runs the command. */
export async function runPack(core: string, flags: PackFlags): Promise<void> {
  const format = FORMATS.find((known) => known === flags.format);
  if (format === undefined) {
    throw new UserError(
      `--format ${flags.format}: there are ${[...FORMATS, "native", "native-image"].join(", ")}`,
    );
  }
  refuseOtherFormats(format, flags);
  refuseSameFile({ name: `-o ${flags.output}`, path: flags.output }, [{ name: core, path: core }]);
  const name = flags.name ?? guestName(core);
  const address = addressOf(flags);
  const packed = await packFile(core, {
    name,
    call: flags.call ?? null,
    ...(flags.also !== undefined && { further: flags.also }),
    board: flags.board === undefined ? null : findBoard(flags.board).name,
    // A format without addresses gives an image that may lie anywhere, unless the user says where.
    address: flags.address === undefined && (format === "bin" || format === "c") ? null : address,
    piped: flags.piped ?? null,
    ...(flags.heldEnds !== undefined && { ends: flags.heldEnds }),
    needs: { ...number("stack", flags.stack), ...number("pool", flags.pool) },
  });
  const bytes = encodeImage(packed.image, format, {
    name,
    address,
    section: flags.section ?? null,
    family: flags.family ?? null,
  });
  replaceFile(flags.output, bytes);
  if (flags.json === true) process.stdout.write(`${visibleJson(summary(packed, format, flags))}\n`);
  else process.stdout.write(visibleLines(describe(packed, flags.output)));
}

/** @throws UserError for a flag that would change nothing */
function refuseOtherFormats(format: Format, { section, family, cpu }: PackFlags): void {
  if (cpu !== undefined)
    throw new UserError("--cpu goes with --format native and native-image; a module runs on every core");
  if (section !== undefined && format !== "c") throw new UserError("--section goes with --format c");
  if (section !== undefined && !/^[\w.$]+$/.test(section))
    throw new UserError(`--section ${section}: a section's name, of letters, digits, ".", "_" and "$"`);
  if (family !== undefined && format !== "uf2") throw new UserError("--family goes with --format uf2");
}

/** What a caller may state. */
export interface PackChoices {
  /** Where the module's section of the world is another guest's. */
  readonly world?: World;
  readonly name?: string;
  readonly call?: string | null;
  readonly further?: readonly string[];
  readonly board?: string | null;
  readonly address?: number | null;
  readonly needs?: Partial<ImageNeeds>;
  readonly piped?: string | null;
  readonly ends?: number;
}

/** Reads and packs a core module. @throws UserError when the file is no core module with a world in it */
export async function packFile(core: string, choices: PackChoices = {}): Promise<Packed> {
  return packBytes(core, readInput(core), choices);
}

/** Packs the bytes of a core module that came from `source`. */
export async function packBytes(
  source: string,
  bytes: Uint8Array,
  choices: PackChoices = {},
): Promise<Packed> {
  const world = choices.world ?? checkedWorld(source, bytes);
  try {
    return await pack(
      {
        core: bytes,
        world,
        name: choices.name ?? guestName(source),
        call: choices.call ?? null,
        board: choices.board ?? null,
        address: choices.address ?? null,
        ...(choices.further === undefined ? {} : { further: choices.further }),
        piped: choices.piped ?? null,
        ...(choices.needs === undefined ? {} : { needs: choices.needs }),
        ...(choices.ends === undefined ? {} : { ends: choices.ends }),
      },
      validateForBoard,
    );
  } catch (error) {
    if (error instanceof WasmFormatError) throw new UserError(`${source}: ${error.message}`);
    throw error;
  }
}

/** The world of a core module. @throws UserError when `bytes` are no valid module, or one without a world */
export function checkedWorld(source: string, bytes: Uint8Array): World {
  const layer = layerOf(bytes);
  if (layer !== "module") {
    const hint =
      layer === "component" ? "a component; pack the .core.wasm beside it" : "no WebAssembly module";
    throw new UserError(`${source} is ${hint}`);
  }
  const wrong = validatorWords(Uint8Array.from(bytes));
  if (wrong !== null) throw new UserError(`${source} is not a valid WebAssembly module: ${wrong}`);
  const world = moduleWorld(source, bytes);
  if (world === null) {
    throw new UserError(
      `${source} holds no component-type section, so its types are unknown: build it with rill build`,
    );
  }
  return world;
}

/** `dir/double.core.wasm` is called `double`, shortened to what an image can hold. */
export function guestName(core: string): string {
  return basename(core)
    .replace(/(?:\.core)?\.wasm$/, "")
    .slice(0, NAME_BYTES);
}

function addressOf({ address, board }: PackFlags): number | null {
  if (address === undefined) return board === undefined ? null : findBoard(board).images.start;
  return parseAddress(address);
}

function number<K extends string>(key: K, text: string | undefined): Partial<Record<K, number>> {
  if (text === undefined) return {};
  const value = Number(text);
  if (!Number.isInteger(value) || value <= 0 || value > 0x7fff0) {
    throw new UserError(`--${key} ${text}: a number of bytes`);
  }
  return { [key]: value } as Partial<Record<K, number>>;
}

function summary(packed: Packed, format: Format, flags: PackFlags): object {
  const { image, minified, entry, entries, needs, streams, types, descriptor, functions } = packed;
  return {
    file: flags.output,
    format,
    entry,
    entries: entries.map((one) => one.entry),
    image_bytes: image.length,
    module_bytes: minified.bytes.length,
    imports: descriptor.imports.map(({ module, name }) => `${module} ${name}`),
    functions: functions.map(({ text, hash }) => ({ text, hash: `0x${hash.toString(16).padStart(8, "0")}` })),
    streams: streams.map((type) => {
      const { elemSize, alignment } = types[type]!;
      return { elem_size: elemSize, alignment };
    }),
    needs: {
      pool_bytes: needs.pool,
      stack_bytes: needs.stack,
      arena_bytes: needs.arena,
      memory_bytes: needs.memory,
      frames: needs.frames,
    },
    board_id: flags.board === undefined ? null : boardId(flags.board),
  };
}

function describe({ image, minified, entry, needs }: Packed, file: string): string {
  return (
    `${file}: ${entry}, ${image.length} bytes (module ${minified.bytes.length}); ` +
    `needs ${needs.pool} bytes of pool, ${needs.stack} of operand stack, ` +
    `${needs.memory} of linear memory\n`
  );
}
