/**
 * The instruction set: how each opcode's immediates are laid out and what it
 * takes from and leaves on the stack.
 *
 * A signature is `takes:leaves` in the letters i (i32), I (i64), f (f32), F (f64). `*` marks what the type
 * stack must work out itself (control, calls, locals, references). SIMD, atomics and GC have immediates only.
 */

/** How an instruction's immediates are laid out. */
export const enum Immediate {
  NONE,
  BLOCK,
  INDEX,
  INDEX2,
  BR_TABLE,
  MEMARG,
  TYPES,
  I32,
  I64,
  F32,
  F64,
  HEAP,
  TRY_TABLE,
  BYTE,
  BYTES16,
  MEMARG_BYTE,
  CAST_BR,
  LEGACY_RETHROW,
}

/** Immediate layout by opcode; -1 where there is no such opcode. */
export const IMMEDIATES = new Int8Array(256).fill(-1);
/** Stack signature by opcode. */
export const SIGNATURES: (string | undefined)[] = new Array<string | undefined>(256);
/** Name by opcode. */
export const NAMES: (string | undefined)[] = new Array<string | undefined>(256);

/** Opcodes that the analyses ask for by name. */
export const Op = {
  UNREACHABLE: 0x00,
  BLOCK: 0x02,
  LOOP: 0x03,
  IF: 0x04,
  ELSE: 0x05,
  TRY: 0x06,
  CATCH: 0x07,
  DELEGATE: 0x18,
  CATCH_ALL: 0x19,
  TRY_TABLE: 0x1f,
  END: 0x0b,
  BR: 0x0c,
  BR_IF: 0x0d,
  BR_TABLE: 0x0e,
  RETURN: 0x0f,
  CALL: 0x10,
  CALL_INDIRECT: 0x11,
  RETURN_CALL: 0x12,
  RETURN_CALL_INDIRECT: 0x13,
  CALL_REF: 0x14,
  RETURN_CALL_REF: 0x15,
  DROP: 0x1a,
  SELECT: 0x1b,
  SELECT_T: 0x1c,
  LOCAL_GET: 0x20,
  LOCAL_SET: 0x21,
  LOCAL_TEE: 0x22,
  GLOBAL_GET: 0x23,
  GLOBAL_SET: 0x24,
  TABLE_GET: 0x25,
  TABLE_SET: 0x26,
  FIRST_LOAD: 0x28,
  LAST_LOAD: 0x35,
  FIRST_STORE: 0x36,
  LAST_STORE: 0x3e,
  MEMORY_SIZE: 0x3f,
  MEMORY_GROW: 0x40,
  I32_CONST: 0x41,
  I64_CONST: 0x42,
  F32_CONST: 0x43,
  F64_CONST: 0x44,
  I32_ADD: 0x6a,
  I32_SUB: 0x6b,
  I32_AND: 0x71,
  I64_ADD: 0x7c,
  I64_SUB: 0x7d,
  I64_AND: 0x83,
  THROW: 0x08,
  REF_NULL: 0xd0,
  REF_IS_NULL: 0xd1,
  REF_FUNC: 0xd2,
  PREFIX_GC: 0xfb,
  PREFIX_MISC: 0xfc,
  PREFIX_SIMD: 0xfd,
  PREFIX_ATOMIC: 0xfe,
} as const;

function define(first: number, names: string, immediate: Immediate, signature: string): void {
  names.split(" ").forEach((name, index) => {
    IMMEDIATES[first + index] = immediate;
    SIGNATURES[first + index] = signature;
    NAMES[first + index] = name;
  });
}

