/*
 * A board's vector table: the sixteen entries that the core defines, then the board's own interrupts.
 * RILL_VECTORS(extra, ...) expands to the table; unused entries are 0, which faults when taken.
 */
#ifndef RILL_VECTORS_H
#define RILL_VECTORS_H

#include "fault.h"
#include "start.h"
#include "watchdog.h"

extern uint32_t __stack_top[];

typedef void (*rill_vector)(void);

/** A table of 16 + `count` entries whose last ones the board names with designated initialisers. */
#define RILL_VECTORS(count, ...)                                                                                       \
    typedef union {                                                                                                    \
        rill_vector code;                                                                                              \
        uint32_t *stack;                                                                                               \
    } rill_vector_entry;                                                                                               \
    __attribute__((section(".vectors"), used)) static const rill_vector_entry vectors[16 + (count)] = {                \
        [0] = {.stack = __stack_top},     [1] = {.code = rill_reset},       [2] = {.code = rill_fault_entry},          \
        [3] = {.code = rill_fault_entry}, [4] = {.code = rill_fault_entry}, [5] = {.code = rill_fault_entry},          \
        [6] = {.code = rill_fault_entry}, [14] = {.code = watchdog_bite},   __VA_ARGS__}

#endif
