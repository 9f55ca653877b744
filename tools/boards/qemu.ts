/** Runs firmware on QEMU's model of a board, with images in flash and the serial line in our hands. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CheckFailure } from "../errors/user-error.js";
import { endProcess, startProcess } from "../processes/start-process.js";
import { inTemporaryFolder } from "../processes/temporary-folder.js";
import type { EmulatedBoard } from "../pack/board-table.js";
import { type BoardReport, type FeedOptions, SerialLink } from "./serial-link.js";
import { toolchainOf } from "./toolchain.js";
import { needTool } from "../setup/build-tool.js";

/** Bytes at a flash address. */
export interface Placed {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** What to run and for how long. */
export interface QemuRun extends FeedOptions {
  readonly board: EmulatedBoard;
  /** The firmware, an ELF file. */
  readonly elf: string;
  readonly images: readonly Placed[];
  /** Milliseconds until the run is ended as hung; default 60,000. */
  readonly timeout?: number;
  /**
   * Virtual nanoseconds an instruction, as a power of two: the emulated core's speed, and with it what fits
   * between two ticks. Default 4 (16 ns); 0 makes the board's timers count instructions.
   */
  readonly shift?: number;
  /** Where the core sleeps, its clock goes as ours does; else what it waits for comes at once. */
  readonly realTime?: boolean | undefined;
  /** Rejects when the run cannot go on for what is at fault elsewhere. */
  readonly failure?: Promise<never> | undefined;
  /** More arguments for QEMU. */
  readonly extra?: readonly string[];
}

/** Silence after which the last line is sent again: noise may have swallowed it. */
const REMIND_AFTER_MS = 400;

/** QEMU's arguments for a run, without the images' files. */
export function qemuArguments(board: EmulatedBoard, elf: string, shift = 4, realTime = false): string[] {
  const { load, hasCountedTime } = toolchainOf(board);
  return [
    ...["-M", board.machine, load, elf, "-display", "none", "-monitor", "none", "-serial", "stdio"],
    ...(hasCountedTime ? ["-icount", `shift=${shift},sleep=${realTime ? "on" : "off"}`] : []),
  ];
}

/**
 * Runs until the firmware says `done`.
 * @throws CheckFailure with the last lines when it hangs, UserError when QEMU is missing
 */
export async function runOnQemu(options: QemuRun): Promise<BoardReport> {
  const qemu = needTool(await toolchainOf(options.board).emulator());
  return inTemporaryFolder("rill-board-", async (folder) => {
    const loaders: string[] = [];
    for (const [index, { address, bytes }] of options.images.entries()) {
      const file = join(folder, `${index}.img`);
      await writeFile(file, bytes);
      loaders.push("-device", `loader,file=${file},addr=0x${address.toString(16)},force-raw=on`);
    }
    return await follow(
      qemu,
      [
        ...qemuArguments(options.board, options.elf, options.shift, options.realTime),
        ...loaders,
        ...(options.extra ?? []),
      ],
      options,
    );
  });
}

/**
 * The command that runs QEMU. Where its serial line drops what is not taken at once, a pipe of the system's
 * stands behind it, which holds 64 KiB: Node's own are sockets, and full after some 280 single bytes.
 */
function commandOf(
  board: EmulatedBoard,
  qemu: string,
  args: readonly string[],
): readonly [command: string, args: readonly string[]] {
  if (!toolchainOf(board).dropsOutput) return [qemu, args];
  return ["sh", ["-c", '"$@" | cat', "sh", qemu, ...args]];
}

function follow(qemu: string, args: readonly string[], options: QemuRun): Promise<BoardReport> {
  return new Promise((resolve, reject) => {
    const child = startProcess(...commandOf(options.board, qemu, args), { stdio: ["pipe", "pipe", "pipe"] });
    const link = new SerialLink(
      options,
      (bytes) => child.stdin!.write(bytes),
      (error) => {
        endProcess(child, "SIGKILL");
        reject(error as Error);
      },
    );
    let complaint = "";
    const fail = (what: string): void => {
      endProcess(child, "SIGKILL");
      const lines = link.report().log.slice(-8).join("\n");
      reject(new CheckFailure(`${options.board.name}: ${what}; its last lines:\n${lines}\n${complaint}`));
    };
    const limit = options.timeout ?? 60_000;
    const timeout = setTimeout(() => {
      fail(`the emulated board did not finish within ${limit} ms`);
    }, limit);
    const reminder = setInterval(() => {
      link.remind();
    }, REMIND_AFTER_MS);
    child.stdin!.on("error", () => undefined);
    child.stderr!.on("data", (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout!.on("data", (chunk: Buffer) => {
      link.receive(chunk);
      reminder.refresh();
      if (link.done) endProcess(child, "SIGKILL");
    });
    child.on("error", (error) => {
      fail(error.message);
    });
    options.failure?.catch((error: unknown) => {
      endProcess(child, "SIGKILL");
      reject(error as Error);
    });
    child.on("close", () => {
      clearTimeout(timeout);
      clearInterval(reminder);
      if (link.done) resolve(link.report());
      else fail("the emulator ended early");
    });
  });
}
