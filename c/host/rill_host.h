/*
 * rill_host: the canonical built-ins of the Component Model's streams and futures, in portable C99.
 *
 * The host holds a guest's handles, its streams and futures and the copies in flight. It knows no WebAssembly engine
 * (rill_wamr.h binds it to WAMR), allocates nothing, keeps no global state and trusts nothing that a guest hands it:
 * any handle, pointer, length or order of calls gives a trap, never an access outside the guest's memory.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md.
 */
#ifndef RILL_HOST_H
#define RILL_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Switches: define them for all files alike ///
/*
 *   RILL_NO_FUTURES     no future.* built-ins: future.new and giving a future trap
 *   RILL_NO_TRAP_TEXTS  `host->trap` is "trap", whatever the reason: saves its texts' flash
 *   RILL_WITH_LISTS     strings and lists as values: rill_list.h, rill_list.c, rill_text.c
 *   RILL_WITH_CALLS     the guest's calls of imported functions, as subtasks: rill_call.h, rill_call.c
 *   RILL_WITH_TASKS     tasks with a callback, cancellation, backpressure, context: rill_task.h, rill_task.c
 */

/* Core code may run while a built-in waits, and between the embedder's own calls: memory may have moved since. */
#if defined(RILL_WITH_LISTS) || defined(RILL_WITH_CALLS) || defined(RILL_WITH_TASKS)
#define RILL_MAY_REENTER
#endif

/// Element types ///

/** One step of a copy plan; its operands follow in the plan. Offsets count from the element's start, in bytes. */
enum rill_op {
    RILL_OP_END,     /* the element is complete */
    RILL_OP_BYTES,   /* offset, count: copied as they are */
    RILL_OP_BOOL,    /* offset: any byte but 0 becomes 1 */
    RILL_OP_F32,     /* offset: a NaN becomes the canonical one */
    RILL_OP_F64,     /* offset: likewise */
    RILL_OP_CHAR,    /* offset: traps unless a Unicode scalar value */
    RILL_OP_ENUM,    /* offset, byte length, count: traps unless below count */
    RILL_OP_FLAGS,   /* offset, byte length, label count: other bits become 0 */
    RILL_OP_VARIANT, /* offset, byte length, case count, then one plan index a case: goes on there */
    RILL_OP_JUMP,    /* plan index: goes on there */
    RILL_OP_STRING,  /* offset of address and length: RILL_WITH_LISTS */
    RILL_OP_LIST     /* offset of address and length, bytes of an element, its alignment, plan index: goes on there;
                        the element's steps follow, up to RILL_OP_END: RILL_WITH_LISTS */
};

/** An element type. Constant data: put it into flash. 12 bytes on a 32-bit machine. */
struct rill_type {
    const uint16_t *plan; /* what a copy of one element does */
    uint32_t elem_size;   /* bytes, a multiple of align */
    uint8_t align;        /* bytes: 1, 2, 4 or 8 */
    uint8_t is_number;    /* an integer or a float: both ends may be in one instance */
    uint16_t id;          /* equal for equal types, and for those alone */
};

/// Results, states, events ///

/** What a copy or cancel that is not over yet answers. */
#define RILL_BLOCKED UINT32_C(0xffffffff)
/** Elements of one copy at most: 2^28 - 1. */
#define RILL_MAX_LENGTH UINT32_C(0x0fffffff)

/** How a copy ended: the low four bits of a packed result; the count of elements is above them. */
enum rill_result { RILL_COMPLETED, RILL_DROPPED, RILL_CANCELLED };

/** Event codes. */
enum rill_event {
    RILL_EVENT_NONE,
    RILL_EVENT_SUBTASK,
    RILL_EVENT_STREAM_READ,
    RILL_EVENT_STREAM_WRITE,
    RILL_EVENT_FUTURE_READ,
    RILL_EVENT_FUTURE_WRITE,
    RILL_EVENT_TASK_CANCELLED
};

/** State of an end. */
enum rill_state { RILL_IDLE, RILL_COPYING, RILL_CANCELLING_COPY, RILL_DONE };

/** What a handle, or a host's end, is. */
enum rill_kind { RILL_FREE, RILL_SET, RILL_READABLE, RILL_WRITABLE, RILL_SUBTASK };

/// Memory that the caller gives ///

struct rill_host;
struct rill_call;
struct rill_space;
struct rill_tasks;

/**
 * A stream or future: what its two ends share. 12 bytes on a 32-bit machine. All fields are the host's own.
 */
struct rill_stream {
    const struct rill_type *element; /* NULL: a stream without element type */
    struct rill_end *pending;        /* the end whose copy waits for the other one */
    uint8_t ends;                    /* ends that are not dropped: 0 is a free place */
    bool is_dropped : 1;             /* one end is gone */
    bool is_future : 1;
    bool defers_cancel : 1; /* the host's end gives a cancelled buffer back later */
    uint16_t generation;    /* counts the guests that the table has served: an older end of the embedder's is stale */
};

