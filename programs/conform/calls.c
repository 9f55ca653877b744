/*
 * rill-conform: the host's side of the guest's calls of imports.
 */
#include "conform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VALUE_BYTES 4096u

/** Plans of a script's functions: of the parameters and of the result, in memory and flat. */
static uint16_t plans[FUNCS][2][2][PLAN_WORDS];
static struct rill_type types[FUNCS][2];
static uint8_t value[VALUE_BYTES];
static uint8_t space_bytes[BUFFER_BYTES];
static struct rill_space space = {space_bytes, BUFFER_BYTES, 0, RILL_UTF8};

static void read_plan(uint16_t *plan)
{
    const uint32_t length = number();
    uint32_t i;

    if (length > PLAN_WORDS) {
        fail("a plan is too long");
    }
    for (i = 0; i < length; i++) {
        plan[i] = (uint16_t)number();
    }
}

void set_func(void)
{
    const uint32_t at = number();
    const uint32_t which = strcmp(word(), "result") == 0 ? 1u : 0u;
    struct rill_values *values = which != 0 ? &conform.funcs[at].result : &conform.funcs[at].params;
    struct rill_type *type = &types[at][which];

    memset(values, 0, sizeof *values);
    values->cells = (uint16_t)number();
    type->elem_size = number();
    if (type->elem_size == 0) {
        return;
    }
    type->align = (uint8_t)number();
    read_plan(plans[at][which][0]);
    read_plan(plans[at][which][1]);
    type->plan = plans[at][which][0];
    values->type = type;
    values->flat = plans[at][which][1];
}

/** The host's function, and what it does when the call is cancelled: what the script has inside the step at hand. */
static bool run_during(struct rill_call *call)
{
    const uint32_t lines = conform.during_lines;

    conform.during_lines = 0;
    if (lines > 0) {
        printf("during\n");
    }
    run_commands(lines);
    return call->host->trap == NULL;
}

bool serve_call(struct rill_host *host, bool is_async, const uint64_t *args, uint64_t *result)
{
    struct rill_call *call = &conform.calls[conform.call_at_hand];

    rill_call_begin(host, call, conform.func_at_hand, is_async, args);
    call->on_cancel = run_during;
    return run_during(call) && rill_call_end(call, result);
}

static void start(void)
{
    struct rill_call *call = &conform.calls[number()];
    const struct rill_type *type = call->func->params.type;

    memset(value, 0, sizeof value);
    space.used = 0;
    if (!rill_call_start(call, value, &space)) {
        answer(false);
        return;
    }
    printf("ok args ");
    print_hex(value, type != NULL ? type->elem_size : 0u);
    printf(" space ");
    print_hex(space.bytes, space.used);
}

static void return_value(void)
{
    struct rill_call *call = &conform.calls[number()];

    hex(word(), value, VALUE_BYTES);
    space.used = hex(word(), space.bytes, space.byte_length);
    answer(rill_call_return(call, value, &space));
}

static void return_stream(void)
{
    struct rill_call *call = &conform.calls[number()];
    const struct rill_type *type = conform.type_of[number()];
    struct rill_end *end = &conform.host_ends[number()];
    uint32_t handle = 0;

    if (!rill_give(call->host, type, false, end, &handle)) {
        fail(call->host->trap);
    }
    rill_store_word(value, handle);
    answer(rill_call_return(call, value, NULL));
}

bool run_call_command(const char *command)
{
    if (strcmp(command, "start") == 0) {
        start();
    } else if (strcmp(command, "return") == 0) {
        return_value();
    } else if (strcmp(command, "return-stream") == 0) {
        return_stream();
    } else if (strcmp(command, "cancelled") == 0) {
        rill_call_cancelled(&conform.calls[number()]);
        answer(true);
    } else {
        return false;
    }
    return true;
}
