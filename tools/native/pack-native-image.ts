/** `rill pack --format native-image`: reads a core module, compiles it, writes the image and says so. */
import { visibleJson, visibleLines } from "../errors/visible-text.js";
import { optionName } from "../errors/option-name.js";
import { UserError } from "../errors/user-error.js";
import { readInput } from "../files/read-input.js";
import { refuseSameFile } from "../files/same-file.js";
import { replaceFile } from "../files/write-whole.js";
import { parseAddress } from "../pack/address.js";
import { findBoard } from "../pack/board-table.js";
import { boardId } from "../pack/image.js";
import { checkedWorld, guestName, type PackFlags } from "../pack/pack-command.js";
import { WasmFormatError } from "../wasm/byte-reader.js";
import { chosenCore, type NativeImage, packNativeImage } from "./native-image.js";

/** Flags of the other formats, and of the interpreter. */
const OTHERS = ["also", "section", "family", "stack", "pool", "piped", "heldEnds"] as const;

/** Runs it. @throws UserError, CheckFailure, before anything is written */
export async function runPackNativeImage(path: string, flags: PackFlags): Promise<void> {
  const odd = OTHERS.find((name) => flags[name] !== undefined);
  if (odd !== undefined) throw new UserError(`--${optionName(odd)} is not for --format native-image`);
  refuseSameFile({ name: `-o ${flags.output}`, path: flags.output }, [{ name: path, path }]);
  const board = flags.board === undefined ? undefined : findBoard(flags.board);
  const cpu = chosenCore(flags.cpu, board);
  const packed = await packNativeBytes(path, readInput(path), {
    name: flags.name ?? guestName(path),
    call: flags.call ?? null,
    board: board?.name ?? null,
    address: flags.address === undefined ? null : parseAddress(flags.address),
    cpu,
  });
  replaceFile(flags.output, packed.image);
  if (flags.json === true) {
    const { image, codeBytes, entry, needs } = packed;
    const facts = {
      file: flags.output,
      format: "native-image",
      entry,
      cpu: cpu.name,
      image_bytes: image.length,
      code_bytes: codeBytes,
      needs: { instance_bytes: needs.pool, memory_bytes: needs.memory, stack_bytes: needs.stack },
      board_id: board === undefined ? null : boardId(board.name),
    };
    process.stdout.write(`${visibleJson(facts)}\n`);
  } else process.stdout.write(visibleLines(described(packed, flags.output, cpu.name)));
}

/** Packs the bytes of a core module that came from `source`. */
export async function packNativeBytes(
  source: string,
  core: Uint8Array,
  choices: Omit<Parameters<typeof packNativeImage>[0], "core" | "world">,
): Promise<NativeImage> {
  const world = checkedWorld(source, core);
  try {
    return await packNativeImage({ core, world, ...choices });
  } catch (error) {
    if (error instanceof WasmFormatError) throw new UserError(`${source}: ${error.message}`);
    throw error;
  }
}

function described({ image, codeBytes, entry, needs }: NativeImage, file: string, cpu: string): string {
  return (
    `${file}: ${entry}, ${image.length} bytes (${codeBytes} of machine code for ${cpu}); ` +
    `an instance takes ${needs.pool} bytes, ${needs.memory} of them linear memory, a call of it ${needs.stack} bytes of stack ` +
    `and what it calls in the firmware. It is trusted code: ` +
    "a firmware takes it that was built with RILL_ALLOW_NATIVE\n"
  );
}
