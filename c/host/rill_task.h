/*
 * Tasks: calls of a guest's exports that are lifted with `async`, with a callback or without (stackful). The embedder
 * gives memory for each task and runs the event loop: it resumes those tasks that are ready, in whatever order it
 * likes. Compile rill_task.c, and define RILL_WITH_TASKS for all files alike.
 *
 * Of tasks with a callback one at a time runs core code. A task that blocks inside core code stays on the stack: others
 * that are entered meanwhile have to return first.
 *
 * Spec: component-model, design/mvp/CanonicalABI.md, "canon lift", "Tasks", "canon task.cancel", "canon
 * backpressure.inc".
 */
#ifndef RILL_TASK_H
#define RILL_TASK_H

#include "rill_host.h"

#ifdef __cplusplus
extern "C" {
#endif

/** How far a task has come. */
enum rill_task_state {
    RILL_TASK_INITIAL,
    RILL_TASK_STARTED,
    RILL_TASK_PENDING_CANCEL,   /* cancelled, and not told yet */
    RILL_TASK_CANCEL_DELIVERED, /* told */
    RILL_TASK_RESOLVED
};

/** What a callback's answer says in its low four bits. */
enum rill_callback_code { RILL_CALLBACK_EXIT, RILL_CALLBACK_YIELD, RILL_CALLBACK_WAIT };

/**
 * One call of an export. 32 bytes on a 32-bit machine, a test compares. All fields but `context` are the host's own.
 */
struct rill_task {
    struct rill_tasks *tasks;
    const struct rill_type *result; /* what task.return must be declared with; NULL: none, or not checked */
    void *context;                  /* the embedder's */
    uint32_t slots[2];              /* context.get, context.set */
    uint16_t set;                   /* the waitable set that the task waits for */
    uint8_t state;                  /* enum rill_task_state */
    uint8_t waits;                  /* private: for what, in the event loop */
    uint8_t is_callback;
    uint8_t is_ended;    /* its core code is done: the task's memory is free */
    uint8_t core_wait;   /* private: it waits inside core code, and may be cancelled there */
    uint16_t generation; /* of `tasks` when it was called */
};

/** How core code is run. Constant data. Each answers false for a trap, with the reason in `host->trap`. */
struct rill_task_port {
    /** The task starts: lowers its arguments, runs the export. *code gets the answer of one with a callback */
    bool (*enter)(struct rill_task *task, uint32_t *code);
    /** Runs the callback with an event: its code, the handle, the payload. */
    bool (*callback)(struct rill_task *task, const uint32_t event[3], uint32_t *code);
    /** The task was cancelled and has no result. It may still be running core code. */
    void (*cancelled)(struct rill_task *task);
};

/** What the tasks of a guest share. All fields are the host's own. */
struct rill_tasks {
    struct rill_host *host;
    const struct rill_task_port *port;
    struct rill_task *exclusive; /* with a callback, and running or blocked in core code */
    struct rill_task *current;   /* whose core code runs */
    uint32_t backpressure;       /* below 65,536 */
    uint16_t queued;             /* tasks that wait for being started */
    uint8_t is_running;          /* core code runs: the guest may not be entered */
    uint16_t generation;         /* counts the guests that were served: an older task is stale */
};

/** Ties `tasks` to the host. Tasks that it served before, of another guest, are stale from then on. */
void rill_tasks_init(struct rill_tasks *tasks, struct rill_host *host, const struct rill_task_port *port);

/// The embedder's side ///
/* Each answers false when the guest trapped, or the task is stale: of a guest that ended before. */

/**
 * Calls an export: runs it until it waits or is done, or queues it. `task` stays in place until `is_ended`.
 * Traps: the guest's core code runs, and calls its own export through the host
 */
bool rill_task_call(struct rill_tasks *tasks, struct rill_task *task, const struct rill_type *result, bool is_callback);

/** Whether the task waits in the event loop, and what it waits for has come. */
bool rill_task_is_ready(const struct rill_task *task);

/** Lets a ready task go on. */
bool rill_task_run(struct rill_task *task);

/** The caller cancels: the task is told at once if it can be, else at its next chance. */
bool rill_task_request_cancel(struct rill_task *task);

/// Built-ins ///

/** task.return, before the result is taken. Traps: no task; another type; resolved before */
bool rill_task_return(struct rill_host *host, const struct rill_type *result);

/** task.cancel. Traps: no task; not told of a cancellation */
bool rill_task_cancel(struct rill_host *host);

/** backpressure.inc. Traps: 2^16 times */
bool rill_backpressure_inc(struct rill_host *host);

/** backpressure.dec. Traps: more often than inc */
bool rill_backpressure_dec(struct rill_host *host);

/** context.get; `slot` is 0 or 1. Traps: no task */
bool rill_context_get(struct rill_host *host, uint32_t slot, uint32_t *value);

/** context.set. Traps: no task */
bool rill_context_set(struct rill_host *host, uint32_t slot, uint32_t value);

/** waitable-set.wait, declared cancellable: the event may be TASK_CANCELLED. Traps: as rill_set_wait */
bool rill_set_wait_cancellable(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code);

/** waitable-set.poll, declared cancellable. */
bool rill_set_poll_cancellable(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code);

/** thread.yield: lets time pass once, in a task that may block; *cancelled gets 1 when the task was cancelled. */
bool rill_yield(struct rill_host *host, bool is_cancellable, uint32_t *cancelled);

/// For the host's own files ///

/** The port's wait, while the running task is blocked in core code. */
bool rill_tasks_let_pass(struct rill_host *host);

#ifdef __cplusplus
}
#endif

#endif
