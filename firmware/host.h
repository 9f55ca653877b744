/*
 * A live guest's host: rill_host in tables sized for a small part, its streams fed from feed.h and its output sent over
 * the serial line. One task runs at a time, so what only a running task needs is there once, not once a guest.
 */
#ifndef RILL_FIRMWARE_HOST_H
#define RILL_FIRMWARE_HOST_H

#include "board_limits.h"
#include "link.h"
#ifdef RILL_ALLOW_NATIVE
#include "rill_image_native.h"
#elif defined(RILL_FIRMWARE_NATIVE)
#include "native/native_guest.h"
#else
#include "rill_image_wamr.h"
#endif

#include <stdint.h>

/** Bytes of result that wait to be sent; no element is longer. */
#ifndef HOST_OUTPUT
#define HOST_OUTPUT 32u
#endif

/** What a live guest keeps between its tasks, beside its handles. */
struct host {
#ifdef RILL_FIRMWARE_NATIVE
    struct rill_native *guest;
#else
    struct rill_guest guest; /* first: natives find it */
#endif
    uint8_t stream; /* number of its first stream on the serial line */
};

/** What the running task has moved. */
struct host_counts {
    uint32_t items_in;
    uint32_t items_out;
};

#if defined(RILL_FIRMWARE_NATIVE) && !defined(RILL_ALLOW_NATIVE)
/** Makes a host for the guest that is compiled in. */
void host_open(struct host *host);
#else
/** Takes over the element types of the image whose guests run from now on. */
void host_use(const struct rill_image *of);
#if defined(RILL_WITH_PIPES) && !defined(RILL_ALLOW_NATIVE)
/** Where they are: room for those of a row, one for each stream that the firmware feeds or reads. */
struct rill_type *host_types(void);
#endif
#ifdef RILL_ALLOW_NATIVE

/** Makes a host for a new instance; `ends` has rill_image_handles places; its streams are numbered from `stream` on. */
void host_open(struct host *host, struct rill_end *ends, struct rill_image_native *instance, uint8_t stream);
#else

/** Makes a host for a new instance; `ends` has rill_image_handles places; its streams are numbered from `stream` on. */
void host_open(struct host *host, struct rill_end *ends, wasm_module_inst_t instance, uint8_t stream);
#endif
#endif

/**
 * Starts a task: its parameters' readable ends get handles, whose values go to `arguments`.
 * @returns 1, 0 without room
 */
int host_begin(struct host *host, uint32_t *arguments);

/** Ends a task: sends what is left of the result. @returns 1; 0 when the guest left ends open and must not run again */
#ifdef RILL_FIRMWARE_NATIVE
int host_end(struct host *host);
#else
int host_end(struct host *host, wasm_module_inst_t instance);
#endif

/** A number that changes whenever an item of the running task moves. Interrupt context. */
uint16_t host_progress(void);

/** What the last task moved. */
struct host_counts host_count(void);

#ifdef RILL_CONVERSES
/* Of conversations (remote.h): here, beside the running task's other flags, they take no RAM of their own. */

/** Counts their lines. */
extern uint8_t host_turns;
/** The running task has answered with a value. */
extern uint8_t host_has_answered;
#endif
#ifdef RILL_SUBTASKS
/** The computer has said that calls which go on have answers. */
extern uint8_t host_has_answers;
/** Places for calls of each guest, see calls.h. */
#ifdef RILL_FIRMWARE_NATIVE
#define host_call_places native_more.entry.calls
#else
extern uint8_t host_call_places;
#endif

/** When the first call of the running guest is due, on board_clock_now: CALLS_NEVER of calls.h where none is. */
uint64_t host_due(void);
#endif
#ifdef RILL_PASSES
/** What happens has happened meanwhile: items and calls move, and nobody sleeps. @returns whether the guest goes on */
bool host_pass(struct host *host);
#endif
#ifdef RILL_IMAGE_FUNCTIONS
/** Places for ends that the computer holds, of each guest: see remote_ends.h. */
extern uint8_t host_end_places;

/** What guests' code runs in: of main.c. */
wasm_exec_env_t host_env(void);
#else
#define host_end_places 0u
#endif

/** Items are counted, not sent, from the next task on. */
void host_quiet(int quiet);

#endif
