/*
 * rill-fuzz: strings and lists, the guest's calls of imports, tasks with a callback.
 */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

#define FUNCS 3u
#define ARGS 18u

enum { CALL_FREE, CALL_OPEN, CALL_ENDED };

/* A line of a plan ends where one of its steps does. */
/* clang-format off */
static const uint16_t plan_string[] = {RILL_OP_STRING, 0, RILL_OP_END};
static const uint16_t plan_strings[] = {RILL_OP_LIST, 0, 8, 4, 8, RILL_OP_STRING, 0, RILL_OP_END, RILL_OP_END};
/* record { option<string>, list<u16> }: 20 bytes */
static const uint16_t plan_record[] = {RILL_OP_VARIANT, 0, 1, 2, 6, 8, RILL_OP_JUMP, 12, RILL_OP_STRING, 4,
                                       RILL_OP_JUMP, 12, RILL_OP_LIST, 12, 2, 2, 21,
                                       RILL_OP_BYTES, 0, 2, RILL_OP_END, RILL_OP_END};
/* list<list<list<bool>>> */
static const uint16_t plan_deep[] = {RILL_OP_LIST, 0, 8, 4, 20, RILL_OP_LIST, 0, 8, 4, 19, RILL_OP_LIST, 0, 1, 1, 18,
                                     RILL_OP_BOOL, 0, RILL_OP_END, RILL_OP_END, RILL_OP_END, RILL_OP_END};
const struct rill_type more_types[MORE_TYPES] = {
    {plan_string, 8, 4, 0, 3}, {plan_strings, 8, 4, 0, 4}, {plan_record, 20, 4, 0, 5}, {plan_deep, 8, 4, 0, 6}};

/* func(string, u32) -> string; func(option<s8>, enum of 3) -> s16; func(list<string>, 5 times u32) */
static const uint16_t plan_params_a[] = {RILL_OP_STRING, 0, RILL_OP_BYTES, 8, 4, RILL_OP_END};
static const uint16_t flat_params_a[] = {RILL_FLAT_BYTES, 0, 0, 4, RILL_FLAT_BYTES, 4, 1, 4, RILL_FLAT_BYTES, 8, 2, 4,
                                         RILL_FLAT_END};
static const uint16_t flat_string[] = {RILL_FLAT_BYTES, 0, 0, 4, RILL_FLAT_BYTES, 4, 1, 4, RILL_FLAT_END};
static const uint16_t plan_params_b[] = {RILL_OP_VARIANT, 0, 1, 2, 6, 8, RILL_OP_JUMP, 13, RILL_OP_BYTES, 1, 1,
                                         RILL_OP_JUMP, 13, RILL_OP_ENUM, 2, 1, 3, RILL_OP_END};
static const uint16_t flat_params_b[] = {RILL_FLAT_VARIANT, 0, 0, 1, 2, 7, 9, RILL_FLAT_JUMP, 15,
                                         RILL_FLAT_SIGNED, 1, 1, 1, RILL_FLAT_JUMP, 15,
                                         RILL_FLAT_ENUM, 2, 2, 1, 3, RILL_FLAT_END};
static const uint16_t plan_s16[] = {RILL_OP_BYTES, 0, 2, RILL_OP_END};
static const uint16_t flat_s16[] = {RILL_FLAT_SIGNED, 0, 0, 2, RILL_FLAT_END};
static const uint16_t plan_params_c[] = {RILL_OP_LIST, 0, 8, 4, 8, RILL_OP_STRING, 0, RILL_OP_END,
                                         RILL_OP_BYTES, 8, 20, RILL_OP_END};
static const uint16_t flat_params_c[] = {RILL_FLAT_BYTES, 0, 0, 4, RILL_FLAT_BYTES, 4, 1, 4, RILL_FLAT_BYTES, 8, 2, 4,
                                         RILL_FLAT_BYTES, 12, 3, 4, RILL_FLAT_BYTES, 16, 4, 4, RILL_FLAT_BYTES, 20, 5, 4,
                                         RILL_FLAT_BYTES, 24, 6, 4, RILL_FLAT_END};
/* clang-format on */
static const struct rill_type params_a = {plan_params_a, 12, 4, 0, 7};
static const struct rill_type params_b = {plan_params_b, 3, 1, 0, 8};
static const struct rill_type params_c = {plan_params_c, 28, 4, 0, 9};
static const struct rill_type result_a = {plan_string, 8, 4, 0, 3};
static const struct rill_type result_b = {plan_s16, 2, 2, 1, 10};
static const struct rill_func funcs[FUNCS] = {{{&params_a, flat_params_a, 3}, {&result_a, flat_string, 2}},
                                              {{&params_b, flat_params_b, 3}, {&result_b, flat_s16, 1}},
                                              {{&params_c, flat_params_c, 7}, {NULL, NULL, 0}}};

static struct world *world_of(struct rill_host *host)
{
    return host->context;
}

/// The guest's allocator: anything may come of it ///

