/** What goes wrong with WAMR on small parts when nobody minds it, and does not here. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { BOARDS, findBoard, IMAGE_STRIDE, type WamrVariant } from "../../tools/pack/board-table.js";
import { buildFirmware } from "../../tools/boards/firmware.js";
import { countInstructions } from "../../tools/boards/instruction-trace.js";
import { boardsByDay, inSlots, runImages } from "./board-runs.js";
import { packBytes } from "../../tools/pack/pack-command.js";
import { handMade, handMadeCore, image, memoryBounds, words } from "./guests.js";

const ITEMS = words([1, 2, 3]);
const IN_FLASH: WamrVariant = { interpreter: "fast", loader: "full" };

/** A guest of `memory` bytes that touches its memory with `access` and ends well. */
const toucher = (name: string, access: string, memory: number): Promise<Buffer> =>
  handMade(name, `${access} (call $drop-readable (local.get $in)) (i32.const 0)`, {}, memory);

/** Bytes that a guest asks for; the interpreter gives multiples of 8. */
const MEMORIES = [8, 24, 61, 120, 200];

for (const board of BOARDS) {
  const variants: (readonly [string, WamrVariant])[] = [["its own interpreter", board.wamr]];
  if (board.wamr.loader === "full" && boardsByDay.includes(board))
    variants.push(["the fast interpreter, wasm in flash", IN_FLASH]);
  for (const [name, variant] of variants) {
    test(`${board.name}, ${name}: behind a memory of ${MEMORIES.join(", ")} bytes the next one traps`, async () => {
      const fit = board.images.length / IMAGE_STRIDE / 2;
      for (let from = 0; from < MEMORIES.length; from += fit) {
        const memories = MEMORIES.slice(from, from + fit);
        const images: Buffer[] = [];
        for (const memory of memories) {
          const end = Math.ceil(memory / 8) * 8;
          const touch = (at: number): string => `(i32.store8 (i32.const ${at}) (i32.const 7))`;
          images.push(
            await toucher("last", touch(end - 1), memory),
            await toucher("next", touch(end), memory),
          );
        }
        const report = await runImages(board, images, ITEMS, { firmware: { variant } });
        assert.deepEqual(
          report.errors.map(({ code, name: guest }) => ({ code, guest })),
          memories.map(() => ({ code: -67, guest: "next" })),
          report.log.join("\n"),
        );
        for (const { text } of report.errors) assert.match(text, /out of bounds/);
        assert.equal(report.ends.length, memories.length);
      }
    });
  }

  test(`${board.name}: a guest may read and write at odd addresses, its host may not be handed one`, async () => {
    const check = (condition: string): string => `(if ${condition} (then unreachable))`;
    const odd = [
      "(i32.store (i32.const 1) (i32.const 0x12345678))",
      check("(i32.ne (i32.load (i32.const 1)) (i32.const 0x12345678))"),
      check("(i32.ne (i32.load16_u (i32.const 3)) (i32.const 0x1234))"),
      "(i64.store (i32.const 9) (i64.const 0x1122334455667788))",
      check("(i64.ne (i64.load (i32.const 9)) (i64.const 0x1122334455667788))"),
      "(f32.store (i32.const 21) (f32.const 1.5))",
      check("(f32.ne (f32.load (i32.const 21)) (f32.const 1.5))"),
      "(f64.store (i32.const 27) (f64.const -2.25))",
      check("(f64.ne (f64.load (i32.const 27)) (f64.const -2.25))"),
      "(i32.store16 (i32.const 37) (i32.const -2))",
      check("(i32.ne (i32.load16_s (i32.const 37)) (i32.const -2))"),
    ].join(" ");
    const buffer = (at: number): string =>
      `(drop (call $read (local.get $in) (i32.const ${at}) (i32.const 1))) (i32.const 0)`;
    const event = "(drop (call $set-poll (call $set-new) (i32.const 6))) (i32.const 0)";
    const images = [
      await toucher("odd", odd, 64),
      await handMade("buffer", buffer(2)),
      await handMade("event", event),
    ];
    const report = await runImages(board, images, ITEMS);
    assert.deepEqual(
      report.errors.map(({ code, name: guest }) => ({ code, guest })),
      [
        { code: -67, guest: "buffer" },
        { code: -67, guest: "event" },
      ],
      report.log.join("\n"),
    );
    assert.equal(report.ends.length, 1);
  });

  test(`${board.name}: a guest finds its data where it laid them`, async () => {
    const data = `(data (i32.const 16) "abcd") ${memoryBounds(64)}`;
    const wrong = "(i32.ne (i32.load (i32.const 16)) (i32.const 0x64636261))";
    const body = `(if ${wrong} (then unreachable)) (call $drop-readable (local.get $in)) (i32.const 0)`;
    const { image: bytes } = await packBytes("data", await handMadeCore(body, 64, data), { name: "data" });
    const report = await runImages(board, [Buffer.from(bytes)], ITEMS);
    assert.deepEqual(report.errors, []);
    assert.equal(report.ends.length, 1);
  });

  test(`${board.name}: images with other imports one after the other, each linked anew`, async () => {
    const images = [
      await image("double"),
      await handMade("few", "(call $drop-readable (local.get $in)) (i32.const 0)"),
      await image("double"),
    ];
    const report = await runImages(board, images, ITEMS);
    assert.deepEqual(report.errors, []);
    assert.deepEqual(
      ["0:01", "2:01"].map((key) => Buffer.from(report.outputs.get(key) ?? [])),
      [words([2, 4, 6]), words([2, 4, 6])],
    );
  });

  test(`${board.name}: a sample every 2.8 ms, and the core sleeps between two of them`, async () => {
    const images = inSlots(board, [await image("double")]);
    const firmware = await buildFirmware(board);
    const each = async (items: number): Promise<number> => {
      const run = { board, images, policy: "hold", rate: 360, items, stream: () => ITEMS } as const;
      const counts = await countInstructions(firmware, run);
      return Object.values(counts).reduce((sum, count) => sum + count, 0);
    };
    const perItem = ((await each(24)) - (await each(4))) / 20;
    // Awake all the time, it would execute one instruction a nanosecond: 2,800,000.
    assert.ok(perItem > 1000 && perItem < 30_000, `${perItem} instructions between two samples`);
  });
}

