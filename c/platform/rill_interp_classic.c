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

#include "wasm_interp_classic.c"
