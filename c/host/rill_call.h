/*
 * The guest's calls of imported functions. Lowered with `async`, a call that is not over at once becomes a subtask: a
 * handle with events. Compile rill_call.c, and define RILL_WITH_CALLS for all files alike.
 *
 * The embedder gives memory for each call that is under way, keeps it while the call is not resolved, and starts,
 * returns or cancels it when it likes. Arguments are lifted when the call starts, results are lowered when it returns.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "canon lower", "Subtask State", "canon subtask.cancel", ".drop".
 */
#ifndef RILL_CALL_H
#define RILL_CALL_H

#include "rill_host.h"

#ifdef __cplusplus
extern "C" {
#endif

/// Functions ///

/**
 * One step of a flat plan, which says how the values of a parameter list or a result stand in core values, "cells"; its
 * operands follow. `offset` counts from the start of the values in canonical layout.
 */
enum rill_flat_op {
    RILL_FLAT_END,
    RILL_FLAT_BYTES,   /* offset, cell, count: the cell's low bytes */
    RILL_FLAT_SIGNED,  /* offset, cell, count: likewise, and as a core value sign-extended to 32 bits */
    RILL_FLAT_BOOL,    /* offset, cell: any cell but 0 is true */
    RILL_FLAT_CHAR,    /* offset, cell: 4 bytes */
    RILL_FLAT_ENUM,    /* offset, cell, byte length, count: traps unless below count */
    RILL_FLAT_VARIANT, /* offset, cell, byte length, case count, then one plan index a case: goes on there */
    RILL_FLAT_JUMP     /* plan index: goes on there */
};

/** Core values of a parameter list at most: what has more is in memory. */
#define RILL_MAX_FLAT_PARAMS 16u
/** The same when a call is lowered with `async`. */
#define RILL_MAX_FLAT_ASYNC_PARAMS 4u
/** Bytes of a parameter list that is not in memory, at most. */
#define RILL_FLAT_BYTES_MAX (RILL_MAX_FLAT_PARAMS * 8u)

/** The values of a parameter list (a tuple), or a result (a tuple of one). Constant data. */
struct rill_values {
    const struct rill_type *type; /* NULL: no values */
    const uint16_t *flat;         /* their flat plan */
    uint16_t cells;               /* core values that they take */
};

/** A function that a guest imports. Constant data. */
struct rill_func {
    struct rill_values params;
    struct rill_values result;
};

/// Calls ///
/*
 * A call that its host does not know is stale: resolved, or of a guest that trapped, or whose host was closed or made
 * anew. Late functions on it answer false and touch nothing.
 */

/** How far a call has come. */
enum rill_call_state {
    RILL_CALL_STARTING,
    RILL_CALL_STARTED,
    RILL_CALL_RETURNED,
    RILL_CALL_CANCELLED_BEFORE_STARTED,
    RILL_CALL_CANCELLED_BEFORE_RETURNED
};

/** A call under way: memory that the embedder gives. All fields but `context` and `on_cancel` are the host's own. */
struct rill_call {
    struct rill_host *host;
    const struct rill_func *func;
    void *context; /* the embedder's */
    /**
     * Asked to cancel: may resolve the call, now or later, or go on. NULL: the call goes on.
     * @returns false to trap, with the reason in `host->trap`
     */
    bool (*on_cancel)(struct rill_call *call);
    const uint64_t *args;
    uint64_t kept[RILL_MAX_FLAT_ASYNC_PARAMS + 1u]; /* the arguments, for when the guest's call has answered */
    uint64_t result;                                /* the core result of a synchronous call */
    struct rill_call *outer;                        /* begun before this one, and not ended */
    uint16_t handle;                                /* 0: none (yet) */
    uint8_t state;                                  /* enum rill_call_state */
    uint8_t is_async;
};

/**
 * The guest calls: notes what it passed. The embedder then starts or returns the call, or keeps it, and calls
 * `rill_call_end`.
 * @param args the call's core values, 64 bits each, in place until `rill_call_end` answers
 */
void rill_call_begin(struct rill_host *host, struct rill_call *call, const struct rill_func *func, bool is_async,
                     const uint64_t *args);

/**
 * The embedder has had its turn. A synchronous call that is not resolved waits.
 * @param result the call's core result; 0 without one
 * Traps: no place is left; it would wait for ever; waiting is not allowed
 */
bool rill_call_end(struct rill_call *call, uint64_t *result);

/**
 * The call starts: lifts its arguments to `to`, in canonical layout, as a tuple; NULL without parameters. Only while
 * STARTING.
 * @param space room for their strings and lists; NULL without. @returns false when the guest trapped, or the call is
 *              stale
 */
bool rill_call_start(struct rill_call *call, uint8_t *to, struct rill_space *space);

/**
 * The call returns: lowers the result at `from`; NULL without one. Only while STARTED. The call's memory is free then.
 * @returns false when the guest trapped, or the call is stale
 */
bool rill_call_return(struct rill_call *call, const uint8_t *from, struct rill_space *space);

/**
 * The call was cancelled, before it started or after. Only when the guest asked for it. The call's memory is free then.
 * Nothing happens when the call is stale.
 */
void rill_call_cancelled(struct rill_call *call);

/// Built-ins ///

/**
 * subtask.cancel: *state gets the state or RILL_BLOCKED. Traps: no subtask; asked before; told; synchronous in a set
 */
bool rill_subtask_cancel(struct rill_host *host, bool is_async, uint32_t handle, uint32_t *state);

/** subtask.drop. Traps: no subtask; the guest was not told how it ended */
bool rill_subtask_drop(struct rill_host *host, uint32_t handle);

/// Flat values ///

/** Stores core values in canonical layout. @returns false when a cell is no value */
bool rill_unflatten(const uint16_t *flat, const uint64_t *cells, uint8_t *to);

/** The core values of what is at `from`; `cells` must be zero. */
void rill_flatten(const uint16_t *flat, const uint8_t *from, uint64_t *cells);

/// For the host's own files ///

/** Delivers a subtask's event. @returns its state */
uint32_t rill_take_call_event(struct rill_end *end);

#ifdef __cplusplus
}
#endif

#endif
