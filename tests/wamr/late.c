/*
 * What an embedder still holds of a guest that is gone: ends, calls and tasks. Each late function on them is called
 * while the next guest runs on the same tables, and must touch nothing. Then: memory that moves while a task waits,
 * callbacks that answer false without a reason, and the sizes that the headers state. Prints `ok NAME` or `not ok
 * NAME`; exits 1 when one is not ok.
 */
#include "rill_call.h"
#include "rill_list.h"
#include "rill_task.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HANDLES 8u
#define STREAMS 4u
#define MEMORY_BYTES 64u

static int failures;

static void check(bool holds, const char *name)
{
    printf("%s %s\n", holds ? "ok" : "not ok", name);
    failures += holds ? 0 : 1;
}

static const uint16_t plan_u32[] = {RILL_OP_BYTES, 0, 4, RILL_OP_END};
static const uint16_t plan_string[] = {RILL_OP_STRING, 0, RILL_OP_END};
static const uint16_t flat_u32[] = {RILL_FLAT_BYTES, 0, 0, 4, RILL_FLAT_END};
static const struct rill_type u32 = {plan_u32, 4, 4, 1, 0}, string = {plan_string, 8, 4, 0, 1};
static const struct rill_func func = {{NULL, NULL, 0}, {&u32, flat_u32, 1}};

static struct rill_host host;
static struct rill_end ends[HANDLES], end;
static struct rill_stream streams[STREAMS];
static struct rill_tasks tasks;
static struct rill_task task, other_task;
static struct rill_call call;
static uint8_t *memory;
static uint32_t r, set, packed, code, entered, value = 0x41414141u;
static bool (*during)(void);   /* while a built-in waits */
static bool (*core)(void);     /* what an export does */
static uint32_t callback_code; /* what it answers */

static bool wait_once(void *context)
{
    bool (*const step)(void) = during;

    (void)context;
    during = NULL;
    return step != NULL && step();
}

static const struct rill_port port = {wait_once, NULL};

static bool enter(struct rill_task *of, uint32_t *answer)
{
    (void)of;
    entered++;
    *answer = callback_code;
    return core == NULL || core();
}

static bool callback(struct rill_task *of, const uint32_t event[3], uint32_t *answer)
{
    (void)event;
    return enter(of, answer);
}

static void cancelled(struct rill_task *of) { (void)of; }

static const struct rill_task_port task_port = {enter, callback, cancelled};

static void locate(struct rill_host *of) { rill_host_memory(of, memory, MEMORY_BYTES); }

/** Another guest on the same tables. */
static void begin(void)
{
    free(memory);
    memory = calloc(1, MEMORY_BYTES);
    if (memory == NULL) {
        exit(2);
    }
    rill_host_init(&host, ends, HANDLES, streams, STREAMS, &port, NULL);
    host.locate = locate;
    rill_host_memory(&host, memory, MEMORY_BYTES);
    rill_tasks_init(&tasks, &host, &task_port);
    callback_code = RILL_CALLBACK_EXIT;
    during = core = NULL;
}

/**
 * The first guest is gone, closed or not, and the next one has tables that look the same: an end, a set, a task that
 * waits.
 */
static void next_guest(bool closes)
{
    if (closes) {
        rill_host_close(&host);
    } else {
        host.trap = "the first guest trapped";
    }
    begin();
}

static bool is_untouched(void)
{
    static const uint8_t zeros[MEMORY_BYTES];

    return host.trap == NULL && memcmp(memory, zeros, MEMORY_BYTES) == 0;
}

static void late_ends(bool closes)
{
    static struct rill_end fresh;
    struct rill_stream before;
    uint32_t handle;
    bool holds;

    begin();
    (void)rill_give(&host, &u32, false, &end, &r);
    (void)rill_end_copy(&host, &end, (uint8_t *)&value, 1, false, &packed);
    next_guest(closes);
    (void)rill_give(&host, &u32, false, &fresh, &r);
    (void)rill_copy(&host, RILL_READABLE, &u32, false, true, r, 16, 1, &packed);
    before = streams[0];
    rill_end_ack_cancel(&end);
    rill_end_defer_cancel(&end);
    holds = !rill_end_is_open(&end) && !rill_end_is_awaited(&end) && rill_end_has_event(&end)
            && rill_end_cancel(&end) == RILL_DROPPED;
    holds = rill_end_copy(&host, &end, (uint8_t *)&value, 1, false, &packed) && packed == RILL_DROPPED && holds;
    rill_end_drop(&end);
    rill_end_drop(&end);
    check(holds && is_untouched() && memcmp(&before, &streams[0], sizeof before) == 0,
          closes ? "ends, closed" : "ends, a trap");
    check(!rill_give_back(&host, &end, &handle), "an end that is none is not handed to a guest");
}

static void late_calls(bool closes, bool is_started)
{
    static struct rill_end fresh;
    const uint64_t args[2] = {16, 0};
    uint64_t result = 0;
    bool holds;

    begin();
    rill_call_begin(&host, &call, &func, true, args);
    (void)rill_call_end(&call, &result);
    if (is_started) {
        (void)rill_call_start(&call, NULL, NULL);
    }
    next_guest(closes);
    (void)rill_give(&host, &u32, false, &fresh, &r);
    holds = !rill_call_start(&call, NULL, NULL) && !rill_call_return(&call, (uint8_t *)&value, NULL)
            && !rill_call_end(&call, &result);
    rill_call_cancelled(&call);
    check(holds && is_untouched() && ends[0].kind == RILL_READABLE && ends[0].status == 0u, "calls that are subtasks");
    begin();
    rill_call_begin(&host, &call, &func, true, args);
    next_guest(closes);
    holds = !rill_call_start(&call, NULL, NULL) && !rill_call_return(&call, (uint8_t *)&value, NULL)
            && !rill_call_end(&call, &result);
    check(holds && is_untouched() && host.used == 0u, "calls that were not ended");
    begin();
    rill_call_begin(&host, &call, &func, true, args);
    holds = rill_call_end(&call, &result) && rill_call_start(&call, NULL, NULL)
            && rill_call_return(&call, (uint8_t *)&value, NULL);
    memset(memory, 0, MEMORY_BYTES);
    check(holds && !rill_call_return(&call, (uint8_t *)&value, NULL) && is_untouched(), "a call returns once");
}

