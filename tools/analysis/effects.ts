/**
 * What a function's instructions do, whatever lies on the operand stack:
 * allocate, write, throw, take references.
 */
import type { InstructionReader } from "../wasm/instruction-reader.js";
import { Op } from "../wasm/opcodes.js";
import { wideOpcode } from "../wasm/wide-opcodes.js";

/** An instruction that allocates. */
export interface AllocatingInstruction {
  readonly kind: "memory.grow" | "table.grow" | GcAllocation;
  /** Byte of the file. */
  readonly at: number;
}

/** What one function does. */
export interface Effects {
  /** Bytes of the file where `memory.grow` stands. */
  readonly grows: readonly number[];
  /** Memories that it grows. */
  readonly grownMemories: readonly number[];
  readonly memorySizes: number;
  /** Instructions that allocate, each `memory.grow` too. */
  readonly allocates: readonly AllocatingInstruction[];
  /** Whether it throws: an engine may allocate the exception. */
  readonly throws: boolean;
  /** Whether it writes to memory, to a table or to a GC object. */
  readonly stores: boolean;
  /** Functions whose reference the code takes. */
  readonly references: readonly number[];
  readonly writtenGlobals: readonly number[];
}

/** Sub-opcodes of the 0xfc group that the analyses ask for. */
export const Misc = {
  MEMORY_INIT: 8,
  MEMORY_COPY: 10,
  MEMORY_FILL: 11,
  TABLE_GROW: 15,
  TABLE_FILL: 17,
} as const;
/** Instructions of garbage collection that allocate, by sub-opcode. */
const GC_ALLOCATES = {
  0: "struct.new",
  1: "struct.new_default",
  6: "array.new",
  7: "array.new_default",
  8: "array.new_fixed",
  9: "array.new_data",
  10: "array.new_elem",
} as const;
type GcAllocation = (typeof GC_ALLOCATES)[keyof typeof GC_ALLOCATES];
/** struct.set; array.set, fill, copy, init_data, init_elem. */
const GC_STORES = new Set([5, 14, 16, 17, 18, 19]);

/** Takes the effects of one function after the other down. */
export class EffectNotes {
  private grows: number[] = [];
  private grownMemories = new Set<number>();
  private allocates: AllocatingInstruction[] = [];
  private references: number[] = [];
  private writtenGlobals = new Set<number>();
  private memorySizes = 0;
  private throws = false;
  private stores = false;

  /** What was noted since the last call. */
  finish(): Effects {
    const effects = {
      grows: kept(this.grows),
      grownMemories: kept([...this.grownMemories]),
      memorySizes: this.memorySizes,
      allocates: kept(this.allocates),
      throws: this.throws,
      stores: this.stores,
      references: kept(this.references),
      writtenGlobals: kept([...this.writtenGlobals]),
    };
    this.grows = [];
    this.grownMemories.clear();
    this.allocates = [];
    this.references = [];
    this.writtenGlobals.clear();
    this.memorySizes = 0;
    this.throws = this.stores = false;
    return effects;
  }

  /** Notes the instruction that `reader` has read. */
  note(reader: InstructionReader): void {
    const { opcode, a, start } = reader;
    switch (opcode) {
      case Op.MEMORY_GROW:
        this.grows.push(start);
        this.grownMemories.add(a);
        this.allocates.push({ kind: "memory.grow", at: start });
        break;
      case Op.MEMORY_SIZE:
        this.memorySizes++;
        break;
      case Op.REF_FUNC:
        this.references.push(a);
        break;
      case Op.GLOBAL_SET:
        this.writtenGlobals.add(a);
        break;
      case Op.TABLE_SET:
        this.stores = true;
        break;
      case Op.THROW:
        this.throws = true;
        break;
      default:
        if (opcode >= Op.PREFIX_GC) this.notePrefixed(reader);
        else if (opcode >= Op.FIRST_STORE && opcode <= Op.LAST_STORE) this.stores = true;
    }
  }

  private notePrefixed({ opcode, sub, start }: InstructionReader): void {
    if (opcode === Op.PREFIX_GC) {
      if (sub in GC_ALLOCATES)
        this.allocates.push({ kind: GC_ALLOCATES[sub as keyof typeof GC_ALLOCATES], at: start });
      if (GC_STORES.has(sub)) this.stores = true;
    } else if (opcode === Op.PREFIX_MISC) {
      if (sub === Misc.TABLE_GROW) this.allocates.push({ kind: "table.grow", at: start });
      if (sub >= Misc.MEMORY_INIT && sub <= Misc.TABLE_FILL) this.stores = true;
    } else this.stores ||= wideOpcode(opcode, sub)?.touch?.store ?? false;
  }
}

const NONE: readonly never[] = [];

/** The list, or the one empty list: most functions of a big module have little to tell. */
export function kept<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list;
}
