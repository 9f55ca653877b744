/*
 * The guest that is compiled into a firmware without an interpreter: what the firmware must know of it. The file that
 * defines it is written for each guest (tools/native/board-guest.ts).
 */
#ifndef RILL_NATIVE_GUEST_H
#define RILL_NATIVE_GUEST_H

#include "rill_native.h"
#ifdef RILL_CONVERSES
#include "rill_image.h"
#endif

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
    /** Calls the guest's function. @returns false when the guest traps. NULL where native_more says how to */
    bool (*run)(const uint32_t *arguments);
};

extern const struct native_guest native_guest;

#ifdef RILL_CONVERSES
struct call_place;

/**
 * What more there is of a guest that takes or answers with values, or imports functions. Its functions take their
 * arguments in words of 32 bits, put their core result in their place, and answer false when the guest traps.
 */
struct native_more {
    /** The guest's function. */
    bool (*enter)(uint32_t *words);
    /** What it is called back with, with RILL_ENTRY_CALLBACK. */
    bool (*call_back)(uint32_t *words);
    /** What its result is given back to, with RILL_ENTRY_SYNC; NULL where it is not. */
    bool (*give_back)(const uint32_t *words);
    uint32_t *words;          /* room for the parameters, and for a core result in their place */
    const uint8_t *places;    /* of each stream among them: the word that is its handle */
    const uint32_t *imports;  /* hashes of the functions that it imports */
    struct call_place *calls; /* entry.calls of them */
    uint16_t futures;         /* a bit for each stream: it is a future */
    struct rill_image_entry entry;
    uint8_t import_count;
    uint8_t result_cells; /* core values of a result that is no stream */
};

extern const struct native_more native_more;
#endif

#endif
