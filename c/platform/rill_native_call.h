/*
 * Calls raw natives from bytecode in place of WAMR's wasm_interp_call_func_native, which makes a frame for each call,
 * asks of each parameter what type it has, and zeroes places for sixteen: most of what a call of the host's costs.
 * WAMR's source is untouched: an interpreter's file is included behind this one.
 */
#ifndef RILL_NATIVE_CALL_H
#define RILL_NATIVE_CALL_H

#include "wasm_interp.h"
#include "wasm_runtime.h"
#include "wasm_runtime_common.h"

/* Traces of calls show natives by their frames; calls in tail position find their arguments elsewhere. */
#if WASM_ENABLE_DUMP_CALL_STACK == 0 && WASM_ENABLE_TAIL_CALL == 0 && WASM_ENABLE_GC == 0
#define RILL_CALLS_NATIVES

/*
 * WAMR names the function where it defines it, `(WASMModuleInstance *module_inst, ...)`, where bytecode calls it,
 * `(module, ...)`, and where the embedder does, `(module_inst, ...)`. Only what bytecode calls becomes another.
 */
#define wasm_interp_call_func_native(module, exec_env, func, frame) RILL_NATIVE_##module, exec_env, func, frame)
#define RILL_NATIVE_WASMModuleInstance rill_call_any_native(WASMModuleInstance
#define RILL_NATIVE_module rill_call_native(module
#define RILL_NATIVE_module_inst rill_call_any_native(module_inst

/** WAMR's own way, for all natives. */
static void rill_call_any_native(WASMModuleInstance *module, WASMExecEnv *exec_env, WASMFunctionInstance *func,
                                 WASMInterpFrame *frame);

/** Parameters that are handed on from here: no built-in has more. */
#define RILL_NATIVE_PARAMS 4u

#if WASM_ENABLE_FAST_INTERP == 0

/** Where bytecode has left the arguments: above its stack. rill_interp_classic.c keeps it from copying them further. */
static inline uint32 *rill_arguments(const WASMExecEnv *exec_env, const WASMInterpFrame *caller)
{
    (void)exec_env;
    return caller->sp;
}

/** Puts the arguments where WAMR's own way looks for them: into the frame that will be the native's. */
static inline void rill_hand_on(WASMExecEnv *exec_env, const WASMFunctionInstance *func, const WASMInterpFrame *caller)
{
    WASMInterpFrame *next = wasm_exec_env_wasm_stack_top(exec_env);

    memcpy(next->lp, caller->sp, func->param_cell_num * sizeof(uint32));
}

/** Where a result goes: onto the caller's stack. */
static inline uint32 *rill_result(WASMInterpFrame *caller, uint32 cells)
{
    uint32 *place = caller->sp;

    caller->sp += cells;
    return place;
}

#else

/** Where bytecode has left the arguments: in the frame that would be the native's. */
static inline uint32 *rill_arguments(const WASMExecEnv *exec_env, const WASMInterpFrame *caller)
{
    (void)caller;
    return ((WASMInterpFrame *)(void *)exec_env->wasm_stack.top)->operand;
}

static inline void rill_hand_on(WASMExecEnv *exec_env, const WASMFunctionInstance *func, const WASMInterpFrame *caller)
{
    (void)exec_env;
    (void)func;
    (void)caller;
}

/** Where a result goes: the place that bytecode has named. */
static inline uint32 *rill_result(WASMInterpFrame *caller, uint32 cells)
{
    (void)cells;
    return caller->lp + caller->ret_offset;
}

#endif

/**
 * Puts the parameters into cells of 64 bits.
 * @returns false for what does not go as it is: a value of two cells, or an address that WAMR turns into a pointer,
 * which its signatures mark with a sign below the letters
 */
static inline bool rill_put_cells(const WASMFunctionInstance *func, const uint32 *arguments, uint64 *cells)
{
    const char *signature = func->u.func_import->signature;
    const uint32 count = func->param_count;
    uint32 i;

    if (signature == NULL || count > RILL_NATIVE_PARAMS || count != func->param_cell_num) {
        return false;
    }
    cells[0] = 0;
    for (i = 0; i < count; i++) {
        signature++;
        if (*signature < 'A') {
            return false;
        }
        cells[i] = arguments[i];
    }
    return true;
}

/**
 * Calls a native from bytecode. One that is registered as raw gets no frame: it runs in its caller's, and what it calls
 * in turn lies behind that.
 */
static void rill_call_native(WASMModuleInstance *module, WASMExecEnv *exec_env, WASMFunctionInstance *func,
                             WASMInterpFrame *frame)
{
    const WASMFunctionImport *import = func->u.func_import;
    uint64 cells[RILL_NATIVE_PARAMS];
    uint32 *result;

    /* A raw native is linked: that it is raw, WAMR knows from where it has found it. */
    if (!import->call_conv_raw || import->call_conv_wasm_c_api
        || !rill_put_cells(func, rill_arguments(exec_env, frame), cells)) {
        rill_hand_on(exec_env, func, frame);
        rill_call_any_native(module, exec_env, func, frame);
        return;
    }
    exec_env->attachment = import->attachment;
    ((void (*)(WASMExecEnv *, uint64 *))import->func_ptr_linked)(exec_env, cells);
    exec_env->attachment = NULL;
    /* One result at most: WAMR does not take a module with more. After a trap nobody looks at it. */
    if (func->ret_cell_num != 0) {
        result = rill_result(frame, func->ret_cell_num);
        result[0] = (uint32)cells[0];
        if (func->ret_cell_num == 2) {
            result[1] = (uint32)(cells[0] >> 32);
        }
    }
}

#endif

/** Whether the instance has trapped. Bytecode asks after each call of a native, and never for the text. */
static inline bool rill_copy_exception(WASMModuleInstance *module, char *text)
{
    return text != NULL ? wasm_copy_exception(module, text) : module->cur_exception[0] != '\0';
}

#define wasm_copy_exception rill_copy_exception

#endif
