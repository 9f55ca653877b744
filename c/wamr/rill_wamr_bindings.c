/*
 * An engine for generated bindings, on WAMR. See rill_wamr_bindings.h.
 */
#include "rill_wamr_bindings.h"

/** Cells of 32 bits of a core function's parameters: RILL_MAX_FLAT_PARAMS, each of 64 bits. */
#define WORDS 32u

/* SAFETY: the engine gets hosts alone that are the first member of a guest, the first one of an instance. */
static struct rill_wamr_instance *instance_of(struct rill_host *guest)
{
    return (struct rill_wamr_instance *)(void *)guest;
}

static bool returned(struct rill_guest *guest, const uint64_t *values)
{
    return rill_bindings_returned(&guest->host, values);
}

#ifdef RILL_WITH_CALLS
static bool called(struct rill_guest *guest, const struct rill_import *import, const uint64_t *args, uint64_t *result)
{
    /* SAFETY: each RILL_IMPORT_CALL of W_host_imports has a `func` that is the first member of a bound one. */
    const struct rill_bound_func *func = (const struct rill_bound_func *)(const void *)import->func;
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(instance_of(&guest->host)->exec_env);

    if (func->serve(&guest->host, args, result)) {
        return true;
    }
    /* SAFETY: WAMR is given a reason to copy: not its own text of a trap inside of this call, which lies there. */
    if (guest->host.trap != NULL && guest->host.trap == wasm_runtime_get_exception(instance)) {
        guest->host.trap = "a destructor traps";
    }
    return false;
}
#endif

static bool init(struct rill_host *guest)
{
    struct rill_wamr_instance *instance = instance_of(guest);

    instance->guest.returned = returned;
#ifdef RILL_WITH_CALLS
    instance->guest.called = called;
#endif
    rill_wamr_attach(&instance->guest, wasm_runtime_get_module_inst(instance->exec_env));
#ifdef RILL_WITH_LISTS
    rill_wamr_lists(&instance->guest, instance->exec_env, (enum rill_encoding)instance->encoding);
#endif
    return true;
}

static bool is_wide(char type)
{
    return type == 'I' || type == 'F';
}

/** Notes why a call failed: the host's own reason, or WAMR's text, which stays as long as the instance. */
static bool fail(struct rill_host *guest, wasm_module_inst_t instance, const char *otherwise)
{
    const char *why = wasm_runtime_get_exception(instance);

    if (guest->trap == NULL) {
        guest->trap = why != NULL ? why : otherwise;
    }
    return false;
}

static bool call(struct rill_host *guest, uint16_t export_index, uint64_t *cells)
{
    const struct rill_export *item = &instance_of(guest)->exports[export_index];
    wasm_exec_env_t exec_env = instance_of(guest)->exec_env;
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(exec_env);
    wasm_function_inst_t function = wasm_runtime_lookup_function(instance, item->name);
    uint32_t words[WORDS] = {0};
    const char *type = item->signature;
    uint32_t used = 0;

    if (function == NULL) {
        return item->is_optional != 0u || fail(guest, instance, "the module does not have an export of its world");
    }
    for (; *type != ':'; type++) {
        words[used++] = (uint32_t)*cells;
        if (is_wide(*type)) {
            words[used++] = (uint32_t)(*cells >> 32);
        }
        cells++;
    }
    cells -= type - item->signature;
    if (!wasm_runtime_call_wasm(exec_env, function, used, words)) {
        return fail(guest, instance, "trap");
    }
    if (type[1] != '\0') {
        cells[0] = is_wide(type[1]) ? (uint64_t)words[1] << 32 | words[0] : words[0];
    }
    rill_wamr_refresh(guest, instance);
    return guest->trap == NULL;
}

const struct rill_engine rill_wamr_engine = {init, call};