static void move_memory(struct world *world, uint32_t byte_length)
{
    uint8_t *moved = calloc(1, byte_length);

    if (moved != NULL) {
        memcpy(moved, world->memory, world->host.memory_bytes);
        free(world->memory);
        world->memory = moved;
        rill_host_memory(&world->host, moved, byte_length);
    }
}

static bool allocate(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    struct world *world = world_of(host);
    const uint8_t choice = next_byte(world->input);

    switch (choice % 8u) {
    case 0:
        *ptr = next_number(world->input);
        return true;
    case 1:
        *ptr = host->memory_bytes - byte_length;
        return true;
    case 2:
        move_memory(world, host->memory_bytes + (host->memory_bytes < 1024u ? 64u : 0u));
        break;
    case 3:
        if (choice > 200) {
            host->trap = "the allocator traps";
            return false;
        }
        break;
    default:
        break;
    }
    *ptr = 64u + (choice / 8u) * align;
    return true;
}

/** Words for addresses and lengths, and bytes of strings, in the guest's memory or a space. */
static void scribble(struct input *input, uint8_t *bytes, uint32_t byte_length)
{
    uint32_t at = next_byte(input) % byte_length & ~3u;
    uint32_t left;

    for (left = next_byte(input) % 8u; left > 0 && at + 4u <= byte_length; left--) {
        rill_store_word(bytes + at, next_number(input));
        at += 4u;
    }
}

void more_give_space(struct world *world, uint32_t end)
{
    if (next_byte(world->input) % 8u != 0) {
        rill_end_space(&world->host_ends[end], &world->spaces[end]);
    }
}

/// Calls ///

static bool on_cancel(struct rill_call *call)
{
    struct world *world = world_of(call->host);
    const uint32_t at = (uint32_t)(call - world->calls);

    world->is_cancelled[at] = 1;
    if (next_byte(world->input) % 2u == 0) {
        rill_call_cancelled(call);
        world->call_state[at] = CALL_ENDED;
    }
    return true;
}

/** Starts, returns or cancels a call, as the embedder may. */
static void settle_call(struct world *world, uint32_t at)
{
    struct rill_call *call = &world->calls[at];
    struct rill_space *space = &world->spaces[HOST_ENDS];
    uint8_t values[32] = {0};
    struct rill_space *given = next_byte(world->input) % 8u != 0 ? space : NULL;

    if (world->call_state[at] != CALL_OPEN || world->host.trap != NULL) {
        return;
    }
    if (call->state == RILL_CALL_STARTING) {
        space->used = 0;
        (void)rill_call_start(call, values, given);
    } else if (world->is_cancelled[at] != 0 && next_byte(world->input) % 2u == 0) {
        rill_call_cancelled(call);
        world->call_state[at] = CALL_ENDED;
    } else {
        scribble(world->input, values, sizeof values);
        scribble(world->input, space->bytes, SPACE_BYTES);
        (void)rill_call_return(call, values, given);
        world->call_state[at] = CALL_ENDED;
    }
}

static void call_import(struct world *world)
{
    struct input *input = world->input;
    uint64_t args[ARGS] = {0};
    uint64_t result = 0;
    uint32_t at = next_byte(input) % CALLS;
    const uint32_t func = next_byte(input) % FUNCS;
    const bool is_async = next_byte(input) % 4u != 0;
    uint32_t i;

    if (world->call_state[at] == CALL_OPEN) {
        return;
    }
    for (i = 0; i < 9u; i++) {
        args[i] = next_number(input) * (next_byte(input) % 4u == 0 ? 1u : 4u);
    }
    world->call_state[at] = CALL_OPEN;
    world->is_cancelled[at] = 0;
    rill_call_begin(&world->host, &world->calls[at], &funcs[func], is_async, args);
    world->calls[at].on_cancel = on_cancel;
    if (next_byte(input) % 2u == 0) {
        settle_call(world, at);
    }
    if (next_byte(input) % 4u == 0) {
        settle_call(world, at);
    }
    if (world->host.trap == NULL) {
        (void)rill_call_end(&world->calls[at], &result);
    }
}

/// Tasks ///

/** Core code: some steps of the guest. @returns the answer */
static uint32_t run_core(struct world *world)
{
    uint32_t left;

    world->depth++;
    for (left = next_byte(world->input) % 6u; left > 0 && world->depth < 4 && world->host.trap == NULL; left--) {
        if (next_byte(world->input) % 2u == 0) {
            guest_step(world);
        } else {
            more_guest_step(world);
        }
    }
    world->depth--;
    if (next_byte(world->input) > 20 && world->host.trap == NULL && world->tasks.current != NULL
        && world->tasks.current->state != RILL_TASK_RESOLVED) {
        (void)rill_task_return(&world->host, NULL);
    }
    if (next_byte(world->input) > 20) {
        return 0; /* exit */
    }
    return next_byte(world->input) % 4u | next_number(world->input) << 4;
}

static bool enter(struct rill_task *task, uint32_t *code)
{
    *code = run_core(world_of(task->tasks->host));
    return true;
}

static bool callback(struct rill_task *task, const uint32_t event[3], uint32_t *code)
{
    if (event[0] > RILL_EVENT_TASK_CANCELLED) {
        abort();
    }
    *code = run_core(world_of(task->tasks->host));
    return true;
}

