/* engine.h on WAMR: guests of images. */
#ifndef RILL_WAMR_ENGINE_H
#define RILL_WAMR_ENGINE_H

#include "rill_image_wamr.h"

/** The name of the export that a sync entry's result is given back to, if there is one. */
#define ENGINE_POST_RETURN "p"

/**
 * entry.c: an export of the function that is called.
 * @param what as of rill_image_export
 * @returns NULL when the guest has none
 */
wasm_function_inst_t entry_export(const struct rill_image *image, wasm_module_inst_t instance, const char *what);

struct entry_call {
    struct rill_guest *guest;
    uint32_t *words;
    const struct rill_image *image;
    wasm_exec_env_t env;
    wasm_function_inst_t entry;
};

static inline struct rill_image_entry engine_entry(const struct entry_call *call)
{
    return rill_image_entry(call->image);
}

static inline uint32_t engine_given(const struct entry_call *call)
{
    return call->image->param_count;
}

static inline bool engine_enter(const struct entry_call *call)
{
    return wasm_runtime_call_wasm(call->env, call->entry, rill_image_entry(call->image).words, call->words);
}

static inline bool engine_call_back(const struct entry_call *call, uint32_t words[3])
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(call->env);
    wasm_function_inst_t callback = entry_export(call->image, instance, RILL_IMAGE_CALLBACK);

    return callback != NULL && wasm_runtime_call_wasm(call->env, callback, 3u, words);
}

static inline uint32_t engine_results(const struct entry_call *call)
{
    return wasm_func_get_result_count(call->entry, wasm_runtime_get_module_inst(call->env));
}

static inline bool engine_give_back(const struct entry_call *call)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(call->env);
    wasm_function_inst_t post_return = entry_export(call->image, instance, ENGINE_POST_RETURN);

    return post_return == NULL || wasm_runtime_call_wasm(call->env, post_return, engine_results(call), call->words);
}

static inline bool engine_trap(const struct entry_call *call, const char *why)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(call->env);

    if (wasm_runtime_get_exception(instance) == NULL) {
        wasm_runtime_set_exception(instance, why);
    }
    return false;
}

#endif
