/**
 * One walk over one function: what it calls, which static addresses it touches,
 * and how much operand stack it takes.
 */
import { WasmFormatError } from "../wasm/byte-reader.js";
import type { CoreModule } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import { InstructionReader } from "../wasm/instruction-reader.js";
import { Op, SIGNATURES } from "../wasm/opcodes.js";
import { type WideOpcode, wideOpcode } from "../wasm/wide-opcodes.js";
import { EffectNotes, type Effects, kept, Misc } from "./effects.js";
import { combine, constantOf, frameGlobal, topOf } from "./traced-value.js";
import { cellsOfLetter, cellsOfType, UNKNOWN, ValueStack } from "./value-stack.js";

/**
 * A call: `callee` is a function index, or -1 for a call through a table of functions of type `typeIndex`.
 */
export interface CallSite {
  readonly callee: number;
  readonly typeIndex: number;
  /** Byte of the file. */
  readonly at: number;
  /** Constant arguments (UNKNOWN where not constant); kept for calls of imports alone. */
  readonly args: readonly number[] | null;
}

/** A load or store at an address that the code fixes. */
export interface StaticAccess {
  readonly memory: number;
  readonly address: number;
  readonly byteLength: number;
  readonly store: boolean;
  readonly at: number;
  /** Passive data segment that is copied there. */
  readonly segment?: number;
}

/** Why the operand stack of a function cannot be computed. */
export type Unsupported = "SIMD" | "garbage collection" | "atomics" | "exceptions" | "typed calls";

/** What the instructions of one function say. */
export interface FunctionFacts extends Effects {
  readonly info: FunctionInfo;
  readonly instructions: number;
  readonly calls: readonly CallSite[];
  readonly accesses: readonly StaticAccess[];
  /** Memories that are accessed at addresses which the code does not fix. */
  readonly dynamicMemories: readonly number[];
  /** Globals whose value it uses as a stack pointer. */
  readonly stackGlobals: readonly number[];
  /** Cells of 4 bytes, as WAMR counts: parameters with locals, and the deepest operand stack. */
  readonly localCells: number;
  readonly paramCells: number;
  readonly stackCells: number;
  /** Deepest nesting of blocks, the body included. */
  readonly blocks: number;
  readonly unsupported: Unsupported | null;
}

// prettier-ignore
const LOAD_BYTES = [4, 8, 4, 8, 1, 1, 2, 2, 1, 1, 2, 2, 4, 4];
// prettier-ignore
const STORE_BYTES = [4, 8, 4, 8, 1, 2, 1, 2, 4];

/** Pops and pushes by opcode, precomputed from the signatures. */
const EFFECTS = SIGNATURES.map((signature) => {
  if (signature === undefined || signature === "*") return null;
  const [takes, leaves] = signature.split(":") as [string, string];
  return { pops: takes.length, pushes: [...leaves].map(cellsOfLetter) };
});

const ONE_CELL = [1];

/** Gathers the facts of every defined function of a module. */
export class FactWalker {
  private readonly reader: InstructionReader;
  private readonly stack = new ValueStack();
  private calls: CallSite[] = [];
  private accesses: StaticAccess[] = [];
  private readonly effects = new EffectNotes();
  private unsupported: Unsupported | null = null;
  /** Whether the operand stack is no longer known. */
  private lost = false;
  private readonly dynamicMemories = new Set<number>();
  private readonly stackGlobals = new Set<number>();
  /** Locals that hold what is traced. */
  private readonly locals = new Map<number, number>();
  private localTypes: string[] = [];
  private readonly globalTypes: readonly string[];
  private readonly stackCandidates: ReadonlySet<number>;

  constructor(
    private readonly module: CoreModule,
    private readonly functions: readonly FunctionInfo[],
  ) {
    this.reader = new InstructionReader(module.bytes);
    const imported = module.imports.flatMap(({ global }) => (global ? [global.type] : []));
    this.globalTypes = [...imported, ...module.globals.map(({ type }) => type)];
    this.stackCandidates = stackCandidates(module, imported.length);
  }

