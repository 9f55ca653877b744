/*
 * rill_bindings: what the files that `rill bindgen --host c` writes share, whatever runs the guest's code. Firmwares
 * include the header of their world, W_host.h, which has all of this with types.
 *
 *   firmware ──typed call──▶ W_host.c ──cells──▶ engine ──▶ guest      exports
 *   firmware ◀──prototype─── W_host.c ◀──cells── engine ◀── guest      imported functions
 *
 * A cell is a core value, 64 bits. Streams go through rings (rill_rings.h); a call lasts until its task is done.
 * Spec: component-model, design/mvp/CanonicalABI.md, "Flat Lifting", "Flat Lowering".
 */
#ifndef RILL_BINDINGS_H
#define RILL_BINDINGS_H

#include "rill_begun.h"
#include "rill_call.h"
#include "rill_items.h"
#include "rill_guest_resources.h"
#include "rill_host.h"
#include "rill_resources.h"
#include "rill_rings.h"
#ifdef RILL_WITH_LISTS
#include "rill_view.h"
#endif
#ifdef RILL_WITH_TASKS
#include "rill_task.h"
#endif

#include <string.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What runs a guest's code: constant data. `rill pack --format native` writes one for each guest, WAMR has one. */
struct rill_engine {
    /**
     * Makes the instance ready, after rill_host_init.
     * @param guest the guest's side of the host, the first member of the engine's struct
     * @returns false when the guest's start function traps
     */
    bool (*init)(struct rill_host *guest);
    /**
     * Calls a core export.
     * @param guest  the guest's side of the host
     * @param export_index as the bindings of the guest's world number them; one that the guest does not have, and need
     *               not, does nothing
     * @param cells  its arguments; gets its result
     * @returns false when the guest traps, with the reason in `guest->trap`
     */
    bool (*call)(struct rill_host *guest, uint16_t export_index, uint64_t *cells);
};

/**
 * Serves one call of an imported function: what W_host.c has for each.
 * @param guest  who calls
 * @param args   the core values that it passes
 * @param result gets the core result, if there is one
 * @returns false to end the guest
 * Lends: `args`, for the call
 */
typedef bool rill_serve(struct rill_host *guest, const uint64_t *args, uint64_t *result);

struct rill_bindings;

#ifdef RILL_WITH_CALLS
/** A call of the guest's that the firmware completes later. */
struct rill_pending {
    struct rill_call call;     /* private */
    struct rill_pending *next; /* private */
    const void *result;        /* private: where the result will be, in canonical layout */
    struct rill_space *space;  /* private: where its strings and lists will be; NULL without */
    /**
     * Private: before the result is lowered; the call is the first of the bindings' `pending` meanwhile. NULL when
     * nothing is to be done.
     * @param bindings   of the guest
     * @param has_result false when the call was cancelled
     * @returns false to trap, with the reason in the guest's `trap`
     */
    bool (*finish)(struct rill_bindings *bindings, bool has_result);
    volatile uint8_t is_done; /* private: enum rill_pending_end, when it has come to an end */
    uint8_t is_active;        /* private: the guest has called */
};

/** What the firmware has made of a call. */
enum rill_pending_end { RILL_PENDING, RILL_PENDING_DONE, RILL_PENDING_CANCELLED, RILL_PENDING_TOO_LONG };

/** A call beside others of its function, which the firmware knows by a number. All fields are private. */
struct rill_numbered {
    struct rill_pending pending; /* first */
    uint16_t count;              /* calls in this place so far; never 0 of one that has begun */
    uint8_t is_cancelling;       /* the guest asks for cancellation */
};

/** What came of it when the firmware ends a call that it knows by its number. */
enum rill_ended {
    RILL_ENDED_WELL,    /* the guest is told when it next waits */
    RILL_ENDED_BEFORE,  /* nothing: it was completed or cancelled before */
    RILL_ENDED_NO_CALL, /* nothing: no such call, or not any more, or its guest has trapped or gone */
    RILL_ENDED_UNASKED, /* nothing: the guest has not asked for cancellation */
    RILL_ENDED_TOO_LONG /* the result is longer than its room: the guest ends */
};
#endif

