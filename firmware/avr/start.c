/*
 * Reset on AVR: avr-libc's start-up code, and before it initialises RAM the paint by which the stack is measured.
 */
#include "../start.h"

#include <stdint.h>

#define PAINT_BYTE(place) ((RILL_STACK_PAINT >> (8 * (place))) & 0xffu)

/** Fills what the variables leave of RAM. SAFETY: nothing is on the stack yet, and only registers are used. */
__attribute__((naked, used, section(".init3"))) static void paint_stack(void)
{
    __asm volatile("ldi r26, lo8(__stack_low)\n\tldi r27, hi8(__stack_low)\n\t"
                   "ldi r20, %0\n\tldi r21, %1\n\tldi r22, %2\n\tldi r23, %3\n\t"
                   "ldi r24, hi8(__stack_top)\n"
                   "1:\tst X+, r20\n\tst X+, r21\n\tst X+, r22\n\tst X+, r23\n\t"
                   "cpi r26, lo8(__stack_top)\n\tcpc r27, r24\n\tbrlo 1b" ::"i"(PAINT_BYTE(0)),
                   "i"(PAINT_BYTE(1)), "i"(PAINT_BYTE(2)), "i"(PAINT_BYTE(3)));
}
