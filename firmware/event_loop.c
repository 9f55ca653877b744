#include "event_loop.h"

#include "host.h"
#include "rill_task.h"
#include "watchdog.h"

#include <string.h>

/* The task that runs: one at a time. */
struct event_loop {
    struct rill_tasks tasks;
    struct rill_task task; /* its context is the loop */
    const struct entry_call *call;
    bool has_yielded; /* and waits for nothing */
};

/* Its answer took the place of the first argument. */
static void note_code(struct event_loop *loop, const uint32_t *words, uint32_t *code)
{
    *code = words[0];
    loop->has_yielded = (*code & 15u) == RILL_CALLBACK_YIELD;
}

static bool enter(struct rill_task *task, uint32_t *code)
{
    struct event_loop *loop = task->context;

    if (!engine_enter(loop->call)) {
        return false;
    }
    note_code(loop, loop->call->words, code);
    return true;
}

static bool call_back(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    struct event_loop *loop = task->context;
    uint32_t words[3] = {event[0], event[1], event[2]};

    if (!engine_call_back(loop->call, words)) {
        return false;
    }
    note_code(loop, words, code);
    return true;
}

/* Nobody cancels a task here. */
static void cancelled(struct rill_task *task)
{
    (void)task;
}

static const struct rill_task_port port = {enter, call_back, cancelled};

int event_loop_run(const struct entry_call *call)
{
    struct rill_host *host = &call->guest->host;
    struct event_loop loop;
    bool goes_on;

    (void)memset(&loop, 0, sizeof loop);
    loop.call = call;
    loop.task.context = &loop;
    rill_tasks_init(&loop.tasks, host, &port);
    goes_on = rill_task_call(&loop.tasks, &loop.task, NULL, true);
    while (goes_on && loop.task.is_ended == 0u) {
        if (!rill_task_is_ready(&loop.task)) {
            goes_on = host->port->wait(host->context) && host->trap == NULL;
            continue;
        }
        goes_on = !loop.has_yielded || host_pass(host->context);
        /* Who comes back to the firmware does not hang. */
        watchdog_feed();
        goes_on = goes_on && rill_task_run(&loop.task);
    }
    rill_tasks_close(&loop.tasks);
    return goes_on ? 1 : 0;
}
