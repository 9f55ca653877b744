/*
 * Calls of exports that are begun and go on side by side, for generated bindings of `--tasks`. The firmware gives
 * memory for each, begins it, lets all of them go on, and looks how far each has come.
 *
 *   begin ──▶ ON ──run, wait──▶ DONE, CANCELLED or GONE
 *
 * Needs RILL_WITH_TASKS, and a guest of `rill build --wait callback --tasks N`: with another one a call waits in a
 * queue until the one before it has ended, or lasts until its own end.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "canon lift", "Tasks".
 */
#ifndef RILL_BEGUN_H
#define RILL_BEGUN_H

#include "rill_host.h"

#ifdef RILL_WITH_TASKS
#include "rill_task.h"
#endif

#ifdef __cplusplus
extern "C" {
#endif

#ifdef RILL_WITH_TASKS

struct rill_bindings;
struct rill_begun;

/** How far a call has come. */
enum rill_begun_state {
    RILL_BEGUN_NOT,       /* it was not begun */
    RILL_BEGUN_ON,        /* it goes on, or waits for its turn: its memory, and what it was given, stay in place */
    RILL_BEGUN_DONE,      /* it has ended with its result */
    RILL_BEGUN_CANCELLED, /* it was cancelled, and has ended without a result */
    RILL_BEGUN_GONE       /* its guest has trapped, or was closed */
};

/** What calls of one export have in common: constant data. */
struct rill_begun_func {
    uint16_t export_index; /* of the export; its callback's is the next */
    /**
     * The call starts: fills those of its cells that need the guest. NULL: none does.
     * @param bindings of the guest
     * @param begun    which call
     * @returns false to trap, with the reason in the guest's `trap`
     */
    bool (*lower)(struct rill_bindings *bindings, struct rill_begun *begun);
    /**
     * Takes the result, from the core values of task.return.
     * @param bindings of the guest
     * @param begun    which call
     * @param values   the core values
     * @returns false to trap, with the reason in the guest's `trap`
     */
    bool (*answered)(struct rill_bindings *bindings, struct rill_begun *begun, const uint64_t *values);
    /**
     * The call has come to its end. NULL: nothing is to be done.
     * @param bindings of the guest
     * @param begun    which call
     */
    void (*ended)(struct rill_bindings *bindings, struct rill_begun *begun);
};

/** A call, the first member of the struct of its function. All fields are private. */
struct rill_begun {
    struct rill_task task;   /* first */
    struct rill_begun *next; /* begun later, and not ended */
    const struct rill_begun_func *func;
    uint64_t *cells;      /* its arguments, and one for its answer */
    uint8_t state;        /* enum rill_begun_state */
    uint8_t has_started;  /* its arguments are the guest's */
    uint8_t has_answered; /* its result is there */
};

/**
 * How far a call has come.
 * @param begun zero, or begun once
 * @returns enum rill_begun_state
 */
static inline enum rill_begun_state rill_begun_how_far(const struct rill_begun *begun)
{
    return (enum rill_begun_state)begun->state;
}

/// For generated code ///
/*
 * @param bindings of the guest
 * @param calls    that are on, in the order in which they were begun
 * @param begun    a call
 * @returns false when the guest has trapped, with the reason in `bindings->rings.host->trap`; also, without one, when
 *          its code runs: an imported function of the firmware's does nothing of this
 */

/**
 * After rill_bindings_init: tasks are those of this file.
 * @returns true
 */
bool rill_begun_init(struct rill_bindings *bindings);

/**
 * Whether a call may be begun in that memory.
 * @returns false when it is on, the guest has trapped, or its code runs
 * Traps: never
 */
bool rill_begun_is_free(const struct rill_bindings *bindings, const struct rill_begun *begun);

/**
 * Begins a call: it runs until it waits or is done, or waits for its turn.
 * Caller must: have been told by rill_begun_is_free that the memory is free.
 * @param func  of its export
 * @param cells for its arguments and answer
 * Lends: `begun`, `func` and `cells`, until its end
 * Traps: as rill_task_call
 */
bool rill_begun_start(struct rill_bindings *bindings, struct rill_begun **calls, struct rill_begun *begun,
                      const struct rill_begun_func *func, uint64_t *cells);

/**
 * Lets each call go on that can, once.
 * @param may_sleep whether the core sleeps when none can
 * Traps: as rill_task_run; no item moves for too long
 */
bool rill_begun_run(struct rill_bindings *bindings, struct rill_begun **calls, bool may_sleep);

/**
 * Runs all calls until one has ended; the core sleeps meanwhile.
 * @returns whether it is RILL_BEGUN_DONE
 * Traps: as rill_begun_run
 */
bool rill_begun_finish(struct rill_bindings *bindings, struct rill_begun **calls, const struct rill_begun *begun);

/**
 * Asks a call to give up: at once when it has not started or waits, else at its next wait. Nothing happens when it has
 * answered, or is not on.
 * Traps: as rill_task_request_cancel
 */
bool rill_begun_cancel(struct rill_bindings *bindings, struct rill_begun **calls, struct rill_begun *begun);

/** After rill_bindings_close: calls that are on are RILL_BEGUN_GONE. */
void rill_begun_forget(struct rill_bindings *bindings, struct rill_begun **calls);

#endif

#ifdef __cplusplus
}
#endif

#endif