define(0x00, "unreachable nop", Immediate.NONE, "*");
define(0x02, "block loop if", Immediate.BLOCK, "*");
define(0x05, "else", Immediate.NONE, "*");
define(0x06, "try", Immediate.BLOCK, "*");
define(0x07, "catch throw", Immediate.INDEX, "*");
define(0x09, "rethrow", Immediate.LEGACY_RETHROW, "*");
define(0x0a, "throw_ref", Immediate.NONE, "*");
define(0x0b, "end", Immediate.NONE, "*");
define(0x0c, "br br_if", Immediate.INDEX, "*");
define(0x0e, "br_table", Immediate.BR_TABLE, "*");
define(0x0f, "return", Immediate.NONE, "*");
define(0x10, "call", Immediate.INDEX, "*");
define(0x11, "call_indirect", Immediate.INDEX2, "*");
define(0x12, "return_call", Immediate.INDEX, "*");
define(0x13, "return_call_indirect", Immediate.INDEX2, "*");
define(0x14, "call_ref return_call_ref", Immediate.INDEX, "*");
define(0x18, "delegate", Immediate.INDEX, "*");
define(0x19, "catch_all drop select", Immediate.NONE, "*");
define(0x1c, "select_t", Immediate.TYPES, "*");
define(0x1f, "try_table", Immediate.TRY_TABLE, "*");
define(0x20, "local.get local.set local.tee global.get global.set table.get table.set", Immediate.INDEX, "*");
define(0x28, "i32.load", Immediate.MEMARG, "i:i");
define(0x29, "i64.load", Immediate.MEMARG, "i:I");
define(0x2a, "f32.load", Immediate.MEMARG, "i:f");
define(0x2b, "f64.load", Immediate.MEMARG, "i:F");
define(0x2c, "i32.load8_s i32.load8_u i32.load16_s i32.load16_u", Immediate.MEMARG, "i:i");
define(
  0x30,
  "i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u",
  Immediate.MEMARG,
  "i:I",
);
define(0x36, "i32.store", Immediate.MEMARG, "ii:");
define(0x37, "i64.store", Immediate.MEMARG, "iI:");
define(0x38, "f32.store", Immediate.MEMARG, "if:");
define(0x39, "f64.store", Immediate.MEMARG, "iF:");
define(0x3a, "i32.store8 i32.store16", Immediate.MEMARG, "ii:");
define(0x3c, "i64.store8 i64.store16 i64.store32", Immediate.MEMARG, "iI:");
define(0x3f, "memory.size", Immediate.INDEX, ":i");
define(0x40, "memory.grow", Immediate.INDEX, "i:i");
define(0x41, "i32.const", Immediate.I32, ":i");
define(0x42, "i64.const", Immediate.I64, ":I");
define(0x43, "f32.const", Immediate.F32, ":f");
define(0x44, "f64.const", Immediate.F64, ":F");
define(0x45, "i32.eqz", Immediate.NONE, "i:i");
define(
  0x46,
  "i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u",
  Immediate.NONE,
  "ii:i",
);
define(0x50, "i64.eqz", Immediate.NONE, "I:i");
define(
  0x51,
  "i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u",
  Immediate.NONE,
  "II:i",
);
define(0x5b, "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge", Immediate.NONE, "ff:i");
define(0x61, "f64.eq f64.ne f64.lt f64.gt f64.le f64.ge", Immediate.NONE, "FF:i");
define(0x67, "i32.clz i32.ctz i32.popcnt", Immediate.NONE, "i:i");
define(
  0x6a,
  "i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr",
  Immediate.NONE,
  "ii:i",
);
define(0x79, "i64.clz i64.ctz i64.popcnt", Immediate.NONE, "I:I");
define(
  0x7c,
  "i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr",
  Immediate.NONE,
  "II:I",
);
define(0x8b, "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt", Immediate.NONE, "f:f");
define(0x92, "f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign", Immediate.NONE, "ff:f");
define(0x99, "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt", Immediate.NONE, "F:F");
define(0xa0, "f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign", Immediate.NONE, "FF:F");
define(0xa7, "i32.wrap_i64", Immediate.NONE, "I:i");
define(0xa8, "i32.trunc_f32_s i32.trunc_f32_u", Immediate.NONE, "f:i");
define(0xaa, "i32.trunc_f64_s i32.trunc_f64_u", Immediate.NONE, "F:i");
define(0xac, "i64.extend_i32_s i64.extend_i32_u", Immediate.NONE, "i:I");
define(0xae, "i64.trunc_f32_s i64.trunc_f32_u", Immediate.NONE, "f:I");
define(0xb0, "i64.trunc_f64_s i64.trunc_f64_u", Immediate.NONE, "F:I");
define(0xb2, "f32.convert_i32_s f32.convert_i32_u", Immediate.NONE, "i:f");
define(0xb4, "f32.convert_i64_s f32.convert_i64_u", Immediate.NONE, "I:f");
define(0xb6, "f32.demote_f64", Immediate.NONE, "F:f");
define(0xb7, "f64.convert_i32_s f64.convert_i32_u", Immediate.NONE, "i:F");
define(0xb9, "f64.convert_i64_s f64.convert_i64_u", Immediate.NONE, "I:F");
define(0xbb, "f64.promote_f32", Immediate.NONE, "f:F");
define(0xbc, "i32.reinterpret_f32", Immediate.NONE, "f:i");
define(0xbd, "i64.reinterpret_f64", Immediate.NONE, "F:I");
define(0xbe, "f32.reinterpret_i32", Immediate.NONE, "i:f");
define(0xbf, "f64.reinterpret_i64", Immediate.NONE, "I:F");
define(0xc0, "i32.extend8_s i32.extend16_s", Immediate.NONE, "i:i");
define(0xc2, "i64.extend8_s i64.extend16_s i64.extend32_s", Immediate.NONE, "I:I");
define(0xd0, "ref.null", Immediate.HEAP, "*");
define(0xd1, "ref.is_null", Immediate.NONE, "*");
define(0xd2, "ref.func", Immediate.INDEX, "*");
define(0xd3, "ref.eq ref.as_non_null", Immediate.NONE, "*");
define(0xd5, "br_on_null br_on_non_null", Immediate.INDEX, "*");

