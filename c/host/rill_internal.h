/*
 * What the host's own files share. No part of the contract: embedders include rill_host.h.
 */
#ifndef RILL_INTERNAL_H
#define RILL_INTERNAL_H

#include "rill_host.h"
#include <limits.h>

#ifdef RILL_WITH_CALLS
#include "rill_call.h"
#endif
#ifdef RILL_WITH_LISTS
#include "rill_list.h"
#endif
#ifdef RILL_WITH_TASKS
#include "rill_task.h"
#endif
#ifdef RILL_WITH_PIPES
#include "rill_pipe.h"
#endif

/* rill_end.status: the state below, flags above */
#define RILL_STATE 7u
#define RILL_HAS_EVENT 8u      /* an event waits to be delivered */
#define RILL_SYNC_WAITER 32u   /* a synchronous built-in waits for this end */
#define RILL_HOST_END 64u      /* the embedder's own: `at.host` */
#define RILL_EAGER 128u        /* gives its buffer up with the first elements that move */
#define RILL_TOLD 16u          /* of a subtask: the guest knows how it ended */
#define RILL_CANCEL_ASKED 128u /* of a subtask: the guest asked for its cancellation */

/** The part of rill_end.packed that says how the copy ended. */
#define RILL_RESULT 15u

/** A status without some of its bits: a mask as wide as the field. */
#define RILL_ALL_BUT(bits) ((uint8_t)(255u ^ (bits)))

/** Notes why the guest traps. @returns false */
bool rill_trap(struct rill_host *host, const char *why);

/**
 * After a callback of the embedder's that answered false: the guest traps, with a text of its own when there is none.
 * @returns false
 */
bool rill_end_guest(struct rill_host *host);

#ifdef RILL_NO_TRAP_TEXTS
#define RILL_TRAP(host, why) rill_trap((host), RILL_TEXT("trap"))
#else
#define RILL_TRAP(host, why) rill_trap((host), RILL_TEXT(why))
#endif

/** Whether a stream is a future: false at compile time where there are none, so that their code is not there either. */
static inline bool rill_is_future(const struct rill_stream *stream)
{
#ifdef RILL_NO_FUTURES
    (void)stream;
    return false;
#else
    return stream->is_future;
#endif
}

/** Whether the element types are equal; NULL is no type. */
static inline bool rill_types_equal(const struct rill_type *a, const struct rill_type *b)
{
    return a == b || (a != NULL && b != NULL && a->id == b->id);
}

/** The entry of a handle in use, or NULL. */
struct rill_end *rill_entry(const struct rill_host *host, uint32_t handle);

/** A zeroed entry of the handle table, or NULL when it is full. */
struct rill_end *rill_add_entry(struct rill_host *host, enum rill_kind kind);

/** Takes an entry out of the table; its handle is the next to be given out. */
void rill_free_entry(struct rill_host *host, struct rill_end *end);

/** The handle of an entry. */
uint16_t rill_handle_of(const struct rill_host *host, const struct rill_end *end);

/** What a plan's steps answer for bytes that are no value. */
#define RILL_NO_VALUE UINT_MAX

#ifdef RILL_WITH_LISTS
/**
 * Runs a plan's steps from index `at` on.
 * @returns the index of the RILL_OP_END, _STRING or _LIST where it stopped, or RILL_NO_VALUE
 */
unsigned rill_plan_copy(const uint16_t *plan, unsigned at, uint8_t *to, const uint8_t *from);
#endif

#if defined(RILL_WITH_CALLS) || defined(RILL_WITH_TASKS)

/*
 * Functions that other files use with these switches: private to their own where there are none, which keeps its code
 * small.
 */
#define RILL_SHARED

/** The waitable set of a handle, or NULL after a trap. */
struct rill_end *rill_find_set(struct rill_host *host, uint32_t handle);

/** A member of the set with an event, or NULL. The search goes round, so that no member starves another. */
struct rill_end *rill_ready_member(struct rill_host *host, uint32_t set);

/** Whether a member of the set has an event. */
bool rill_has_ready_member(const struct rill_host *host, uint32_t set);

/**
 * Lets time pass for a wait whose set has no event.
 * @returns false when the guest traps: it may not wait, or nothing can happen
 */
bool rill_wait_once(struct rill_host *host);

/** The code of the event that `end` has. */
uint32_t rill_event_code(const struct rill_end *end);

#else
#define RILL_SHARED static
#endif

