/*
 * Where a RISC-V core enters the firmware: at its start, at interrupts, at faults. A board implements its two
 * interrupts.
 */
#ifndef RILL_TRAPS_H
#define RILL_TRAPS_H

/** The first instruction: stack and registers are set up, then rill_reset runs. */
__attribute__((noreturn)) void riscv_start(void);

/** The machine timer has struck. Interrupt context; the board implements it. */
void riscv_on_timer(void);

/** A device asks for attention. Interrupt context; the board implements it. */
void riscv_on_device(void);

#endif
