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

#include "rill_flash.h"

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
 *   RILL_PLAIN_VALUES   elements are integers, or records of them, and are copied as they are: saves what checks others
 *   RILL_WITH_LISTS     strings and lists as values: rill_list.h, rill_list.c, rill_text.c
 *   RILL_WITH_CALLS     the guest's calls of imported functions, as subtasks: rill_call.h, rill_call.c
 *   RILL_MEMORY_STAYS   with RILL_WITH_CALLS and RILL_WITH_TASKS alone: no guest's memory moves, and over WAMR imported
 *                       functions are natives of the embedder's own: saves what asks for both
 *   RILL_WITH_TASKS     tasks with a callback, cancellation, backpressure, context: rill_task.h, rill_task.c
 *   RILL_WITH_PIPES     streams from one guest into another: rill_pipe.h, rill_pipe.c
 */

/* Core code may run while a built-in waits, and between the embedder's own calls: memory may have moved since. */
#if defined(RILL_WITH_LISTS) || defined(RILL_WITH_PIPES)                                                               \
    || ((defined(RILL_WITH_CALLS) || defined(RILL_WITH_TASKS)) && !defined(RILL_MEMORY_STAYS))
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

/// Built-ins ///

/** The canonical built-ins by number, as tables of a guest's imports and images name them. */
enum rill_builtin {
    RILL_NEW,
    RILL_READ,
    RILL_WRITE,
    RILL_CANCEL_READ,
    RILL_CANCEL_WRITE,
    RILL_DROP_READABLE,
    RILL_DROP_WRITABLE,
    RILL_SET_NEW,
    RILL_SET_WAIT,
    RILL_SET_POLL,
    RILL_SET_DROP,
    RILL_JOIN,
    RILL_SUBTASK_CANCEL,
    RILL_SUBTASK_DROP,
    RILL_TASK_RETURN,
    RILL_IMPORT_CALL, /* a function of the embedder's: RILL_WITH_CALLS */
    RILL_TASK_CANCEL, /* from here on: RILL_WITH_TASKS */
    RILL_BACKPRESSURE_INC,
    RILL_BACKPRESSURE_DEC,
    RILL_CONTEXT_GET,
    RILL_CONTEXT_SET,
    RILL_YIELD
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
 * A stream or future: what its two ends share. 12 bytes on a 32-bit machine, 20 with RILL_WITH_PIPES, 24 with strings
 * and lists as well. All fields are the host's own.
 */
struct rill_stream {
    const struct rill_type *element; /* NULL: a stream without element type */
    struct rill_end *pending;        /* the end whose copy waits for the other one */
#ifdef RILL_WITH_PIPES
    struct rill_host *host;   /* in whose table it is */
    struct rill_stream *peer; /* of a pipe: its place in the other guest's table */
#ifdef RILL_WITH_LISTS
    struct rill_space *space; /* of a pipe: through which strings and lists go */
#endif
#endif
    uint8_t ends;        /* ends that are not dropped: 0 is a free place */
    bool is_dropped : 1; /* one end is gone */
    bool is_future : 1;
    bool defers_cancel : 1; /* the host's end gives a cancelled buffer back later */
#ifdef RILL_WITH_PIPES
    bool is_far : 1; /* of a pipe: the readable end's place only; what both ends share is `peer` */
#endif
    uint16_t generation; /* counts the guests that the table has served: an older end of the embedder's is stale */
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

/**
 * The state of an end or a subtask.
 * @param end an entry of the handle table, or an end of the host's
 * @returns enum rill_state; of a subtask enum rill_call_state
 */
static inline uint32_t rill_end_state(const struct rill_end *end)
{
    return end->status & 7u;
}

/**
 * How the embedder takes part. Constant data. Both functions may end the guest: they set `host->trap` to a text that
 * stays in place.
 */
struct rill_port {
    /**
     * Called while a built-in has to wait: lets time pass, or sleeps until an interrupt, and makes copies on host ends.
     * With RILL_WITH_CALLS it may also start, return and cancel calls, with RILL_WITH_TASKS call and run tasks.
     * @param context the host's
     * @returns true when something may have changed; false when nothing ever will: the guest traps
     */
    bool (*wait)(void *context);
    /**
     * Called while the guest polls and finds nothing: makes copies on host ends with what is there. Never sleeps, and
     * enters no task. NULL: a guest that polls without waiting never sees anything new.
     * @param context the host's
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
    const char *trap; /* why the guest trapped, NULL while it has not; on AVR an address in flash: RILL_TEXT */
    uint32_t memory_bytes;
    uint16_t end_count;
    uint16_t stream_count;
    uint16_t used;        /* handles given out at least once */
    uint16_t free;        /* the handle freed last, 0 none */
    uint16_t next;        /* where the search for the next event begins */
    uint8_t may_block;    /* false in a task of a function type that is not async */
    uint8_t memory_stays; /* the engine's: memory neither moves nor grows, so rill_host_memory was called for good */
#ifdef RILL_MAY_REENTER
    uint8_t is_located; /* no core code has run since rill_host_memory was called */
    /**
     * The engine's: says by rill_host_memory where the memory is now. NULL: it stays where it is.
     * @param host whose memory it is
     */
    void (*locate)(struct rill_host *host);
#endif
#ifdef RILL_WITH_LISTS
    uint8_t encoding;      /* enum rill_encoding of the guest's strings */
    uint8_t is_allocating; /* the guest's allocator runs: it may call no built-in */
    /**
     * Runs the guest's allocator: `cabi_realloc(0, 0, align, byte_length)`. When it moved memory it calls
     * rill_host_memory, or the host's `locate` does. NULL: the guest has none.
     * @param host        the guest's side of the host
     * @param align       bytes: 1, 2, 4 or 8
     * @param byte_length bytes, 0..RILL_MAX_BYTES
     * @param ptr         gets an address, which the host checks
     * @returns false for a trap, with the reason in `host->trap`
     * Spec: CanonicalABI.md, Canonical ABI Options
     */
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
/*
 * @param host one guest's side of the host
 */

/**
 * Makes a host without handles. When the arrays, or the host, served another guest before, whatever the embedder still
 * holds of that one is stale from now on: see rill_host_close. Until rill_host_memory is called the guest has no
 * memory.
 * @param ends         places for handles; 20 bytes each on a 32-bit machine, 24 with RILL_WITH_LISTS
 * @param end_count    places in `ends`; a guest that needs more handles at once traps
 * @param streams      places for streams and futures; zero before their first use, for they keep a generation
 * @param stream_count places in `streams`; a guest that needs more at once traps
 * @param port         how the embedder takes part
 * @param context      handed to the port's functions
 * Lends: `ends`, `streams` and `port`, until rill_host_close; `streams` also as long as the embedder holds an end,
 *        `host` as long as it holds a call or a task
 */
void rill_host_init(struct rill_host *host, struct rill_end *ends, uint16_t end_count, struct rill_stream *streams,
                    uint16_t stream_count, const struct rill_port *port, void *context);

/**
 * Ends a guest, after its last task or its trap, and before its memory, its instance or the host's arrays go. Whatever
 * the embedder still holds is stale from then on, and each late call with it is harmless: a copy of a host's end, in
 * flight or new, is answered with DROPPED; calls and tasks answer false and touch nothing. Buffers of copies in flight
 * are the embedder's again at once. `host->trap` stays, or says that the guest was ended.
 */
void rill_host_close(struct rill_host *host);

/**
 * Says where the guest's linear memory is. An engine that may move memory calls it before every built-in. With lists,
 * calls or tasks it sets `locate` as well, which the host calls where core code may have run in between; without them
 * call it also before copies of the embedder's after the guest's function has answered.
 * @param memory       its first byte; any alignment
 * @param memory_bytes its bytes; each address of the guest's is checked against them
 * Lends: `memory`, until the next call of this function or rill_host_close
 */
void rill_host_memory(struct rill_host *host, uint8_t *memory, uint32_t memory_bytes);

/**
 * Whether built-ins may wait: true after init; false while a task of a function type that is not async runs.
 * @param may_block false: a built-in that would have to wait traps
 * Spec: CanonicalABI.md, Tasks
 */
void rill_host_may_block(struct rill_host *host, bool may_block);

/// Built-ins ///
/*
 * What the guest imports. After a trap the guest must not be run again.
 * @param host      the guest that calls
 * @param element   the type that the built-in was declared with, NULL without; equal types have equal ids
 * @param is_future whether it was declared for a future
 * @param is_async  whether it was declared with `async`: it answers RILL_BLOCKED where it would have to wait
 * @returns true; false for a trap, with the reason in `host->trap`: what a pointer gets is undefined then
 */

/**
 * stream.new, future.new.
 * @param readable gets the handle of the readable end
 * @param writable gets the handle of the writable end
 * Lends: `element`, until both ends are dropped
 * Traps: no place is left in the tables; a future with RILL_NO_FUTURES
 * Spec:  CanonicalABI.md, canon {stream,future}.new
 */
bool rill_new(struct rill_host *host, const struct rill_type *element, bool is_future, uint32_t *readable,
              uint32_t *writable);

/**
 * {stream,future}.{read,write}.
 * @param kind   RILL_READABLE to read, RILL_WRITABLE to write
 * @param handle of that end
 * @param ptr    address of the first element in the guest's memory, aligned to the element type; not looked at without
 *               element type or elements
 * @param length elements, 0..RILL_MAX_LENGTH; 1 of a future
 * @param packed gets RILL_BLOCKED, or enum rill_result with the elements that moved above its four bits; of a future
 *               without them
 * Lends: the range at `ptr`, until the event is delivered or a cancel has answered with a result
 * Traps: no such end; another element type; a copy is in flight, or the other end was found dropped before; too long,
 *        misaligned or out of memory; bytes that are no value of the type; both ends in this guest, and the elements
 *        are no numbers; synchronous: the end is in a set, waiting is not allowed, or would be for ever
 * Spec:  CanonicalABI.md, canon stream.{read,write}; canon future.{read,write}
 */
bool rill_copy(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
               bool is_async, uint32_t handle, uint32_t ptr, uint32_t length, uint32_t *packed);

/**
 * The short way of stream.{read,write} declared with `async`, for one element: when a copy of the embedder's waits at
 * the other end, the element moves; when none waits, this one does. Anything else is for rill_copy, and all is as
 * before, but for the guest's or the embedder's buffer, which rill_copy overwrites.
 * Caller must: say where memory is now; call it while `host->trap` is NULL.
 * @param kind   RILL_READABLE to read, RILL_WRITABLE to write
 * @param handle of that end; any number
 * @param ptr    address of the element in the guest's memory; any number
 * @returns what rill_copy would have given as `packed`: RILL_COMPLETED with 1 element, or RILL_BLOCKED; 0: the call is
 *          for rill_copy
 * Lends: the element at `ptr`, as rill_copy does
 * Traps: never; what would trap is for rill_copy
 * Spec:  CanonicalABI.md, canon stream.{read,write}
 */
uint32_t rill_copy_one(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, uint32_t handle,
                       uint32_t ptr);

/**
 * {stream,future}.cancel-{read,write}: ends the copy in flight. An event that is there already is the answer; else the
 * copy ends with CANCELLED, at once or, where the host's end defers it, by rill_end_ack_cancel or the other end's copy.
 * @param kind   RILL_READABLE or RILL_WRITABLE: which copy
 * @param handle of that end
 * @param packed gets what the copy came to, as of rill_copy; RILL_BLOCKED for a deferred cancel, whose answer is then
 *               the copy's event
 * Lends: the copy's range stays lent while the answer is RILL_BLOCKED; with any other answer it is the guest's again
 * Traps: no such end; another element type; no copy in flight, or one that is cancelled already; a synchronous copy
 *        waits on it; synchronous: the end is in a set, waiting is not allowed, or would be for ever
 * Spec:  CanonicalABI.md, canon {stream,future}.cancel-{read,write}
 */
bool rill_cancel(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
                 bool is_async, uint32_t handle, uint32_t *packed);

/**
 * {stream,future}.drop-{readable,writable}: a copy that waits at the other end ends with DROPPED.
 * @param kind   RILL_READABLE or RILL_WRITABLE
 * @param handle of that end; free from then on, and given out next
 * Traps: no such end; another element type; its copy is in flight, or has an event that is not delivered; a future's
 *        writable end before its value was taken or refused
 * Spec:  CanonicalABI.md, canon {stream,future}.drop-{readable,writable}
 */
bool rill_drop(struct rill_host *host, enum rill_kind kind, const struct rill_type *element, bool is_future,
               uint32_t handle);

/**
 * waitable-set.new.
 * @param handle gets the handle of an empty set
 * Traps: no place is left in the tables
 * Spec:  CanonicalABI.md, canon waitable-set.new
 */
bool rill_set_new(struct rill_host *host, uint32_t *handle);

/**
 * waitable-set.wait: waits, through the port, until a member has an event, and delivers it.
 * @param set  handle of the set
 * @param ptr  address of 8 bytes in the guest's memory, aligned to 4: gets the member's handle and what came of it
 * @param code gets the event's code, enum rill_event
 * Lends: the bytes at `ptr`, while it waits
 * Traps: no such set; `ptr` is misaligned or out of memory; waiting is not allowed, or would be for ever
 * Spec:  CanonicalABI.md, canon waitable-set.wait
 */
bool rill_set_wait(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code);

/**
 * waitable-set.poll: as rill_set_wait, but without an event, when the port's `poll` has brought none, `code` gets
 * RILL_EVENT_NONE, and both words at `ptr` 0.
 * @param set  handle of the set
 * @param ptr  address of 8 bytes in the guest's memory, aligned to 4
 * @param code gets the event's code, enum rill_event
 * Lends: the bytes at `ptr`, while the port polls
 * Traps: no such set; `ptr` is misaligned or out of memory
 * Spec:  CanonicalABI.md, canon waitable-set.poll
 */
bool rill_set_poll(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code);

/**
 * waitable-set.drop.
 * @param set handle of the set
 * Traps: no such set; it has members; a task waits for it
 * Spec:  CanonicalABI.md, canon waitable-set.drop
 */
bool rill_set_drop(struct rill_host *host, uint32_t set);

/**
 * waitable.join: takes a waitable out of the set that it is in, and puts it into another.
 * @param waitable handle of an end or a subtask
 * @param set      handle of the set; 0 for none
 * Traps: no such waitable; a synchronous built-in waits for it; no such set
 * Spec:  CanonicalABI.md, canon waitable.join
 */
bool rill_join(struct rill_host *host, uint32_t waitable, uint32_t set);

/// The host's own ends ///
/*
 * The embedder reads and writes through ends of its own, as another component would. A copy of the embedder's cannot
 * trap the embedder; a guest whose buffer holds a value that is none traps: false, and `host->trap`. An end whose guest
 * has trapped or was closed is as one whose other end is gone: its copies are answered with DROPPED.
 * @param host      the guest's side of the host
 * @param element   the element type, NULL without
 * @param is_future whether it is a future
 * @param end       the embedder's memory, zero or an end once; in place while a copy of it is in flight
 */

/**
 * Whether the end is one: not when it is zeroed, dropped or given back, or its guest's host was closed or made anew.
 * One whose guest has trapped still is.
 * @returns whether it is open
 */
bool rill_end_is_open(const struct rill_end *end);

/**
 * Makes a stream or future whose writable end is the host's, and whose readable end is the guest's: an argument of an
 * export, or the result of an import.
 * @param end    becomes that end, whatever it was; idle
 * @param handle gets the readable end's handle in the guest
 * @returns false for a trap
 * Lends: `element`, until both ends are dropped
 * Traps: no place is left in the tables; a future with RILL_NO_FUTURES
 */
bool rill_give(struct rill_host *host, const struct rill_type *element, bool is_future, struct rill_end *end,
               uint32_t *handle);

/**
 * Takes a readable end of the guest's over: the result of an export, or an argument of an import.
 * @param handle of the readable end; free from then on
 * @param end    becomes that end, whatever it was; idle
 * @returns false for a trap
 * Traps: no such readable end; another element type; a copy is in flight, or the writer was found gone; in a set
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_take(struct rill_host *host, const struct rill_type *element, bool is_future, uint32_t handle,
               struct rill_end *end);

/**
 * Hands a readable end of the host's back to the guest.
 * Caller must: give a readable end of this host's, without a copy in flight.
 * @param end    zero afterwards
 * @param handle gets its new handle in the guest
 * @returns false for a trap
 * Traps: the end is not open; no place is left in the tables
 */
bool rill_give_back(struct rill_host *host, struct rill_end *end, uint32_t *handle);

/**
 * Reads, of a readable end, or writes elements in canonical layout.
 * Caller must: give an end of this host's that is idle, or one that is not open.
 * @param buffer   the elements, of any alignment; NULL without element type
 * @param length   elements, 0..RILL_MAX_LENGTH; 1 of a future
 * @param is_eager whether the rest of the buffer is given up with the first elements that move
 * @param packed   gets the result, as of rill_copy; RILL_BLOCKED: an event will come
 * @returns false when the guest trapped by this copy; `buffer` is the embedder's then
 * Lends: `buffer`, and what its elements hold in the end's space, until the event is taken or rill_end_cancel answers
 * Traps: the bytes in the guest's buffer, or in `buffer`, are no value of the element type
 * Spec:  CanonicalABI.md, Stream State; Future State
 */
bool rill_end_copy(struct rill_host *host, struct rill_end *end, uint8_t *buffer, uint32_t length, bool is_eager,
                   uint32_t *packed);

/**
 * Whether the copy in flight has come to something.
 * @returns whether it has; true also for an end that is not open: its event is DROPPED
 */
bool rill_end_has_event(const struct rill_end *end);

/**
 * Takes the event. The buffer is the embedder's again.
 * Caller must: know of it by rill_end_has_event.
 * @returns the packed result, as of rill_copy; of an end that is not open DROPPED, with what had moved when its guest
 *          ended
 */
uint32_t rill_end_event(struct rill_end *end);

/**
 * Whether the guest's own copy waits at the other end, and has elements or room left.
 * @returns whether an element would move at once
 */
bool rill_end_is_awaited(const struct rill_end *end);

/**
 * Ends the copy in flight. The buffer is the embedder's again.
 * Caller must: have a copy in flight, whether its event is there or not.
 * @returns what it came to: CANCELLED, or the event that was there
 */
uint32_t rill_end_cancel(struct rill_end *end);

/** Gives a deferred cancel of the guest's its answer, CANCELLED; without one nothing happens. */
void rill_end_ack_cancel(struct rill_end *end);

/**
 * From now on cancels of the guest's end of this stream are answered later: by rill_end_ack_cancel, or by a copy or the
 * drop of this end. The guest's buffer stays lent so long.
 */
void rill_end_defer_cancel(struct rill_end *end);

/**
 * Gives the end up: a copy of the guest's that waits ends with DROPPED.
 * Caller must: have no copy of it in flight.
 * @param end zero afterwards
 */
void rill_end_drop(struct rill_end *end);

/// Values ///

/**
 * Copies one element as lifting and lowering it would: padding is left alone, bools and NaNs become canonical.
 * Caller must: give a type that holds no string and no list.
 * @param type its type
 * @param to   `type->elem_size` bytes, of any alignment
 * @param from likewise; the two do not overlap
 * @returns false when the bytes at `from` are no value of the type; `to` may be written in part
 * Spec: CanonicalABI.md, Loading; Storing
 */
bool rill_value_copy(const struct rill_type *type, uint8_t *to, const uint8_t *from);

#ifdef __cplusplus
}
#endif

#endif
