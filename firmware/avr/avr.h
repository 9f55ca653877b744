/*
 * core.h on AVR, where an interrupt is code like any other: it runs on the stack of what it interrupted, and may leave
 * it for good.
 */
#ifndef RILL_AVR_H
#define RILL_AVR_H

#include "../watchdog.h"

static inline void core_lock(void)
{
    __asm volatile("cli" ::: "memory");
}

static inline void core_unlock(void)
{
    __asm volatile("sei" ::: "memory");
}

/*
 * Lets interrupts in, and is back. It does not sleep: once an interrupt has woken it, QEMU's AVR goes on at the sleep
 * itself. Nor does QEMU look for interrupts that are pending behind `sei`, as it does behind `reti`.
 */
static inline void core_sleep_locked(void)
{
    __asm volatile("rcall 1f\n\trjmp 2f\n1:\treti\n2:\tcli" ::: "memory");
}

__attribute__((noreturn)) static inline void core_restart(void)
{
    __asm volatile("cli\n\tjmp 0");
    __builtin_unreachable();
}

/* Interrupts are let through again by longjmp, as they were at setjmp. */
static inline void core_divert(void)
{
    watchdog_cut_off();
}

#endif
