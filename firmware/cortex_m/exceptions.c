/* The exceptions that the firmware itself handles on Cortex-M: every fault, and PendSV, which cuts a guest off. */
#include "exceptions.h"

/* The stack pointer may be what is broken: start afresh at the top before any C runs. */
__attribute__((naked)) void cortex_on_fault(void)
{
    __asm volatile("ldr r0, =__stack_top\n\tmov sp, r0\n\tbl rill_fault_restart\n\t.ltorg");
}

/*
 * All exceptions have the same priority, so this one never interrupts another: the frame on the stack is the thread's.
 * Its program counter (offset 24) becomes watchdog_cut_off, its status (offset 28) plain Thumb state.
 */
__attribute__((naked)) void cortex_on_pendsv(void)
{
    __asm volatile(".syntax unified\n\tldr r0, =watchdog_cut_off\n\tmovs r1, #1\n\tbics r0, r1\n\t"
                   "str r0, [sp, #24]\n\tlsls r1, r1, #24\n\tstr r1, [sp, #28]\n\tbx lr\n\t.ltorg");
}
