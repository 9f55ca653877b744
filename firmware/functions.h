/*
 * Functions that guests import: those that the firmware implements itself, and all others, whose calls the computer
 * answers (remote.h). Each is known by its hash, so one of another signature is another function.
 */
#ifndef RILL_FUNCTIONS_H
#define RILL_FUNCTIONS_H

#ifdef RILL_FIRMWARE_NATIVE

#include "rill_native.h"

/**
 * Serves a call of a function that the guest imports: for generated code.
 * @param hash   of the function
 * @param count  core values that it passes
 * @param result gets the core result, if there is one
 * @returns false for a trap, with the reason in `host->trap`
 */
bool functions_serve(struct rill_host *host, uint32_t hash, uint32_t count, const uint64_t *args, uint64_t *result);

/**
 * The same of a function that the guest has lowered with `async`: a firmware with RILL_SUBTASKS.
 * @param result gets RILL_CALL_RETURNED, or a subtask's state and handle
 */
bool functions_start(struct rill_host *host, uint32_t hash, uint32_t count, const uint64_t *args, uint64_t *result);

/**
 * Names the guest's functions that the firmware does not implement: a line `import HASH` each.
 * @returns how many there are
 */
uint32_t functions_name_missing(void);

#else

#include "rill_image.h"

/**
 * Names the image's functions that the firmware does not implement: a line `import HASH` each.
 * @returns how many there are
 */
uint32_t functions_name_missing(const struct rill_image *image);

#endif

#endif
