/*
 * WAMR's classic interpreter for cores without unaligned access, such as Cortex-M0.
 *
 * Its i64.store and f64.store write two words wherever the guest says, although WebAssembly allows any address; on
 * these cores that faults at every address that is no multiple of 4. Here they go by STORE_I64, which WAMR has for the
 * purpose. The interpreter's source is untouched: this file includes it with the one macro changed.
 */
#include "wasm_runtime_common.h"

__attribute__((noinline)) static void rill_store_i64(void *to, int64 value)
{
    STORE_I64(to, value);
}

#undef PUT_I64_TO_ADDR
#define PUT_I64_TO_ADDR(addr, value) rill_store_i64((addr), (int64)(value))

#include "wasm_interp_classic.c"
