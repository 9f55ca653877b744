/**
 * The most cycles that an instruction takes on a Cortex-M core, from memory without wait states: the tables
 * of timings in Arm's reference manuals (Cortex-M3: DDI 0337, Cortex-M0: DDI 0432), branches as taken and
 * with the longest refill of the pipeline.
 */

/** Cores with a table. */
export type TimedCore = "cortex-m3" | "cortex-m0";

interface Timing {
  readonly branch: number;
  readonly link: number;
  readonly multiply: number;
  readonly longMultiply: number;
  /** On top of a load, a move or a pop that goes to the program counter. */
  readonly toPc: number;
}

/** A Cortex-M0 may come with a multiplier of 1 or of 32 cycles; this is the slow one. */
const TIMINGS: Readonly<Record<TimedCore, Timing>> = {
  "cortex-m3": { branch: 4, link: 4, multiply: 2, longMultiply: 7, toPc: 3 },
  "cortex-m0": { branch: 3, link: 4, multiply: 32, longMultiply: 32, toPc: 3 },
};
const BRANCH = /^(?:b(?:eq|ne|cs|cc|hs|lo|mi|pl|vs|vc|hi|ls|ge|lt|gt|le|al)?|bx|cbn?z)$/;
const DIVISION = 12;
const SYSTEM = 4;

/** The most cycles of one instruction, as objdump writes it: `ldmia.w`, `r0!, {r4, r5}`. */
export function mostCycles(core: TimedCore, mnemonic: string, operands: string): number {
  const timing = TIMINGS[core];
  const name = mnemonic.replace(/\.[nw]$/, "");
  const registers = registersIn(operands);
  const isToPc = /^(?:pc\b|sp!?, \{[^}]*pc)/.test(operands) || /\{[^}]*\bpc\}/.test(operands);
  if (/^(?:ldm|pop|stm|push)/.test(name)) return 1 + registers + (isToPc ? timing.toPc : 0);
  if (/^(?:ldrd|strd)/.test(name)) return 3;
  if (/^(?:ldr|str)/.test(name)) return 2 + (isToPc ? timing.toPc : 0);
  if (/^tb[bh]/.test(name)) return 2 + timing.branch;
  if (/^bl/.test(name) && !/^bl[est]$/.test(name)) return timing.link;
  if (BRANCH.test(name)) return timing.branch;
  if (/^[su]m(?:ul|la)l/.test(name)) return timing.longMultiply;
  if (/^(?:mul|mla|mls)/.test(name)) return timing.multiply;
  if (/^[su]div/.test(name)) return DIVISION;
  if (/^(?:mrs|msr|cps|dsb|dmb|isb|svc|wf[ie])/.test(name)) return SYSTEM;
  return isToPc ? 1 + timing.toPc : 1;
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
