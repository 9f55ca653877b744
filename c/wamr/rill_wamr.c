/*
 * From WAMR's raw native calls to the host's built-ins. See rill_wamr.h.
 */
#include "rill_wamr.h"

#include "rill_internal.h"

/* With shrunk memory a page is as small as the memory itself. */
void rill_wamr_refresh(struct rill_host *host, wasm_module_inst_t instance)
{
    wasm_memory_inst_t memory = wasm_runtime_get_default_memory(instance);
    uint64_t byte_length = 0;

    if (memory != NULL) {
        const uint64_t pages = wasm_memory_get_cur_page_count(memory);
        const uint64_t page_bytes = wasm_memory_get_bytes_per_page(memory);

        /*
         * A shrunk memory is one small page, and small cores multiply 64-bit numbers in a function of 40 instructions.
         */
        byte_length = (pages | page_bytes) <= UINT16_MAX ? (uint32_t)pages * (uint32_t)page_bytes : pages * page_bytes;
    }
    if (byte_length > UINT32_MAX) {
        byte_length = UINT32_MAX;
    }
    host->memory_stays =
        memory == NULL || wasm_memory_get_cur_page_count(memory) == wasm_memory_get_max_page_count(memory);
    rill_host_memory(host, memory != NULL ? (uint8_t *)wasm_memory_get_base_address(memory) : NULL,
                     (uint32_t)byte_length);
}

#ifdef RILL_WITH_LISTS
/** Whether cabi_realloc calls what leaves the guest: all but the counter of backpressure and the context slots. */
static bool leaves_allocator(const struct rill_host *host, uint8_t builtin)
{
    return host->is_allocating != 0 && (builtin < RILL_BACKPRESSURE_INC || builtin > RILL_CONTEXT_SET);
}
#endif

/** The arguments of a raw native are 64-bit cells; a 32-bit value is in the low half. */
static uint32_t word(uint64_t cell)
{
    return (uint32_t)cell;
}

#ifdef RILL_MAY_REENTER
/** Runs one built-in that rill_wamr_more.c serves. */
static bool call_more(struct rill_guest *guest, const struct rill_import *import, uint64_t *args)
{
    uint64_t result = 0;
    const bool done = rill_wamr_more(guest, import, args, &result);

    if (done && rill_wamr_more_results(import)) {
        args[0] = result;
    }
    return done;
}
#endif

#ifdef RILL_WITH_TASKS
/** Runs one built-in on tasks, other than task.return. */
static bool call_task(struct rill_host *host, const struct rill_import *import, uint64_t *args)
{
    uint64_t result = 0;
    const bool done = rill_wamr_task(host, import, args, &result);

    if (done && (import->builtin == RILL_CONTEXT_GET || import->builtin == RILL_YIELD)) {
        *(uint32_t *)args = (uint32_t)result;
    }
    return done;
}
#endif

/**
 * Runs one built-in; its result, if it has one, goes to the first cell, which is there whenever there is a result.
 * After a trap nobody looks at it.
 */
static bool call_builtin(struct rill_guest *guest, const struct rill_import *import, uint64_t *args)
{
    struct rill_host *host = &guest->host;
    const struct rill_type *element = import->element;
    const bool is_future = import->is_future != 0;
    const bool is_async = import->is_async != 0;
    enum rill_kind kind = RILL_READABLE;
    uint32_t low = 0;
    uint32_t high = 0;
    bool done;

#ifdef RILL_MAY_REENTER
    if (rill_wamr_is_more(import)) {
        return call_more(guest, import, args);
    }
#endif
    switch (import->builtin) {
    case RILL_NEW:
        done = rill_new(host, element, is_future, &low, &high);
        args[0] = (uint64_t)high << 32 | low;
        return done;
    case RILL_WRITE:
        kind = RILL_WRITABLE;
        /* fall through */
    case RILL_READ:
        done = rill_copy(host, kind, element, is_future, is_async, word(args[0]), word(args[1]),
                         is_future ? 1u : word(args[2]), &low);
        break;
    case RILL_CANCEL_WRITE:
        kind = RILL_WRITABLE;
        /* fall through */
    case RILL_CANCEL_READ:
        done = rill_cancel(host, kind, element, is_future, is_async, word(args[0]), &low);
        break;
    case RILL_DROP_WRITABLE:
        kind = RILL_WRITABLE;
        /* fall through */
    case RILL_DROP_READABLE:
        return rill_drop(host, kind, element, is_future, word(args[0]));
    case RILL_SET_NEW:
        done = rill_set_new(host, &low);
        break;
    case RILL_SET_WAIT:
        done = rill_set_wait(host, word(args[0]), word(args[1]), &low);
        break;
    case RILL_SET_POLL:
        done = rill_set_poll(host, word(args[0]), word(args[1]), &low);
        break;
    case RILL_SET_DROP:
        return rill_set_drop(host, word(args[0]));
    case RILL_JOIN:
        return rill_join(host, word(args[0]), word(args[1]));
#ifdef RILL_WITH_CALLS
    case RILL_SUBTASK_CANCEL:
        done = rill_subtask_cancel(host, is_async, word(args[0]), &low);
        break;
    case RILL_SUBTASK_DROP:
        return rill_subtask_drop(host, word(args[0]));
#else
    case RILL_SUBTASK_CANCEL:
    case RILL_SUBTASK_DROP:
        host->trap = "no such subtask";
        return false;
#endif
    default:
#ifdef RILL_WITH_TASKS
        if (import->builtin != RILL_TASK_RETURN) {
            return call_task(host, import, args);
        }
        if (host->tasks != NULL && !rill_task_return(host, import->element)) {
            return false;
        }
#endif
        return guest->returned(guest, args);
    }
    *(uint32_t *)args = low;
    return done;
}

