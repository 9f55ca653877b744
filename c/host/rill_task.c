/*
 * Tasks: the event loop's side of a guest's exports. See rill_task.h.
 */
#include "rill_internal.h"

#include <string.h>

/*
 * Where a task is says not one field but several, each a byte of struct rill_task, since an enum takes four on some
 * chips: `state` what caller and guest know of its outcome, `waits` for what it waits outside of core code, `core_wait`
 * whether it can be cancelled inside.
 *
 *                                            waits              core_wait   may be told of a cancellation
 *   queued                                   TO_ENTER           NOT_WAITING ends without having run
 *   runs core code, or is blocked in it      NOTHING            NOT_WAITING no: pending until its next cancellable wait
 *   blocked in it, in a cancellable wait     NOTHING            WAITING     at once: CANCELLED, which ends the wait
 *   in the event loop, nobody exclusive      TO_YIELD, FOR_SET  NOT_WAITING at once: its callback runs
 *   in the event loop, another one exclusive TO_YIELD, FOR_SET  NOT_WAITING no: pending until its callback has answered
 *   ended                                    NOTHING            NOT_WAITING no: it is resolved
 *
 * `tasks->exclusive` is the task with a callback that is in core code, be it blocked there: no other one with a
 * callback enters until it has answered, for code that waits by answering counts on nothing coming in between. A task
 * without a callback takes no part in this. `tasks->is_running` is narrower: core code runs now, and nobody enters at
 * all; a cancellation that is asked for meanwhile is pending, wherever its task is.
 */

/* rill_task.waits */
enum { NOTHING, TO_ENTER, TO_YIELD, FOR_SET };

/* rill_task.core_wait */
enum { NOT_WAITING, WAITING, CANCELLED };

#define BACKPRESSURE_LIMIT UINT32_C(65536)

static const uint32_t cancelled_event[3] = {RILL_EVENT_TASK_CANCELLED, 0, 0};

void rill_tasks_init(struct rill_tasks *tasks, struct rill_host *host, const struct rill_task_port *port)
{
    const uint16_t generation = tasks->generation;

    memset(tasks, 0, sizeof *tasks);
    tasks->generation = (uint16_t)(generation + 1u);
    tasks->host = host;
    tasks->port = port;
    host->tasks = tasks;
}

void rill_tasks_close(struct rill_tasks *tasks)
{
    /* Its guest may have trapped, or the host may serve others by now. */
    if (tasks->host->tasks == tasks) {
        tasks->host->tasks = NULL;
    }
}

/** Whether the task is of the guest that the host serves now, and which may be run. */
static bool is_current(const struct rill_task *task)
{
    const struct rill_tasks *tasks = task->tasks;

    return tasks != NULL && tasks->generation == task->generation && tasks->host->tasks == tasks
           && tasks->host->trap == NULL;
}

/** Whether the task may not start yet. */
static bool must_wait(const struct rill_task *task)
{
    const struct rill_tasks *tasks = task->tasks;

    return tasks->backpressure > 0 || (task->is_callback && tasks->exclusive != NULL);
}

bool rill_task_is_ready(const struct rill_task *task)
{
    if (!is_current(task)) {
        return false;
    }
    switch (task->waits) {
    case TO_ENTER:
        return !must_wait(task);
    case TO_YIELD:
        return task->tasks->exclusive == NULL;
    case FOR_SET:
        return task->tasks->exclusive == NULL && rill_has_ready_member(task->tasks->host, task->set);
    default:
        return false;
    }
}

/** A cancellation that was asked for is being told. @returns false when there is none */
static bool deliver_pending_cancel(struct rill_task *task)
{
    if (task->state != RILL_TASK_PENDING_CANCEL) {
        return false;
    }
    task->state = RILL_TASK_CANCEL_DELIVERED;
    return true;
}

/// Core code, entered from the event loop ///

/** Core code has answered, and may have moved the memory. @returns whether the guest goes on */
static bool has_left(struct rill_tasks *tasks, bool done)
{
    tasks->current = NULL;
    tasks->is_running = 0;
    rill_leave_host(tasks->host);
    return done ? tasks->host->trap == NULL : rill_end_guest(tasks->host);
}

