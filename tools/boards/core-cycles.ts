/**
 * The most cycles that an instruction takes on a Cortex-M core, from memory without wait states: the tables
 * of timings in Arm's reference manuals (Cortex-M0: DDI 0432, Cortex-M3: DDI 0337, Cortex-M4: DDI 0439),
 * branches as taken and with the longest refill of the pipeline.
 */
import type { Board } from "../pack/board-table.js";

/**
 * Cores with a table. SiFive's E31 has none: its firmware runs from serial flash through a cache, and what
 * it misses there decides, not what its instructions take.
 */
export type TimedCore = Exclude<Board["cpu"], "sifive-e31">;

interface Timing {
  readonly branch: number;
  /** A branch that leaves its way back, to a label and to a register. */
  readonly link: number;
  readonly linkToRegister: number;
  /** A move or an addition that goes to the program counter. */
  readonly toPc: number;
  /** On top of a load or a pop that goes there. */
  readonly loadToPc: number;
  readonly multiply: number;
  /** A product that is added or subtracted. */
  readonly multiplyAdd: number;
  /** A product of 64 bits, and one that is added. */
  readonly longMultiply: number;
  readonly longMultiplyAdd: number;
}

/** The board's core, where it has a table. */
export function timedCore({ cpu }: Board): TimedCore | null {
  return cpu === "sifive-e31" ? null : cpu;
}

/**
 * A Cortex-M0 may come with a multiplier of 1 or of 32 cycles; this is the slow one. It has no other
 * products.
 */
const TIMINGS: Readonly<Record<TimedCore, Timing>> = {
  "cortex-m0": {
    ...{ branch: 3, link: 4, linkToRegister: 3, toPc: 3, loadToPc: 3 },
    ...{ multiply: 32, multiplyAdd: 32, longMultiply: 32, longMultiplyAdd: 32 },
  },
  "cortex-m3": {
    ...{ branch: 4, link: 4, linkToRegister: 4, toPc: 4, loadToPc: 3 },
    ...{ multiply: 1, multiplyAdd: 2, longMultiply: 5, longMultiplyAdd: 7 },
  },
  // Products that are added: 2 in the first issue of the manual, 1 in the last.
  "cortex-m4": {
    ...{ branch: 4, link: 4, linkToRegister: 4, toPc: 4, loadToPc: 3 },
    ...{ multiply: 1, multiplyAdd: 2, longMultiply: 1, longMultiplyAdd: 1 },
  },
};
const BRANCH = /^(?:b(?:eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)?|bx|cbn?z)$/;
/** A condition that an IT block in front gives an instruction, behind its name. */
const CONDITION = /(?:eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)$/;
const DIVISION = 12;
const SYSTEM = 4;

/** The most cycles of one instruction, as objdump writes it: `ldmia.w`, `r0!, {r4, r5}`. */
export function mostCycles(core: TimedCore, mnemonic: string, operands: string): number {
  const timing = TIMINGS[core];
  const name = mnemonic.replace(/\.[nw]$/, "");
  const registers = registersIn(operands);
  if (name.startsWith("v")) throw new Error(`no table of times has ${mnemonic}: a board with a float unit?`);
  const isToPc = /^pc\b/.test(operands) || /\{[^}]*\bpc\}/.test(operands);
  if (/^(?:ldm|pop|stm|push)/.test(name)) return 1 + registers + (isToPc ? timing.loadToPc : 0);
  if (/^(?:ldrd|strd)/.test(name)) return 3;
  if (/^(?:ldr|str)/.test(name)) return 2 + (isToPc ? timing.loadToPc : 0);
  if (/^tb[bh]/.test(name)) return 1 + timing.branch;
  if (BRANCH.test(name) || BRANCH.test(name.replace(CONDITION, ""))) return timing.branch;
  if (/^blx/.test(name)) return timing.linkToRegister;
  if (/^bl/.test(name)) return timing.link;
  if (/^[su]mull/.test(name)) return timing.longMultiply;
  if (/^[su]mlal/.test(name)) return timing.longMultiplyAdd;
  if (/^ml[as]/.test(name)) return timing.multiplyAdd;
  if (/^mul/.test(name)) return timing.multiply;
  if (/^[su]div/.test(name)) return DIVISION;
  if (/^(?:mrs|msr|cps|dsb|dmb|isb|svc|wf[ie])/.test(name)) return SYSTEM;
  return isToPc ? timing.toPc : 1;
}

/** Registers in a list such as `{r4, r5-r7, lr}`. */
function registersIn(operands: string): number {
  const [, list] = /\{([^}]*)\}/.exec(operands) ?? [];
  if (list === undefined) return 0;
  return list.split(",").reduce((sum, part) => {
    const [, first, last] = /r(\d+)-r(\d+)/.exec(part) ?? [];
    return sum + (first === undefined ? 1 : Number(last) - Number(first) + 1);
  }, 0);
}