/** What each `struct W_host` begins with. The firmware may set `rings.patience`, and read `rings.context`. */
struct rill_bindings {
    struct rill_rings rings; /* first: the port's context */
    const struct rill_engine *engine;
    /**
     * Private: takes the result of the task that runs. NULL when there is none, or it has answered.
     * @param bindings whose task
     * @param values   the core values of task.return
     * @returns false to trap, with the reason in the guest's `trap`
     */
    bool (*answered)(struct rill_bindings *bindings, const uint64_t *values);
    void *result; /* private: where to */
#ifdef RILL_WITH_TASKS
    struct rill_tasks tasks; /* private */
    struct rill_task task;   /* private */
    uint64_t *cells;         /* private: of the call that starts */
    uint16_t export_index;   /* private: likewise */
#endif
#ifdef RILL_WITH_CALLS
    struct rill_pending *pending;           /* private: calls that are not completed */
    struct rill_flow *flows;                /* private: open */
    const struct rill_items *const *items;  /* private: by element type, NULL of plain ones */
    const struct rill_flow_port *flow_port; /* private: NULL before the first */
#endif
    uint8_t is_running; /* private: a call is under way */
};

/** The port of bindings: that of the rings, and calls that the firmware completes. */
extern const struct rill_port rill_bindings_port;

/// For generated code ///
/*
 * @param bindings the first member of a `struct W_host`, zero before its first use
 * @returns false when the guest has trapped, with the reason in `bindings->rings.host->trap`
 */

/**
 * Makes an instance ready.
 * Caller must: have called rill_host_init, and set the sources and sinks.
 * @param engine  what runs the guest
 * @param guest   its side of the host
 * @param chip    of the rings
 * @param context of the rings: the firmware's
 * Traps: the guest's start function traps
 * Lends: `guest`, `engine` and `chip`, until rill_bindings_close
 */
bool rill_bindings_init(struct rill_bindings *bindings, const struct rill_engine *engine, struct rill_host *guest,
                        const struct rill_chip *chip, void *context);

/** Ends the guest: see rill_host_close. Nothing happens before rill_bindings_init. */
void rill_bindings_close(struct rill_bindings *bindings);

/**
 * Before a call.
 * @returns false also while another call is under way
 * Traps: never
 */
bool rill_bindings_enter(struct rill_bindings *bindings);

/**
 * In place of a call that was entered, when its arguments are none: nothing has changed.
 * @returns false
 * Traps: never
 */
bool rill_bindings_refuse(struct rill_bindings *bindings);

/**
 * Calls a function that is not async.
 * Caller must: have entered; call rill_bindings_leave.
 * @param export_index of the function
 * @param cells        its arguments; gets its result
 * Lends: `cells`, for the call
 * Traps: as the guest; it would have to wait
 */
bool rill_bindings_call(struct rill_bindings *bindings, uint16_t export_index, uint64_t *cells);

/**
 * Runs a task to its end. With RILL_WITH_TASKS it may wait in its callback.
 * Caller must: have entered; call rill_bindings_leave.
 * @param export_index of the function; its callback's is the next
 * @param cells        its arguments; one at least, for its answer
 * @param answered     takes the result, from the core values of task.return
 * @param result       for `answered`
 * Lends: `cells` and `result`, for the call
 * Traps: as the guest; it ends without task.return; it waits in its callback, without RILL_WITH_TASKS
 * Spec:  CanonicalABI.md, canon lift
 */
bool rill_bindings_run(struct rill_bindings *bindings, uint16_t export_index, uint64_t *cells,
                       bool (*answered)(struct rill_bindings *bindings, const uint64_t *values), void *result);

/**
 * After a call: gives its streams up.
 * @param is_done whether all went well so far
 * @returns whether it did, and the guest has not trapped
 * Traps: never
 */
bool rill_bindings_leave(struct rill_bindings *bindings, bool is_done);

/**
 * For engines: the guest calls task.return.
 * @param guest  whose `context` is a `struct rill_bindings`
 * @param values the result's core values
 * Lends: `values`, for the call
 * Traps: outside of a task; a second one for one task
 */
bool rill_bindings_returned(struct rill_host *guest, const uint64_t *values);

/**
 * Ends the guest: what it passed, or gets, is no value of its type.
 * @param guest who calls, or is called
 * @returns false
 */
bool rill_bindings_no_value(struct rill_host *guest);

/// Values of several core values ///
/*
 * Structs are in canonical layout, so that plans copy them.
 * @param guest  who calls, or is called
 * @param values how they lie, in bytes and in core values; without strings and lists
 */

