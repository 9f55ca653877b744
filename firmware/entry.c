#include "entry.h"

#ifdef RILL_WITH_TASKS
#include "event_loop.h"
#endif
#include "host.h"

#include <string.h>

/* Keeps what only a conversation needs off the stack below the guest. */
#define OUT_OF_LINE __attribute__((noinline))

#ifndef RILL_FIRMWARE_NATIVE

OUT_OF_LINE wasm_function_inst_t entry_export(const struct rill_image *image, wasm_module_inst_t instance,
                                              const char *what)
{
    char name[3];

    rill_image_export(image, what, name);
    return wasm_runtime_lookup_function(instance, name);
}

uint32_t entry_bytes(const struct rill_image *image)
{
    uint32_t words = rill_image_entry(image).words;

    return 4u * (words < 2u ? 2u : words);
}

uint32_t entry_result_cells(const struct rill_image *image)
{
    struct rill_image_row row = {NULL, NULL};
    uint32_t count = 0u;
    uint32_t i;

    for (i = 0u; i < image->import_count; i++) {
        const struct rill_image_import import = rill_image_import(image, i);

        if (rill_image_next_row(image, import, &row) && import.builtin == RILL_TASK_RETURN
            && rill_image_hash(row.hash) == image->entry) {
            while (row.signature[1u + count] != ')') {
                count++;
            }
            break;
        }
    }
    return count;
}

#endif

bool entry_returned(remote_guest *guest, const uint64_t *values, uint32_t count)
{
    struct remote remote = {guest, NULL, NULL, 0u, 0u};

    if (host_has_answered != 0u) {
        guest->host.trap = RILL_TEXT("task.return again");
        return false;
    }
    host_has_answered = 1u;
    guest->host.trap = remote_ask(&remote, RILL_TEXT("result"), NULL, values, count);
    return guest->host.trap == NULL;
}

/* A function that is not async answers with its core result, which is the guest's until it is given back. */
OUT_OF_LINE static int answer_at_once(const struct entry_call *call)
{
    struct remote remote = {call->guest, NULL, NULL, 0u, 0u};
    uint64_t cell;
    const char *why;

    (void)memcpy(&cell, call->words, sizeof cell);
    why = remote_ask(&remote, RILL_TEXT("result"), NULL, &cell, engine_results(call));
    return why != NULL ? engine_trap(call, why) : engine_give_back(call);
}

/* @returns false when the guest has trapped */
OUT_OF_LINE static bool give_arguments(const struct entry_call *call, uint32_t word_count)
{
    struct remote remote = {call->guest, call->env, call->words, word_count, 0u};
    const char *why = remote_ask(&remote, RILL_TEXT("args"), NULL, NULL, 0u);

    return why == NULL || engine_trap(call, why);
}

static bool run(const struct entry_call *call, struct rill_image_entry entry)
{
#ifdef RILL_WITH_TASKS
    if ((entry.flags & RILL_ENTRY_CALLBACK) != 0u) {
        return event_loop_run(call) != 0;
    }
#else
    (void)entry;
#endif
    return engine_enter(call);
}

/* @returns as entry_run */
OUT_OF_LINE static int run_more(const struct entry_call *call, struct rill_image_entry entry)
{
    if (entry.words > engine_given(call) && !give_arguments(call, entry.words)) {
        return 0;
    }
    if ((entry.flags & RILL_ENTRY_SYNC) != 0u) {
        rill_host_may_block(&call->guest->host, false);
    }
    if (!run(call, entry)) {
        return 0;
    }
    if ((entry.flags & RILL_ENTRY_SYNC) != 0u) {
        const int done = answer_at_once(call);

        rill_host_may_block(&call->guest->host, true);
        return done;
    }
    return (entry.flags & RILL_ENTRY_VALUE) == 0u || host_has_answered != 0u
           || engine_trap(call, RILL_TEXT("the task ends without task.return"));
}

int entry_run(void *context)
{
    const struct entry_call *call = context;
    const struct rill_image_entry entry = engine_entry(call);

    host_has_answered = 0u;
    if (entry.flags != 0u || entry.words != engine_given(call)) {
        return run_more(call, entry);
    }
    return engine_enter(call) ? 1 : 0;
}
