/** Calls of guests on an emulated board that take, answer and call more than streams. */
import { droppedResource } from "../../tools/c-host/resource-numbers.js";
import { packBytes, type PackChoices } from "../../tools/pack/pack-command.js";
import { boardGuest } from "../../tools/native/board-guest.js";
import { moduleWorld } from "../../tools/wit/module-world.js";
import { type Board, type EmulatedBoard, IMAGE_STRIDE } from "../../tools/pack/board-table.js";
import type { Packed } from "../../tools/pack/pack.js";
import { buildFirmware, buildGuestFirmware, type FirmwareOptions } from "../../tools/boards/firmware.js";
import { type QemuRun, runOnQemu } from "../../tools/boards/qemu.js";
import { type RemoteFunctions, RemoteGuest } from "../../tools/run/remote/remote-guest.js";
import type { BoardReport } from "../../tools/boards/serial-link.js";
import type { Value } from "../../tools/host/values/value.js";

/** A call on a board. */
export interface BoardCall {
  /** The core module, and the name of its image. */
  readonly core: Uint8Array;
  readonly name?: string;
  readonly call: string;
  /** Of the parameters that are no streams. */
  readonly args?: readonly Value[];
  /** Raw items of the streams among them. */
  readonly streams?: readonly Uint8Array[];
  /** In place of these, where items hold strings or lists. */
  readonly items?: readonly (readonly Value[])[];
  /** Functions of the computer's, by what the guest imports. */
  readonly functions?: Readonly<Record<string, (...args: Value[]) => Value>>;
  /** Gets resources of the computer's that the guest has dropped. */
  readonly dropped?: Value[];
  readonly choices?: PackChoices;
}

/** What a call came to. */
export interface CallOutcome {
  readonly packed: Packed;
  /** Undefined where it did not answer, or with a stream. */
  readonly result: Value | undefined;
  /** Items of the stream that it answered with, raw. */
  readonly items: Uint8Array | undefined;
  /** The same where they hold strings or lists. */
  readonly written: readonly Value[];
  /** Why it had to trap, if that was for what it passed to the computer. */
  readonly trap: string | null;
}

/** Runs calls one after the other, each of an image of its own, in one run of the board. */
export async function callOnBoard(
  board: Board,
  calls: readonly BoardCall[],
  options: Partial<QemuRun> & { readonly firmware?: FirmwareOptions } = {},
): Promise<{ readonly report: BoardReport; readonly outcomes: readonly CallOutcome[] }> {
  const placed: { address: number; packed: Packed; guest: RemoteGuest; call: BoardCall }[] = [];
  let address = board.images.start;
  for (const call of calls) {
    const choices = { name: call.name ?? "guest", call: call.call, board: board.name, address };
    const packed = await packBytes("guest", call.core, { ...choices, ...call.choices });
    const items = call.items?.map((values) => values.values()) ?? [];
    const guest = new RemoteGuest(
      packed,
      (index) => call.args![index]!,
      functionsOf(packed, call),
      board,
      (stream) => items[stream]?.next().value as Value | undefined,
    );
    placed.push({ address, packed, guest, call });
    address += Math.ceil(packed.image.length / IMAGE_STRIDE) * IMAGE_STRIDE;
  }
  const { elf } = await buildFirmware(board, options.firmware);
  let running = -1;
  const report = await runOnQemu({
    board,
    elf,
    images: placed.map((one) => ({ address: one.address, bytes: one.packed.image })),
    policy: "line",
    rate: 0,
    stream: (_, index) => placed[running]!.call.streams?.[index] ?? new Uint8Array(0),
    timeout: 90_000,
    ...options,
    remote: (at) => placed.find((one) => one.address === at)?.guest,
    onLine: (line) => {
      options.onLine?.(line);
      if (line.startsWith("ready ")) running++;
    },
  });
  const outcomes = placed.map(({ packed, guest }, index) => {
    const stream = packed.shape.paramCount.toString(16).padStart(2, "0");
    return {
      packed,
      result: guest.result,
      trap: guest.trap,
      written: guest.written,
      items: report.outputs.get(`${index}:${stream}`),
    };
  });
  return { report, outcomes };
}

/** Makes a call of a guest that is C in the board's firmware. */
export async function callNatively(
  board: EmulatedBoard,
  one: BoardCall,
  options: Partial<QemuRun> = {},
): Promise<{ readonly report: BoardReport } & Omit<CallOutcome, "packed" | "written">> {
  const { core, call, streams = [] } = one;
  const translated = await boardGuest(one.name ?? "guest", core, moduleWorld("guest", core)!, call, board);
  const { asking } = translated;
  const guest = asking && new RemoteGuest(asking, (index) => one.args![index]!, functionsOf(asking, one));
  const { elf } = await buildGuestFirmware(board, translated);
  const report = await runOnQemu({
    ...{ board, elf, images: [], policy: "line", rate: 0, timeout: 90_000 },
    stream: (_, index) => streams[index] ?? new Uint8Array(0),
    ...(guest !== null && { remote: () => guest }),
    ...options,
  });
  const { paramCount } = asking?.shape ?? { paramCount: streams.length };
  const items = report.outputs.get(`0:${paramCount.toString(16).padStart(2, "0")}`);
  return { report, result: guest?.result, items, trap: guest?.trap ?? null };
}

function functionsOf({ functions }: Pick<Packed, "functions">, call: BoardCall): RemoteFunctions {
  return {
    has: (hash) =>
      functions.some(
        ({ id, func, hash: of }) =>
          of === hash && (droppedResource(func) !== null || call.functions?.[id] !== undefined),
      ),
    drop: (representation) => call.dropped?.push(representation),
    call: ({ id }, args) => Promise.resolve(call.functions![id]!(...args)),
  };
}

/** Damages every fifth line to the board, in its byte `at`; below 0 it is counted from the line's end. */
export function damaging(at: number): (line: Buffer) => Buffer {
  let lines = 0;
  return (line) => {
    if (++lines % 5 !== 0) return line;
    const spoilt = Buffer.from(line);
    spoilt[at < 0 ? spoilt.length + at : at] = 0x7a;
    return spoilt;
  };
}
