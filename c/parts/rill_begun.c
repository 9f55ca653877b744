/*
 * Calls of exports that go on side by side. See rill_begun.h.
 */
#include "rill_bindings.h"

#include "rill_internal.h"

#ifdef RILL_WITH_TASKS

/* rill_begun.has_answered */
enum { NOT_YET, WITH_RESULT, WITHOUT };

/** The bindings of a task's guest. SAFETY: rill_bindings_init has set the context. */
static struct rill_bindings *bindings_of(const struct rill_task *task)
{
    return (struct rill_bindings *)task->tasks->host->context;
}

/** The call that a task is. SAFETY: rill_begun_start has set the context of each task of this port. */
static struct rill_begun *begun_of(const struct rill_task *task)
{
    return (struct rill_begun *)task->context;
}

/// Core code ///

static bool answered(struct rill_bindings *bindings, const uint64_t *values)
{
    struct rill_begun *begun = (struct rill_begun *)bindings->result;

    begun->has_answered = WITH_RESULT;
    return begun->func->answered(bindings, begun, values);
}

/** Runs an export or its callback: task.return in it is this call's, and no other call is made meanwhile. */
static bool run_core(struct rill_bindings *bindings, struct rill_begun *begun, uint16_t export_index, uint64_t *cells,
                     uint32_t *code)
{
    bool is_done;

    bindings->result = begun;
    bindings->answered = begun->has_answered == NOT_YET ? answered : NULL;
    is_done = bindings->engine->call(bindings->rings.host, export_index, cells);
    bindings->answered = NULL;
    *code = (uint32_t)cells[0];
    return is_done;
}

static bool enter(struct rill_task *task, uint32_t *code)
{
    struct rill_begun *begun = begun_of(task);
    struct rill_bindings *bindings = bindings_of(task);

    begun->has_started = 1;
    return (begun->func->lower == NULL || begun->func->lower(bindings, begun))
           && run_core(bindings, begun, begun->func->export_index, begun->cells, code);
}

static bool call_back(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    struct rill_begun *begun = begun_of(task);
    uint64_t cells[3];

    cells[0] = event[0];
    cells[1] = event[1];
    cells[2] = event[2];
    return run_core(bindings_of(task), begun, (uint16_t)(begun->func->export_index + 1u), cells, code);
}

static void cancelled(struct rill_task *task)
{
    begun_of(task)->has_answered = WITHOUT;
}

static const struct rill_task_port port = {enter, call_back, cancelled};

/// Calls ///

static bool may_enter(const struct rill_bindings *bindings)
{
    return bindings->rings.host != NULL && bindings->rings.host->trap == NULL && bindings->is_running == 0u;
}

static void end(struct rill_bindings *bindings, struct rill_begun *begun, enum rill_begun_state state)
{
    begun->state = (uint8_t)state;
    if (begun->func->ended != NULL) {
        begun->func->ended(bindings, begun);
    }
}

/** After core code has run: takes out the calls that have ended; all have when the guest trapped. */
static bool settle(struct rill_bindings *bindings, struct rill_begun **calls)
{
    const bool has_trapped = bindings->rings.host->trap != NULL;
    struct rill_begun **at = calls;

    bindings->is_running = 0;
    while (*at != NULL) {
        struct rill_begun *begun = *at;

        if (begun->task.is_ended == 0u && !has_trapped) {
            at = &begun->next;
            continue;
        }
        *at = begun->next;
        if (has_trapped) {
            end(bindings, begun, RILL_BEGUN_GONE);
        } else {
            end(bindings, begun, begun->has_answered == WITH_RESULT ? RILL_BEGUN_DONE : RILL_BEGUN_CANCELLED);
        }
    }
    return bindings->rings.host->trap == NULL;
}

/** Whether the guest may be entered; calls of one that has trapped elsewhere end here. */
static bool may_go_on(struct rill_bindings *bindings, struct rill_begun **calls)
{
    if (may_enter(bindings)) {
        return true;
    }
    if (bindings->rings.host != NULL && bindings->is_running == 0u) {
        (void)settle(bindings, calls);
    }
    return false;
}

bool rill_begun_init(struct rill_bindings *bindings)
{
    bindings->tasks.port = &port;
    return true;
}

bool rill_begun_is_free(const struct rill_bindings *bindings, const struct rill_begun *begun)
{
    return may_enter(bindings) && begun->state != (uint8_t)RILL_BEGUN_ON;
}

bool rill_begun_start(struct rill_bindings *bindings, struct rill_begun **calls, struct rill_begun *begun,
                      const struct rill_begun_func *func, uint64_t *cells)
{
    struct rill_begun **at = calls;

    while (*at != NULL) {
        at = &(*at)->next;
    }
    begun->next = NULL;
    *at = begun;
    begun->func = func;
    begun->cells = cells;
    begun->state = (uint8_t)RILL_BEGUN_ON;
    begun->has_started = 0;
    begun->has_answered = NOT_YET;
    begun->task.context = begun;
    bindings->rings.has_timed_out = 0;
    if (bindings->rings.patience != 0u) {
        bindings->rings.since = bindings->rings.chip->now();
    }
    bindings->is_running = 1;
    (void)rill_task_call(&bindings->tasks, &begun->task, NULL, true);
    return settle(bindings, calls);
}

/** Lets each ready call go on once. @returns whether there was one */
static bool run_ready(struct rill_begun *first)
{
    struct rill_begun *begun;
    bool has_run = false;

    for (begun = first; begun != NULL; begun = begun->next) {
        if (rill_task_is_ready(&begun->task)) {
            has_run = true;
            (void)rill_task_run(&begun->task);
        }
    }
    return has_run;
}

bool rill_begun_run(struct rill_bindings *bindings, struct rill_begun **calls, bool may_sleep)
{
    struct rill_host *guest = bindings->rings.host;

    if (!may_go_on(bindings, calls)) {
        return false;
    }
    bindings->is_running = 1;
    guest->port->poll(guest->context);
    if (!run_ready(*calls) && may_sleep && guest->trap == NULL && !guest->port->wait(guest->context)) {
        (void)RILL_TRAP(guest, "the calls wait for ever: nothing can end their wait");
    }
    return settle(bindings, calls);
}

bool rill_begun_finish(struct rill_bindings *bindings, struct rill_begun **calls, const struct rill_begun *begun)
{
    while (begun->state == (uint8_t)RILL_BEGUN_ON && rill_begun_run(bindings, calls, true)) {
    }
    return begun->state == (uint8_t)RILL_BEGUN_DONE;
}

bool rill_begun_cancel(struct rill_bindings *bindings, struct rill_begun **calls, struct rill_begun *begun)
{
    if (!may_go_on(bindings, calls)) {
        return false;
    }
    if (begun->state != (uint8_t)RILL_BEGUN_ON) {
        return true;
    }
    bindings->is_running = 1;
    (void)rill_task_request_cancel(&begun->task);
    return settle(bindings, calls);
}

void rill_begun_forget(struct rill_bindings *bindings, struct rill_begun **calls)
{
    while (*calls != NULL) {
        struct rill_begun *begun = *calls;

        *calls = begun->next;
        end(bindings, begun, RILL_BEGUN_GONE);
    }
}

#endif
