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
 * @param host the guest that calls
 * @param call the embedder's memory for it; in place until it is resolved and rill_call_end has answered
 */

/** How far a call has come. Spec: CanonicalABI.md, Subtask State */
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
    void *context; /* the embedder's; set it after rill_call_begin */
    /**
     * The guest asks for cancellation: may resolve the call, now or later, or go on. Set it after rill_call_begin;
     * NULL: the call goes on.
     * @param call which one
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
 * rill_call_end.
 * @param call     not under way; whatever it holds is overwritten
 * @param func     what is called
 * @param is_async whether the guest has lowered it with `async`: the call may then outlive the guest's call instruction
 * @param args     the core values that the guest passed, 64 bits each; NULL without any
 * Lends: `call`, and `func` with the types in it, until the call is resolved; `args`, until rill_call_end answers
 * Spec:  CanonicalABI.md, canon lower
 */
void rill_call_begin(struct rill_host *host, struct rill_call *call, const struct rill_func *func, bool is_async,
                     const uint64_t *args);

/**
 * The embedder has had its turn. A synchronous call that is not resolved waits; an asynchronous one becomes a subtask.
 * @param result gets the call's core result, if it has one; of an asynchronous call RILL_CALL_RETURNED, or the state
 *               with the subtask's handle above its low four bits
 * @returns false when the guest trapped, or the call is stale
 * Lends: `call`, until it is resolved; the core values that rill_call_begin got are the embedder's again
 * Traps: no place is left in the tables; waiting is not allowed, or would be for ever
 * Spec:  CanonicalABI.md, canon lower; Subtask State
 */
bool rill_call_end(struct rill_call *call, uint64_t *result);

/**
 * The call starts: lifts its arguments, in canonical layout, as a tuple. Only while STARTING.
 * @param to    bytes of the parameters' type, of any alignment; NULL without parameters
 * @param space room for their strings and lists; NULL without
 * @returns false when the guest trapped, or the call is stale or was started before
 * Traps: arguments in memory that are misaligned or reach out of it; no values of their types; `space` is too small
 * Spec:  CanonicalABI.md, Flat Lifting; Lifting and Lowering Values
 */
bool rill_call_start(struct rill_call *call, uint8_t *to, struct rill_space *space);

/**
 * The call returns: lowers its result, by the guest's allocator where it holds strings or lists. Only while STARTED.
 * @param from  the result in canonical layout, of any alignment; NULL without a result
 * @param space where its strings and lists are; NULL without
 * @returns false when the guest trapped, or the call is stale or was not started
 * Traps: the place for the result is misaligned or out of memory; `from` holds no value of the type; no memory for
 *        strings and lists
 * Spec:  CanonicalABI.md, Flat Lowering; Lifting and Lowering Values
 */
bool rill_call_return(struct rill_call *call, const uint8_t *from, struct rill_space *space);

/**
 * The call was cancelled, before it started or after; nothing happens when it is stale.
 * Caller must: have been asked by `on_cancel`.
 * Spec: CanonicalABI.md, Subtask State
 */
void rill_call_cancelled(struct rill_call *call);

/// Built-ins ///
/*
 * What the guest imports. After a trap the guest must not be run again.
 * @param host   the guest that calls
 * @param handle of the subtask
 * @returns true; false for a trap, with the reason in `host->trap`
 */

/**
 * subtask.cancel: asks the embedder by `on_cancel`, unless the call is resolved already.
 * @param is_async whether it was declared with `async`: it answers RILL_BLOCKED where it would have to wait
 * @param state    gets enum rill_call_state, once the call is resolved, or RILL_BLOCKED
 * Traps: no such subtask; asked before, or told of its end; `on_cancel` refuses; synchronous: it is in a set, waiting
 *        is not allowed, or would be for ever
 * Spec:  CanonicalABI.md, canon subtask.cancel
 */
bool rill_subtask_cancel(struct rill_host *host, bool is_async, uint32_t handle, uint32_t *state);

/**
 * subtask.drop.
 * Traps: no such subtask; the guest was not told how it ended
 * Spec:  CanonicalABI.md, canon subtask.drop
 */
bool rill_subtask_drop(struct rill_host *host, uint32_t handle);

/// Flat values ///
/*
 * @param flat  a flat plan, enum rill_flat_op
 * @param cells core values, 64 bits each: as many as the plan names
 */

/**
 * Stores core values in canonical layout.
 * @param to bytes of the values' type, of any alignment; zero, for padding and the cases that are not there stay so
 * @returns false when a cell is no case of an enum or variant; what else is no value rill_lift finds
 * Spec: CanonicalABI.md, Flat Lifting
 */
bool rill_unflatten(const uint16_t *flat, const uint64_t *cells, uint8_t *to);

/**
 * The core values of values in canonical layout.
 * Caller must: give values of their types: the case of a variant is not checked here.
 * @param from  bytes of the values' type, of any alignment
 * @param cells zero; gets them
 * Spec: CanonicalABI.md, Flat Lowering
 */
void rill_flatten(const uint16_t *flat, const uint8_t *from, uint64_t *cells);

/// For the host's own files ///

/**
 * Delivers a subtask's event.
 * @param end the subtask's entry in the handle table
 * @returns its state
 */
uint32_t rill_take_call_event(struct rill_end *end);

#ifdef __cplusplus
}
#endif

#endif
