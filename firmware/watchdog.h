/*
 * Stops a guest that loops: the tick counts down, progress of the guest winds it up again, and at zero the code that
 * runs is replaced by a jump out of the guest. The interpreter's own instruction metering would cost 5 KiB of flash and
 * give a guest that is meant to run for ever a limit.
 */
#ifndef RILL_WATCHDOG_H
#define RILL_WATCHDOG_H

#include <stdint.h>

/** Ticks a second divided by this are the ticks after which a guest that does not come on is cut off: half a second. */
#define WATCHDOG_DIVISOR 2u

/**
 * Calls `body(context)`; a guest that makes no progress for `limit` ticks in a row is cut off.
 * @returns what `body` returned, or -1 when it was cut off. Then whatever the guest used (its instance, its execution
 *          environment) is to be thrown away, and nothing of it called again.
 */
int watchdog_run(int (*body)(void *context), void *context, uint32_t limit);

/** The guest has come on. */
void watchdog_feed(void);

/** Stops the count while the guest sleeps, with 0, and winds it up again, with 1. */
void watchdog_arm(int armed);

/** Stops the count where it is. @returns what watchdog_resume takes to go on from there */
uint32_t watchdog_pause(void);

/** Goes on counting. */
void watchdog_resume(uint32_t paused);

/** One tick. `progress` differs from the tick's before when the guest has come on. Interrupt context. */
void watchdog_tick(uint16_t progress);

/** Leaves the guest for where watchdog_run goes on. The thread that was interrupted comes here by core_divert alone. */
__attribute__((noreturn)) void watchdog_cut_off(void);

#endif
