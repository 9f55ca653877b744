/*
 * What the firmware asks of the core, whichever it is. Each core's own header, taken in at the end, says how; a board's
 * files take that one in for its registers.
 */
#ifndef RILL_CORE_H
#define RILL_CORE_H

/** Holds interrupts off. */
static inline void core_lock(void);

/** Lets interrupts through. */
static inline void core_unlock(void);

/**
 * Sleeps until an interrupt is pending. Called with interrupts held off: a condition checked under `core_lock` cannot
 * change between the check and the sleep, because a pending interrupt wakes the core even while it is held off.
 */
static inline void core_sleep_locked(void);

/** Starts the firmware anew. What .noinit holds survives. */
__attribute__((noreturn)) static inline void core_restart(void);

/** The interrupted thread goes on in watchdog_cut_off, once the interrupt has returned. Interrupt context. */
static inline void core_divert(void);

#if defined(__AVR__)
#include "avr/avr.h"
#elif defined(__riscv)
#include "riscv/riscv.h"
#else
#include "cortex_m/cortex_m.h"
#endif

#endif