/**
 * Lifts a value.
 * @param cells its core values, at most RILL_MAX_FLAT_PARAMS
 * @param to    gets it
 * @returns false for a trap
 * Lends: `cells`, for the call
 * Traps: no value of its type
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_bindings_lift(struct rill_host *guest, const struct rill_values *values, const uint64_t *cells, void *to);

/**
 * Lowers a value.
 * @param from  the value
 * @param cells gets its core values, at most RILL_MAX_FLAT_PARAMS
 * @returns false for no value of its type
 * Lends: `from`, for the call
 * Traps: never
 * Spec:  CanonicalABI.md, Flat Lowering
 */
bool rill_bindings_flatten(const struct rill_values *values, const void *from, uint64_t *cells);

/**
 * Lifts a value out of the guest's memory.
 * @param ptr its address, any number
 * @param to  gets it
 * @returns false for a trap
 * Lends: `to`, for the call
 * Traps: misaligned, out of memory, or no value of its type
 * Spec:  CanonicalABI.md, Loading
 */
bool rill_bindings_load(struct rill_host *guest, const struct rill_values *values, uint32_t ptr, void *to);

/**
 * Lowers a value into the guest's memory.
 * @param ptr  its address, any number
 * @param from the value
 * @returns false for a trap
 * Lends: `from`, for the call
 * Traps: misaligned, out of memory, or no value of its type
 * Spec:  CanonicalABI.md, Storing
 */
bool rill_bindings_store(struct rill_host *guest, const struct rill_values *values, uint32_t ptr, const void *from);

/**
 * Whether arguments that are in the guest's memory have room there.
 * @param byte_length bytes of all, as a tuple
 * @param align       bytes: 1, 2, 4 or 8
 * @param ptr         their address, any number
 * @returns false for a trap
 * Lends: the range at `ptr`, for the call
 * Traps: misaligned or out of memory
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_bindings_is_place(struct rill_host *guest, uint32_t byte_length, uint32_t align, uint32_t ptr);

#ifdef RILL_WITH_CALLS

/// Imported functions that are async ///
/*
 * @param guest   who calls
 * @param pending the function's: one call at a time
 */

/**
 * The guest calls.
 * @param func     what
 * @param is_async whether it has lowered the function with `async`
 * @param args     the core values that it passes
 * @param params   gets the parameters in canonical layout, as a tuple; NULL without
 * @param result   where the result will be, in canonical layout; NULL without
 * @param space    gets the parameters' strings and lists, and has the result's later; NULL without
 * @returns false for a trap
 * Lends: `pending`, `func`, `result` and `space`, until the call is completed; `args`, until rill_pending_end
 * Traps: an earlier call is not completed; arguments that are no values of their types; `space` is too small
 * Spec:  CanonicalABI.md, canon lower
 */
bool rill_pending_begin(struct rill_host *guest, struct rill_pending *pending, const struct rill_func *func,
                        bool is_async, const uint64_t *args, void *params, const void *result,
                        struct rill_space *space);

/**
 * The firmware has begun, and may have completed.
 * @param core gets the core result
 * @returns false for a trap
 * Lends: `core`, for the call
 * Traps: as rill_call_end
 * Spec:  CanonicalABI.md, canon lower; Subtask State
 */
bool rill_pending_end(struct rill_host *guest, struct rill_pending *pending, uint64_t *core);

/// Calls of one function side by side ///
/*
 * A call's number is that of its place, below how often the place was taken: so an old one is known.
 * @param call   a place; zero before its first use, and kept when a guest is closed
 * @param number any
 */

/** The part of a number that names the place. */
#define RILL_NUMBERED_PLACE UINT32_C(0xffff)

/** A call begins in a free place, before rill_pending_begin. */
static inline void rill_numbered_begin(struct rill_numbered *call)
{
    call->count = (uint16_t)(call->count == UINT16_MAX ? 1u : call->count + 1u);
}

/**
 * The number of a call.
 * @param place its place among those of its function
 * @returns it; never 0 once a call has begun there
 */
static inline uint32_t rill_numbered_number(const struct rill_numbered *call, uint32_t place)
{
    return (uint32_t)call->count << 16 | place;
}

