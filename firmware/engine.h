/*
 * What entry.c asks of whatever runs the guest's code. Each engine's own header, taken in at the end, says how. Words
 * of 32 bits hold a function's core values, its arguments first, then its result in their place.
 */
#ifndef RILL_ENGINE_H
#define RILL_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

/**
 * A task of an entry. Every engine's has `guest`; `words`, of its parameters and its result; `env`, what its allocator
 * runs in.
 */
struct entry_call;

/** How the entry is called. */
static inline struct rill_image_entry engine_entry(const struct entry_call *call);

/** Words of its parameters that are there already: the streams' handles. */
static inline uint32_t engine_given(const struct entry_call *call);

/** Calls the entry. @returns false when the guest has trapped */
static inline bool engine_enter(const struct entry_call *call);

/** Calls the entry back. @param words the event's three. @returns false when the guest has trapped */
static inline bool engine_call_back(const struct entry_call *call, uint32_t words[3]);

/** Core values that an entry answers with which is not async. */
static inline uint32_t engine_results(const struct entry_call *call);

/** Gives such a result, still in `words`, back to the guest. @returns false when the guest has trapped */
static inline bool engine_give_back(const struct entry_call *call);

/** The guest has trapped, unless it had before. @param why a RILL_TEXT. @returns false */
static inline bool engine_trap(const struct entry_call *call, const char *why);

#ifdef RILL_FIRMWARE_NATIVE
#include "native/native_engine.h"
#else
#include "wamr_engine.h"
#endif

#endif
