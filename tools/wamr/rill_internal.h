/*
 * What the host's own files share. No part of the contract: embedders include rill_host.h.
 */
#ifndef RILL_INTERNAL_H
#define RILL_INTERNAL_H

#include "rill_host.h"

/* rill_end.flags */
#define RILL_HAS_EVENT 1u     /* an event waits to be delivered */
#define RILL_RECLAIMS 2u      /* its delivery takes the buffer back from the stream */
#define RILL_SYNC_WAITER 4u   /* a synchronous built-in waits for this end */
#define RILL_HOST_END 8u      /* the embedder's own: `at.host` */
#define RILL_EAGER 16u        /* gives its buffer up with the first elements that move */

/** Notes why the guest traps. @return false */
bool rill_trap(struct rill_host *host, const char *why);

#ifdef RILL_NO_TRAP_TEXTS
#define RILL_TRAP(host, why) rill_trap((host), "trap")
#else
#define RILL_TRAP(host, why) rill_trap((host), (why))
#endif

/** Whether a stream is a future: false at compile time where there are none, so that their code is not there either. */
static inline bool rill_is_future(const struct rill_stream *stream)
{
#ifdef RILL_NO_FUTURES
    (void)stream;
    return false;
#else
    return stream->is_future != 0;
#endif
}

/** A zeroed entry of the handle table, or NULL when it is full. */
struct rill_end *rill_add_entry(struct rill_host *host, enum rill_kind kind);

/** Takes an entry out of the table; its handle is the next to be given out. */
void rill_free_entry(struct rill_host *host, struct rill_end *end);

/** The handle of an entry. */
uint16_t rill_handle_of(const struct rill_host *host, const struct rill_end *end);

/** A stream or future with two ends, or NULL when there is no place. */
struct rill_stream *rill_add_stream(struct rill_host *host, const struct rill_type *element, bool is_future);

/** The guest's end behind a handle, or NULL after a trap: none; another kind; another type. */
struct rill_end *rill_guest_end(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
                                uint32_t handle);

/** Elements of the copy in flight that have not moved. */
uint32_t rill_remaining(const struct rill_end *end);

/** Begins a copy whose range was checked: meets the one that waits, or waits itself. Traps: a value that is none; one instance */
bool rill_begin_copy(struct rill_host *host, struct rill_end *end, uint32_t length);

/** Delivers the event that there is. @return the packed result */
uint32_t rill_take_event(struct rill_end *end);

/** Takes the waiting copy out of the stream and says how it ended. */
void rill_settle_pending(struct rill_stream *stream, enum rill_result result);

/** One end of a stream goes; a waiting copy of the other one ends with DROPPED. */
void rill_drop_side(struct rill_stream *stream);

#endif