/**
 * Whether a call goes on: from interrupts, too.
 * @returns RILL_ENDED_WELL when it may be ended, else RILL_ENDED_BEFORE or RILL_ENDED_NO_CALL
 */
enum rill_ended rill_numbered_look(const struct rill_numbered *call, uint32_t number);

/**
 * Ends the guest: all places are taken.
 * @param guest who calls
 * @returns false
 */
bool rill_numbered_none(struct rill_host *guest);

#endif

#ifdef RILL_WITH_LISTS

/// Strings and lists ///
/*
 * A string or list of the firmware's is a pointer and a length: bytes of UTF-8, or items in canonical layout.
 * @param guest  who calls, or is called
 * @param values of a string, or a list of items without addresses in them
 */

/** Where a result goes that a task answers with. */
struct rill_bindings_room {
    struct rill_space space; /* the caller's memory */
    uint32_t *length;        /* gets its length */
};

/** The same of a value that strings or lists are in. */
struct rill_bindings_value {
    void *result;             /* gets the value */
    struct rill_space *space; /* gets its strings and lists */
};

/**
 * Lifts a string or list.
 * @param cells  its address and length
 * @param space  room for it
 * @param items  gets where it lies in the space; NULL for nobody who asks
 * @param length gets its length
 * @returns false for a trap
 * Lends: `cells`, for the call
 * Traps: out of the guest's memory, no values of their type, or longer than the room
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_bindings_lift_view(struct rill_host *guest, const struct rill_values *values, const uint64_t *cells,
                             struct rill_space *space, const uint8_t **items, uint32_t *length);

/**
 * Lifts a string or list whose address and length are in the guest's memory.
 * @param ptr    where, any number
 * @param space  room for it
 * @param length gets its length
 * @returns false for a trap
 * Lends: `space`, for the call
 * Traps: `ptr` is misaligned or out of memory; as rill_bindings_lift_view
 * Spec:  CanonicalABI.md, Loading
 */
bool rill_bindings_load_view(struct rill_host *guest, const struct rill_values *values, uint32_t ptr,
                             struct rill_space *space, uint32_t *length);

/**
 * Lowers a string or list: the guest's allocator gives the memory.
 * @param items      its bytes or items
 * @param length     items, or bytes of a string
 * @param item_bytes bytes of one
 * @param cells      gets its address and length
 * @returns false for a trap
 * Lends: `items`, for the call
 * Traps: no values of their type; too long; the guest's allocator traps
 * Spec:  CanonicalABI.md, Flat Lowering
 */
bool rill_bindings_lower_view(struct rill_host *guest, const struct rill_values *values, const void *items,
                              uint32_t length, uint32_t item_bytes, uint64_t *cells);

/**
 * Lowers a string or list, and stores its address and length in the guest's memory.
 * @param ptr        where, any number
 * @param items      its bytes or items
 * @param length     items, or bytes of a string
 * @param item_bytes bytes of one
 * @returns false for a trap
 * Lends: `items`, for the call
 * Traps: `ptr` is misaligned or out of memory; as rill_bindings_lower_view
 * Spec:  CanonicalABI.md, Storing
 */
bool rill_bindings_store_view(struct rill_host *guest, const struct rill_values *values, uint32_t ptr,
                              const void *items, uint32_t length, uint32_t item_bytes);

/**
 * The caller's memory for a result.
 * @param bytes       its first byte, aligned to the items
 * @param byte_length its bytes; what is more than RILL_MAX_BYTES is not used
 * @returns an empty space there, for UTF-8
 */
static inline struct rill_space rill_bindings_space(void *bytes, uint64_t byte_length)
{
    struct rill_space space;

    space.bytes = (uint8_t *)bytes;
    space.byte_length = byte_length > RILL_MAX_BYTES ? RILL_MAX_BYTES : (uint32_t)byte_length;
    space.used = 0;
    space.encoding = RILL_UTF8;
    return space;
}

/// Strings and lists inside of values ///
/*
 * Strings and lists inside of other values lie in a space; a `struct rill_view` in the value says where.
 * @param guest  who calls, or is called
 * @param values of a type that holds strings or lists
 * @param space  where they are, or go to
 */

/**
 * Lifts a value.
 * @param cells its core values, at most RILL_MAX_FLAT_PARAMS
 * @param to    gets it
 * @returns false for a trap
 * Lends: `cells` and `to`, for the call
 * Traps: no value of its type; a string or list out of the guest's memory, or with no room in the space
 * Spec:  CanonicalABI.md, Flat Lifting
 */
