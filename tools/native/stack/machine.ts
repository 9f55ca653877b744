/** What the instructions of each kind of machine do to the stack, and to whom they go. */
import type { CodeFunction, Instruction } from "./disassembly.js";

/** What a function's frame may depend on beside its own instructions. */
export interface ProgramFacts {
  /** The word of 32 bits at an address. */
  wordAt(address: number): number;
  /** Where the function of that name begins; undefined when there is none. */
  addressOf(name: string): number | undefined;
}

/** How a machine's code goes on behind an instruction. */
export interface Flow {
  /** Whether nothing behind it runs next. */
  ends(instruction: Instruction): boolean;
  /** Whether it may leave the next one out. */
  skips(instruction: Instruction): boolean;
  /** Whether it may go to a place of the function that the code does not name. */
  hides(instruction: Instruction): boolean;
}

/** A kind of machine. */
export interface Machine {
  /** Bytes that a call itself puts on the stack. */
  readonly callBytes: number;
  /** Bytes that an interrupt itself puts there. */
  readonly interruptBytes: number;
  /** Bytes of an address, and of what its place in data is a multiple. */
  readonly addressBytes: number;
  readonly addressAlign: number;
  /** Functions of the compiler's libraries whose jumps lead back to their callers, or stay in them. */
  readonly jumpers?: RegExp;
  /** What an address of code in data is, for a function at `address`. */
  pointerTo(address: number): number;
  /** Bytes that the function takes of the stack at most; null where that depends on a value. */
  frameOf(code: CodeFunction, program: ProgramFacts): number | null;
  /** Whether the instruction calls the function at its place; any other transfer to it is a jump. */
  isCall(instruction: Instruction): boolean;
  /** How code goes on, where functions share their ends. */
  readonly flow?: Flow;
  /** Calls of places inside of the function itself are in its frame: they take room, or run its own end. */
  readonly keepsInnerCalls?: true;
  /**
   * Whether the instruction may go to a function that a register or the memory holds; a switch
   * stays in its own.
   */
  isIndirect(instruction: Instruction, before: readonly Instruction[]): boolean;
  /** Whether the instruction sets the stack pointer to another place: what follows begins there. */
  leavesStack(instruction: Instruction): boolean;
}

/** An instruction that only names a place. */
export function isTransfer({ mnemonic }: Instruction): boolean {
  return /^(?:b(?!i[ct]|fi|ld|st|rk|s[rf]|swap)|cb|j|call|rcall|rjmp|tail|notrack|bnd)/.test(mnemonic);
}

/** The sum of what the instructions take; null as soon as one is not known. */
function sum(
  code: CodeFunction,
  taken: (instruction: Instruction, at: number) => number | null,
): number | null {
  let bytes = 0;
  for (const [at, instruction] of code.instructions.entries()) {
    const more = taken(instruction, at);
    if (more === null) return null;
    bytes += more;
  }
  return bytes;
}

function registers(list: string): number {
  return /\{(.*)\}/
    .exec(list)![1]!
    .split(",")
    .reduce((count, item) => {
      const [from, to] = item.trim().split("-");
      return count + (to === undefined ? 1 : Number(to.slice(1)) - Number(from!.slice(1)) + 1);
    }, 0);
}

