/*
 * Counts of a timer as nanoseconds, and back, in whole numbers: of rates at which 64 counts take a whole number of
 * nanoseconds, `ns`: 1,953,125 at 32,768 Hz, 6,400 at 10 MHz.
 */
#ifndef RILL_TIMER_COUNTS_H
#define RILL_TIMER_COUNTS_H

#include <stdint.h>

/** Nanoseconds from one count to the next, rounded up. */
static inline uint32_t timer_step(uint32_t ns)
{
    return (ns + 63u) / 64u;
}

/** Nanoseconds that `counts` take, rounded down. */
static inline uint64_t timer_nanoseconds(uint64_t counts, uint32_t ns)
{
    return (counts >> 6) * ns + (((uint32_t)counts & 63u) * ns >> 6);
}

/** How many counts it takes until `nanoseconds` are over. */
static inline uint64_t timer_counts(uint64_t nanoseconds, uint32_t ns)
{
    const uint64_t whole = nanoseconds / ns;
    const uint32_t rest = (uint32_t)(nanoseconds - whole * ns);

    return (whole << 6) + (rest * 64u + ns - 1u) / ns;
}

#endif