/** A sub-opcode behind a prefix byte: immediate layout and, for the 0xfc group, name and signature. */
export interface PrefixedOpcode {
  readonly immediate: Immediate;
  readonly name: string;
  readonly signature: string;
}

const MISC: readonly [string, Immediate, string][] = [
  ["i32.trunc_sat_f32_s", Immediate.NONE, "f:i"],
  ["i32.trunc_sat_f32_u", Immediate.NONE, "f:i"],
  ["i32.trunc_sat_f64_s", Immediate.NONE, "F:i"],
  ["i32.trunc_sat_f64_u", Immediate.NONE, "F:i"],
  ["i64.trunc_sat_f32_s", Immediate.NONE, "f:I"],
  ["i64.trunc_sat_f32_u", Immediate.NONE, "f:I"],
  ["i64.trunc_sat_f64_s", Immediate.NONE, "F:I"],
  ["i64.trunc_sat_f64_u", Immediate.NONE, "F:I"],
  ["memory.init", Immediate.INDEX2, "iii:"],
  ["data.drop", Immediate.INDEX, ":"],
  ["memory.copy", Immediate.INDEX2, "iii:"],
  ["memory.fill", Immediate.INDEX, "iii:"],
  ["table.init", Immediate.INDEX2, "iii:"],
  ["elem.drop", Immediate.INDEX, ":"],
  ["table.copy", Immediate.INDEX2, "iii:"],
  ["table.grow", Immediate.INDEX, "ri:i"],
  ["table.size", Immediate.INDEX, ":i"],
  ["table.fill", Immediate.INDEX, "iri:"],
  ["memory.discard", Immediate.INDEX, "ii:"],
  ["i64.add128", Immediate.NONE, "IIII:II"],
  ["i64.sub128", Immediate.NONE, "IIII:II"],
  ["i64.mul_wide_s", Immediate.NONE, "II:II"],
  ["i64.mul_wide_u", Immediate.NONE, "II:II"],
];

/** The 0xfc group: saturating conversions, bulk memory, tables, wide arithmetic. */
export function miscOpcode(sub: number): PrefixedOpcode | null {
  const entry = MISC[sub];
  return entry ? { name: entry[0], immediate: entry[1], signature: entry[2] } : null;
}

/** Immediate layout of a 0xfd (SIMD and relaxed SIMD) instruction. */
export function simdImmediate(sub: number): Immediate | null {
  if (sub <= 11) return Immediate.MEMARG;
  if (sub <= 13) return Immediate.BYTES16;
  if (sub >= 21 && sub <= 34) return Immediate.BYTE;
  if (sub >= 84 && sub <= 91) return Immediate.MEMARG_BYTE;
  if (sub === 92 || sub === 93) return Immediate.MEMARG;
  return sub <= 0x1ff ? Immediate.NONE : null;
}

/** Immediate layout of a 0xfe (threads) instruction. */
export function atomicImmediate(sub: number): Immediate | null {
  if (sub === 3) return Immediate.BYTE;
  return sub <= 0x4e ? Immediate.MEMARG : null;
}

const GC_INDEX2 = new Set([2, 3, 4, 5, 8, 9, 10, 17, 18, 19]);
const GC_INDEX = new Set([0, 1, 6, 7, 11, 12, 13, 14, 16]);
const GC_HEAP = new Set([20, 21, 22, 23]);

/** Immediate layout of a 0xfb (garbage collection) instruction. */
export function gcImmediate(sub: number): Immediate | null {
  if (GC_HEAP.has(sub)) return Immediate.HEAP;
  if (sub === 24 || sub === 25) return Immediate.CAST_BR;
  if (GC_INDEX2.has(sub)) return Immediate.INDEX2;
  if (GC_INDEX.has(sub)) return Immediate.INDEX;
  return sub === 15 || (sub >= 26 && sub <= 30) ? Immediate.NONE : null;
}
