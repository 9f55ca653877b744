/** `as-rill/text`: text without an allocator, compared with what JavaScript says of the same values. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { temporaryFolder } from "../../tools/processes/temporary-folder.js";
import { type TestGuest, build, open } from "../../tools/testing/testing.js";
import { writeGuest } from "./sample-guests.js";

const wit = `package my:text;
interface text {
  integers: async func(x: stream<s64>) -> stream<u8>;
  small: async func(x: stream<u8>) -> stream<u8>;
  floats: async func(x: stream<f64>) -> stream<u8>;
  singles: async func(x: stream<f32>) -> stream<u8>;
  words: async func() -> stream<u8>;
  line: async func(room: u32) -> stream<u8>;
  kept: async func(which: u32) -> stream<u8>;
}
world w { export text; }
`;

const letters = "aé€😀 \\ud800z";

const source = `import { TextBuilder, keepText, keptText, putDecimal, putHex, putText, writeDecimal, writeHex, writeText } from "as-rill/text";
import { floats, integers, kept, line, singles, small, words } from "./bindings/my-text-text";

export function runIntegers(task: integers.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    writeDecimal(output, task.x.value) && writeText(output, " ") && writeHex(output, task.x.value);
    writeText(output, "\\n");
  }
}
export function runSmall(task: small.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    writeDecimal(output, <i8>task.x.value) && writeText(output, " ") && writeHex(output, <i8>task.x.value, 4);
    writeText(output, "\\n");
  }
}
export function runFloats(task: floats.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    writeDecimal(output, task.x.value) && writeText(output, " ") && writeHex(output, task.x.value, 16);
    writeText(output, "\\n");
  }
}
export function runSingles(task: singles.Task): void {
  const output = task.resolve();
  while (task.x.next()) {
    writeDecimal(output, task.x.value) && writeText(output, " ") && writeHex(output, task.x.value, 8);
    writeText(output, "\\n");
  }
}
export function runWords(task: words.Task): void {
  const output = task.resolve();
  for (let i = 0; i < 40; i++) if (!writeText(output, "${letters}")) return;
}

const MOST = 8;
const buffer = new StaticArray<u8>(MOST * (8 - 2) + 2 * 4);
let shorter = new StaticArray<u8>(12);
const bare = new StaticArray<u8>(9);

export function runLine(task: line.Task): void {
  const output = task.resolve();
  const text = TextBuilder.in(task.room > 12 ? buffer : shorter).clear().text("é=").decimal(-17).text(" ");
  text.hex<u16>(0xbeef, 6).text("€").decimal(1.5).writeTo(output);
  writeText(output, text.isCut ? "|cut " : "|whole ");
  writeDecimal(output, text.length);
  let end = putText(bare, 0, "ab");
  end = putDecimal<u64>(bare, end, u64.MAX_VALUE);
  end = putHex(bare, end, 255, 4);
  end = putText(bare, end, "😀€");
  output.writeAll(bare, end);
}

const NAMES = new StaticArray<u8>(3 * 16);

export function runKept(task: kept.Task): void {
  const output = task.resolve();
  const fits = keepText(NAMES, 16, 0, "first") && keepText(NAMES, 16, 2, "öl");
  const cut = keepText(NAMES, 16, 1, "1234567");
  writeText(output, keptText(NAMES, 16, <i32>task.which));
  writeText(output, fits && !cut && keptText(NAMES, 16, 2) == "öl" ? "." : "?");
}
`;

const folder = temporaryFolder("rill-text-");
after(() => {
  folder.remove();
});
let guest: TestGuest;
before(async () => {
  const entry = writeGuest(folder.path, "text", source);
  writeFileSync(join(folder.path, "text.wit"), wit);
  const core = await build({ entry, wit: join(folder.path, "text.wit") });
  const names = WebAssembly.Module.exports(new WebAssembly.Module(core)).map(({ name }) => name);
  assert.ok(!names.includes("cabi_realloc"), names.join());
  guest = open(core, { copies: "blocking" });
});

function written(name: string, ...args: readonly unknown[]): string {
  const bytes = guest.call(`my:text/text#${name}`, args) as number[];
  return new TextDecoder("utf-8", { fatal: true }).decode(Uint8Array.from(bytes));
}

function lines(name: string, values: readonly (number | bigint)[]): [string, string][] {
  const text = written(name, values).trimEnd();
  return text.split("\n").map((line) => line.split(" ") as [string, string]);
}

/** Numbers of every magnitude, the same each time. */
function* bits64(): Generator<bigint> {
  let state = 88172645463325252n;
  for (let i = 0; i < 300; i++) {
    state ^= BigInt.asUintN(64, state << 13n);
    state ^= state >> 7n;
    state ^= BigInt.asUintN(64, state << 17n);
    yield BigInt.asIntN(64, state >> BigInt(i % 64));
  }
}

test("integers, in decimal and in hexadecimal, as BigInt has them", () => {
  const values = [0n, 1n, -1n, 9n, 10n, 2n ** 63n - 1n, -(2n ** 63n), ...bits64()];
  assert.deepEqual(
    lines("integers", values),
    values.map((value) => [String(value), BigInt.asUintN(64, value).toString(16)]),
  );
});

test("numbers of one byte: the sign in decimal, the byte in as many digits as are asked for", () => {
  assert.deepEqual(lines("small", [0, 127, 128, 255]), [
    ["0", "0000"],
    ["127", "007f"],
    ["-128", "0080"],
    ["-1", "00ff"],
  ]);
});

test("floats of 64 bits: decimal that is read as the same number, and the bits", () => {
  const view = new DataView(new ArrayBuffer(8));
  const values = [...bits64()].map((bits) => {
    view.setBigInt64(0, bits);
    return view.getFloat64(0);
  });
  const all = [0, 1, -2.5, 1e21, 5e-324, Number.MAX_VALUE, ...values.filter((value) => !Number.isNaN(value))];
  lines("floats", all).forEach(([decimal, hex], index) => {
    assert.equal(Number(decimal), all[index]);
    view.setFloat64(0, all[index]!);
    assert.equal(hex, view.getBigUint64(0).toString(16).padStart(16, "0"));
  });
  assert.deepEqual(
    lines("floats", [NaN, Infinity, -Infinity]).map(([decimal]) => decimal),
    ["NaN", "Infinity", "-Infinity"],
  );
});

test("floats of 32 bits: decimal that is read as the same number, and the bits", () => {
  const values = [0, 1, Math.fround(0.1), Math.fround(-3.4e38), Math.fround(1e-45)];
  const view = new DataView(new ArrayBuffer(4));
  lines("singles", values).forEach(([decimal, hex], index) => {
    assert.equal(Math.fround(Number(decimal)), values[index]);
    view.setFloat32(0, values[index]!);
    assert.equal(hex, view.getUint32(0).toString(16).padStart(8, "0"));
  });
});

test("text of one to four bytes a character, over many chunks; half of a pair is U+FFFD", () => {
  assert.equal(written("words"), "aé€😀 \ufffdz".repeat(40));
});

test("a builder: pieces one behind the other, until there is no room; a number never in part", () => {
  const rest = "ab00ff";
  assert.equal(written("line", 99), `é=-17 00beef€1.5|whole 19${rest}`);
  assert.equal(written("line", 8), `é=-17 |cut 7${rest}`);
});

test("strings in a table: each is its own, what has no room is cut", () => {
  assert.equal(written("kept", 0), "first.");
  assert.equal(written("kept", 1), "123456.");
  assert.equal(written("kept", 2), "öl.");
});
