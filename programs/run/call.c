/*
 * rill-run: calls the guest's function, with a callback or without.
 */
#include "run.h"

#include <stdlib.h>
#include <string.h>

#define NAME_BYTES 512u
/** Cells of 32 bits: those of 64 take two. */
#define WAMR_CELLS (2u * MAX_CELLS)

static wasm_exec_env_t env;

static wasm_module_inst_t instance(void)
{
    return wasm_runtime_get_module_inst(env);
}

static bool is_wide(wasm_valkind_t kind)
{
    return kind == WASM_I64 || kind == WASM_F64;
}

/** Calls a core function. @returns the trap's text, or NULL; `cells` gets its results */
static const char *call(wasm_function_inst_t function, uint32_t count, uint64_t *cells)
{
    wasm_valkind_t kinds[MAX_CELLS] = {WASM_I32};
    uint32_t words[WAMR_CELLS] = {0};
    uint32_t used = 0;
    uint32_t i;

    if (wasm_func_get_param_count(function, instance()) != count) {
        fail("the function has another count of parameters than its type", job.call);
    }
    wasm_func_get_param_types(function, instance(), kinds);
    for (i = 0; i < count; i++) {
        words[used++] = (uint32_t)cells[i];
        if (is_wide(kinds[i])) {
            words[used++] = (uint32_t)(cells[i] >> 32);
        }
    }
    if (!wasm_runtime_call_wasm(env, function, used, words)) {
        return wasm_runtime_get_exception(instance());
    }
    if (wasm_func_get_result_count(function, instance()) == 1) {
        wasm_func_get_result_types(function, instance(), kinds);
        cells[0] = is_wide(kinds[0]) ? (uint64_t)words[1] << 32 | words[0] : words[0];
    }
    rill_wamr_refresh(&job.guest.host, instance());
    return NULL;
}

static wasm_function_inst_t find(const char *prefix)
{
    char name[NAME_BYTES];

    (void)snprintf(name, sizeof name, "%s%s", prefix, job.call);
    return wasm_runtime_lookup_function(instance(), name);
}

/** Calls the export with its parameters. @returns the trap's text, or NULL */
static const char *enter_export(uint64_t *cells)
{
    wasm_function_inst_t function = find("");
    uint32_t count;

    if (function == NULL) {
        fail("the module does not export", job.call);
    }
    return lower_params(cells, &count) ? call(function, count, cells) : job.guest.host.trap;
}

/** A function that answers with its result: lifts it, and lets the guest clean up. */
static const char *call_sync(void)
{
    uint64_t cells[MAX_CELLS] = {0};
    const char *trap;
    wasm_function_inst_t post_return;

    rill_host_may_block(&job.guest.host, job.may_block);
    trap = enter_export(cells);
    if (trap != NULL || job.has_returned) {
        return trap;
    }
    if (!lift_result(cells, 1)) {
        return job.guest.host.trap;
    }
    post_return = find("cabi_post_");
    return post_return != NULL ? call(post_return, wasm_func_get_param_count(post_return, instance()), cells) : NULL;
}

#ifdef RILL_WITH_TASKS

static struct rill_tasks tasks;
static struct rill_task task;
static char trap_text[160];

/** Keeps the text of a trap of the engine's: the host's tasks know only that there was one. */
static bool note_trap(const char *trap)
{
    if (trap != NULL) {
        (void)snprintf(trap_text, sizeof trap_text, "%s", trap);
        job.guest.host.trap = trap_text;
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
    wasm_function_inst_t function = find("[callback]");
    bool done;

    (void)of;
    if (function == NULL) {
        fail("the module does not export a callback of", job.call);
    }
    done = note_trap(call(function, 3, cells));
    *code = (uint32_t)cells[0];
    return done;
}

static void cancelled(struct rill_task *of)
{
    (void)of;
}

static const struct rill_task_port task_port = {enter, run_callback, cancelled};

/** Runs the export as a task, to its end. */
static const char *run_task(void)
{
    bool goes_on;

    rill_tasks_init(&tasks, &job.guest.host, &task_port);
    goes_on = rill_task_call(&tasks, &task, NULL, job.is_callback);
    while (goes_on && !task.is_ended && job.guest.host.trap == NULL) {
        if (rill_task_is_ready(&task)) {
            goes_on = rill_task_run(&task);
        } else if (!pump_all(NULL)) {
            return "the task waits for ever: nothing can end its wait";
        }
    }
    return job.guest.host.trap;
}

#endif

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

const char *call_guest(wasm_exec_env_t exec_env)
{
    env = exec_env;
    return strncmp(job.call, "[async-lift", 11) == 0 ? call_async() : call_sync();
}
