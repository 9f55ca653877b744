#include "traps.h"

#include <stdint.h>

/* mcause of interrupts. Faults have numbers without the highest bit. */
#define CAUSE_TIMER 0x80000007u

__attribute__((naked, section(".start"))) void riscv_start(void)
{
    /* A restart comes here with interrupts as they were. */
    __asm volatile("csrci mstatus, 8\n\tcsrw mie, zero\n\t"
                   ".option push\n\t.option norelax\n\tla gp, __global_pointer$\n\t.option pop\n\t"
                   "la sp, __stack_top\n\tla t0, riscv_on_trap\n\tcsrw mtvec, t0\n\tj rill_reset");
}

/* Called by riscv_on_trap alone. */
__attribute__((used)) static void on_interrupt(uint32_t cause)
{
    if (cause == CAUSE_TIMER) {
        riscv_on_timer();
    } else {
        riscv_on_device();
    }
}

/*
 * Every trap. Nothing is pushed before it is known to be an interrupt: the stack pointer may be what is broken. Where
 * pushing for an interrupt faults, that fault comes here in its turn. A fault starts afresh at the top of the stack.
 * mepc is left alone on the way back, so that core_divert can change it; mtvec wants the address to be a multiple of 4.
 */
__attribute__((naked, used, aligned(4))) static void riscv_on_trap(void)
{
    __asm volatile("csrw mscratch, t0\n\tcsrr t0, mcause\n\tbgez t0, 1f\n\tcsrr t0, mscratch\n\t"
                   "addi sp, sp, -64\n\t"
                   "sw ra, 0(sp)\n\tsw t0, 4(sp)\n\tsw t1, 8(sp)\n\tsw t2, 12(sp)\n\t"
                   "sw t3, 16(sp)\n\tsw t4, 20(sp)\n\tsw t5, 24(sp)\n\tsw t6, 28(sp)\n\t"
                   "sw a0, 32(sp)\n\tsw a1, 36(sp)\n\tsw a2, 40(sp)\n\tsw a3, 44(sp)\n\t"
                   "sw a4, 48(sp)\n\tsw a5, 52(sp)\n\tsw a6, 56(sp)\n\tsw a7, 60(sp)\n\t"
                   "csrr a0, mcause\n\tcall on_interrupt\n\t"
                   "lw ra, 0(sp)\n\tlw t0, 4(sp)\n\tlw t1, 8(sp)\n\tlw t2, 12(sp)\n\t"
                   "lw t3, 16(sp)\n\tlw t4, 20(sp)\n\tlw t5, 24(sp)\n\tlw t6, 28(sp)\n\t"
                   "lw a0, 32(sp)\n\tlw a1, 36(sp)\n\tlw a2, 40(sp)\n\tlw a3, 44(sp)\n\t"
                   "lw a4, 48(sp)\n\tlw a5, 52(sp)\n\tlw a6, 56(sp)\n\tlw a7, 60(sp)\n\t"
                   "addi sp, sp, 64\n\tmret\n"
                   "1:\tla sp, __stack_top\n\tcall rill_fault_restart");
}