static bool wait_for_set(void) { return true; }

static void late_tasks(bool closes)
{
    bool holds;

    begin();
    (void)rill_set_new(&host, &set);
    callback_code = RILL_CALLBACK_WAIT | set << 4;
    core = wait_for_set;
    (void)rill_task_call(&tasks, &task, NULL, true);
    next_guest(closes);
    (void)rill_set_new(&host, &set);
    (void)rill_give(&host, &u32, false, &end, &r);
    (void)rill_join(&host, r, set);
    (void)rill_copy(&host, RILL_READABLE, &u32, false, true, r, 16, 1, &packed);
    rill_end_drop(&end); /* an event: a task that waits for the set were ready */
    entered = 0;
    holds = !rill_task_is_ready(&task) && !rill_task_run(&task) && !rill_task_request_cancel(&task);
    check(holds && entered == 0u && is_untouched(), closes ? "tasks, closed" : "tasks, a trap");
    rill_host_close(&host);
    check(!rill_task_call(&tasks, &task, NULL, false) && entered == 0u, "a guest that was closed is not entered");
}

/// Memory that moves while a task waits ///

static bool move_memory(void)
{
    uint8_t *moved = calloc(1, MEMORY_BYTES);

    (void)rill_task_return(&host, NULL);
    if (moved == NULL) {
        exit(2);
    }
    free(memory);
    memory = moved;
    return true;
}

static bool enter_other(void)
{
    core = move_memory;
    (void)rill_task_call(&tasks, &other_task, NULL, false);
    return rill_end_copy(&host, &end, (uint8_t *)&value, 1, false, &packed);
}

static bool wait_in_core(void)
{
    uint32_t words[2];

    (void)rill_copy(&host, RILL_READABLE, &u32, false, true, r, 16, 1, &packed);
    during = enter_other;
    if (!rill_set_wait(&host, set, 8, &code)) {
        return false;
    }
    memcpy(words, memory + 8, sizeof words);
    check(words[0] == r && memory[16] == 0x41u, "the item and the event go to where memory is now");
    return rill_task_return(&host, NULL);
}

static void moving(void)
{
    begin();
    (void)rill_give(&host, &u32, false, &end, &r);
    (void)rill_set_new(&host, &set);
    (void)rill_join(&host, r, set);
    core = wait_in_core;
    check(rill_task_call(&tasks, &task, NULL, false) && task.is_ended != 0u, "memory moves while a task waits");
    rill_end_drop(&end);
}

/// Callbacks that answer false without a reason ///

static bool refuse(void) { return false; }

static bool refuse_cancel(struct rill_call *of)
{
    (void)of;
    return false;
}

static bool refuse_room(struct rill_host *of, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    (void)of;
    (void)align;
    (void)byte_length;
    (void)ptr;
    return false;
}

static void no_reasons(void)
{
    const uint64_t args[2] = {16, 0};
    uint64_t result = 0;
    uint8_t text[] = "abc";
    const uint32_t pair[2] = {0, 3};
    struct rill_space space = {text, 3, 3, RILL_UTF8};

    begin();
    core = refuse;
    check(!rill_task_call(&tasks, &task, NULL, false) && host.trap != NULL, "enter");
    begin();
    callback_code = RILL_CALLBACK_YIELD;
    (void)rill_task_call(&tasks, &task, NULL, true);
    core = refuse;
    check(!rill_task_run(&task) && host.trap != NULL, "callback");
    begin();
    rill_call_begin(&host, &call, &func, true, args);
    call.on_cancel = refuse_cancel;
    (void)rill_call_end(&call, &result);
    check(!rill_subtask_cancel(&host, true, call.handle, &packed) && host.trap != NULL, "on_cancel");
    begin();
    rill_host_lists(&host, RILL_UTF8, refuse_room);
    check(!rill_lower(&host, string.plan, (const uint8_t *)pair, &space, 16, NULL) && host.trap != NULL, "allocate");
    begin();
    rill_call_begin(&host, &call, &func, false, args);
    during = refuse;
    check(!rill_call_end(&call, &result) && host.trap != NULL, "wait");
}

int main(void)
{
    late_ends(true);
    late_ends(false);
    late_calls(true, true);
    late_calls(true, false);
    late_calls(false, true);
    late_calls(false, false);
    late_tasks(true);
    late_tasks(false);
    moving();
    no_reasons();
    check(sizeof(void *) != 4u || sizeof(struct rill_task) == 32u, "bytes of a task on a 32-bit machine");
    check(sizeof(void *) != 4u
              || (sizeof(struct rill_end) == 24u && sizeof(struct rill_stream) == 12u && sizeof(struct rill_type) == 12u
                  && sizeof(struct rill_space) == 16u),
          "bytes of ends with lists, streams, types and spaces");
    free(memory);
    return failures != 0;
}
