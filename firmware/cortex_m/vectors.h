/*
 * A board's vector table: the sixteen entries that the core defines, then the board's own interrupts.
 * RILL_VECTORS(extra, ...) expands to the table; unused entries are 0, which faults when taken.
 */
#ifndef RILL_VECTORS_H
#define RILL_VECTORS_H

#include "../start.h"
#include "exceptions.h"

extern uint32_t __stack_top[];

typedef void (*rill_vector)(void);

/** A table of 16 + `count` entries whose last ones the board names with designated initialisers. */
#define RILL_VECTORS(count, ...)                                                                                       \
    typedef union {                                                                                                    \
        rill_vector code;                                                                                              \
        uint32_t *stack;                                                                                               \
    } rill_vector_entry;                                                                                               \
    __attribute__((section(".vectors"), used)) static const rill_vector_entry vectors[16 + (count)] = {                \
        [0] = {.stack = __stack_top},    [1] = {.code = rill_reset},        [2] = {.code = cortex_on_fault},           \
        [3] = {.code = cortex_on_fault}, [4] = {.code = cortex_on_fault},   [5] = {.code = cortex_on_fault},           \
        [6] = {.code = cortex_on_fault}, [14] = {.code = cortex_on_pendsv}, __VA_ARGS__}

#endif