const arm: Machine = {
  callBytes: 0,
  // Eight registers, on an address that is a multiple of eight.
  interruptBytes: 36,
  addressBytes: 4,
  addressAlign: 4,
  pointerTo: (address) => address + 1,
  frameOf: (code, { wordAt }) =>
    sum(code, ({ mnemonic, operands }, at) => {
      if (mnemonic === "push" || (/^stmdb/.test(mnemonic) && operands.startsWith("sp!")))
        return 4 * registers(operands);
      if (/^v(?:push|stmdb)/.test(mnemonic)) return (operands.includes("{d") ? 8 : 4) * registers(operands);
      const pushed = /^str/.test(mnemonic) ? /\[sp, #-(\d+)\]!/.exec(operands) : null;
      if (pushed !== null) return Number(pushed[1]);
      const less = /^sub/.test(mnemonic) ? /^sp,(?: sp,)? #(\d+)/.exec(operands) : null;
      if (less !== null) return Number(less[1]);
      const by = /^(?:add|sub)/.test(mnemonic) ? /^sp,(?: sp,)? (r\d+|ip|lr)$/.exec(operands) : null;
      return by === null ? 0 : literal(code, at, by[1]!, wordAt);
    }),
  isCall: ({ mnemonic }) => mnemonic === "bl" || mnemonic === "blx",
  isIndirect: ({ mnemonic, operands }) =>
    (/^blx?(?:\.n)?$|^bx/.test(mnemonic) && /^(?:r\d+|ip|sl|fp|sb)$/.test(operands)) ||
    (/^mov/.test(mnemonic) && /^pc, (?!lr)/.test(operands)),
  leavesStack: ({ mnemonic, operands }) => /^(?:mov|ldr)/.test(mnemonic) && /^sp, (?!r7$|fp$)/.test(operands),
};

/**
 * What a register that was loaded before adds to the stack: a frame's bytes, or their return, which
 * is 0.
 */
function literal(
  { instructions }: CodeFunction,
  at: number,
  register: string,
  wordAt: (address: number) => number,
): number | null {
  for (const { address, mnemonic, operands } of instructions.slice(0, at).reverse()) {
    if (!operands.startsWith(`${register},`)) continue;
    const offset = /^ldr/.test(mnemonic) ? /\[pc, #(\d+)\]/.exec(operands) : null;
    if (offset === null) return /^(?:movs?|lsls)/.test(mnemonic) ? 0 : null;
    return Math.max(0, -(wordAt((address & ~3) + 4 + Number(offset[1])) | 0));
  }
  return null;
}

const riscv: Machine = {
  callBytes: 0,
  interruptBytes: 0,
  addressBytes: 4,
  addressAlign: 4,
  pointerTo: (address) => address,
  frameOf: (code) =>
    sum(code, ({ mnemonic, operands }) => {
      if (!/^(?:add|sub)/.test(mnemonic) || !operands.startsWith("sp,")) return 0;
      const by = /^sp,sp,(-?\d+)$/.exec(operands);
      return by === null ? (operands.startsWith("sp,s0,") ? 0 : null) : Math.max(0, -Number(by[1]));
    }),
  isCall: ({ mnemonic, operands }) => /^(?:c\.)?jalr?$/.test(mnemonic) && !/^(?:x0|zero),/.test(operands),
  isIndirect: ({ mnemonic, operands, place }, before) =>
    place === null &&
    (/^jalr$/.test(mnemonic) ||
      (mnemonic === "jr" &&
        operands !== "ra" &&
        // The place in a switch's table is a number times four.
        !before.slice(-8).some((item) => /^slli?$/.test(item.mnemonic) && /,(?:0x)?2$/.test(item.operands)))),
  leavesStack: ({ mnemonic, operands }) =>
    (/^(?:lw|lui|auipc|li)$/.test(mnemonic) && operands.startsWith("sp,")) ||
    (mnemonic === "mv" && /^sp,[at]\d/.test(operands)),
};

const avr: Machine = {
  callBytes: 2,
  interruptBytes: 2,
  addressBytes: 2,
  addressAlign: 1,
  jumpers: /^(?:setjmp|longjmp|__tablejump2__|__prologue_saves__)$/,
  pointerTo: (address) => address / 2,
  frameOf: (code, { addressOf }) =>
    sum(code, ({ mnemonic, operands, place }, at) => {
      // Whoever jumps there takes what it pushes.
      if (code.name === PROLOGUE) return 0;
      const saves = addressOf(PROLOGUE);
      if (/^r?jmp$/.test(mnemonic) && place !== null && saves !== undefined && isIn(place, saves))
        return sharedPrologue(code, at, (place - saves) / PUSH_BYTES);
      if (mnemonic === "push") return 1;
      if (/^r?call$/.test(mnemonic) && place !== null && isInside(code, place)) return 2;
      const less = /^r28, 0x([\da-f]+)/i.exec(operands);
      if (less === null || !/^(?:sbiw|subi)$/.test(mnemonic) || !setsPointer(code, at)) return 0;
      const low = Number.parseInt(less[1]!, 16);
      if (mnemonic === "sbiw") return low;
      const high = /^r29, 0x([\da-f]+)/i.exec(code.instructions[at + 1]?.operands ?? "");
      const bytes = low + (high === null ? 0 : Number.parseInt(high[1]!, 16) << 8);
      return bytes < 0x8000 ? bytes : 0; // an epilogue subtracts a negative number
    }),
  isCall: ({ mnemonic }) => /^r?call$/.test(mnemonic),
  keepsInnerCalls: true,
  flow: {
    ends: ({ mnemonic }) => /^(?:reti?|r?jmp)$/.test(mnemonic),
    skips: ({ mnemonic }) => /^(?:sbr[cs]|sbi[cs]|cpse)$/.test(mnemonic),
    // Also with a number in Z: a table, or where a shared prologue comes back to.
    hides: ({ mnemonic, operands }) =>
      /^e?i(?:jmp|call)$/.test(mnemonic) || (mnemonic === "ldi" && operands.startsWith("r31,")),
  },
  isIndirect: ({ mnemonic }) => /^e?i(?:call|jmp)$/.test(mnemonic),
  // Of longjmp alone: all other code has the stack pointer in r28 and r29.
  leavesStack: ({ mnemonic, operands }) => mnemonic === "out" && /^0x3d, (?!r28$)/.test(operands),
};

/** Of `-mcall-prologues`: pushes registers, takes the frame that X has, and jumps back to where Z points. */
const PROLOGUE = "__prologue_saves__";
/** Registers that it pushes when it is entered at its start, and bytes of each of these instructions. */
const SAVED = 18;
const PUSH_BYTES = 2;

function isIn(place: number, saves: number): boolean {
  return place >= saves && place <= saves + SAVED * PUSH_BYTES;
}

/**
 * The frame of a function that begins with a jump into it.
 * @param skipped registers that are not pushed
 * @returns null where X is not loaded with a number just before
 */
function sharedPrologue({ instructions }: CodeFunction, at: number, skipped: number): number | null {
  const half = (register: string): number | null => {
    for (const { mnemonic, operands } of instructions.slice(Math.max(0, at - 4), at)) {
      const [, value] = new RegExp(`^${register}, 0x([\\da-f]+)$`, "i").exec(operands) ?? [];
      if (mnemonic === "ldi" && value !== undefined) return Number.parseInt(value, 16);
    }
    return null;
  };
  const [low, high] = [half("r26"), half("r27")];
  return low === null || high === null ? null : SAVED - skipped + low + (high << 8);
}

function isInside({ address, end }: CodeFunction, place: number): boolean {
  return place > address && place < end;
}

/** Whether r28 goes to the stack pointer behind an instruction: in a prologue. */
function setsPointer({ instructions }: CodeFunction, at: number): boolean {
  return instructions
    .slice(at + 1, at + 7)
    .some(({ mnemonic, operands }) => mnemonic === "out" && /^0x3d, r28$/.test(operands));
}

const x86: Machine = {
  callBytes: 8,
  interruptBytes: 0,
  addressBytes: 8,
  addressAlign: 8,
  pointerTo: (address) => address,
  frameOf: (code) =>
    sum(code, ({ mnemonic, operands }) => {
      if (/^push/.test(mnemonic)) return 8;
      if (!/%rsp$/.test(operands)) return 0;
      const by = /^\$0x([\da-f]+),%rsp$/.exec(operands);
      if (/^sub/.test(mnemonic)) return by === null ? null : Number.parseInt(by[1]!, 16);
      if (/^add/.test(mnemonic))
        return by === null ? null : Math.max(0, -Number(BigInt.asIntN(64, BigInt(`0x${by[1]!}`))));
      if (/^and/.test(mnemonic))
        return by === null ? null : Number(-BigInt.asIntN(64, BigInt(`0x${by[1]!}`)));
      const moved = /^(-?)0x([\da-f]+)\(%rsp\),%rsp$/.exec(operands);
      if (/^lea/.test(mnemonic) && moved !== null)
        return moved[1] === "-" ? Number.parseInt(moved[2]!, 16) : 0;
      return 0;
    }),
  isCall: ({ mnemonic }) => /^call/.test(mnemonic),
  isIndirect: ({ mnemonic, operands }, before) =>
    /^(?:call|jmp|notrack|bnd)/.test(mnemonic) &&
    /\*/.test(`${mnemonic} ${operands}`) &&
    !/\(,%\w+,8\)/.test(operands) &&
    !before.slice(-4).some((item) => item.mnemonic === "movslq" && /,4\)/.test(item.operands)),
  leavesStack: ({ mnemonic, operands }) =>
    /^mov/.test(mnemonic) && /,%rsp$/.test(operands) && !operands.startsWith("%rbp"),
};

/** By the words with which objdump begins. @throws RangeError for any other machine */
export function machineOf(disassembly: string): Machine {
  const format = /file format (\S+)/.exec(disassembly)?.[1] ?? "none";
  const machines: Readonly<Record<string, Machine>> = {
    "elf32-littlearm": arm,
    "elf32-littleriscv": riscv,
    "elf32-avr": avr,
    "elf64-x86-64": x86,
  };
  const machine = machines[format];
  if (machine === undefined) throw new RangeError(`stacks of ${format} are not known`);
  return machine;
}
