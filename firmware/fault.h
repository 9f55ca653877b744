/*
 * Hardware faults: a native stack that overflowed, a wild access, a lock-up of the firmware itself. The handler notes
 * what ran in memory that survives a reset, and restarts the chip; the firmware then reports it and goes on with the
 * next guest.
 */
#ifndef RILL_FAULT_H
#define RILL_FAULT_H

#include <stdint.h>

/**
 * Notes the fault and starts the firmware anew. Each core's entry of faults comes here, on a stack that is whole: the
 * stack pointer may be what was broken.
 */
__attribute__((noreturn)) void rill_fault_restart(void);

/** Notes which image runs (its address; 0 none), so that a fault can be laid at its door after the restart. */
void rill_fault_watch(uint32_t image);

/**
 * The image that ran when the last fault struck; 0 when the chip did not restart after a fault. Reading it clears it.
 */
uint32_t rill_fault_take(void);

#endif
