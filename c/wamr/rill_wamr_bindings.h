/*
 * rill_wamr_bindings: generated bindings (rill_bindings.h) over WAMR. W_host.c has the tables of its world's imports
 * and exports when it is compiled with RILL_BINDINGS_ON_WAMR.
 *
 * Compile rill_wamr_bindings.c; a world that imports functions needs RILL_WITH_CALLS.
 */
#ifndef RILL_WAMR_BINDINGS_H
#define RILL_WAMR_BINDINGS_H

#include "rill_bindings.h"
#include "rill_wamr.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A core export of a world. Constant data. */
struct rill_export {
    const char *name;
    const char *signature; /* core types of its parameters, `i`, `I`, `f` or `F`, then `:` and that of its result */
    uint8_t is_optional;   /* the guest need not have it */
};

/** A guest on WAMR. Set all fields but `guest`, then hand `guest.host` to W_host_init. */
struct rill_wamr_instance {
    struct rill_guest guest;           /* first; the engine's own */
    wasm_exec_env_t exec_env;          /* what its code runs in; knows the instance */
    const struct rill_export *exports; /* W_host_exports */
#ifdef RILL_WITH_LISTS
    uint8_t encoding; /* enum rill_encoding of the guest's strings */
#endif
};

/** The engine. What it is given as a guest is the host of a `struct rill_wamr_instance`. */
extern const struct rill_engine rill_wamr_engine;

#ifdef RILL_WITH_CALLS
/** A function that the firmware implements, as W_host_imports has them. Constant data. */
struct rill_bound_func {
    struct rill_func func; /* first */
    rill_serve *serve;
};
#endif

#ifdef __cplusplus
}
#endif

#endif