static bool run_export(struct rill_task *task, uint32_t *code)
{
    struct rill_tasks *tasks = task->tasks;
    bool done;

    tasks->is_running = 1;
    tasks->current = task;
    done = tasks->port->enter(task, code);
    return has_left(tasks, done);
}

static bool run_callback(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    struct rill_tasks *tasks = task->tasks;
    bool done;

    tasks->exclusive = task;
    tasks->is_running = 1;
    tasks->current = task;
    done = tasks->port->callback(task, event, code);
    return has_left(tasks, done);
}

static bool leave(struct rill_task *task)
{
    if (task->state != RILL_TASK_RESOLVED) {
        return RILL_TRAP(task->tasks->host, "a task ends without task.return or task.cancel");
    }
    if (task->is_callback) {
        task->tasks->exclusive = NULL;
    }
    task->is_ended = 1;
    return true;
}

/** The event that the task goes on with. */
static void next_event(struct rill_task *task, bool is_cancelled, uint32_t event[3])
{
    struct rill_host *host = task->tasks->host;

    memcpy(event, cancelled_event, sizeof cancelled_event);
    if (!is_cancelled) {
        event[0] = RILL_EVENT_NONE;
    }
    if (task->waits != FOR_SET) {
        return;
    }
    if (!is_cancelled) {
        /* There is one: the caller has asked rill_task_is_ready, and nothing has run since. */
        struct rill_end *ready = rill_ready_member(host, task->set);

        event[0] = rill_event_code(ready);
        event[1] = rill_handle_of(host, ready);
        event[2] = rill_take_event(ready);
    }
    /* The set is there still: it cannot be dropped while a task waits for it. */
    rill_entry(host, task->set)->length--;
}

/**
 * Does what a callback's answer asks for. *goes_on: a cancellation is told at once, and the callback is called again
 */
static bool follow(struct rill_task *task, uint32_t code, bool *goes_on)
{
    struct rill_tasks *tasks = task->tasks;
    struct rill_end *set;

    *goes_on = false;
    switch (code & 15u) {
    case RILL_CALLBACK_EXIT:
        return leave(task);
    case RILL_CALLBACK_YIELD:
        task->waits = TO_YIELD;
        break;
    case RILL_CALLBACK_WAIT:
        set = rill_find_set(tasks->host, code >> 4);
        if (set == NULL) {
            return false;
        }
        set->length++;
        task->set = (uint16_t)(code >> 4);
        task->waits = FOR_SET;
        break;
    default:
        return RILL_TRAP(tasks->host, "a callback answers with a code that there is not");
    }
    tasks->exclusive = NULL;
    /* Going back to the event loop is a cancellation point: what came while core code ran is told first of all. */
    *goes_on = deliver_pending_cancel(task);
    return true;
}

/** Runs the callback until the task waits or ends. */
static bool run_callbacks(struct rill_task *task, bool is_cancelled)
{
    bool goes_on = true;

    while (goes_on) {
        uint32_t event[3];
        uint32_t code = 0;

        next_event(task, is_cancelled, event);
        task->waits = NOTHING;
        if (!run_callback(task, event, &code) || !follow(task, code, &goes_on)) {
            return false;
        }
        is_cancelled = true;
    }
    return true;
}

static bool enter(struct rill_task *task)
{
    uint32_t code = 0;
    bool goes_on;

    if (task->is_callback) {
        task->tasks->exclusive = task;
    }
    task->state = RILL_TASK_STARTED;
    if (!run_export(task, &code)) {
        return false;
    }
    if (!task->is_callback) {
        return leave(task);
    }
    if (!follow(task, code, &goes_on)) {
        return false;
    }
    return !goes_on || run_callbacks(task, true);
}

/// The embedder's side ///

