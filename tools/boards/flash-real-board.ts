/**
 * Real boards: the image goes to flash through the tool that the board's users
 * already have; we show and run its command.
 */
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { visible } from "../errors/visible-text.js";
import { CheckFailure, UserError } from "../errors/user-error.js";
import { replaceFile } from "../files/write-whole.js";
import { parseAddress } from "../pack/address.js";
import { joinIntelHex } from "../pack/formats/intel-hex.js";
import { readInput } from "../files/read-input.js";
import { chosenCore } from "../native/native-image.js";
import { packNativeBytes } from "../native/pack-native-image.js";
import { guestName, packFile } from "../pack/pack-command.js";
import { encodeImage, type Format } from "../pack/write-image.js";
import { startProcess } from "../processes/start-process.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import { onPath } from "../setup/on-path.js";
import { type Board, BOARDS } from "../pack/board-table.js";
import { binutilOf } from "./board-programs.js";
import { planWritten } from "../run/pipeline/plan-pipeline.js";
import { rowOf } from "../run/pipeline/row-of-plans.js";
import { packRow, rowBytes } from "./image-row.js";
import { buildFirmware, buildNativeImageFirmware } from "./firmware.js";
import { must } from "../setup/build-tool.js";

/** The tools that `--with` names. */
export const FLASHERS = ["probe-rs", "openocd", "esptool", "uf2"] as const;
type Flasher = (typeof FLASHERS)[number];

/** Flags for real boards. */
export interface RealFlashFlags {
  readonly board: string;
  readonly with?: string;
  readonly address?: string;
  readonly chip?: string;
  /** OpenOCD's script of the debug probe. */
  readonly interface?: string;
  readonly drive?: string;
  readonly family?: string;
  readonly call?: string;
  /** Guests that the stream of the one before goes into. */
  readonly then?: readonly string[];
  /** Values of their parameters. */
  readonly in?: readonly string[];
  readonly dryRun?: boolean;
  /** The guest's machine code, for a firmware that takes it. */
  readonly nativeImage?: boolean;
  /** Writes the board's firmware together with the image. */
  readonly firmware?: boolean;
}

/** A programmer's command line. */
export interface FlashCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly format: Format;
  /** What to type when the program is missing. */
  readonly install: string;
}

/** Flashes, after showing the command. @throws UserError, CheckFailure when the tool fails */
export async function flashRealBoard(
  core: string,
  flags: RealFlashFlags,
  known: Board | null,
): Promise<void> {
  const flasher = flasherOf(flags);
  refuseOtherFlashers(flasher, flags);
  const address = addressOf(flags, known);
  await inTemporaryFolder("rill-flash-", async (folder) => {
    const command = flashCommand(flasher, flags, known, address, folder);
    const board = flags.firmware === true ? boardWithFirmware(known, command) : null;
    const image = await imageOf(core, flags, known, address);
    const placement = { name: "guest", address, section: null, family: flags.family ?? null };
    const encoded = encodeImage(image, command.format, placement);
    process.stderr.write(`$ ${visible([command.program, ...command.args].map(quote).join(" "))}\n`);
    if (flags.dryRun === true) return;
    const program = onPath(command.program);
    if (program === null) {
      throw new UserError(`${command.program} is not installed, so nothing was written; ${command.install}`);
    }
    const bytes =
      board === null
        ? encoded
        : Buffer.from(joinIntelHex(await firmwareHex(board, folder, flags), image, address));
    replaceFile(imageFile(folder, command.format), bytes);
    const status = await runHere(program, command.args);
    if (status !== 0)
      throw new CheckFailure(`${command.program} ended with ${status}: see its message above`);
  });
}

/** Runs a programmer with our terminal. @returns its exit code, or the signal that ended it */
function runHere(program: string, args: readonly string[]): Promise<number | string | null> {
  return new Promise((resolve, reject) => {
    const child = startProcess(program, args, { stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code, signal) => {
      resolve(code ?? signal);
    });
  });
}

function flasherOf({ board, with: wanted }: RealFlashFlags): Flasher {
  const flasher = FLASHERS.find((name) => name === wanted);
  if (flasher !== undefined) return flasher;
  const tools = FLASHERS.join(", ");
  if (wanted !== undefined) throw new UserError(`--with ${wanted}: there are ${tools}`);
  throw new UserError(
    `--board ${board} is not emulated (${boardNames()} are); for a real board say which tool writes its flash: --with ${tools}`,
  );
}

/** @throws UserError for a flag of another tool's */
function refuseOtherFlashers(flasher: Flasher, flags: RealFlashFlags): void {
  const others = {
    interface: ["openocd"],
    drive: ["uf2"],
    family: ["uf2"],
    chip: ["probe-rs", "openocd", "esptool"],
  };
  for (const [name, tools] of Object.entries(others)) {
    if (flags[name as keyof typeof others] === undefined || tools.includes(flasher)) continue;
    throw new UserError(`--${name} goes with --with ${tools.join(", ")}; ${flasher} has no use for it`);
  }
}

/**
 * The board whose firmware is to be written, too.
 * @throws UserError when there is none, or the tool takes no file with addresses
 */