static void cancelled(struct rill_task *task)
{
    if (task->is_ended) {
        abort();
    }
}

static const struct rill_task_port task_port = {enter, callback, cancelled};

static void task_step(struct world *world)
{
    const uint32_t at = next_byte(world->input) % TASKS;
    struct rill_task *task = &world->task_of[at];

    if (world->is_made[at] == 0 || task->is_ended) {
        world->is_made[at] = 1;
        (void)rill_task_call(&world->tasks, task, NULL, next_byte(world->input) % 4u != 0);
    } else if (next_byte(world->input) % 3u == 0) {
        (void)rill_task_request_cancel(task);
    } else {
        (void)rill_task_run(task);
    }
}

void more_guest_step(struct world *world)
{
    struct input *input = world->input;
    struct rill_host *host = &world->host;
    uint32_t value = 0;
    uint32_t handle = 0;
    uint8_t verb = next_byte(input) % 16u;

    /* Most built-ins trap outside of tasks. */
    if (verb >= 4 && verb < 13 && world->tasks.current == NULL && next_byte(input) < 250) {
        return;
    }
    switch (verb) {
    case 0:
    case 1:
        call_import(world);
        break;
    case 2:
        if (next_handle(world, RILL_SUBTASK, &handle)) {
            (void)rill_subtask_cancel(host, next_byte(input) % 4u != 0, handle, &value);
        }
        break;
    case 3:
        if (next_handle(world, RILL_SUBTASK, &handle)) {
            (void)rill_subtask_drop(host, handle);
        }
        break;
    case 4:
        (void)rill_task_return(host, NULL);
        break;
    case 5:
        (void)rill_task_cancel(host);
        break;
    case 6:
        (void)rill_backpressure_inc(host);
        break;
    case 7:
        (void)rill_backpressure_dec(host);
        break;
    case 8:
        (void)rill_context_set(host, next_number(input), next_number(input));
        break;
    case 9:
        (void)rill_context_get(host, next_number(input), &value);
        break;
    case 10:
        if (next_handle(world, RILL_SET, &handle)) {
            (void)rill_set_wait_cancellable(host, handle, next_number(input) * 4u, &value);
        }
        break;
    case 11:
        if (next_handle(world, RILL_SET, &handle)) {
            (void)rill_set_poll_cancellable(host, handle, next_number(input) * 4u, &value);
        }
        break;
    case 12:
        (void)rill_yield(host, next_byte(input) % 2u == 0, &value);
        break;
    default:
        scribble(input, host->memory, host->memory_bytes);
        break;
    }
}

void more_host_step(struct world *world)
{
    const uint32_t at = next_byte(world->input) % (CALLS + 1u);

    if (world->host.trap != NULL) {
        return;
    }
    if (at < CALLS && next_byte(world->input) % 2u == 0) {
        settle_call(world, at);
    } else if (at < CALLS) {
        scribble(world->input, world->spaces[at].bytes, SPACE_BYTES);
    } else if (world->depth < 3) {
        task_step(world);
    }
}

/// The world ///

void more_begin(struct world *world)
{
    const uint8_t encodings = next_byte(world->input);
    uint32_t i;

    for (i = 0; i <= HOST_ENDS; i++) {
        world->spaces[i].bytes = calloc(1, SPACE_BYTES);
        world->spaces[i].byte_length = world->spaces[i].bytes != NULL ? SPACE_BYTES : 0u;
        world->spaces[i].encoding = (uint8_t)((encodings >> (2u * i) & 3u) % 3u);
    }
    rill_host_lists(&world->host, (enum rill_encoding)(encodings % 3u), encodings < 250 ? allocate : NULL);
    rill_tasks_init(&world->tasks, &world->host, &task_port);
}

void more_end(struct world *world)
{
    uint32_t i;

    for (i = 0; i <= HOST_ENDS; i++) {
        free(world->spaces[i].bytes);
    }
}

void more_check(const struct world *world)
{
    uint32_t queued = 0;
    uint32_t i;

    if (world->host.trap != NULL) {
        return;
    }
    for (i = 0; i < TASKS; i++) {
        const struct rill_task *task = &world->task_of[i];

        if (world->is_made[i] != 0 && task->state == RILL_TASK_INITIAL) {
            queued++;
        }
        if (task->is_ended && (task->state != RILL_TASK_RESOLVED || world->tasks.exclusive == task)) {
            abort();
        }
    }
    if (queued != world->tasks.queued) {
        abort();
    }
    for (i = 0; i < HANDLES; i++) {
        const struct rill_end *end = &world->ends[i];

        if (end->kind == RILL_SUBTASK && rill_end_state(end) < RILL_CALL_RETURNED
            && (end->at.call == NULL || end->at.call->handle != i + 1u || end->at.call->state != rill_end_state(end))) {
            abort();
        }
    }
    for (i = 0; i <= HOST_ENDS; i++) {
        if (world->spaces[i].used > world->spaces[i].byte_length) {
            abort();
        }
    }
}
