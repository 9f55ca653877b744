/*
 * The guest that is compiled into a firmware without an interpreter: what the firmware must know of it. The file that
 * defines it is written for each guest (tools/native/board-guest.ts).
 */
#ifndef RILL_NATIVE_GUEST_H
#define RILL_NATIVE_GUEST_H

#include "rill_native.h"

/** The guest. */
struct native_guest {
    const char *name;
    const struct rill_type *types;
    const uint8_t *streams; /* index of each stream's type: the parameters first, then the result */
    struct rill_native *instance;
    struct rill_end *ends;
    uint16_t end_count;
    uint8_t param_count;
    uint8_t stream_count;
    /** Gives the instance its first values. @returns false when the guest traps */
    bool (*init)(void);
    /** Calls the guest's function. @returns false when the guest traps */
    bool (*run)(const uint32_t *arguments);
};

extern const struct native_guest native_guest;

#endif
