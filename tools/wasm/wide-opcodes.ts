/**
 * What SIMD and atomic instructions take from and leave on the stack, in the letters of `opcodes.ts` and `v`
 * (v128), and which bytes of memory they touch.
 * Spec: WebAssembly core, binary format of instructions; threads, relaxed SIMD
 */
import { Op } from "./opcodes.js";

/** How an instruction touches memory: `operands` values lie above its address. */
export interface MemoryTouch {
  readonly byteLength: number;
  readonly store: boolean;
  readonly operands: number;
}

/** An instruction behind a prefix byte. */
export interface WideOpcode {
  readonly signature: string;
  readonly touch: MemoryTouch | null;
}

const LOADED = [16, 8, 8, 8, 8, 8, 8, 1, 2, 4, 8];
const SPLATS = ["i:v", "i:v", "i:v", "I:v", "f:v", "F:v"];
// prettier-ignore
const LANES = ["v:i", "v:i", "vi:v", "v:i", "v:i", "vi:v", "v:i", "vi:v", "v:I", "vI:v", "v:f", "vf:v", "v:F", "vF:v"];

/** One vector in, one out: negations, roundings, extensions, conversions. */
// prettier-ignore
const UNARY = new Set([
  77, 94, 95, 96, 97, 98, 103, 104, 105, 106, 116, 117, 122, 124, 125, 126, 127, 128, 129, 135, 136, 137, 138, 148, 160, 161,
  167, 168, 169, 170, 192, 193, 199, 200, 201, 202, 224, 225, 227, 236, 237, 239, 248, 249, 250, 251, 252, 253, 254, 255,
  257, 258, 259, 260,
]);
/** A vector in, an i32 out. */
const TESTS = new Set([83, 99, 100, 131, 132, 163, 164, 195, 196]);
const SHIFTS = new Set([107, 108, 109, 139, 140, 141, 171, 172, 173, 203, 204, 205]);
const TERNARY = new Set([82, 261, 262, 263, 264, 265, 266, 267, 268, 275]);

/** The SIMD instruction `sub`. */
function simdOpcode(sub: number): WideOpcode {
  if (sub < LOADED.length) return load("i:v", LOADED[sub]!);
  if (sub === 11) return { signature: "iv:", touch: { byteLength: 16, store: true, operands: 1 } };
  if (sub >= 84 && sub < 92) {
    const store = sub >= 88;
    const touch = { byteLength: 1 << (sub - (store ? 88 : 84)), store, operands: 1 };
    return { signature: store ? "iv:" : "iv:v", touch };
  }
  if (sub === 92 || sub === 93) return load("i:v", sub === 92 ? 4 : 8);
  return { signature: plainSimd(sub), touch: null };
}

function plainSimd(sub: number): string {
  if (sub === 12) return ":v";
  if (sub >= 15 && sub < 21) return SPLATS[sub - 15]!;
  if (sub >= 21 && sub < 35) return LANES[sub - 21]!;
  if (UNARY.has(sub)) return "v:v";
  if (TESTS.has(sub)) return "v:i";
  if (SHIFTS.has(sub)) return "vi:v";
  return TERNARY.has(sub) ? "vvv:v" : "vv:v";
}

function load(signature: string, byteLength: number): WideOpcode {
  return { signature, touch: { byteLength, store: false, operands: 0 } };
}

/** i32, i64, then the narrow ones of i32 and of i64. */
const WIDTHS = [4, 8, 1, 2, 1, 2, 4];
const FIRST_LOAD = 0x10;
const FIRST_STORE = 0x17;
const FIRST_UPDATE = 0x1e;
const FIRST_EXCHANGE = 0x48;

/** The atomic instruction `sub`. */
function atomicOpcode(sub: number): WideOpcode {
  if (sub === 0) return { signature: "ii:i", touch: { byteLength: 4, store: false, operands: 1 } };
  if (sub === 1) return { signature: "iiI:i", touch: { byteLength: 4, store: false, operands: 2 } };
  if (sub === 2) return { signature: "iII:i", touch: { byteLength: 8, store: false, operands: 2 } };
  if (sub < FIRST_LOAD) return { signature: ":", touch: null };
  const width = (sub - FIRST_LOAD) % WIDTHS.length;
  const byteLength = WIDTHS[width]!;
  const letter = width === 1 || width > 3 ? "I" : "i";
  if (sub < FIRST_STORE) return load(`i:${letter}`, byteLength);
  const operands = sub >= FIRST_EXCHANGE ? 2 : 1;
  const result = sub >= FIRST_UPDATE ? letter : "";
  return {
    signature: `i${letter.repeat(operands)}:${result}`,
    touch: { byteLength, store: true, operands },
  };
}

/** The SIMD or atomic instruction `sub` behind the prefix byte `opcode`; null for any other. */
export function wideOpcode(opcode: number, sub: number): WideOpcode | null {
  if (opcode === Op.PREFIX_SIMD) return simdOpcode(sub);
  return opcode === Op.PREFIX_ATOMIC ? atomicOpcode(sub) : null;
}