/**
 * One end of a stream or future, a waitable set or a subtask: a place in the handle table, or an end that the host
 * holds itself. 20 bytes on a 32-bit machine, 24 with RILL_WITH_LISTS. All fields are the host's own.
 */
struct rill_end {
    struct rill_stream *stream; /* NULL for sets, subtasks and free places */
#ifdef RILL_WITH_LISTS
    struct rill_space *space; /* of a host's end: where its elements' strings and lists are */
#endif
    union {
        uint32_t guest;         /* address in the guest's memory, of the element to copy next */
        uint8_t *host;          /* the same in a host end's buffer; NULL without element type */
        struct rill_call *call; /* of a subtask that is not resolved */
    } at;
    uint32_t length; /* elements of the copy in flight; of a set: tasks that wait for it */
    uint32_t packed; /* of them, copied so far, above the low four bits: enum rill_result of the pending event */
    /**
     * Of a waitable: handle of its set, 0 none; of a free place: the next one; of a host's end: the stream's
     * generation.
     */
    uint16_t set;
    uint8_t kind;   /* enum rill_kind */
    uint8_t status; /* rill_end_state, and private flags above */
};

/** The state of an end, enum rill_state; of a subtask, enum rill_call_state. */
static inline uint32_t rill_end_state(const struct rill_end *end)
{
    return end->status & 7u;
}

/** How the embedder takes part. Constant data. */
struct rill_port {
    /**
     * Called while a built-in has to wait: lets time pass, or sleeps until an interrupt, and makes copies on host ends.
     * @returns true when something may have changed; false when nothing ever will: the guest traps
     */
    bool (*wait)(void *context);
    /**
     * Called while the guest polls and finds nothing: makes copies on host ends with what is there. Never sleeps, and
     * enters no task. NULL: a guest that polls without waiting never sees anything new
     */
    void (*poll)(void *context);
};

/** A guest's side of the host. Set up by `rill_host_init`; all fields but `context` are the host's own. */
struct rill_host {
    struct rill_end *ends; /* handle h is ends[h - 1] */
    struct rill_stream *streams;
    const struct rill_port *port;
    void *context;    /* handed to the port */
    uint8_t *memory;  /* the guest's linear memory, see rill_host_memory */
    const char *trap; /* why the guest trapped, NULL while it has not */
    uint32_t memory_bytes;
    uint16_t end_count;
    uint16_t stream_count;
    uint16_t used;     /* handles given out at least once */
    uint16_t free;     /* the handle freed last, 0 none */
    uint16_t next;     /* where the search for the next event begins */
    uint8_t may_block; /* false in a task of a function type that is not async */
#ifdef RILL_MAY_REENTER
    uint8_t is_located;                     /* no core code has run since rill_host_memory was called */
    void (*locate)(struct rill_host *host); /* the engine's: calls rill_host_memory. NULL: memory stays where it is */
#endif
#ifdef RILL_WITH_LISTS
    uint8_t encoding;      /* enum rill_encoding of the guest's strings */
    uint8_t is_allocating; /* the guest's allocator runs: it may call no built-in */
    bool (*allocate)(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr);
#endif
#ifdef RILL_WITH_CALLS
    struct rill_call *calls; /* begun and not ended: the innermost one, which knows the one around it */
#endif
#ifdef RILL_WITH_TASKS
    struct rill_tasks *tasks; /* NULL without */
#endif
};

/// Setting up ///

/**
 * Makes a host without handles. The arrays stay the caller's, and stay in place while the host is in use. When they, or
 * the host, served another guest before, whatever the embedder still holds of that one is stale from now on: see
 * rill_host_close.
 * @param ends    places for handles, at most 65,535; a guest that needs more traps
 * @param streams places for streams and futures; likewise
 */
void rill_host_init(struct rill_host *host, struct rill_end *ends, uint16_t end_count, struct rill_stream *streams,
                    uint16_t stream_count, const struct rill_port *port, void *context);

/**
 * Ends a guest, after its last task or its trap, and before its memory, its instance or the host's arrays go. Whatever
 * the embedder still holds is stale from then on, and each late call with it is harmless: a copy of a host's end, in
 * flight or new, is answered with DROPPED; calls and tasks answer false and touch nothing. The arrays stay in place as
 * long as the embedder holds ends.
 */
void rill_host_close(struct rill_host *host);

/**
 * Says where the guest's linear memory is. An engine that may move memory calls it before every built-in. With lists,
 * calls or tasks it sets `locate` as well, which the host calls where core code may have run in between; without them
 * call it also before copies of the embedder's after the guest's function has answered.
 */
void rill_host_memory(struct rill_host *host, uint8_t *memory, uint32_t memory_bytes);

/** Whether blocking built-ins may wait: true after init; false while a task of a non-async function type runs. */
void rill_host_may_block(struct rill_host *host, bool may_block);

/// Built-ins ///
/*
 * Each answers true, or false for a trap: then `host->trap` says why, and the guest must not be run again.
 * `element` is the type that the built-in was declared with, NULL for none.
 */

