/**
 * Walks the instructions of a function's body or of a constant expression, one at a time, without allocation.
 */
import { ByteReader, WasmFormatError } from "./byte-reader.js";
import {
  atomicImmediate,
  gcImmediate,
  Immediate,
  IMMEDIATES,
  miscOpcode,
  Op,
  simdImmediate,
  type PrefixedOpcode,
} from "./opcodes.js";
import { beginsValueType, readHeapType, readValueType } from "./value-types.js";

/** A block type: no result, one value type, or a type index. */
export type BlockType = string | number | null;

/** The instruction that `next` has read; the fields are valid until the next call. */
export class InstructionReader extends ByteReader {
  /** First byte of the instruction. */
  start = 0;
  /** The opcode of the instruction that was read last. */
  opcode = 0;
  /** Opcode behind a prefix byte. */
  sub = 0;
  /** First immediate: index, label, integer constant, or a memory access's offset. */
  a = 0;
  /** Second immediate: the table of a call_indirect, the memory of an access, ... */
  b = 0;
  /** An i64.const's value. */
  wide = 0n;
  /** Its block type, of a block, loop or if. */
  blockType: BlockType = null;
  /** Labels of a br_table (the default last) or of a try_table's catches. */
  labels: number[] = [];
  /** The 0xfc instruction's description. */
  misc: PrefixedOpcode | null = null;

  /** Starts over at `offset`, up to `end`. */
  reset(offset: number, end: number): void {
    this.offset = offset;
    this.end = end;
  }

  /** Reads one instruction; its bytes are `start` up to `offset`. */
  next(): void {
    this.start = this.offset;
    const opcode = this.u8();
    this.opcode = opcode;
    this.immediates(opcode < Op.PREFIX_GC ? IMMEDIATES[opcode]! : this.prefixed(opcode));
  }

  /** Whether the instruction opens a block that an `end` (or a `delegate`) closes. */
  get opensBlock(): boolean {
    const opcode = this.opcode;
    return (opcode >= Op.BLOCK && opcode <= Op.IF) || opcode === Op.TRY || opcode === Op.TRY_TABLE;
  }

  private prefixed(prefix: number): Immediate | -1 {
    const sub = this.u32();
    this.sub = sub;
    switch (prefix) {
      case Op.PREFIX_MISC:
        this.misc = miscOpcode(sub);
        return this.misc?.immediate ?? -1;
      case Op.PREFIX_SIMD:
        return simdImmediate(sub) ?? -1;
      case Op.PREFIX_ATOMIC:
        return atomicImmediate(sub) ?? -1;
      case Op.PREFIX_GC:
        return gcImmediate(sub) ?? -1;
      default:
        return -1;
    }
  }

  private immediates(immediate: Immediate | -1): void {
    switch (immediate) {
      case Immediate.NONE:
        return;
      case Immediate.INDEX:
      case Immediate.LEGACY_RETHROW:
        this.a = this.u32();
        return;
      case Immediate.INDEX2:
        this.a = this.u32();
        this.b = this.u32();
        return;
      case Immediate.MEMARG:
        this.memoryAccess();
        return;
      case Immediate.MEMARG_BYTE:
        this.memoryAccess();
        this.skip(1);
        return;
      case Immediate.I32:
        this.a = this.s33();
        return;
      case Immediate.I64:
        this.wide = this.s64();
        return;
      case Immediate.F32:
        this.skip(4);
        return;
      case Immediate.F64:
        this.skip(8);
        return;
      case Immediate.BYTE:
        this.skip(1);
        return;
      case Immediate.BYTES16:
        this.skip(16);
        return;
      default:
        this.rareImmediates(immediate);
    }
  }

  private rareImmediates(immediate: Immediate | -1): void {
    switch (immediate) {
      case Immediate.BLOCK:
        this.blockType = this.readBlockType();
        return;
      case Immediate.BR_TABLE:
        this.labels = this.vector(() => this.u32());
        this.labels.push(this.u32());
        return;
      case Immediate.TYPES:
        this.vector(() => readValueType(this));
        return;
      case Immediate.HEAP:
        readHeapType(this);
        return;
      case Immediate.TRY_TABLE:
        this.blockType = this.readBlockType();
        this.labels = this.vector(() => this.readCatch());
        return;
      case Immediate.CAST_BR:
        this.skip(1);
        this.a = this.u32();
        readHeapType(this);
        readHeapType(this);
        return;
      default: {
        const prefix = this.opcode >= Op.PREFIX_GC ? ` 0x${this.sub.toString(16)}` : "";
        throw new WasmFormatError(
          `unknown instruction 0x${this.opcode.toString(16)}${prefix}`,
          this.start,
          true,
        );
      }
    }
  }

  private readCatch(): number {
    if (this.u8() < 2) this.u32();
    return this.u32();
  }

  private memoryAccess(): void {
    const align = this.u32();
    this.b = align & 0x40 ? this.u32() : 0;
    this.a = Number(this.u64Fast());
  }

  private u64Fast(): number | bigint {
    if (this.peek() < 0x80) return this.u8();
    return this.u64();
  }

  private readBlockType(): BlockType {
    const byte = this.peek();
    if (byte === 0x40) {
      this.skip(1);
      return null;
    }
    return beginsValueType(byte) ? readValueType(this) : this.s33();
  }
}
