/**
 * Full validation of a module before it goes into an image: a board's small loader checks nothing, so
 * what is packed must already be proved. V8's validator is the judge of the rules; what the boards'
 * interpreter is built without is looked for here.
 */
import type { CoreModule } from "../wasm/core-module.js";
import { InstructionReader } from "../wasm/instruction-reader.js";
import { NAMES, Op } from "../wasm/opcodes.js";
import { readModule } from "../wasm/read-module.js";

/** The last of the 0xfc group that is a saturating conversion: behind it are bulk memory and tables. */
const LAST_CONVERSION = 7;
const LAST_SIGN_EXTENSION = 0xc4;
/**
 * Numbered among the basic instructions, and yet of later proposals: tail calls,
 * typed references, exceptions.
 */
const LATER: ReadonlySet<number> = new Set([
  ...[Op.TRY, Op.CATCH, 0x08, 0x09, 0x0a, Op.DELEGATE, Op.CATCH_ALL, Op.TRY_TABLE],
  ...[Op.RETURN_CALL, Op.RETURN_CALL_INDIRECT, Op.CALL_REF, Op.RETURN_CALL_REF],
  ...[Op.SELECT_T, Op.TABLE_GET, Op.TABLE_SET],
]);
const NUMBERS: ReadonlySet<string> = new Set(["i32", "i64", "f32", "f64"]);

/** What is wrong with the module; null when it is valid and within what boards run. */
export async function validateForBoard(module: Uint8Array): Promise<string | null> {
  try {
    await WebAssembly.compile(Uint8Array.from(module));
  } catch (error) {
    return (error as Error).message.replace(/^WebAssembly\.compile\(\): /, "");
  }
  const parsed = readModule(module);
  const foreign = foreignPart(parsed) ?? foreignInstruction(parsed);
  return foreign === null ? null : `it uses ${foreign}, which the boards' interpreter is built without`;
}

function foreignPart({ types, globals, code, memories, tables, data, tags }: CoreModule): string | null {
  const values = [
    ...types.flatMap(({ signature }) => [
      ...(signature?.params ?? []),
      ...(signature?.results ?? ["struct"]),
    ]),
    ...globals.map(({ type }) => type),
    ...code.flatMap(({ locals }) => locals.map(({ type }) => type)),
  ];
  const odd = values.find((type) => !NUMBERS.has(type));
  if (odd !== undefined) return `the type ${odd}`;
  if (tags.length > 0) return "exceptions";
  if (memories.length > 1 || tables.length > 1) return "several memories or tables";
  if (memories.some(({ limits }) => limits.shared || limits.memory64)) return "a shared or 64-bit memory";
  return data.some(({ offset }) => offset === null) ? "a passive data segment" : null;
}

function foreignInstruction(module: CoreModule): string | null {
  const reader = new InstructionReader(module.bytes);
  for (const { code, end } of module.code) {
    reader.reset(code, end);
    while (!reader.done) {
      reader.next();
      const { opcode, sub, misc } = reader;
      if (opcode === Op.PREFIX_MISC ? sub <= LAST_CONVERSION : isBasic(opcode)) continue;
      return misc?.name ?? NAMES[opcode] ?? GROUPS.get(opcode) ?? `the instruction 0x${opcode.toString(16)}`;
    }
  }
  return null;
}

function isBasic(opcode: number): boolean {
  return opcode <= LAST_SIGN_EXTENSION && !LATER.has(opcode);
}

const GROUPS: ReadonlyMap<number, string> = new Map([
  [Op.PREFIX_GC, "garbage collection"],
  [Op.PREFIX_SIMD, "SIMD"],
  [Op.PREFIX_ATOMIC, "atomics"],
]);
