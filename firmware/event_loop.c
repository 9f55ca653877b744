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

/* Calls a function of the guest's; its answer takes the place of its first argument. */
static bool call_core(struct event_loop *loop, wasm_function_inst_t function, uint32_t count, uint32_t *words,
                      uint32_t *code)
{
    if (function == NULL || !wasm_runtime_call_wasm(loop->call->env, function, count, words)) {
        return false;
    }
    *code = words[0];
    loop->has_yielded = (*code & 15u) == RILL_CALLBACK_YIELD;
    return true;
}

static bool enter(struct rill_task *task, uint32_t *code)
{
    struct event_loop *loop = task->context;
    const struct entry_call *call = loop->call;

    return call_core(loop, call->entry, rill_image_entry(call->image).words, call->words, code);
}

static bool call_back(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    struct event_loop *loop = task->context;
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(loop->call->env);
    uint32_t words[3] = {event[0], event[1], event[2]};

    return call_core(loop, wasm_runtime_lookup_function(instance, RILL_IMAGE_CALLBACK), 3u, words, code);
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
            goes_on = host->port->wait(host->context);
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