/** stream.new, future.new. *readable and *writable get the new handles. Traps: no place is left */
bool rill_new(struct rill_host *host, const struct rill_type *element, bool is_future, uint32_t *readable,
              uint32_t *writable);

/**
 * {stream,future}.{read,write}: `kind` is RILL_READABLE to read, RILL_WRITABLE to write; a future's length is 1.
 * Lends: the range, until the event is delivered or a cancel has settled.
 * Traps: no such end; another type; not idle; synchronous in a set or where it may not wait; a bad range; a bad value
 */
bool rill_copy(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
               bool is_async, uint32_t handle, uint32_t ptr, uint32_t length, uint32_t *packed);

/** {stream,future}.cancel-{read,write}. Traps: no such end; another type; nothing to cancel; synchronous in a set */
bool rill_cancel(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
                 bool is_async, uint32_t handle, uint32_t *packed);

/**
 * {stream,future}.drop-{readable,writable}. Traps: no such end; another type; a copy in flight; a future not written
 */
bool rill_drop(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
               uint32_t handle);

/** waitable-set.new. Traps: no place is left */
bool rill_set_new(struct rill_host *host, uint32_t *handle);

/**
 * waitable-set.wait: *code gets the event's code, the two words at `ptr` the rest. Traps: no set; bad `ptr`; waits for
 * ever
 */
bool rill_set_wait(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code);

/** waitable-set.poll: as wait, but without an event, after the port's `poll`, *code is 0, and so are both words. */
bool rill_set_poll(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code);

/** waitable-set.drop. Traps: no set; members are left; a task waits for it */
bool rill_set_drop(struct rill_host *host, uint32_t set);

/**
 * waitable.join; set 0 takes the waitable out of its set. Traps: no waitable; no set; a synchronous call waits for it
 */
bool rill_join(struct rill_host *host, uint32_t waitable, uint32_t set);

/// The host's own ends ///
/*
 * The embedder reads and writes through ends of its own, as another component would. A copy of the embedder's cannot
 * trap the embedder; a guest whose buffer holds a value that is none traps: false, and `host->trap`. An end whose guest
 * has trapped or was closed is as one whose other end is gone: its copies are answered with DROPPED.
 */

/**
 * Whether the end is one: false when it is zeroed, dropped or given back, or its guest's host was closed or made anew.
 */
bool rill_end_is_open(const struct rill_end *end);

/** Makes a stream or future whose writable end is the host's `end`; *handle gets the readable end in the guest. */
bool rill_give(struct rill_host *host, const struct rill_type *element, bool is_future, struct rill_end *end,
               uint32_t *handle);

/**
 * Takes the readable end `handle` over into the host's `end`, as a result or argument of a call. Traps: not idle; in a
 * set; …
 */
bool rill_take(struct rill_host *host, const struct rill_type *element, bool is_future, uint32_t handle,
               struct rill_end *end);

/**
 * Hands a readable end of the host's back to the guest under a new handle; `end` is then free. Traps: not open; no
 * place is left
 */
bool rill_give_back(struct rill_host *host, struct rill_end *end, uint32_t *handle);

/**
 * Reads (of a readable end) or writes `length` elements in canonical layout at `buffer`, which stays lent until the
 * event is taken. `is_eager` gives the rest of the buffer up with the first elements that move. The end must be idle.
 * *packed gets the result, or RILL_BLOCKED.
 */
bool rill_end_copy(struct rill_host *host, struct rill_end *end, uint8_t *buffer, uint32_t length, bool is_eager,
                   uint32_t *packed);

/** Whether the copy in flight has an event to take. */
bool rill_end_has_event(const struct rill_end *end);

/** Takes the event: the packed result. Only with `rill_end_has_event`. */
uint32_t rill_end_event(struct rill_end *end);

/** Whether the guest's own copy waits at the other end: an element would move at once. */
bool rill_end_is_awaited(const struct rill_end *end);

/** Ends the copy in flight. @returns what it came to: CANCELLED, or the event that was there */
uint32_t rill_end_cancel(struct rill_end *end);

/** Gives a deferred cancel of the guest's its answer; see `rill_end_defer_cancel`. */
void rill_end_ack_cancel(struct rill_end *end);

/** Makes cancels of the guest's end of this stream answer later, with `rill_end_ack_cancel` or the next event. */
void rill_end_defer_cancel(struct rill_end *end);

/** Gives the end up. No copy of it may be in flight. */
void rill_end_drop(struct rill_end *end);

/// Values ///

/**
 * Copies one element as lifting and lowering it would: padding is left alone, bools and NaNs become canonical.
 * The type holds no string and no list. `to` and `from` do not overlap.
 * @returns false when the bytes at `from` are no value of the type
 */
bool rill_value_copy(const struct rill_type *type, uint8_t *to, const uint8_t *from);

#ifdef __cplusplus
}
#endif

#endif
