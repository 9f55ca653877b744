/*
 * The guest `above` between two rings: what the samples for Zephyr, ESP-IDF and Arduino have in common. `above.h` and
 * `above.c` are what `rill pack --format native` makes of above.ts; c/README.md has the commands.
 */
#ifndef ABOVE_TASK_H
#define ABOVE_TASK_H

#include "rill_rings.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Samples, 2 bytes each, at most 15 at a time: put them in from an interrupt or another thread. */
extern struct rill_ring above_samples;

/** What the guest answers, a byte each, 0 or 1, at most 15 at a time: take them out in the chip's `serve`. */
extern struct rill_ring above_alarms;

/** Says that no sample follows: the guest returns when it has taken what is there. */
void above_end(void);

/**
 * Runs the guest until it returns.
 * @param chip how it waits
 * @returns NULL, or why the guest has trapped: text that lives on
 * Lends: `chip`, until it returns
 */
const char *above_run(const struct rill_chip *chip);

#ifdef __cplusplus
}
#endif

#endif
