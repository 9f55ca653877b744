/*
 * A guest that was translated to C, as programs of the desktop call it: its exports by name.
 */
#ifndef NATIVE_EXPORTS_H
#define NATIVE_EXPORTS_H

#include "rill_native.h"

/** One export. */
struct native_export {
    const char *name;
    const char *signature; /* `(iI)f`: i32, i64, f32 and f64 are i, I, f and F */
    /** Calls it: `cells` has the arguments, 64 bits each, and gets the results. @returns false for a trap */
    bool (*call)(struct rill_native *guest, uint64_t *cells);
};

/** The guest. */
struct native_module {
    const struct native_export *exports; /* up to one without a name */
    /** Gives an instance its first values. @returns false for a trap */
    bool (*init)(struct rill_native *guest);
    size_t instance_bytes;
    uint32_t memory_bytes;
};

/** The guest of a program that has one, which is called `guest`. */
extern const struct native_module guest_module;

/** Those of a program with several in a row. */
extern const struct native_module *const guest_modules[];

#endif
