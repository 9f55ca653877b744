/*
 * The event loop of a guest that goes back to the firmware while it waits: nothing of it is on the native stack then.
 */
#ifndef RILL_EVENT_LOOP_H
#define RILL_EVENT_LOOP_H

#include "entry.h"

/**
 * Calls the entry, and calls it back with what it waits for, until its task has ended.
 * @returns 1; 0 when the guest has trapped
 */
int event_loop_run(const struct entry_call *call);

#endif
