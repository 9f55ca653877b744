/*
 * What the scripted guest's module calls when it was translated to C. Part of conform-on-native.ts's contract with it.
 */
#ifndef CONFORM_NATIVE_H
#define CONFORM_NATIVE_H

#include "conform.h"

/** The function that the script calls, without `async` and with it. */
bool serve_sync(struct rill_host *host, const uint64_t *args, uint64_t *result);
bool serve_async(struct rill_host *host, const uint64_t *args, uint64_t *result);

/** The import `turn`. @returns the task's code; ends the guest when the script has no such turn */
uint32_t take_turn(struct rill_native *guest, uint32_t code, uint32_t handle, uint32_t payload);

#endif
