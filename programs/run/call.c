/*
 * rill-run: calls the guest's function, with a callback or without.
 */
#include "remote.h"

#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 512u

/** The export whose name is the function's behind `prefix`, or NULL. */
static engine_function find(const char *prefix)
{
    char name[NAME_BYTES];

    (void)snprintf(name, sizeof name, "%s%s", prefix, job.call);
    return engine_find(name);
}

/** Calls a core function. @returns the trap's text, or NULL; `cells` gets its results */
static const char *call(engine_function function, uint32_t count, uint64_t *cells)
{
    if (engine_param_count(function) != count) {
        fail("the function has another count of parameters than its type", job.call);
    }
    return engine_call(function, cells);
}

/** Calls the export with its parameters. @returns the trap's text, or NULL */
static const char *enter_export(uint64_t *cells)
{
    engine_function function = find("");
    uint32_t count;

    if (function == NULL) {
        fail("the module does not export", job.call);
    }
    return lower_params(cells, &count) ? call(function, count, cells) : GUEST_HOST->trap;
}

/** A function that answers with its result: lifts it, and lets the guest clean up. */
static const char *call_sync(void)
{
    uint64_t cells[MAX_CELLS] = {0};
    const char *trap;
    engine_function post_return;

    rill_host_may_block(GUEST_HOST, job.may_block);
    trap = enter_export(cells);
    if (trap != NULL || job.has_returned) {
        return trap;
    }
    if (!lift_result(cells, 1)) {
        return GUEST_HOST->trap;
    }
    post_return = find("cabi_post_");
    return post_return != NULL ? call(post_return, engine_param_count(post_return), cells) : NULL;
}

#ifdef RILL_WITH_TASKS

#define TEXT_BYTES 160u

static struct rill_tasks all_tasks[MAX_WORKS];
static struct rill_task all_task[MAX_WORKS];
static char trap_texts[MAX_WORKS][TEXT_BYTES];
/** What each is called back with: looked for once, since a task may be called back for every item. */
static engine_function callbacks[MAX_WORKS];

/** Keeps the text of a trap of the engine's: the host's tasks know only that there was one. */
static bool note_trap(const char *trap)
{
    if (trap != NULL) {
        (void)snprintf(trap_texts[WORK_INDEX], TEXT_BYTES, "%s", trap);
        GUEST_HOST->trap = trap_texts[WORK_INDEX];
    }
    return trap == NULL;
}

static bool enter(struct rill_task *of, uint32_t *code)
{
    uint64_t cells[MAX_CELLS] = {0};
    const bool done = note_trap(enter_export(cells));

    (void)of;
    *code = (uint32_t)cells[0];
    return done;
}

static bool run_callback(struct rill_task *of, const uint32_t event[3], uint32_t *code)
{
    uint64_t cells[MAX_CELLS] = {event[0], event[1], event[2]};
    bool done;

    (void)of;
    if (callbacks[WORK_INDEX] == NULL) {
        callbacks[WORK_INDEX] = find("[callback]");
    }
    if (callbacks[WORK_INDEX] == NULL) {
        fail("the module does not export a callback of", job.call);
    }
    done = note_trap(call(callbacks[WORK_INDEX], 3, cells));
    *code = (uint32_t)cells[0];
    return done;
}

static void cancelled(struct rill_task *of)
{
    (void)of;
}

static const struct rill_task_port task_port = {enter, run_callback, cancelled};

static bool start_task(void)
{
    memset(&all_task[WORK_INDEX], 0, sizeof all_task[WORK_INDEX]);
    rill_tasks_init(&all_tasks[WORK_INDEX], GUEST_HOST, &task_port);
    return rill_task_call(&all_tasks[WORK_INDEX], &all_task[WORK_INDEX], NULL, job.is_callback);
}

#ifdef RUN_PIPES

static bool answers_later(void)
{
    return strncmp(job.call, "[async-lift", 11) == 0;
}

const char *start_guest(void)
{
    if (!answers_later()) {
        return call_sync();
    }
    (void)start_task();
    return GUEST_HOST->trap;
}

bool resume_guest(void)
{
    struct rill_task *task = &all_task[WORK_INDEX];

    if (!answers_later() || !rill_task_is_ready(task)) {
        return false;
    }
    (void)rill_task_run(task);
    return true;
}

bool is_guest_done(void)
{
    return job.is_started && (!answers_later() || all_task[WORK_INDEX].is_ended != 0);
}

#else

/** Runs the export as a task, to its end. */
static const char *run_task(void)
{
    struct rill_task *task = all_task;
    bool goes_on = start_task();

    while (goes_on && !task->is_ended && GUEST_HOST->trap == NULL) {
        if (rill_task_is_ready(task)) {
            goes_on = rill_task_run(task);
        } else if (!pump_all(NULL)) {
            return "the task waits for ever: nothing can end its wait";
        }
    }
    return GUEST_HOST->trap;
}

#endif
#endif

#ifndef RUN_PIPES

/** A function that answers through task.return, on the host without tasks: all of it runs in one call. */
static const char *call_async(void)
{
#ifdef RILL_WITH_TASKS
    return run_task();
#else
    uint64_t cells[MAX_CELLS] = {0};
    const char *trap = enter_export(cells);

    if (trap == NULL && job.is_callback && cells[0] != 0) {
        return "the function wants to be called back, which the smallest host does not do";
    }
    return trap != NULL || job.has_returned ? trap : "the task ends without task.return";
#endif
}

static const char *call_one(void)
{
    return strncmp(job.call, "[async-lift", 11) == 0 ? call_async() : call_sync();
}

#ifdef RUN_IMPORTS

/** Calls one function after the other, in the same instance. */
static const char *call_entries(void)
{
    while (next_entry()) {
        const char *trap;

        rill_host_may_block(GUEST_HOST, true);
        callbacks[WORK_INDEX] = NULL;
        trap = call_one();
        if (trap != NULL) {
            return trap;
        }
        if (!job.entry->is_sync) {
            rill_tasks_close(all_tasks);
        }
        remote_ends_settle();
    }
    return GUEST_HOST->trap;
}

const char *call_guest(void)
{
    return job.entry_count != 0 ? call_entries() : call_one();
}

#else

const char *call_guest(void)
{
    return call_one();
}

#endif

#endif