/** Whether an event's two words have room at `ptr`. */
static inline bool rill_is_event_place(const struct rill_host *host, uint32_t ptr)
{
    return (ptr & 3u) == 0 && host->memory_bytes >= 8 && ptr <= host->memory_bytes - 8u;
}

/** Stores a little-endian word. */
static inline void rill_store_word(uint8_t *at, uint32_t value)
{
    at[0] = (uint8_t)value;
    at[1] = (uint8_t)(value >> 8);
    at[2] = (uint8_t)(value >> 16);
    at[3] = (uint8_t)(value >> 24);
}

/** Loads one. */
static inline uint32_t rill_load_word(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/**
 * Makes sure that the host knows where memory is: before an access, where core code may have run since the last
 * built-in began.
 */
static inline void rill_locate(struct rill_host *host)
{
#ifdef RILL_MAY_REENTER
    if (host->is_located == 0 && host->locate != NULL) {
        host->locate(host);
    }
#else
    (void)host;
#endif
}

/** Core code runs, or has run. */
static inline void rill_leave_host(struct rill_host *host)
{
#ifdef RILL_MAY_REENTER
    host->is_located = host->memory_stays;
#else
    (void)host;
#endif
}

/** Lets time pass while a built-in waits. @returns false when nothing can happen any more */
static inline bool rill_let_pass(struct rill_host *host)
{
#ifdef RILL_WITH_TASKS
    return rill_tasks_let_pass(host);
#else
    return host->port->wait(host->context);
#endif
}

/** Whether `byte_length` bytes at `ptr` of a memory are aligned and inside it. */
static inline bool rill_in_range(uint32_t memory_bytes, uint32_t ptr, uint64_t byte_length, uint32_t align)
{
    return (ptr & (align - 1u)) == 0 && byte_length <= memory_bytes && ptr <= memory_bytes - byte_length;
}

/** A stream or future with two ends, or NULL when there is no place. */
struct rill_stream *rill_add_stream(struct rill_host *host, const struct rill_type *element, bool is_future);

/** The guest's end behind a handle, or NULL after a trap: none; another kind; another type. */
struct rill_end *rill_guest_end(struct rill_host *host, enum rill_kind kind, const struct rill_type *element,
                                bool is_future, uint32_t handle);

/** Elements of the copy in flight that have not moved. */
uint32_t rill_remaining(const struct rill_end *end);

/**
 * Begins a copy whose range was checked: meets the one that waits, or waits itself. Traps: a value that is none; one
 * instance
 */
bool rill_begin_copy(struct rill_host *host, struct rill_end *end, uint32_t length);

/** Delivers the event that there is. @returns the packed result */
uint32_t rill_take_event(struct rill_end *end);

/** What both ends of a stream share: of one end of a pipe it is in the other guest's table. */
static inline struct rill_stream *rill_shared(struct rill_stream *stream)
{
#ifdef RILL_WITH_PIPES
    return stream->is_far ? stream->peer : stream;
#else
    return stream;
#endif
}

/** The guest that an end is of; of an end of the embedder's, and where there are no pipes, `host`. */
static inline struct rill_host *rill_guest_of(struct rill_host *host, const struct rill_end *end)
{
#ifdef RILL_WITH_PIPES
    return (end->status & RILL_HOST_END) != 0 ? host : end->stream->host;
#else
    (void)end;
    return host;
#endif
}

/** Whether a pipe's other guest has trapped: nothing of it is copied any more. */
static inline bool rill_is_cut(const struct rill_stream *stream)
{
#ifdef RILL_WITH_PIPES
    return stream->peer != NULL && (stream->host->trap != NULL || stream->peer->host->trap != NULL);
#else
    (void)stream;
    return false;
#endif
}

/**
 * After a copy that trapped: of a pipe it may have been the other guest that did, and the copy ends with DROPPED.
 * @returns whether the guest goes on
 */
static inline bool rill_outlives(struct rill_host *host, struct rill_end *newcomer)
{
#ifdef RILL_WITH_PIPES
    return rill_outlives_other(host, newcomer);
#else
    (void)host;
    (void)newcomer;
    return false;
#endif
}

/** Takes the waiting copy out of the stream and says how it ended. */
void rill_settle_pending(struct rill_stream *stream, enum rill_result result);

/** One end of a stream goes; a waiting copy of the other one ends with DROPPED. */
void rill_drop_side(struct rill_stream *stream);

#endif
