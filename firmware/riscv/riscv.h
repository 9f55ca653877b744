/*
 * core.h on RISC-V in machine mode, and the few control registers that its boards use. Names follow the RISC-V
 * privileged architecture's manual.
 */
#ifndef RILL_RISCV_H
#define RILL_RISCV_H

#include "../peripheral.h"
#include "../watchdog.h"
#include "traps.h"

#include <stdint.h>

/** In mstatus: interrupts are let through. */
#define MSTATUS_MIE 8
/** In mie: the machine timer's interrupt, and those of devices. */
#define MIE_MTIE (1u << 7)
#define MIE_MEIE (1u << 11)

/** Lets the interrupts through whose bits of mie are set. */
static inline void riscv_enable(uint32_t bits)
{
    __asm volatile("csrs mie, %0" ::"r"(bits) : "memory");
}

/** Holds them off. */
static inline void riscv_disable(uint32_t bits)
{
    __asm volatile("csrc mie, %0" ::"r"(bits) : "memory");
}

static inline void core_lock(void)
{
    __asm volatile("csrci mstatus, %0" ::"i"(MSTATUS_MIE) : "memory");
}

static inline void core_unlock(void)
{
    __asm volatile("csrsi mstatus, %0" ::"i"(MSTATUS_MIE) : "memory");
}

static inline void core_sleep_locked(void)
{
    __asm volatile("fence\n\twfi" ::: "memory");
}

/* Devices go on as they are: the board's board_init sets up anew all that it uses. */
__attribute__((noreturn)) static inline void core_restart(void)
{
    riscv_start();
}

/* The way back of the interrupt. Interrupts do not interrupt each other, so it is the thread's. */
static inline void core_divert(void)
{
    __asm volatile("csrw mepc, %0" ::"r"(watchdog_cut_off) : "memory");
}

#endif
