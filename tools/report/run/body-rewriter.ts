/**
 * Rewrites one function's body: counters at the start of each basic block,
 * probes around calls and allocations.
 */
import type { CoreModule } from "../../wasm/core-module.js";
import type { FunctionInfo } from "../../wasm/function-space.js";
import { InstructionReader } from "../../wasm/instruction-reader.js";
import { endsRun, joins, leaves } from "../../wasm/control-flow.js";
import { Op } from "../../wasm/opcodes.js";
import { costOf, ENTRY_COST } from "../../instrument/cost-model.js";
import type { AllocatorMap } from "./allocator-map.js";
import { type Probe, PROBES } from "./probe-interface.js";
import { ByteWriter, functionType } from "../../wasm/byte-writer.js";

/** Where the appended types, the probes' table and the counters lie in their index spaces. */
export interface Indices {
  readonly firstType: number;
  readonly firstExtraType: number;
  readonly table: number;
  readonly totalGlobal: number;
}

/** A basic block: how much each run of it costs, and where. */
export interface BlockInfo {
  readonly function: number;
  /** Bytes of the file at which its instructions start, one for each that costs something. */
  readonly at: readonly number[];
}

const EMPTY_BLOCK = 0x40;
// prettier-ignore
const VALUE_TYPES: Readonly<Record<string, number>> = { i32: 0x7f, i64: 0x7e, f32: 0x7d, f64: 0x7c, v128: 0x7b, funcref: 0x70, externref: 0x6f };
const F64_ADD = 0xa0;

/** Copies a function's code and puts probes in. */
export class BodyRewriter {
  /** The basic blocks, in order. */
  readonly blocks: BlockInfo[] = [];
  /** Function types that blocks with several results need. */
  readonly newTypes: Uint8Array[] = [];
  private readonly reader: InstructionReader;
  private out = new ByteWriter();
  private nesting = 0;
  private reachable = true;

  constructor(
    private readonly module: CoreModule,
    private readonly functions: readonly FunctionInfo[],
    private readonly allocators: AllocatorMap,
    private readonly indices: Indices,
  ) {
    this.reader = new InstructionReader(module.bytes);
  }

  /** The new body of `info`: declarations, probes, and the old instructions inside one more block. */
  rewrite(info: FunctionInfo): Uint8Array {
    const { code, end } = info.code!;
    const extraLocal = this.declareLocals(info);
    this.prologue(info);
    this.nesting = 0;
    this.reachable = true;
    this.out.put(Op.BLOCK).append(this.blockType(info.signature.results));
    this.reader.reset(code, end);
    this.blockFrom(info, code, end, ENTRY_COST);
    while (!this.reader.done) {
      this.reader.next();
      this.instruction(info, end);
    }
    this.epilogue(info, extraLocal);
    return this.out.bytes;
  }

  /** Copies the declarations; an allocator gets one local more, for its answer. */
  private declareLocals(info: FunctionInfo): number {
    const { locals } = info.code!;
    const extra = this.allocators.sizeParam.has(info.index);
    this.out = new ByteWriter().u32(locals.length + (extra ? 1 : 0));
    const bytes = new InstructionReader(this.module.bytes, info.code!.body.start, info.code!.code);
    bytes.u32();
    this.out.append(this.module.bytes.subarray(bytes.offset, info.code!.code));
    if (extra) this.out.u32(1).put(VALUE_TYPES["i32"]!);
    return info.signature.params.length + locals.reduce((sum, { count }) => sum + count, 0);
  }

  private prologue(info: FunctionInfo): void {
    this.out.put(Op.I32_CONST).s32(info.index);
    this.total();
    this.probe(PROBES.enter);
    const sizeParam = this.allocators.sizeParam.get(info.index);
    if (sizeParam !== undefined) {
      this.out.put(Op.I32_CONST).s32(info.index).put(Op.LOCAL_GET).u32(sizeParam);
      this.probe(PROBES.allocate);
    } else if (this.allocators.frees.has(info.index)) {
      this.out.put(Op.LOCAL_GET).u32(0);
      this.probe(PROBES.free);
    }
  }

  private epilogue(info: FunctionInfo, extraLocal: number): void {
    const { sizeParam } = this.allocators;
    if (sizeParam.has(info.index) && info.signature.results[0] === "i32") {
      this.out.put(Op.LOCAL_TEE).u32(extraLocal).put(Op.LOCAL_GET).u32(extraLocal);
      this.probe(PROBES.allocated);
    }
    this.total();
    this.probe(PROBES.leave);
    this.out.put(Op.END);
  }