bool rill_bindings_lift_deep(struct rill_host *guest, const struct rill_values *values, const uint64_t *cells, void *to,
                             struct rill_space *space);

/**
 * Lifts a value out of the guest's memory.
 * @param ptr its address, any number
 * @param to  gets it
 * @returns false for a trap
 * Lends: `to`, for the call
 * Traps: misaligned or out of memory; as rill_bindings_lift_deep
 * Spec:  CanonicalABI.md, Loading
 */
bool rill_bindings_load_deep(struct rill_host *guest, const struct rill_values *values, uint32_t ptr, void *to,
                             struct rill_space *space);

/**
 * Lowers a value: the guest's allocator gives the memory for its strings and lists.
 * @param from  the value
 * @param cells gets its core values, at most RILL_MAX_FLAT_PARAMS
 * @returns false for a trap
 * Lends: `from` and `space`, for the call
 * Traps: no value of its type; a view that reaches out of the space; the guest's allocator traps
 * Spec:  CanonicalABI.md, Flat Lowering
 */
bool rill_bindings_lower_deep(struct rill_host *guest, const struct rill_values *values, const void *from,
                              struct rill_space *space, uint64_t *cells);

/**
 * Lowers a value into the guest's memory.
 * @param ptr  its address, any number
 * @param from the value
 * @returns false for a trap
 * Lends: `from` and `space`, for the call
 * Traps: misaligned or out of memory; as rill_bindings_lower_deep
 * Spec:  CanonicalABI.md, Storing
 */
bool rill_bindings_store_deep(struct rill_host *guest, const struct rill_values *values, uint32_t ptr, const void *from,
                              struct rill_space *space);

/**
 * Room in the guest's memory for arguments that are more than RILL_MAX_FLAT_PARAMS core values.
 * @param byte_length bytes of all, as a tuple
 * @param align       bytes: 1, 2, 4 or 8
 * @param ptr         gets the address
 * @returns false for a trap
 * Lends: nothing: the range is the guest's
 * Traps: the guest's allocator traps, or gives a bad address
 * Spec:  CanonicalABI.md, Flat Lowering
 */
bool rill_bindings_place(struct rill_host *guest, uint32_t byte_length, uint32_t align, uint32_t *ptr);

#endif

/// Core values ///
/*
 * Lifting and lowering of what takes one cell. Integers are cast where they stand.
 * Spec: CanonicalABI.md, Flat Lifting; Flat Lowering
 */

/**
 * What a `char` may be.
 * @param value any
 * @returns whether it is a Unicode scalar value
 */
static inline bool rill_is_char(uint32_t value)
{
    return value < 0xd800u || (value > 0xdfffu && value < 0x110000u);
}

/**
 * Lifts a float.
 * @param cell any
 * @returns the float; of a NaN the canonical one
 */
static inline float rill_lift_f32(uint64_t cell)
{
    uint32_t bits = (uint32_t)cell;
    float value;

    if ((bits & 0x7fffffffu) > 0x7f800000u) {
        bits = 0x7fc00000u;
    }
    memcpy(&value, &bits, sizeof value);
    return value;
}

/**
 * Lowers a float.
 * @param value any
 * @returns the cell; of a NaN the canonical one's
 */
static inline uint64_t rill_lower_f32(float value)
{
    uint32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc00000u : bits;
}

/**
 * Lifts a double.
 * @param cell any
 * @returns the double; of a NaN the canonical one
 */
static inline double rill_lift_f64(uint64_t cell)
{
    uint64_t bits = cell;
    double value;

    if ((bits & UINT64_C(0x7fffffffffffffff)) > UINT64_C(0x7ff0000000000000)) {
        bits = UINT64_C(0x7ff8000000000000);
    }
    memcpy(&value, &bits, sizeof value);
    return value;
}

/**
 * Lowers a double.
 * @param value any
 * @returns the cell; of a NaN the canonical one's
 */
static inline uint64_t rill_lower_f64(double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof bits);
    return (bits & UINT64_C(0x7fffffffffffffff)) > UINT64_C(0x7ff0000000000000) ? UINT64_C(0x7ff8000000000000) : bits;
}

#ifdef __cplusplus
}
#endif

#endif
