/*
 * Calls a raw native in place of WAMR's wasm_runtime_invoke_native_raw, which asks of each parameter what type it has,
 * and zeroes places for sixteen: most of what a call of the host's costs. WAMR's source is untouched: an interpreter's
 * file is included behind this one.
 */
#ifndef RILL_NATIVE_CALL_H
#define RILL_NATIVE_CALL_H

#include "wasm_runtime.h"
#include "wasm_runtime_common.h"

/** Parameters that are handed on from here: no built-in has more. */
#define RILL_NATIVE_PARAMS 4u

/**
 * Puts the parameters into cells of 64 bits.
 * @returns false for what does not go as it is: a value of two cells, or an address that WAMR turns into a pointer,
 * which its signatures mark with a sign below the letters
 */
static inline bool rill_put_cells(const WASMFuncType *type, const char *signature, const uint32 *argv, uint32 argc,
                                  uint64 *cells)
{
    uint32 i;

    if (signature == NULL || argc > RILL_NATIVE_PARAMS || argc != type->param_count) {
        return false;
    }
    cells[0] = 0;
    for (i = 0; i < argc; i++) {
        if (signature[i + 1] < 'A') {
            return false;
        }
        cells[i] = argv[i];
    }
    return true;
}

/** As wasm_runtime_invoke_native_raw. */
static bool rill_invoke_native_raw(WASMExecEnv *exec_env, void *native, const WASMFuncType *type, const char *signature,
                                   void *attachment, uint32 *argv, uint32 argc, uint32 *argv_ret)
{
    uint64 cells[RILL_NATIVE_PARAMS];

    if (!rill_put_cells(type, signature, argv, argc, cells)) {
        return wasm_runtime_invoke_native_raw(exec_env, native, type, signature, attachment, argv, argc, argv_ret);
    }
    exec_env->attachment = attachment;
    ((void (*)(WASMExecEnv *, uint64 *))native)(exec_env, cells);
    exec_env->attachment = NULL;
    /* One result at most: WAMR does not take a module with more, and has two words for it. */
    argv_ret[0] = (uint32)cells[0];
    argv_ret[1] = (uint32)(cells[0] >> 32);
    return ((WASMModuleInstance *)exec_env->module_inst)->cur_exception[0] == '\0';
}

#define wasm_runtime_invoke_native_raw rill_invoke_native_raw

#endif
