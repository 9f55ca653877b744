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

#ifdef RILL_CONVERSES
/* How the function is called and answers: `flags`. */
#define NATIVE_SYNC 1u
#define NATIVE_VALUE 2u /* its result is no stream */
#define NATIVE_ARENA 4u

/** What more there is of a guest that takes or answers with values, or imports functions. */
struct native_more {
    uint32_t *words;         /* room for the parameters, in words of 32 bits */
    const uint8_t *places;   /* of each stream among them: the word that is its handle */
    const uint32_t *imports; /* hashes of the functions that it imports */
    uint16_t futures;        /* a bit for each stream: it is a future */
    uint8_t word_count;
    uint8_t import_count;
    uint8_t flags;        /* NATIVE_* */
    uint8_t result_cells; /* core values of a result that is no stream */
};

extern const struct native_more native_more;
#endif

#endif