bool rill_task_call(struct rill_tasks *tasks, struct rill_task *task, const struct rill_type *result, bool is_callback)
{
    void *context = task->context;

    if (tasks->host->tasks != tasks || tasks->host->trap != NULL) {
        return false;
    }
    memset(task, 0, sizeof *task);
    task->tasks = tasks;
    task->generation = tasks->generation;
    task->context = context;
    task->result = result;
    task->is_callback = is_callback;
    if (tasks->is_running) {
        return RILL_TRAP(tasks->host, "the guest is entered while its core code runs");
    }
    /* Nobody overtakes those that are queued, not even when the backpressure has gone meanwhile. */
    if (!must_wait(task) && tasks->queued == 0) {
        return enter(task);
    }
    tasks->queued++;
    task->waits = TO_ENTER;
    return true;
}

bool rill_task_run(struct rill_task *task)
{
    if (!is_current(task)) {
        return false;
    }
    if (task->tasks->is_running) {
        return RILL_TRAP(task->tasks->host, "the guest is entered while its core code runs");
    }
    if (task->waits == TO_ENTER && rill_task_is_ready(task)) {
        task->tasks->queued--;
        task->waits = NOTHING;
        return enter(task);
    }
    return !rill_task_is_ready(task) || run_callbacks(task, false);
}

/** A task that never started needs no core code to end. */
static bool cancel_queued(struct rill_task *task)
{
    task->tasks->queued--;
    task->waits = NOTHING;
    task->tasks->port->cancelled(task);
    task->state = RILL_TASK_RESOLVED;
    task->is_ended = 1;
    return true;
}

bool rill_task_request_cancel(struct rill_task *task)
{
    struct rill_tasks *tasks = task->tasks;
    bool is_locked_out;

    if (!is_current(task)) {
        return false;
    }
    is_locked_out = task->is_callback && tasks->exclusive != NULL && tasks->exclusive != task;
    if (task->state == RILL_TASK_INITIAL) {
        return cancel_queued(task);
    }
    if (task->state != RILL_TASK_STARTED) {
        return true;
    }
    if (tasks->is_running || (task->core_wait == NOT_WAITING && (task->waits == NOTHING || is_locked_out))) {
        task->state = RILL_TASK_PENDING_CANCEL;
        return true;
    }
    task->state = RILL_TASK_CANCEL_DELIVERED;
    if (task->core_wait != NOT_WAITING) {
        task->core_wait = CANCELLED;
        return true;
    }
    return run_callbacks(task, true);
}

bool rill_tasks_let_pass(struct rill_host *host)
{
    struct rill_tasks *tasks = host->tasks;
    struct rill_task *blocked;
    bool goes_on;

    if (tasks == NULL) {
        return host->port->wait(host->context);
    }
    /* While it is blocked the guest may be entered; but `exclusive` stays, so not by another task with a callback. */
    blocked = tasks->current;
    tasks->current = NULL;
    tasks->is_running = 0;
    rill_leave_host(host);
    goes_on = host->port->wait(host->context);
    tasks->current = blocked;
    tasks->is_running = blocked != NULL;
    return goes_on;
}

/// Built-ins ///

/** The task whose core code runs, or NULL after a trap. */
static struct rill_task *current_task(struct rill_host *host)
{
    if (host->tasks == NULL || host->tasks->current == NULL) {
        RILL_TRAP(host, "a built-in is called outside of any task");
        return NULL;
    }
    return host->tasks->current;
}

bool rill_task_return(struct rill_host *host, const struct rill_type *result)
{
    struct rill_task *task = current_task(host);

    if (task == NULL) {
        return false;
    }
    if (!rill_types_equal(task->result, result)) {
        return RILL_TRAP(host, "task.return has another type than the task's function");
    }
    if (task->state == RILL_TASK_RESOLVED) {
        return RILL_TRAP(host, "a task returns that was resolved before");
    }
    task->state = RILL_TASK_RESOLVED;
    return true;
}

