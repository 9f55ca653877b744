/** An image of `double` in which more happens for each item: the same bytes, many times over. */
import { packageRoot } from "../../tools/package-root.js";
import { join } from "node:path";
import { buildGuest } from "../../tools/compile/build-guest.js";
import { writeImage } from "../../tools/pack/image.js";
import { needsOf } from "../../tools/pack/needs.js";
import { packFile } from "../../tools/pack/pack-command.js";
import { ByteReader } from "../../tools/wasm/byte-reader.js";
import { ByteWriter } from "../../tools/wasm/byte-writer.js";
import { functionSpace } from "../../tools/wasm/function-space.js";
import { InstructionReader } from "../../tools/wasm/instruction-reader.js";
import { Op } from "../../tools/wasm/opcodes.js";
import { readModule } from "../../tools/wasm/read-module.js";
import { type Piece, rewriteModule, SECTION } from "../../tools/wasm/rewrite-module.js";

const I32 = 0x7f;
const I64 = 0x7e;
const I32_SHL = 0x74;

/** What code that is put in may name. */
export interface Places {
  /** Locals that nothing else uses. */
  readonly i32: number;
  readonly i64: number;
  /** Functions that do nothing: without locals, with eight, with four parameters. */
  readonly empty: number;
  readonly emptyWithLocals: number;
  readonly emptyWithParameters: number;
  /** A global that code may set. */
  readonly global: number;
}

/** An image whose every item runs `code` once more. */
export type MicroImage = (code: (places: Places) => readonly number[]) => Uint8Array;

/** Builds `double` into `folder`; @returns what makes images of it */
export async function microImages(folder: string): Promise<MicroImage> {
  const { corePath } = await buildGuest({
    entry: join(packageRoot, "tests/guests/double/double.ts"),
    wit: join(packageRoot, "tests/guests/double/double.wit"),
    outDir: folder,
  });
  const packed = await packFile(corePath, { name: "double" });
  const { bytes } = packed.minified;
  const module = readModule(Uint8Array.from(bytes));
  const functions = functionSpace(module);
  const entry = functions.find(({ code }) => code !== null)!;
  const locals = entry.code!.locals.reduce((sum, { count }) => sum + count, entry.signature.params.length);
  const types = module.types.length;
  const places: Places = {
    i32: locals,
    i64: locals + 1,
    empty: functions.length,
    emptyWithLocals: functions.length + 1,
    emptyWithParameters: functions.length + 2,
    global: module.globals.length + module.imports.filter(({ kind }) => kind === "global").length,
  };
  const { body, code, end } = entry.code!;
  const groups = new ByteReader(module.bytes, body.start, code);
  const head = new ByteWriter().u32(groups.u32() + 2).bytes;
  const kept = { start: groups.offset, end: code };
  const moreLocals = new ByteWriter().put(1, I32, 1, I64).bytes;
  const at = offsetOf(module.bytes, code, end, I32_SHL);
  const others = functions
    .filter((info) => info.code !== null && info !== entry)
    .map(({ code: own }) => [own!.body]);
  const entries = new Map([
    [SECTION.TYPE, [Uint8Array.of(0x60, 0, 0), Uint8Array.of(0x60, 4, I32, I32, I32, I32, 0)]],
    [SECTION.GLOBAL, [Uint8Array.of(I32, 1, Op.I32_CONST, 0, Op.END)]],
    [SECTION.FUNCTION, [types, types, types + 1].map((type) => new ByteWriter().u32(type).bytes)],
  ]);
  const added = [Uint8Array.of(0, Op.END), Uint8Array.of(1, 8, I32, Op.END), Uint8Array.of(0, Op.END)];
  return (make) => {
    const own: Piece[] = [
      head,
      kept,
      moreLocals,
      { start: code, end: at },
      Uint8Array.from(make(places)),
      { start: at, end },
    ];
    const bodies = [own, ...others, ...added.map((piece) => [piece])];
    const micro = rewriteModule(module, { entries, bodies }).bytes;
    return writeImage({
      name: "double",
      imports: packed.descriptor.imports,
      types: packed.descriptor.types,
      streams: packed.streams,
      paramCount: 1,
      module: micro,
      needs: needsOf(readModule(micro)),
      board: null,
      address: null,
    });
  };
}

function offsetOf(bytes: Uint8Array, start: number, end: number, opcode: number): number {
  const reader = new InstructionReader(bytes, start, end);
  for (; !reader.done;) {
    reader.next();
    if (reader.opcode === opcode) return reader.start;
  }
  throw new Error("double no longer shifts");
}
