/*
 * Guests whose parameters or result are more than streams: the computer gives the arguments and takes the result
 * (remote.h).
 */
#ifndef RILL_NATIVE_VALUES_H
#define RILL_NATIVE_VALUES_H

#include "native/native_guest.h"

/** Calls the guest's function; the streams' handles are in `native_more.words`. @returns 1; 0 when the guest traps */
int values_run(void);

/** The guest calls task.return with a value. @returns as `returned` of struct rill_native */
bool values_returned(struct rill_native *guest, const uint64_t *values);

/**
 * For generated code: a function that is not async has answered.
 * @param cell its core result, if it has one
 * @returns false for a trap
 */
bool values_answer(const uint64_t *cell);

#endif