bool rill_task_cancel(struct rill_host *host)
{
    struct rill_task *task = current_task(host);

    if (task == NULL) {
        return false;
    }
    if (task->state != RILL_TASK_CANCEL_DELIVERED) {
        return RILL_TRAP(host, "a task gives up that was not told of a cancellation");
    }
    host->tasks->port->cancelled(task);
    task->state = RILL_TASK_RESOLVED;
    return true;
}

bool rill_backpressure_inc(struct rill_host *host)
{
    if (host->tasks == NULL || ++host->tasks->backpressure == BACKPRESSURE_LIMIT) {
        return RILL_TRAP(host, "backpressure.inc is called 2^16 times");
    }
    return true;
}

bool rill_backpressure_dec(struct rill_host *host)
{
    if (host->tasks == NULL || host->tasks->backpressure == 0) {
        return RILL_TRAP(host, "backpressure.dec is called more often than backpressure.inc");
    }
    host->tasks->backpressure--;
    return true;
}

bool rill_context_get(struct rill_host *host, uint32_t slot, uint32_t *value)
{
    const struct rill_task *task = current_task(host);

    if (task == NULL) {
        return false;
    }
    *value = task->slots[slot & 1u];
    return true;
}

bool rill_context_set(struct rill_host *host, uint32_t slot, uint32_t value)
{
    struct rill_task *task = current_task(host);

    if (task == NULL) {
        return false;
    }
    task->slots[slot & 1u] = value;
    return true;
}

static bool store_cancelled(struct rill_host *host, uint32_t ptr, uint32_t *code)
{
    rill_locate(host);
    if (!rill_is_event_place(host, ptr)) {
        return RILL_TRAP(host, "the place for an event is misaligned or out of memory");
    }
    *code = RILL_EVENT_TASK_CANCELLED;
    rill_store_word(host->memory + ptr, 0);
    rill_store_word(host->memory + ptr + 4, 0);
    return true;
}

bool rill_set_poll_cancellable(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code)
{
    struct rill_task *task = current_task(host);

    if (task == NULL || rill_find_set(host, set) == NULL) {
        return false;
    }
    return deliver_pending_cancel(task) ? store_cancelled(host, ptr, code) : rill_set_poll(host, set, ptr, code);
}

/**
 * Waits inside core code until the set has an event. *cancelled: the task was cancelled before. Traps: as rill_set_wait
 */
static bool wait_in_core(struct rill_host *host, struct rill_task *task, uint32_t set, bool *cancelled)
{
    task->core_wait = WAITING;
    while (task->core_wait == WAITING && !rill_has_ready_member(host, set)) {
        if (!rill_wait_once(host)) {
            return false;
        }
    }
    *cancelled = task->core_wait == CANCELLED;
    task->core_wait = NOT_WAITING;
    return true;
}

bool rill_set_wait_cancellable(struct rill_host *host, uint32_t set, uint32_t ptr, uint32_t *code)
{
    struct rill_task *task = current_task(host);
    struct rill_end *waited = task != NULL ? rill_find_set(host, set) : NULL;
    bool cancelled = false;

    if (waited == NULL) {
        return false;
    }
    if (deliver_pending_cancel(task)) {
        return store_cancelled(host, ptr, code);
    }
    waited->length++;
    if (!wait_in_core(host, task, set, &cancelled)) {
        return false;
    }
    waited->length--;
    return cancelled ? store_cancelled(host, ptr, code) : rill_set_poll(host, set, ptr, code);
}

bool rill_yield(struct rill_host *host, bool is_cancellable, uint32_t *cancelled)
{
    /* A function that is not async may be called without a task of its own: it has nothing to be told. */
    struct rill_task *task = host->tasks != NULL ? host->tasks->current : NULL;
    const bool can_be_told = is_cancellable && task != NULL;

    *cancelled = can_be_told && deliver_pending_cancel(task);
    if (*cancelled != 0 || !host->may_block) {
        return true;
    }
    if (can_be_told) {
        task->core_wait = WAITING;
    }
    (void)rill_let_pass(host);
    if (can_be_told) {
        *cancelled = task->core_wait == CANCELLED;
        task->core_wait = NOT_WAITING;
    }
    return host->trap == NULL;
}