function boardWithFirmware(known: Board | null, { program, format }: FlashCommand): Board {
  if (known === null)
    throw new UserError(
      `--firmware: there is firmware for ${boardNames()}; docs/integration.md has one for other boards`,
    );
  if (format === "hex") return known;
  throw new UserError(
    `--firmware goes with probe-rs and openocd; ${program} would write it to the image's address`,
  );
}

/** What goes into flash. */
async function imageOf(
  core: string,
  flags: RealFlashFlags,
  known: Board | null,
  address: number,
): Promise<Uint8Array> {
  const { call = null, nativeImage } = flags;
  if (isRow(flags))
    return rowBytes(
      await packRow(rowOf(planWritten(core, { ...flags, in: flags.in ?? [] })), boardOfRow(known, address)),
    );
  if (nativeImage !== true)
    return (await packFile(core, { call, board: known?.name ?? null, address })).image;
  if (known === null)
    throw new UserError(
      `--native-image: the core is known of ${boardNames()}; for another board ` +
        "rill pack --format native-image --cpu NAME writes the image",
    );
  const choices = { name: guestName(core), call, board: known.name, address };
  return (await packNativeBytes(core, readInput(core), { ...choices, cpu: chosenCore(undefined, known) }))
    .image;
}

function isRow({ then = [] }: RealFlashFlags): boolean {
  return then.length > 0;
}

/** The board, with the row at `address`. @throws UserError for one whose firmware is not ours */
function boardOfRow(known: Board | null, address: number): Board {
  if (known === null)
    throw new UserError(
      `--then: rows are written for ${boardNames()}; for another board rill pack --piped PARAM makes an image for each guest behind the first`,
    );
  const { images } = known;
  return { ...known, images: { ...images, start: address, length: images.start + images.length - address } };
}

async function firmwareHex(board: Board, folder: string, flags: RealFlashFlags): Promise<string> {
  const { elf } = await (flags.nativeImage === true
    ? buildNativeImageFirmware(board)
    : buildFirmware(board, { hasPipes: isRow(flags) }));
  const file = join(folder, "firmware.hex");
  const objcopy = await binutilOf(board, "objcopy");
  await must(objcopy, ["-O", "ihex", elf, file]);
  return await readFile(file, "latin1");
}

/** The command that writes the image in `folder` to flash. */
export function flashCommand(
  flasher: Flasher,
  flags: RealFlashFlags,
  known: Board | null,
  address: number,
  folder: string,
): FlashCommand {
  const hex = imageFile(folder, "hex");
  const bin = imageFile(folder, "bin");
  switch (flasher) {
    case "probe-rs": {
      const chip = required(
        "--chip",
        flags.chip ?? known?.probeRsChip,
        "probe-rs's name of the chip: probe-rs chip list",
      );
      const args = ["download", "--chip", chip, "--binary-format", "hex", hex];
      return {
        program: "probe-rs",
        args,
        format: "hex",
        install: "see https://probe.rs/docs/getting-started/installation",
      };
    }
    case "openocd": {
      const target = required(
        "--chip",
        flags.chip ?? known?.openOcdTarget,
        "an OpenOCD script, like target/stm32f4x.cfg",
      );
      const usual = known === null ? "interface/cmsis-dap.cfg" : known.openOcdInterface;
      const probe = flags.interface ?? usual;
      if (usual === null && flags.interface !== undefined && flags.chip === undefined)
        throw new UserError(
          `--interface: ${target} names its probe, too; give --chip with a script of the chip alone`,
        );
      const scripts = probe === null ? [target] : [probe, target];
      const args = [...scripts.flatMap((script) => ["-f", script]), "-c", `program ${hex} verify reset exit`];
      return { program: "openocd", args, format: "hex", install: "on Debian: apt-get install openocd" };
    }
    case "esptool": {
      const chip = flags.chip ?? "auto";
      const args = ["--chip", chip, "write_flash", `0x${address.toString(16)}`, bin];
      // Debian's package leaves the ending out.
      const program = onPath("esptool.py") === null && onPath("esptool") !== null ? "esptool" : "esptool.py";
      return { program, args, format: "bin", install: "type: pip install esptool" };
    }
    case "uf2": {
      const drive = required("--drive", flags.drive, "the folder where the board's USB drive is mounted");
      if (flags.dryRun !== true && !existsSync(drive)) {
        throw new UserError(`--drive ${drive}: there is no such folder; is the board in its bootloader?`);
      }
      return {
        program: "cp",
        args: [imageFile(folder, "uf2"), join(drive, "guest.uf2")],
        format: "uf2",
        install: "copy the file that rill pack --format uf2 writes onto the drive",
      };
    }
  }
}

function boardNames(): string {
  return BOARDS.map(({ name }) => name).join(", ");
}

function imageFile(folder: string, format: Format): string {
  return join(folder, `guest.${format}`);
}

function addressOf({ address }: RealFlashFlags, known: Board | null): number {
  const text = required(
    "--address",
    address ?? known?.images.start.toString(),
    "where the firmware looks for images",
  );
  return parseAddress(text);
}

function required(flag: string, value: string | undefined, what: string): string {
  if (value !== undefined) return value;
  throw new UserError(`give ${flag}: ${what}`);
}

function quote(word: string): string {
  return /^[\w./:=-]+$/.test(word) ? word : `'${word}'`;
}