  /** Facts of `info`, a defined function. */
  walk(info: FunctionInfo): FunctionFacts {
    const code = info.code!;
    this.begin(info);
    const { reader } = this;
    reader.reset(code.code, code.end);
    let instructions = 0;
    while (!reader.done) {
      reader.next();
      instructions++;
      this.note();
      if (this.lost) {
        this.passOver();
        continue;
      }
      if (this.stack.finished)
        throw new WasmFormatError("instruction behind the function's end", reader.start);
      this.step();
    }
    const paramCells = sum(info.signature.params.map(cellsOfType));
    return {
      info,
      instructions,
      calls: kept(this.calls),
      accesses: kept(this.accesses),
      ...this.effects.finish(),
      dynamicMemories: kept([...this.dynamicMemories]),
      stackGlobals: kept([...this.stackGlobals]),
      paramCells,
      localCells: sum(code.locals.map(({ count, type }) => count * cellsOfType(type))),
      stackCells: this.stack.maxCells,
      blocks: this.stack.maxBlocks,
      unsupported: this.unsupported,
    };
  }

  private begin(info: FunctionInfo): void {
    this.calls = [];
    this.accesses = [];
    this.unsupported = null;
    this.lost = false;
    this.dynamicMemories.clear();
    this.stackGlobals.clear();
    this.locals.clear();
    this.localTypes = [...info.signature.params];
    for (const { count, type } of info.code!.locals) {
      if (this.localTypes.length + count > 50_000) this.lose("typed calls");
      else for (let i = 0; i < count; i++) this.localTypes.push(type);
    }
    this.stack.enter(info.signature.results.map(cellsOfType));
  }

  /** Takes down what does not depend on the stack. */
  private note(): void {
    const { reader } = this;
    switch (reader.opcode) {
      case Op.CALL:
      case Op.RETURN_CALL:
        if (reader.a >= this.functions.length) {
          throw new WasmFormatError(`call of the unknown function ${reader.a}`, reader.start);
        }
        this.calls.push({
          callee: reader.a,
          typeIndex: -1,
          at: reader.start,
          args: this.importArguments(reader.a),
        });
        break;
      case Op.CALL_INDIRECT:
      case Op.RETURN_CALL_INDIRECT:
      case Op.CALL_REF:
      case Op.RETURN_CALL_REF:
        this.calls.push({ callee: -1, typeIndex: reader.a, at: reader.start, args: null });
        break;
      default:
        this.effects.note(reader);
    }
  }

  /** From here on nothing is known of the operand stack. */
  private lose(why: Unsupported): void {
    this.unsupported ??= why;
    this.lost = true;
  }

  /** An instruction whose operands are not known: an access of memory may be anywhere. */
  private passOver(): void {
    const { opcode, sub, a, b } = this.reader;
    if ((opcode >= Op.FIRST_LOAD && opcode <= Op.LAST_STORE) || wideOpcode(opcode, sub)?.touch)
      this.dynamicMemories.add(b);
    else if (opcode !== Op.PREFIX_MISC) return;
    else if (sub === Misc.MEMORY_FILL) this.dynamicMemories.add(a);
    else if (sub === Misc.MEMORY_INIT) this.dynamicMemories.add(b);
    else if (sub === Misc.MEMORY_COPY) this.dynamicMemories.add(a).add(b);
  }

  /** Constant arguments of a call of the import `callee`; they lie on the stack and stay there. */
  private importArguments(callee: number): number[] | null {
    const info = this.functions[callee];
    if (!info?.import || this.lost) return null;
    const widths = info.signature.params.map(cellsOfType);
    const args = widths.map(() => this.stack.pop()).reverse();
    widths.forEach((width, index) => this.stack.push(width, args[index]!));
    return args.map(constantOf);
  }

