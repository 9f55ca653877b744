/*
 * The few core registers and instructions that the firmware uses, the same on Cortex-M0, M3 and M4.
 * Register names follow the Armv6-M and Armv7-M architecture manuals.
 */
#ifndef RILL_CORTEX_M_H
#define RILL_CORTEX_M_H

#include <stdint.h>

/** A 32-bit peripheral register at a fixed address. */
#define RILL_REG32(address) (*(volatile uint32_t *)(uintptr_t)(address))

#define SYST_CSR RILL_REG32(0xE000E010u)
#define SYST_RVR RILL_REG32(0xE000E014u)
#define SYST_CVR RILL_REG32(0xE000E018u)
#define NVIC_ISER(n) RILL_REG32(0xE000E100u + 4u * (n))
#define SCB_AIRCR RILL_REG32(0xE000ED0Cu)

/** SysTick counts core clocks, raises its exception, runs. */
#define SYST_CSR_RUN 7u

/** Lets the interrupt `irq` (0..) through. */
static inline void cortex_irq_enable(unsigned irq)
{
    NVIC_ISER(irq / 32u) = 1u << (irq % 32u);
}

/** Holds interrupts off. */
static inline void cortex_lock(void)
{
    __asm volatile("cpsid i" ::: "memory");
}

/** Lets interrupts through. */
static inline void cortex_unlock(void)
{
    __asm volatile("cpsie i" ::: "memory");
}

/**
 * Sleeps until an interrupt is pending. Called with interrupts held off: a condition checked under `cortex_lock` cannot
 * change between the check and the sleep, because a pending interrupt wakes the core even while it is held off.
 */
static inline void cortex_sleep_locked(void)
{
    __asm volatile("dsb\n\twfi" ::: "memory");
}

/** Restarts the chip. */
__attribute__((noreturn)) static inline void cortex_reset(void)
{
    SCB_AIRCR = 0x05FA0004u;
    for (;;) {
    }
}

/** SysTick at `hertz` from a core clock of `clock` Hz; 0 stops it. */
static inline void cortex_systick_start(uint32_t clock, uint32_t hertz)
{
    SYST_CSR = 0u;
    if (hertz != 0u) {
        SYST_RVR = clock / hertz - 1u;
        SYST_CVR = 0u;
        SYST_CSR = SYST_CSR_RUN;
    }
}

#endif