test("microbit: the classic interpreter writes into the module, so from flash without a copy it faults", async () => {
  const board = findBoard("microbit");
  const images = [await image("double")];
  const report = await runImages(board, images, ITEMS, { firmware: { withoutCopy: true } });
  assert.equal(report.errors[0]?.code, -69, report.log.join("\n"));
  const copied = await runImages(board, images, ITEMS);
  assert.deepEqual(copied.errors, []);
});

test("microbit: the fast interpreter writes nothing there: it runs in flash, twice", async () => {
  const double = await image("double");
  const report = await runImages(findBoard("microbit"), [double, double], ITEMS, {
    firmware: { variant: IN_FLASH },
    guests: 2,
  });
  assert.deepEqual(report.errors, []);
  assert.equal(report.ends.length, 8);
});

test("a firmware that leaves WAMR no pool worth the name does not link", async () => {
  await assert.rejects(
    buildFirmware(findBoard("lm3s811evb"), { stack: 6800 }),
    /RAM: too little is left for WAMR's pool/,
  );
});

test("the loader that does not validate is linked only where the other one does not fit, and never with the fast interpreter", async () => {
  const mini = BOARDS.filter(({ wamr }) => wamr.loader === "mini");
  assert.deepEqual(
    mini.map(({ name, wamr }) => [name, wamr.interpreter]),
    [["lm3s811evb", "classic"]],
  );
  for (const board of mini) {
    const variant = { interpreter: "classic", loader: "full" } as const;
    await assert.rejects(buildFirmware(board, { variant }), /region `FLASH' overflowed/);
  }
});
