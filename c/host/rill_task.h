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
    const struct rill_type *result; /* what task.return must be declared with, NULL without */
    void *context;                  /* the embedder's; set it before rill_task_call */
    uint32_t slots[2];              /* context.get, context.set */
    uint16_t set;                   /* the waitable set that the task waits for */
    uint8_t state;                  /* enum rill_task_state */
    uint8_t waits;                  /* private: for what, in the event loop */
    uint8_t is_callback;
    uint8_t is_ended;    /* its core code is done: the task's memory is free */
    uint8_t core_wait;   /* private: it waits inside core code, and may be cancelled there */
    uint16_t generation; /* of `tasks` when it was called */
};

/** How core code is run. Constant data. */
struct rill_task_port {
    /**
     * The task starts: lowers its arguments, runs the export.
     * @param task which one
     * @param code gets the answer of an export with a callback: enum rill_callback_code, a set's handle above its four
     *             bits
     * @returns false for a trap, with the reason in `host->trap`
     */
    bool (*enter)(struct rill_task *task, uint32_t *code);
    /**
     * Runs the callback with an event.
     * @param task  which one
     * @param event enum rill_event, the handle, the payload
     * @param code  gets its answer, as of `enter`
     * @returns false for a trap, with the reason in `host->trap`
     */
    bool (*callback)(struct rill_task *task, const uint32_t event[3], uint32_t *code);
    /**
     * The task was cancelled and has no result. It may still be running core code: its memory is free when it
     * `is_ended`.
     * @param task which one
     */
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

/**
 * Ties `tasks` to the host. Tasks that it served before, of another guest, are stale from then on.
 * @param tasks the caller's memory; zero before its first use, for it keeps a generation
 * @param host  set up by rill_host_init
 * @param port  how core code is run
 * Lends: `tasks` and `port`, until rill_tasks_close or rill_host_close; `tasks` also as long as the embedder holds a
 *        task
 */
void rill_tasks_init(struct rill_tasks *tasks, struct rill_host *host, const struct rill_task_port *port);

/**
 * Unties `tasks` from its host: the memory is the caller's again, and that of its tasks, none of which is under way.
 * @param tasks as rill_tasks_init got it
 */
void rill_tasks_close(struct rill_tasks *tasks);

/// The embedder's side ///
/*
 * @param task the embedder's memory for one call of an export; stale once its guest has trapped or ended
 * @returns false when the guest trapped, or the task is stale; what the guest's code does meanwhile may trap it
 */

/**
 * Calls an export: runs it until it waits or is done, or queues it: behind others that are queued, while there is
 * backpressure, and, with a callback, while another one with a callback runs core code.
 * @param tasks       the guest's
 * @param task        all but `context` is overwritten; not under way
 * @param result      what the function's task.return is declared with, NULL without
 * @param is_callback whether the export has a callback; else it answers when its task is done
 * Lends: `task` and `result`, until `is_ended`
 * Traps: the guest's core code runs, and calls its own export through the host; a task ends unresolved; the export
 *        answers with an unknown code, or to wait for what is no set
 * Spec:  CanonicalABI.md, canon lift; Tasks
 */
bool rill_task_call(struct rill_tasks *tasks, struct rill_task *task, const struct rill_type *result, bool is_callback);

/**
 * Whether the task is queued, or waits in the event loop, and may go on.
 * @returns false also for a stale task
 */
bool rill_task_is_ready(const struct rill_task *task);

/**
 * Lets a ready task go on; nothing happens when it is not ready.
 * Traps: the guest's core code runs; as rill_task_call
 * Spec:  CanonicalABI.md, canon lift
 */
bool rill_task_run(struct rill_task *task);

/**
 * The caller cancels: a task that is queued ends, one that waits is told at once if no other one is in its way, else at
 * its next chance. Nothing happens when it was asked before, or is resolved.
 * Traps: as rill_task_run
 * Spec:  CanonicalABI.md, Tasks
 */
bool rill_task_request_cancel(struct rill_task *task);

/// Built-ins ///
/*
 * What the guest imports. After a trap the guest must not be run again. All but those on backpressure trap outside of
 * any task that was called by rill_task_call; all trap when rill_tasks_init was not called.
 * @param host the guest that calls
 * @returns true; false for a trap, with the reason in `host->trap`
 */

/**
 * task.return, before the embedder takes the result.
 * @param result what the built-in was declared with, NULL without
 * Traps: outside of any task; another type than the task's; the task is resolved
 * Spec:  CanonicalABI.md, canon task.return
 */
bool rill_task_return(struct rill_host *host, const struct rill_type *result);

/**
 * task.cancel: calls the port's `cancelled`.
 * Traps: outside of any task; the task was not told of a cancellation, or is resolved
 * Spec:  CanonicalABI.md, canon task.cancel
 */
bool rill_task_cancel(struct rill_host *host);

/**
 * backpressure.inc: exports that are called from now on are queued.
 * Traps: without rill_tasks_init; the counter would be 2^16
 * Spec:  CanonicalABI.md, canon backpressure.{inc,dec}
 */
bool rill_backpressure_inc(struct rill_host *host);

/**
 * backpressure.dec.
 * Traps: without rill_tasks_init; the counter is 0
 * Spec:  CanonicalABI.md, canon backpressure.{inc,dec}
 */
bool rill_backpressure_dec(struct rill_host *host);

/**
 * context.get.
 * @param slot  0 or 1; of other values the lowest bit counts
 * @param value gets what the task has set last; 0 before
 * Traps: outside of any task
 * Spec:  CanonicalABI.md, canon context.get
 */
bool rill_context_get(struct rill_host *host, uint32_t slot, uint32_t *value);

/**
 * context.set.
 * @param slot  0 or 1; of other values the lowest bit counts
 * @param value any
 * Traps: outside of any task
 * Spec:  CanonicalABI.md, canon context.set
 */
bool rill_context_set(struct rill_host *host, uint32_t slot, uint32_t value);

/**
 * waitable-set.wait, declared cancellable: as rill_set_wait, but the event may be RILL_EVENT_TASK_CANCELLED.
 * @param set  handle of the set
 * @param ptr  address of 8 bytes in the guest's memory, aligned to 4
 * @param code gets the event's code, enum rill_event
 * Lends: the bytes at `ptr`, while it waits
 * Traps: outside of any task; as rill_set_wait
 * Spec:  CanonicalABI.md, canon waitable-set.wait
 */
bool rill_set_wait_cancellable(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code);

/**
 * waitable-set.poll, declared cancellable: as rill_set_poll, but the event may be RILL_EVENT_TASK_CANCELLED.
 * @param set  handle of the set
 * @param ptr  address of 8 bytes in the guest's memory, aligned to 4
 * @param code gets the event's code, enum rill_event
 * Lends: the bytes at `ptr`, while the port polls
 * Traps: outside of any task; as rill_set_poll
 * Spec:  CanonicalABI.md, canon waitable-set.poll
 */
bool rill_set_poll_cancellable(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code);

/**
 * thread.yield: lets time pass once; in a task that may not wait it does not.
 * @param is_cancellable whether it was declared so
 * @param cancelled      gets 1 when the task was told of a cancellation, else 0
 * Traps: outside of any task; what happens meanwhile traps the guest
 * Spec:  CanonicalABI.md, canon thread.yield
 */
bool rill_yield(struct rill_host *host, bool is_cancellable, uint32_t *cancelled);

/// For the host's own files ///

/**
 * The port's wait, while the running task is blocked in core code: others may be entered meanwhile.
 * @param host the guest that waits
 * @returns what the port's wait answers
 */
bool rill_tasks_let_pass(struct rill_host *host);

#ifdef __cplusplus
}
#endif

#endif