  private step(): void {
    const { reader, stack } = this;
    const effect = EFFECTS[reader.opcode];
    if (!effect) {
      this.special();
      return;
    }
    const { opcode } = reader;
    if (opcode >= Op.FIRST_LOAD && opcode <= Op.LAST_LOAD)
      this.access(stack.pop(), LOAD_BYTES[opcode - Op.FIRST_LOAD]!, false);
    else if (opcode >= Op.FIRST_STORE && opcode <= Op.LAST_STORE) {
      stack.pop();
      this.access(stack.pop(), STORE_BYTES[opcode - Op.FIRST_STORE]!, true);
    } else if (opcode === Op.I32_CONST) {
      stack.push(1, reader.a >>> 0);
      return;
    } else if (opcode === Op.I64_CONST) {
      stack.push(2, reader.wide >= 0n ? Number(reader.wide) : UNKNOWN);
      return;
    } else if (TRACED.has(opcode)) {
      const above = stack.pop();
      stack.push(effect.pushes[0]!, combine(opcode, stack.pop(), above));
      return;
    } else stack.popMany(effect.pops);
    for (const width of effect.pushes) stack.push(width);
  }

  private access(base: number, byteLength: number, store: boolean): void {
    const { a, b, start } = this.reader;
    this.touch(b, base, { byteLength, store, at: start }, a);
  }

  /** Notes an access of `memory` at `base` and `offset` bytes behind it. */
  private touch(
    memory: number,
    base: number,
    access: Omit<StaticAccess, "memory" | "address">,
    offset = 0,
  ): void {
    this.useAddress(base);
    if (base >= 0 && access.byteLength >= 0)
      this.accesses.push({ memory, address: base + offset, ...access });
    else this.dynamicMemories.add(memory);
  }

  /** A value is used as an address, or handed on as one. */
  private useAddress(value: number): void {
    const global = frameGlobal(value);
    if (global !== null) this.stackGlobals.add(global);
  }

  private special(): void {
    const { reader, stack } = this;
    switch (reader.opcode) {
      case Op.BLOCK:
      case Op.LOOP:
        this.open(reader.opcode === Op.LOOP);
        return;
      case Op.IF:
        stack.pop();
        this.open(false);
        return;
      case Op.ELSE:
        stack.restartBlock();
        return;
      case Op.END:
        stack.closeBlock();
        return;
      case Op.BR:
        stack.branch(reader.a);
        stack.stop();
        return;
      case Op.BR_IF:
        stack.pop();
        stack.branch(reader.a);
        return;
      case Op.BR_TABLE:
        stack.pop();
        for (const label of reader.labels) stack.branch(label);
        stack.stop();
        return;
      case Op.RETURN:
      case Op.UNREACHABLE:
        stack.stop();
        return;
      case Op.CALL:
      case Op.RETURN_CALL:
        this.call(this.functions[reader.a]?.signature);
        return;
      case Op.CALL_INDIRECT:
      case Op.RETURN_CALL_INDIRECT:
        stack.pop();
        this.call(this.module.types[reader.a]?.signature);
        return;
      default:
        this.values();
    }
  }

  private values(): void {
    const { reader, stack } = this;
    switch (reader.opcode) {
      case 0x01:
        return;
      case Op.DROP:
        stack.pop();
        return;
      case Op.SELECT:
      case Op.SELECT_T: {
        stack.pop();
        const width = stack.topWidth;
        stack.pop();
        stack.pop();
        stack.push(width);
        return;
      }
      case Op.LOCAL_GET:
        stack.push(cellsOfType(this.localTypes[reader.a] ?? "i32"), this.locals.get(reader.a));
        return;
      case Op.LOCAL_SET:
        this.setLocal(stack.pop());
        return;
      case Op.GLOBAL_SET:
        stack.pop();
        return;
      case Op.LOCAL_TEE: {
        const value = stack.pop();
        this.setLocal(value);
        stack.push(cellsOfType(this.localTypes[reader.a] ?? "i32"), value);
        return;
      }
      case Op.GLOBAL_GET: {
        const value = this.stackCandidates.has(reader.a) ? topOf(reader.a) : UNKNOWN;
        stack.push(cellsOfType(this.globalTypes[reader.a] ?? "i32"), value);
        return;
      }
      case Op.TABLE_GET:
      case Op.REF_IS_NULL:
        stack.pop();
        stack.push(1);
        return;
      case Op.TABLE_SET:
        stack.popMany(2);
        return;
      case Op.REF_NULL:
      case Op.REF_FUNC:
        stack.push(1);
        return;
      default:
        this.prefixed();
    }
  }

