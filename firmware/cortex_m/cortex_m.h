/*
 * core.h on Cortex-M0, M3 and M4, and the few core registers that their boards use. Register names follow the Armv6-M
 * and Armv7-M architecture manuals.
 */
#ifndef RILL_CORTEX_M_H
#define RILL_CORTEX_M_H

#include "../peripheral.h"

#include <stdint.h>

#define SYST_CSR RILL_REG32(0xE000E010u)
#define SYST_RVR RILL_REG32(0xE000E014u)
#define SYST_CVR RILL_REG32(0xE000E018u)
#define NVIC_ISER(n) RILL_REG32(0xE000E100u + 4u * (n))
#define SCB_ICSR RILL_REG32(0xE000ED04u)
#define SCB_AIRCR RILL_REG32(0xE000ED0Cu)

/** SysTick counts core clocks, raises its exception, runs. */
#define SYST_CSR_RUN 7u
/** It counts the chip's reference clock. */
#define SYST_CSR_RUN_REFERENCE 3u
/** What it counts from at most. */
#define SYST_MOST 0xFFFFFFu
/** SysTick's exception waits to be taken; to be forgotten. */
#define SCB_ICSR_PENDSTSET (1u << 26)
#define SCB_ICSR_PENDSTCLR (1u << 25)
/** Raises PendSV, which exceptions.c handles. */
#define SCB_ICSR_PENDSVSET (1u << 28)

/** Lets the interrupt `irq` (0..) through. */
static inline void cortex_irq_enable(unsigned irq)
{
    NVIC_ISER(irq / 32u) = 1u << (irq % 32u);
}

static inline void core_lock(void)
{
    __asm volatile("cpsid i" ::: "memory");
}

static inline void core_unlock(void)
{
    __asm volatile("cpsie i" ::: "memory");
}

/** Holds interrupts off. @returns what cortex_let takes to have them as they were */
static inline uint32_t cortex_hold(void)
{
    uint32_t held;

    __asm volatile("mrs %0, primask\n\tcpsid i" : "=r"(held)::"memory");
    return held;
}

/** Interrupts are as they were before cortex_hold. */
static inline void cortex_let(uint32_t held)
{
    __asm volatile("msr primask, %0" ::"r"(held) : "memory");
}

static inline void core_sleep_locked(void)
{
    __asm volatile("dsb\n\twfi" ::: "memory");
}

__attribute__((noreturn)) static inline void core_restart(void)
{
    SCB_AIRCR = 0x05FA0004u;
    for (;;) {
    }
}

static inline void core_divert(void)
{
    SCB_ICSR = SCB_ICSR_PENDSVSET;
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
