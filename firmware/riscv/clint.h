/*
 * The core-local interruptor's machine timer: a counter of 64 bits that runs at the board's rate, and a word to compare
 * it with. It interrupts for as long as the counter is not below that word.
 */
#ifndef RILL_CLINT_H
#define RILL_CLINT_H

#include "../peripheral.h"

#define CLINT_MTIMECMP_LOW RILL_REG32(0x02004000u)
#define CLINT_MTIMECMP_HIGH RILL_REG32(0x02004004u)
#define CLINT_MTIME_LOW RILL_REG32(0x0200BFF8u)
#define CLINT_MTIME_HIGH RILL_REG32(0x0200BFFCu)

/** The counter. */
static inline uint64_t clint_now(void)
{
    uint32_t high;
    uint32_t low;

    do {
        high = CLINT_MTIME_HIGH;
        low = CLINT_MTIME_LOW;
    } while (high != CLINT_MTIME_HIGH);
    return ((uint64_t)high << 32) | low;
}

/** Sets when it strikes next; in between the two words never lie before the time. */
static inline void clint_strike_at(uint64_t time)
{
    CLINT_MTIMECMP_HIGH = UINT32_MAX;
    CLINT_MTIMECMP_LOW = (uint32_t)time;
    CLINT_MTIMECMP_HIGH = (uint32_t)(time >> 32);
}

#endif
