/** Images that lie inside of images: never looked at, whatever happens to the one around them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Board, IMAGE_STRIDE } from "../../tools/pack/board-table.js";
import { itemsOf } from "../../tools/boards/flash-command.js";
import { SerialLink } from "../../tools/boards/serial-link.js";
import { sealImage } from "../../tools/pack/image.js";
import { boardsByDay, runImages, shortStack } from "./board-runs.js";
import { handMade, image, words } from "./guests.js";

const ITEMS = words([1, 2, 3]);

/** Where a header has what. */
const VERSION = 4;
const LENGTH = 8;
const STREAM_COUNT = 24;
const TYPE_COUNT = 26;
const POOL = 40;
const STACK = 42;

interface Case {
  readonly name: string;
  readonly word: string;
  readonly outer: (board: Board) => Promise<Buffer>;
  /** Makes the outer image one that is refused. */
  readonly spoil?: (outer: Buffer) => void;
}

/** Where an image's types, and behind them its copy plans, are. */
function tables(bytes: Buffer): { types: number; plans: number } {
  const types = Math.ceil((4 * bytes[5]! + bytes[7]! + bytes[STREAM_COUNT]!) / 4) * 4;
  return { types, plans: types + 4 * bytes[TYPE_COUNT]! };
}

/** `double` with items that go by their copy plan, `{BYTES, 0, count, END}`. */
async function evil(count: number): Promise<Buffer> {
  const bytes = await image("double", { name: "evil" });
  const { types, plans } = tables(bytes);
  bytes.writeUInt16LE(bytes.readUInt16LE(types) & ~0x800, types);
  bytes.writeUInt16LE(count, plans + 4);
  sealImage(bytes);
  return bytes;
}

/**
 * `outer` with `inner` in a custom section of its module, where the firmware
 * would find it were it to look there.
 */
function around(outer: Buffer, inner: Buffer, spoil: Case["spoil"]): Buffer {
  const bytes = Buffer.alloc(IMAGE_STRIDE + inner.length);
  outer.copy(bytes);
  const length = bytes.length - outer.length - 4;
  bytes.set([0, (length & 127) | 128, ((length >> 7) & 127) | 128, length >> 14], outer.length);
  inner.copy(bytes, IMAGE_STRIDE);
  bytes.writeUInt32LE(bytes.length, LENGTH);
  spoil?.(bytes);
  sealImage(bytes);
  return bytes;
}

const double = (): Promise<Buffer> => image("double");
const traps = (): Promise<Buffer> => handMade("traps", "unreachable");

const cases: readonly Case[] = [
  { name: "of a later version", word: "version", outer: double, spoil: (bytes) => (bytes[VERSION] = 3) },
  {
    name: "for another board",
    word: "board",
    outer: ({ name }) => image("double", { board: name === "microbit" ? "netduinoplus2" : "microbit" }),
  },
  {
    name: "for another address",
    word: "address",
    outer: (board) => image("double", { address: board.images.start + 64 * IMAGE_STRIDE }),
  },
  { name: "too hungry", word: "pool", outer: double, spoil: (bytes) => bytes.writeUInt16LE(0xffff, POOL) },
  { name: "too deep", word: "stack", outer: double, spoil: (bytes) => bytes.writeUInt16LE(0xffff, STACK) },
  {
    name: "with an import that no host has",
    word: "imports",
    outer: double,
    spoil: (bytes) => (bytes[48]! |= 0x0f),
  },
  {
    name: "with a copy plan of too many bytes",
    word: "tables",
    outer: double,
    spoil: (bytes) => bytes.writeUInt16LE(96, tables(bytes).plans + 4),
  },
  { name: "that traps or is too long to load", word: "trap", outer: traps },
];

for (const board of boardsByDay) {
  // The outer image and the inner one take two places, the guest behind them one.
  const most = Math.floor((board.images.length / IMAGE_STRIDE - 1) / 2);
  for (let at = 0; at < cases.length; at += most) {
    const group = cases.slice(at, at + most);
    test(`${board.name}: no image within one ${group.map(({ name }) => name).join(", ")}`, async () => {
      const inner = await evil(4);
      const made = await Promise.all(
        group.map(async ({ outer, spoil }) => around(await outer(board), inner, spoil)),
      );
      const report = await runImages(board, [...made, await double()], ITEMS);
      assert.deepEqual(
        // The smallest board cannot hold a copy of that module.
        report.errors.map(({ word }) => (word === "load" ? "trap" : word)),
        group.map(({ word }) => word),
        report.log.join("\n"),
      );
      assert.deepEqual(
        report.ready.filter((name) => name !== "traps"),
        ["double"],
      );
    });
  }

  // The RAM of the smallest board holds no image around another one.
  if (board.name !== "lm3s811evb") {
    test(`${board.name}: nor within one whose run ends in a hardware fault`, async () => {
      const report = await runImages(board, [around(await double(), await evil(4), undefined)], ITEMS, {
        firmware: { stack: shortStack(board) },
      });
      assert.deepEqual(
        report.errors.map(({ code, address }) => ({ code, address })),
        [{ code: -69, address: board.images.start }],
        report.log.join("\n"),
      );
      assert.deepEqual(report.ready, ["double"]);
    });
  }

  for (const count of [5, 96, 0xffff]) {
    test(`${board.name}: a copy plan of ${count} bytes for items of 4 is refused`, async () => {
      const report = await runImages(board, [await evil(count), await double()], ITEMS);
      assert.deepEqual(
        report.errors.map(({ code, word }) => ({ code, word })),
        [{ code: -41, word: "tables" }],
      );
      assert.deepEqual(report.ready, ["double"]);
      assert.deepEqual(Buffer.from(report.outputs.get("0:01") ?? []), words([2, 4, 6]));
    });
  }

  test(`${board.name}: a guest without streams runs, and returns none`, async () => {
    const bytes = await handMade("none", "(i32.const 0)");
    // No stream, and the entry takes a parameter: the call is refused, not a table read past its end.
    bytes[STREAM_COUNT] = 0;
    bytes[STREAM_COUNT + 1] = 0;
    sealImage(bytes);
    const report = await runImages(board, [bytes, await double()], ITEMS);
    assert.deepEqual(report.ready.at(-1), "double");
    assert.deepEqual(
      Buffer.from(report.outputs.get(`${report.ready.length - 1}:01`) ?? []),
      words([2, 4, 6]),
    );
  });
}

test("rill flash writes items of the guest that it sent alone, whatever else the board ran", () => {
  const link = new SerialLink({ policy: "line", rate: 0, stream: () => ITEMS }, () => undefined);
  link.receive(
    Buffer.from(
      [
        "error -38 pool 0000f000 outer ",
        "ready evil at=62464 pool=1 peak=2 stack=3",
        "out 01 07000000",
        "ready double at=-2147483648 pool=1 peak=2 stack=3",
        "out 01 02000000",
        "ready idle at=64512 pool=1 peak=2 stack=3",
        "done\n",
      ].join("\n"),
    ),
  );
  const report = link.report();
  assert.equal(itemsOf(report, 0xf000, 1), null);
  assert.deepEqual(Buffer.from(itemsOf(report, 0x80000000, 1)!), words([2]));
  assert.deepEqual(Buffer.from(itemsOf(report, 64512, 1)!), Buffer.alloc(0));
});