  private instruction(info: FunctionInfo, end: number): void {
    const { reader } = this;
    const { opcode, start } = reader;
    const bytes = this.module.bytes.subarray(start, reader.offset);
    if (opcode === Op.RETURN) this.out.put(Op.BR).u32(this.nesting);
    else {
      if (opcode === Op.CALL || opcode === Op.RETURN_CALL) this.beforeCall(info, reader.a, start);
      if (opcode === Op.RETURN_CALL || opcode === Op.RETURN_CALL_INDIRECT) this.leaveEarly();
      this.out.append(bytes);
    }
    const watcher = opcode === Op.GLOBAL_SET ? this.watcherOf(reader.a) : null;
    if (watcher) {
      this.out.put(Op.GLOBAL_GET).u32(reader.a).put(Op.I32_CONST).s32(start);
      this.probe(watcher);
    }
    this.follow(info, end);
  }

  /** The probe that is told of each new value of a global; null for most. */
  private watcherOf(global: number): Probe | null {
    const { bumpGlobals, arenaTop, arenaCurrent } = this.allocators;
    if (global === arenaTop) return PROBES.arenaTop;
    if (global === arenaCurrent) return PROBES.arenaCurrent;
    return bumpGlobals.has(global) ? PROBES.bump : null;
  }

  /** Begins a new basic block where one begins. */
  private follow(info: FunctionInfo, end: number): void {
    const { reader } = this;
    const { opcode } = reader;
    if (reader.opensBlock) this.nesting++;
    if (opcode === Op.END || opcode === Op.DELEGATE) this.nesting--;
    if (leaves(opcode)) {
      this.reachable = false;
      return;
    }
    if (joins(opcode)) this.reachable = true;
    if (endsBlock(reader) && this.reachable && this.nesting >= 0) this.blockFrom(info, reader.offset, end, 0);
  }

  /**
   * Counts the block that starts at `from`: its instructions are looked at
   * ahead, so that one counter serves all.
   */
  private blockFrom(info: FunctionInfo, from: number, end: number, extraCost: number): void {
    const at = extraCost > 0 ? [from] : [];
    const ahead = new InstructionReader(this.module.bytes, from, end);
    while (!ahead.done) {
      ahead.next();
      if (costOf(ahead.opcode) > 0) at.push(ahead.start);
      if (endsBlock(ahead)) break;
    }
    if (at.length === 0) return;
    const block = this.blocks.length;
    this.blocks.push({ function: info.index, at });
    this.increase(this.indices.totalGlobal, at.length);
    this.increase(this.indices.totalGlobal + 1 + block, 1);
  }

  private beforeCall(info: FunctionInfo, callee: number, at: number): void {
    if (this.functions[callee]?.import) {
      this.out.put(Op.I32_CONST).s32(callee);
      this.probe(PROBES.host);
    } else if (this.allocators.leadsTo.has(callee) && !this.allocators.sizeParam.has(info.index)) {
      this.out.put(Op.I32_CONST).s32(at);
      this.probe(PROBES.site);
    }
  }

  private leaveEarly(): void {
    this.total();
    this.probe(PROBES.leave);
  }

  private total(): void {
    this.out.put(Op.GLOBAL_GET).u32(this.indices.totalGlobal);
  }

  private increase(global: number, by: number): void {
    this.out.put(Op.GLOBAL_GET).u32(global).put(Op.F64_CONST).f64(by).put(F64_ADD, Op.GLOBAL_SET).u32(global);
  }

  /** Calls a probe; its arguments are on the stack. */
  private probe({ slot }: Probe): void {
    this.out
      .put(Op.I32_CONST)
      .s32(slot)
      .put(Op.CALL_INDIRECT)
      .u32(this.indices.firstType + slot)
      .u32(this.indices.table);
  }

  private blockType(results: readonly string[]): Uint8Array {
    if (results.length === 0) return new Uint8Array([EMPTY_BLOCK]);
    const types = results.map((type) => VALUE_TYPES[type] ?? 0x70);
    if (types.length === 1) return new Uint8Array(types);
    this.newTypes.push(functionType([], types));
    return new ByteWriter().s32(this.indices.firstExtraType + this.newTypes.length - 1).bytes;
  }
}

/**
 * Whether a basic block ends with the instruction: a run does, or something is
 * called, or a block of the code begins.
 */
function endsBlock({ opcode, opensBlock }: InstructionReader): boolean {
  return endsRun(opcode) || opensBlock || isCall(opcode);
}

function isCall(opcode: number): boolean {
  return opcode === Op.CALL || opcode === Op.CALL_INDIRECT || opcode === Op.CALL_REF;
}
