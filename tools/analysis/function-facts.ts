/** One walk over one function: what it calls, which static addresses it touches, and how much operand stack it takes. */
import { WasmFormatError } from "../wasm/byte-reader.js";
import type { CoreModule } from "../wasm/core-module.js";
import type { FunctionInfo } from "../wasm/function-space.js";
import { InstructionReader } from "../wasm/instruction-reader.js";
import { Op, SIGNATURES } from "../wasm/opcodes.js";
import { cellsOfLetter, cellsOfType, UNKNOWN, ValueStack } from "./value-stack.js";

/** A call: `callee` is a function index, or -1 for a call through a table of functions of type `typeIndex`. */
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
  readonly address: number;
  readonly byteLength: number;
  readonly store: boolean;
  readonly at: number;
}

/** Why the operand stack of a function cannot be computed. */
export type Unsupported = "SIMD" | "garbage collection" | "atomics" | "exceptions" | "typed calls";

/** What the instructions of one function say. */
export interface FunctionFacts {
  readonly info: FunctionInfo;
  readonly instructions: number;
  readonly calls: readonly CallSite[];
  readonly accesses: readonly StaticAccess[];
  /** Bytes of the file where `memory.grow` stands. */
  readonly grows: readonly number[];
  readonly memorySizes: number;
  /** Functions whose reference the code takes. */
  readonly references: readonly number[];
  readonly writtenGlobals: readonly number[];
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
  private grows: number[] = [];
  private references: number[] = [];
  private writtenGlobals = new Set<number>();
  private memorySizes = 0;
  private unsupported: Unsupported | null = null;
  private localTypes: string[] = [];
  private readonly globalTypes: readonly string[];

  constructor(
    private readonly module: CoreModule,
    private readonly functions: readonly FunctionInfo[],
  ) {
    this.reader = new InstructionReader(module.bytes);
    const imported = module.imports.flatMap(({ global }) => (global ? [global.type] : []));
    this.globalTypes = [...imported, ...module.globals.map(({ type }) => type)];
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
      if (this.unsupported !== null) continue;
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
      grows: kept(this.grows),
      memorySizes: this.memorySizes,
      references: kept(this.references),
      writtenGlobals: kept([...this.writtenGlobals]),
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
    this.grows = [];
    this.references = [];
    this.writtenGlobals = new Set();
    this.memorySizes = 0;
    this.unsupported = null;
    this.localTypes = [...info.signature.params];
    for (const { count, type } of info.code!.locals) {
      if (this.localTypes.length + count > 50_000) this.unsupported = "typed calls";
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
      case Op.MEMORY_GROW:
        this.grows.push(reader.start);
        break;
      case Op.MEMORY_SIZE:
        this.memorySizes++;
        break;
      case Op.REF_FUNC:
        this.references.push(reader.a);
        break;
      case Op.GLOBAL_SET:
        this.writtenGlobals.add(reader.a);
        break;
    }
  }

  /** Constant arguments of a call of the import `callee`; they lie on the stack and stay there. */
  private importArguments(callee: number): number[] | null {
    const info = this.functions[callee];
    if (!info?.import || this.unsupported !== null) return null;
    const widths = info.signature.params.map(cellsOfType);
    const args = widths.map(() => this.stack.pop()).reverse();
    widths.forEach((width, index) => this.stack.push(width, args[index]!));
    return args;
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
    } else if (opcode === Op.I32_ADD) {
      stack.push(1, (stack.pop() + stack.pop()) % 2 ** 32);
      return;
    } else stack.popMany(effect.pops);
    for (const width of effect.pushes) stack.push(width);
  }

  private access(base: number, byteLength: number, store: boolean): void {
    if (Number.isNaN(base)) return;
    this.accesses.push({ address: base + this.reader.a, byteLength, store, at: this.reader.start });
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
        stack.push(cellsOfType(this.localTypes[reader.a] ?? "i32"));
        return;
      case Op.LOCAL_SET:
      case Op.GLOBAL_SET:
        stack.pop();
        return;
      case Op.LOCAL_TEE:
        stack.push(cellsOfType(this.localTypes[reader.a] ?? "i32"), stack.pop());
        return;
      case Op.GLOBAL_GET:
        stack.push(cellsOfType(this.globalTypes[reader.a] ?? "i32"));
        return;
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

  private prefixed(): void {
    const { opcode, misc } = this.reader;
    if (opcode === Op.PREFIX_MISC && misc) {
      const [takes, leaves] = misc.signature.split(":") as [string, string];
      this.stack.popMany(takes.length);
      for (const letter of leaves) this.stack.push(cellsOfLetter(letter));
    } else if (opcode === Op.PREFIX_SIMD) this.unsupported = "SIMD";
    else if (opcode === Op.PREFIX_ATOMIC) this.unsupported = "atomics";
    else if (opcode === Op.PREFIX_GC || opcode >= 0xd3) this.unsupported = "garbage collection";
    else if (opcode === Op.CALL_REF || opcode === Op.RETURN_CALL_REF) this.unsupported = "typed calls";
    else this.unsupported = "exceptions";
  }

  private call(signature: FunctionInfo["signature"] | null | undefined): void {
    if (!signature) return;
    this.stack.popMany(signature.params.length);
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

/** Whether an argument of a call is a constant. */
export function isKnown(value: number | undefined): value is number {
  return value !== undefined && value !== UNKNOWN && !Number.isNaN(value);
}

const NONE: readonly never[] = [];

/** The list, or the one empty list: most functions of a big module have little to tell. */
function kept<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NONE : list;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