/** Serves a call the long way. */
static void serve(wasm_module_inst_t instance, struct rill_guest *guest, const struct rill_import *import,
                  uint64_t *args)
{
    struct rill_host *host = &guest->host;

    rill_wamr_count(guest);
    if (host->memory_stays == 0) {
        rill_wamr_refresh(host, instance);
    }
#ifdef RILL_WITH_LISTS
    if (leaves_allocator(host, import->builtin)) {
        host->trap = "cabi_realloc calls a built-in or an import";
    }
#endif
    /*
     * A guest that trapped goes no further: not on a second call, nor when a copy of the embedder's found its bad
     * value.
     */
    if (host->trap == NULL && !call_builtin(guest, import, args)) {
        (void)rill_end_guest(host);
    }
    rill_leave_host(host);
    if (host->trap != NULL) {
        wasm_runtime_set_exception(instance, host->trap);
    }
}

void rill_wamr_call(wasm_exec_env_t exec_env, const struct rill_import *import, uint64_t *args)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(exec_env);
    struct rill_guest *guest = wasm_runtime_get_custom_data(instance);

    if (guest == NULL) {
        wasm_runtime_set_exception(instance, "the guest calls its host before it is attached");
        return;
    }
    serve(instance, guest, import, args);
}

/** The one native: what is called says the attachment. */
static void dispatch(wasm_exec_env_t exec_env, uint64_t *args)
{
    const struct rill_import *import = wasm_runtime_get_function_attachment(exec_env);
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(exec_env);
    struct rill_guest *guest = wasm_runtime_get_custom_data(instance);

    if (guest == NULL) {
        rill_wamr_call(exec_env, import, args);
        return;
    }
    if ((import->builtin == RILL_READ || import->builtin == RILL_WRITE) && import->is_async != 0
        && import->is_future == 0
        && rill_wamr_copy_one(guest, import->builtin == RILL_READ ? RILL_READABLE : RILL_WRITABLE, import->element,
                              args)) {
        return;
    }
    serve(instance, guest, import, args);
}

bool rill_wamr_register(const struct rill_import *imports, uint32_t count, NativeSymbol *natives)
{
    uint32_t first = 0;
    uint32_t i;

    for (i = 0; i < count; i++) {
        natives[i].symbol = imports[i].name;
        natives[i].func_ptr = (void *)(uintptr_t)dispatch;
        natives[i].signature = imports[i].signature;
        /* WAMR only hands the attachment back. */
        natives[i].attachment = (void *)(uintptr_t)&imports[i];
    }
    /* A call registers names of one module: runs of equal module names go together. */
    for (i = 1; i <= count; i++) {
        if (i == count || imports[i].module != imports[first].module) {
            if (!wasm_runtime_register_natives_raw(imports[first].module, &natives[first], i - first)) {
                return false;
            }
            first = i;
        }
    }
    return true;
}

bool rill_wamr_is_linked(wasm_module_t module)
{
    const int32_t count = wasm_runtime_get_import_count(module);
    int32_t i;

    for (i = 0; i < count; i++) {
        wasm_import_t import;

        wasm_runtime_get_import_type(module, i, &import);
        if (!import.linked) {
            return false;
        }
    }
    return true;
}

#ifdef RILL_MAY_REENTER
/** The host's `locate`: the guest is the one that the host lies in. */
static void locate(struct rill_host *host)
{
    /* SAFETY: rill_wamr_attach hands this function to hosts alone that are the first member of a struct rill_guest. */
    rill_wamr_refresh(host, ((struct rill_guest *)(void *)host)->instance);
}
#endif

void rill_wamr_attach(struct rill_guest *guest, wasm_module_inst_t instance)
{
    wasm_runtime_set_custom_data(instance, guest);
#ifdef RILL_MAY_REENTER
    guest->instance = instance;
    guest->host.locate = locate;
#endif
    rill_wamr_refresh(&guest->host, instance);
}
