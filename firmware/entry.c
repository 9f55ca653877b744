#include "entry.h"

#include "event_loop.h"
#include "host.h"
#include "remote.h"

#include <string.h>

/* Keeps what only a conversation needs off the stack below the guest. */
#define OUT_OF_LINE __attribute__((noinline))

uint32_t entry_bytes(const struct rill_image *image)
{
    uint32_t words = rill_image_entry(image).words;

    return 4u * (words < 2u ? 2u : words);
}

/* Core values of the result: what task.return takes. */
static uint32_t result_cells(const struct rill_image *image)
{
    struct rill_image_row row = {NULL, NULL};
    uint32_t count = 0u;
    uint32_t i;

    for (i = 0u; i < image->import_count; i++) {
        const struct rill_image_import import = rill_image_import(image, i);

        if (rill_image_next_row(image, import, &row) && import.builtin == RILL_TASK_RETURN) {
            while (row.signature[1u + count] != ')') {
                count++;
            }
            break;
        }
    }
    return count;
}

bool entry_returned(const struct rill_image *image, struct rill_guest *guest, const uint64_t *values)
{
    struct remote remote = {guest, NULL, NULL, 0u, 0u};

    if (host_has_answered != 0u) {
        guest->host.trap = "task.return again";
        return false;
    }
    host_has_answered = 1u;
    guest->host.trap = remote_ask(&remote, "result", NULL, values, result_cells(image));
    return guest->host.trap == NULL;
}

/* A function that is not async answers with its core result, which is the guest's until it is given back. */
OUT_OF_LINE static int answer_at_once(const struct entry_call *call)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(call->env);
    wasm_function_inst_t entry = call->entry;
    wasm_function_inst_t post_return = wasm_runtime_lookup_function(instance, ENTRY_POST_RETURN);
    struct remote remote = {call->guest, NULL, NULL, 0u, 0u};
    uint32_t count = wasm_func_get_result_count(entry, instance);
    uint64_t cell;
    const char *why;

    (void)memcpy(&cell, call->words, sizeof cell);
    why = remote_ask(&remote, "result", NULL, &cell, count);
    if (why != NULL) {
        wasm_runtime_set_exception(instance, why);
        return 0;
    }
    return post_return == NULL || wasm_runtime_call_wasm(call->env, post_return, count, call->words);
}

/* @returns false when the guest has trapped */
OUT_OF_LINE static bool give_arguments(const struct entry_call *call, uint32_t word_count)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(call->env);
    struct remote remote = {call->guest, call->env, call->words, word_count, 0u};
    const char *why = remote_ask(&remote, "args", NULL, NULL, 0u);

    if (why != NULL && wasm_runtime_get_exception(instance) == NULL) {
        wasm_runtime_set_exception(instance, why);
    }
    return why == NULL;
}

/* @returns as entry_run */
OUT_OF_LINE static int run_more(const struct entry_call *call, struct rill_image_entry entry)
{
    if (entry.words > call->image->param_count && !give_arguments(call, entry.words)) {
        return 0;
    }
    if ((entry.flags & RILL_ENTRY_SYNC) != 0u) {
        rill_host_may_block(&call->guest->host, false);
    }
    if ((entry.flags & RILL_ENTRY_CALLBACK) != 0u
            ? event_loop_run(call) == 0
            : !wasm_runtime_call_wasm(call->env, call->entry, entry.words, call->words)) {
        return 0;
    }
    if ((entry.flags & RILL_ENTRY_SYNC) != 0u) {
        return answer_at_once(call);
    }
    if ((entry.flags & RILL_ENTRY_VALUE) != 0u && host_has_answered == 0u) {
        wasm_runtime_set_exception(wasm_runtime_get_module_inst(call->env), "the task ends without task.return");
        return 0;
    }
    return 1;
}

int entry_run(void *context)
{
    const struct entry_call *call = context;
    const struct rill_image_entry entry = rill_image_entry(call->image);

    host_has_answered = 0u;
    if (entry.flags != 0u || entry.words != call->image->param_count) {
        return run_more(call, entry);
    }
    return wasm_runtime_call_wasm(call->env, call->entry, entry.words, call->words) ? 1 : 0;
}
