/*
 * The guest's allocator, its calls of imports, and built-ins on tasks, for WAMR. See rill_wamr.h.
 */
#include "rill_wamr.h"

#ifdef RILL_WITH_LISTS

/** The host's `allocate`: the guest is the one that the host lies in. */
static bool allocate(struct rill_host *host, uint32_t align, uint32_t byte_length, uint32_t *ptr)
{
    /* SAFETY: rill_wamr_lists hands this function to hosts alone that are the first member of a struct rill_guest. */
    struct rill_guest *guest = (struct rill_guest *)(void *)host;
    uint32_t cells[4] = {0, 0, align, byte_length};

    if (!wasm_runtime_call_wasm(guest->exec_env, guest->allocator, 4, cells)) {
        if (host->trap == NULL) {
            host->trap = "cabi_realloc traps";
        }
        return false;
    }
    *ptr = cells[0];
    return true;
}

void rill_wamr_lists(struct rill_guest *guest, wasm_exec_env_t exec_env, enum rill_encoding encoding)
{
    guest->exec_env = exec_env;
    guest->allocator = wasm_runtime_lookup_function(wasm_runtime_get_module_inst(exec_env), "cabi_realloc");
    rill_host_lists(&guest->host, encoding, guest->allocator != NULL ? allocate : NULL);
}

#endif

#ifdef RILL_WITH_TASKS

bool rill_wamr_task(struct rill_host *host, const struct rill_import *import, const uint64_t *args, uint64_t *result)
{
    uint32_t low = 0;
    bool done;

    switch (import->builtin) {
    case RILL_SET_WAIT:
        done = rill_set_wait_cancellable(host, (uint32_t)args[0], (uint32_t)args[1], &low);
        break;
    case RILL_SET_POLL:
        done = rill_set_poll_cancellable(host, (uint32_t)args[0], (uint32_t)args[1], &low);
        break;
    case RILL_TASK_CANCEL:
        return rill_task_cancel(host);
    case RILL_BACKPRESSURE_INC:
        return rill_backpressure_inc(host);
    case RILL_BACKPRESSURE_DEC:
        return rill_backpressure_dec(host);
    case RILL_CONTEXT_SET:
        return rill_context_set(host, import->is_async, (uint32_t)args[0]);
    case RILL_CONTEXT_GET:
        done = rill_context_get(host, import->is_async, &low);
        break;
    default:
        done = rill_yield(host, import->is_async != 0, &low);
        break;
    }
    *result = low;
    return done;
}

#endif

#ifdef RILL_MAY_REENTER

bool rill_wamr_is_more(const struct rill_import *import)
{
    switch (import->builtin) {
#ifdef RILL_WITH_CALLS
    case RILL_SUBTASK_CANCEL:
    case RILL_SUBTASK_DROP:
        return true;
#endif
#ifdef RILL_WITH_TASKS
    case RILL_SET_WAIT:
    case RILL_SET_POLL:
        return import->is_async != 0;
#endif
    default:
        return import->builtin >= RILL_TASK_RETURN;
    }
}

bool rill_wamr_more_results(const struct rill_import *import)
{
    switch (import->builtin) {
    case RILL_SUBTASK_DROP:
    case RILL_TASK_RETURN:
    case RILL_TASK_CANCEL:
    case RILL_BACKPRESSURE_INC:
    case RILL_BACKPRESSURE_DEC:
    case RILL_CONTEXT_SET:
        return false;
#ifdef RILL_WITH_CALLS
    case RILL_IMPORT_CALL:
        return import->is_async != 0 || import->func->result.cells == 1;
#endif
    default:
        return true;
    }
}

/** task.return: the task's state first, then the embedder takes the values. */
static bool call_task_return(struct rill_guest *guest, const struct rill_import *import, const uint64_t *args)
{
#ifdef RILL_WITH_TASKS
    if (guest->host.tasks != NULL && !rill_task_return(&guest->host, import->element)) {
        return false;
    }
#else
    (void)import;
#endif
    return guest->returned(guest, args);
}

bool rill_wamr_more(struct rill_guest *guest, const struct rill_import *import, const uint64_t *args, uint64_t *result)
{
    struct rill_host *host = &guest->host;

    switch (import->builtin) {
    case RILL_TASK_RETURN:
        return call_task_return(guest, import, args);
#ifdef RILL_WITH_CALLS
    case RILL_IMPORT_CALL:
        if (guest->called != NULL) {
            return guest->called(guest, import, args, result);
        }
        host->trap = "the host has no such function";
        return false;
    case RILL_SUBTASK_CANCEL: {
        uint32_t state = 0;
        const bool done = rill_subtask_cancel(host, import->is_async != 0, (uint32_t)args[0], &state);

        *result = state;
        return done;
    }
    case RILL_SUBTASK_DROP:
        return rill_subtask_drop(host, (uint32_t)args[0]);
#endif
    default:
#ifdef RILL_WITH_TASKS
        return rill_wamr_task(host, import, args, result);
#else
        (void)args;
        (void)result;
        host->trap = "no such built-in";
        return false;
#endif
    }
}

#endif
