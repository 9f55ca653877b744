/*
 * Calls of imported async functions that go on while the guest does something else: its subtasks. The firmware's own
 * clock returns them when their time has come, the computer when it has the answer (remote.h).
 */
#ifndef RILL_CALLS_H
#define RILL_CALLS_H

#include "rill_call.h"

#include <stdint.h>

/** The `due` of a call that the computer returns, and of a wait that never ends: nanoseconds. */
#define CALLS_NEVER UINT64_MAX

/** A place for a call under way: on WAMR in the pool, behind the guest's handles. */
struct call_place {
    struct rill_call call; /* its context is the computer's number of the call; 0: the clock's */
    uint64_t due;          /* when it returns, on board_clock_now; CALLS_NEVER: when the computer says so; 0: at once */
};

/** Bytes of `count` places in the pool, and what it takes to align them. */
#define CALLS_BYTES(count) ((count) != 0u ? (uint32_t)((count) * sizeof(struct call_place)) + 4u : 0u)

/** Makes the places of a new guest free: host_call_places of them. */
void calls_open(const struct rill_host *host);

/**
 * Begins a call, and starts it.
 * @param is_async whether the guest has lowered it with `async`
 * @param args     the core values that the guest passed
 * @param due      when the clock returns it; CALLS_NEVER
 * @returns its place; NULL when all are taken
 */
struct call_place *calls_begin(struct rill_host *host, int is_async, const uint64_t *args, uint64_t due);

/**
 * The guest's call answers: that it has returned, when it is due, or with a subtask. A call that is not async waits.
 * @param number the computer's of the call; 0: it is the clock's, or is due
 * @param result of an async call gets the core result
 * @returns why the guest has to trap; NULL
 */
const char *calls_end(struct call_place *place, uint32_t number, uint64_t *result);

/** Returns the guest's calls whose time has come. @returns whether there were any */
int calls_tell_time(const struct rill_host *host);

/** When the first of the guest's calls is due; CALLS_NEVER. */
uint64_t calls_next_due(const struct rill_host *host);

/** The computer has the answer to call `number` of the guest, and has lowered it. */
void calls_return(const struct rill_host *host, uint32_t number);

#endif