  /**
   * What a local holds from here on; only what is traced is kept, for a loop may
   * come back with another constant.
   */
  private setLocal(value: number): void {
    if (value < 0) this.locals.set(this.reader.a, value);
    else this.locals.delete(this.reader.a);
  }

  private prefixed(): void {
    const { opcode, sub, misc } = this.reader;
    const wide = wideOpcode(opcode, sub);
    if (opcode === Op.PREFIX_MISC && misc) this.miscellaneous(misc.signature);
    else if (wide) {
      this.unsupported ??= opcode === Op.PREFIX_SIMD ? "SIMD" : "atomics";
      this.wideAccess(wide);
    } else if (opcode === Op.PREFIX_GC || opcode >= 0xd3) this.lose("garbage collection");
    else if (opcode === Op.CALL_REF || opcode === Op.RETURN_CALL_REF) this.lose("typed calls");
    else this.lose("exceptions");
  }

  private wideAccess({ signature, touch }: WideOpcode): void {
    const { stack } = this;
    if (touch) {
      stack.popMany(touch.operands);
      this.access(stack.pop(), touch.byteLength, touch.store);
    }
    this.apply(signature, touch ? touch.operands + 1 : 0);
  }

  /** Takes and leaves as `signature` says; `taken` operands are gone already. */
  private apply(signature: string, taken: number): void {
    const [takes, leaves] = signature.split(":") as [string, string];
    this.stack.popMany(takes.length - taken);
    for (const letter of leaves) this.stack.push(cellsOfLetter(letter));
  }

  private miscellaneous(signature: string): void {
    const { stack, reader } = this;
    const { sub, a, b, start } = reader;
    if (sub !== Misc.MEMORY_INIT && sub !== Misc.MEMORY_COPY && sub !== Misc.MEMORY_FILL) {
      this.apply(signature, 0);
      return;
    }
    const byteLength = constantOf(stack.pop());
    const source = stack.pop();
    const target = stack.pop();
    const access = { byteLength, store: true, at: start };
    if (sub === Misc.MEMORY_INIT) this.touch(b, target, { ...access, segment: a });
    else this.touch(a, target, access);
    if (sub === Misc.MEMORY_COPY) this.touch(b, source, { ...access, store: false });
  }

  private call(signature: FunctionInfo["signature"] | null | undefined): void {
    if (!signature) return;
    signature.params.forEach(() => {
      this.useAddress(this.stack.pop());
    });
    for (const type of signature.results) this.stack.push(cellsOfType(type));
    if (this.reader.opcode === Op.RETURN_CALL || this.reader.opcode === Op.RETURN_CALL_INDIRECT)
      this.stack.stop();
  }

  private open(loop: boolean): void {
    const type = this.reader.blockType;
    if (type === null) this.stack.openBlock([], [], loop);
    else if (typeof type === "string")
      this.stack.openBlock([], cellsOfType(type) === 1 ? ONE_CELL : [cellsOfType(type)], loop);
    else {
      const signature = this.module.types[type]?.signature;
      this.stack.openBlock(
        signature?.params.map(cellsOfType) ?? [],
        signature?.results.map(cellsOfType) ?? [],
        loop,
      );
    }
  }
}

const TRACED = new Set<number>([Op.I32_ADD, Op.I32_SUB, Op.I32_AND, Op.I64_ADD, Op.I64_SUB, Op.I64_AND]);

/** Mutable globals that start where a stack could: above 0, aligned. */
function stackCandidates({ globals }: CoreModule, imported: number): ReadonlySet<number> {
  return new Set(
    globals.flatMap(({ mutable, initial }, index) =>
      mutable && initial.value !== null && initial.value > 0n && initial.value % 16n === 0n
        ? [index + imported]
        : [],
    ),
  );
}

/** Whether an argument of a call is a constant. */
export function isKnown(value: number | undefined): value is number {
  return value !== undefined && value >= 0;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
