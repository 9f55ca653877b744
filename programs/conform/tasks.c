/*
 * rill-conform: tasks with a callback. Their core code is the module's `task.enter` and `task.callback`, which call
 * back into this program for each turn; what the turn does comes as commands, up to `code N`.
 */
#include "conform.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ENTERED UINT32_MAX

static struct rill_tasks tasks;
static struct rill_task task_of[TASKS];
static uint32_t argument_of[TASKS];
static bool is_made[TASKS];

/* The first one is the exports': their type is `func(x: u32) -> u32`. */
const struct rill_type return_types[2] = {{NULL, 4, 4, 1, 1}, {NULL, 1, 1, 1, 2}};

static uint32_t number_of(const struct rill_task *task)
{
    return (uint32_t)(task - task_of);
}

/** Runs core code of a task. */
static bool run_core(const char *name, uint32_t argc, uint32_t *argv, uint32_t *code)
{
    if (!engine_call(name, argc, argv)) {
        if (CONFORM_HOST->trap == NULL) {
            CONFORM_HOST->trap = "the guest traps";
        }
        return false;
    }
    *code = argv[0];
    return true;
}

static bool enter(struct rill_task *task, uint32_t *code)
{
    uint32_t argv[1];

    argv[0] = argument_of[number_of(task)];
    return run_core("task.enter", 1, argv, code);
}

static bool callback(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    uint32_t argv[3];

    (void)task;
    memcpy(argv, event, sizeof argv);
    return run_core("task.callback", 3, argv, code);
}

static void cancelled(struct rill_task *task)
{
    note(" resolved %" PRIu32 " null", number_of(task));
}

static const struct rill_task_port task_port = {enter, callback, cancelled};

void begin_tasks(void)
{
    memset(is_made, 0, sizeof is_made);
    rill_tasks_init(&tasks, CONFORM_HOST, &task_port);
}

bool task_returned(struct rill_host *host, const uint64_t *values)
{
    note(" resolved %" PRIu32 " %" PRIu32, number_of(host->tasks->current), (uint32_t)values[0]);
    return true;
}

bool run_turn(uint32_t code, uint32_t handle, uint32_t payload, uint32_t *answer)
{
    if (code == ENTERED) {
        printf("turn enter %" PRIu32 "\n", handle);
    } else {
        printf("turn %" PRIu32 ",%" PRIu32 ",%" PRIu32 "\n", code, handle, payload);
    }
    while (CONFORM_HOST->trap == NULL && next_line()) {
        char *command = word();

        if (strcmp(command, "code") == 0) {
            *answer = number();
            return true;
        }
        if (strcmp(command, "body") != 0) {
            conform.is_lost = true;
            break;
        }
        if (next_line()) {
            run_command();
        }
    }
    return false;
}

static void answer_task(const struct rill_task *task, bool done, bool was_started, bool is_cancel)
{
    const char *separator = " ready ";
    uint32_t i;

    if (!done) {
        answer(false);
        return;
    }
    printf("ok status %s", task->is_ended ? "exited" : "waiting");
    for (i = 0; i < TASKS; i++) {
        if (is_made[i] && rill_task_is_ready(&task_of[i])) {
            printf("%s%" PRIu32, separator, i);
            separator = ",";
        }
    }
    if (is_cancel) {
        printf(" delivered %s", task->state != RILL_TASK_PENDING_CANCEL ? "true" : "false");
    }
    if (!was_started && task->state != RILL_TASK_INITIAL && !is_cancel) {
        printf(" started");
    }
}

bool run_task_command(const char *command)
{
    const bool is_export = strcmp(command, "export") == 0;
    const bool is_cancel = strcmp(command, "cancel-task") == 0;
    uint32_t at;
    struct rill_task *task;
    bool was_started;
    bool done;

    if (!is_export && !is_cancel && strcmp(command, "run") != 0) {
        return false;
    }
    at = number();
    task = &task_of[at];
    was_started = !is_export && task->state != RILL_TASK_INITIAL;
    if (is_export) {
        argument_of[at] = number();
        is_made[at] = true;
        done = rill_task_call(&tasks, task, &return_types[0], true);
    } else {
        done = is_cancel ? rill_task_request_cancel(task) : rill_task_run(task);
    }
    answer_task(task, done, was_started, is_cancel);
    return true;
}
