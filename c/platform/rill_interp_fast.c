/*
 * WAMR's fast interpreter, which calls the host's natives by rill_native_call.h. Its source is untouched: this file
 * includes it.
 */
#include "rill_native_call.h"

#include "wasm_interp_fast.c"
