/**
 * Guests that misbehave and images that are not right: each is reported with its
 * code, and the next guest runs.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Board, BOARDS, IMAGE_STRIDE } from "../../tools/pack/board-table.js";
import { sealImage } from "../../tools/pack/image.js";
import { runImages, shortStack } from "./board-runs.js";
import { handMade, image, words } from "./guests.js";

const ITEMS = words([1, 2, 3]);

interface Case {
  readonly name: string;
  readonly code: number;
  readonly word: string;
  /** What the error's text must say. */
  readonly text?: RegExp;
  readonly make: (board: Board) => Promise<Buffer>;
}

async function changed(change: (bytes: Buffer) => void, seal: boolean): Promise<Buffer> {
  const bytes = await image("double");
  change(bytes);
  if (seal) sealImage(bytes);
  return bytes;
}

const other = (board: Board): string => (board.name === "microbit" ? "netduinoplus2" : "microbit");

const guests: readonly Case[] = [
  {
    name: "traps",
    code: -67,
    word: "trap",
    text: /unreachable/,
    make: () => handMade("traps", "unreachable"),
  },
  {
    name: "reads one byte past its memory",
    code: -67,
    word: "trap",
    text: /out of bounds/,
    make: () => handMade("probe", "(drop (i32.load8_u (i32.const 64))) (i32.const 0)"),
  },
  {
    name: "writes across the end of its memory",
    code: -67,
    word: "trap",
    text: /out of bounds/,
    make: () => handMade("straddle", "(i64.store (i32.const 57) (i64.const -1)) (i32.const 0)"),
  },
  {
    name: "loops",
    code: -68,
    word: "hung",
    make: () => handMade("loops", "(loop $again (br $again)) (i32.const 0)"),
  },
  {
    name: "loops through its host",
    code: -68,
    word: "hung",
    make: () =>
      handMade(
        "polls",
        "(local.set $set (call $set-new)) (drop (i32.load (i32.const 0))) (loop $again (drop (call $set-poll (local.get $set) (i32.const 8))) (br $again)) (i32.const 0)",
      ),
  },
  {
    name: "recurses without end",
    code: -67,
    word: "trap",
    text: /stack overflow/,
    make: () =>
      handMade("recurses", "(drop (call $run (local.get $in))) (i32.const 0)", { needs: { stack: 512 } }),
  },
  {
    name: "hands its host a handle that is none",
    code: -67,
    word: "trap",
    make: () =>
      handMade("handle", "(drop (call $read (i32.const 99) (i32.const 8) (i32.const 1))) (i32.const 0)"),
  },
  {
    name: "hands its host a buffer outside its memory",
    code: -67,
    word: "trap",
    make: () =>
      handMade("buffer", "(drop (call $read (local.get $in) (i32.const 64) (i32.const 1))) (i32.const 0)"),
  },
  {
    name: "leaves without its streams",
    code: -67,
    word: "trap",
    make: () => handMade("leaves", "(i32.const 0)"),
  },
];

const images: readonly Case[] = [
  {
    name: "an image for another board",
    code: -36,
    word: "board",
    make: (board) => image("double", { board: other(board) }),
  },
  {
    name: "an image for another address",
    code: -37,
    word: "address",
    make: (board) => image("double", { address: board.images.start + 64 * IMAGE_STRIDE }),
  },
  { name: "a wrong CRC", code: -35, word: "crc", make: () => changed((bytes) => (bytes[200]! ^= 1), false) },
  {
    name: "a truncated image",
    code: -34,
    word: "truncated",
    make: (board) => changed((bytes) => bytes.writeUInt32LE(board.images.length + 4, 8), true),
  },
  {
    name: "a newer header",
    code: -33,
    word: "version",
    make: () => changed((bytes) => bytes.writeUInt8(3, 4), true),
  },
  {
    name: "a guest that needs more than the pool",
    code: -38,
    word: "pool",
    make: () => image("double", { needs: { pool: 400_000 } }),
  },
  {
    name: "a guest that says it needs little and takes more",
    code: -66,
    word: "instance",
    make: async () => {
      const bytes = await handMade("liar", "(i32.load (i32.const 0))", {}, 60_000);
      bytes.writeUInt16LE(100, 40);
      sealImage(bytes);
      return bytes;
    },
  },
  {
    name: "an import that the host does not have",
    code: -40,
    word: "imports",
    make: () => changed((bytes) => (bytes[48]! |= 0x0f), true),
  },
  {
    name: "an import of another signature",
    code: -65,
    word: "unlinked",
    make: () => changed((bytes) => (bytes[48] = bytes[48] === 7 ? 8 : 7), true),
  },
];

/**
 * Slots that a case takes, on a board with room for a few: cases go in groups,
 * each closed by a guest that works.
 */
function groups(board: Board, cases: readonly Case[]): (readonly Case[])[] {
  const size = board.images.length / IMAGE_STRIDE - 1;
  const found: (readonly Case[])[] = [];
  for (let at = 0; at < cases.length; at += size) found.push(cases.slice(at, at + size));
  return found;
}

for (const board of BOARDS) {
  // A guest of 60,000 bytes fits into the largest board.
  const cases = [...guests, ...images].filter(
    ({ name }) => board.name !== "netduinoplus2" || !name.includes("takes more"),
  );
  for (const group of groups(board, cases)) {
    test(`${board.name} reports ${group.map(({ name }) => name).join("; ")}; and the next guest runs`, async () => {
      const made = await Promise.all(group.map((item) => item.make(board)));
      const report = await runImages(board, [...made, await image("double")], ITEMS);
      assert.deepEqual(
        report.errors.map(({ code, word }) => ({ code, word })),
        group.map(({ code, word }) => ({ code, word })),
        report.log.join("\n"),
      );
      group.forEach(({ text }, index) => {
        if (text !== undefined) assert.match(report.errors[index]!.text, text);
      });
      const last = report.ready.length - 1;
      assert.deepEqual(Buffer.from(report.outputs.get(`${last}:01`) ?? []), words([2, 4, 6]));
    });
  }

  test(`${board.name}: the last byte of a guest's memory is its own`, async () => {
    const inside = await handMade(
      "inside",
      "(drop (i32.load8_u (i32.const 63))) (call $drop-readable (local.get $in)) (i32.const 0)",
    );
    const report = await runImages(board, [inside], ITEMS);
    assert.deepEqual(report.errors, []);
    assert.equal(report.ends.length, 1);
  });

  test(`${board.name}: a native stack that is too small faults, restarts the chip, and is laid at its guest's door`, async () => {
    const double = await image("double");
    const report = await runImages(board, [double, double], ITEMS, {
      firmware: { stack: shortStack(board) },
    });
    assert.deepEqual(
      report.errors.map(({ code, address }) => ({ code, address })),
      [
        { code: -69, address: board.images.start },
        { code: -69, address: board.images.start + IMAGE_STRIDE },
      ],
    );
  });

  if (board.wamr.loader === "full") {
    test(`${board.name}: damage behind a CRC that holds is the loader's to find, and never takes the firmware down`, async () => {
      const damaged: Buffer[] = [];
      for (let at = 0; at < 12; at++) {
        const bytes = await image("double");
        const offset = 80 + Math.floor(((bytes.length - 80) * at) / 12);
        bytes[offset]! ^= 0x55;
        sealImage(bytes);
        damaged.push(bytes);
      }
      const report = await runImages(board, [...damaged, await image("double")], ITEMS);
      assert.equal(report.ends.at(-1)?.counts.out, 3);
      assert.ok(report.errors.length >= 6, report.log.join("\n"));
    });
  }
}
