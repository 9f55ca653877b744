/*
 * WAMR's classic interpreter, which calls the host's natives by rill_native_call.h. Its source is untouched: this file
 * includes it.
 *
 * On cores without unaligned access, such as Cortex-M0, one more macro is changed. The interpreter's i64.store and
 * f64.store write two words wherever the guest says, although WebAssembly allows any address; there that faults at
 * every address that is no multiple of 4. Here they go by STORE_I64, which WAMR has for the purpose.
 */
#include "rill_native_call.h"

#if WASM_CPU_SUPPORTS_UNALIGNED_ADDR_ACCESS == 0 && !defined(__ARM_FEATURE_UNALIGNED)
__attribute__((noinline)) static void rill_store_i64(void *to, int64 value)
{
    STORE_I64(to, value);
}

#undef PUT_I64_TO_ADDR
#define PUT_I64_TO_ADDR(addr, value) rill_store_i64((addr), (int64)(value))
#endif

#ifdef RILL_CALLS_NATIVES
/*
 * Bytecode does not copy the arguments of a native, which are read where they are: WAMR's word_copy is another where it
 * counts a callee's. It counts in these ways; `unsigned` is in the function's own head.
 */
#define word_copy(to, from, count) RILL_COPY(RILL_COPY_##count, to, from)
#define RILL_COPY_unsigned rill_copy_words, unsigned
#define RILL_COPY_argc rill_copy_words, argc
#define RILL_COPY_cell_num_to_copy rill_copy_words, cell_num_to_copy
#define RILL_COPY_cur_func                                                                                             \
    if (!cur_func->is_import_func)                                                                                     \
    rill_copy_words, cur_func
#define RILL_COPY(...) RILL_COPY_WITH(__VA_ARGS__)
#define RILL_COPY_WITH(copy, count, to, from) copy(to, from, count)
#endif

/** Most blocks have no result: they need no call to know its length. */
static inline uint32 rill_value_type_cell_num(uint8 type)
{
    return type == VALUE_TYPE_VOID ? 0 : wasm_value_type_cell_num(type);
}

#define wasm_value_type_cell_num rill_value_type_cell_num

#include "wasm_interp_classic.c"
