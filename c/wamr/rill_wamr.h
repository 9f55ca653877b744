/*
 * rill_wamr: serves a guest's canonical built-ins on WAMR, from a table of the guest's own imports.
 *
 * All natives are one raw function; which built-in it is, on which element type, comes from the import's place in the
 * table. The table is registered once for a module's import names, and stays writable and in place: WAMR sorts it, and
 * keeps it.
 *
 * With RILL_UNCOUNTED, in all files alike, a guest's calls are not counted.
 * With RILL_WITH_LISTS, RILL_WITH_CALLS, RILL_WITH_TASKS or RILL_WITH_PIPES (rill_host.h) compile rill_wamr_more.c as
 * well; with RILL_MEMORY_STAYS for the sake of RILL_WITH_TASKS alone.
 */
#ifndef RILL_WAMR_H
#define RILL_WAMR_H

#include "rill_host.h"
#ifdef RILL_WITH_CALLS
#include "rill_call.h"
#endif
#ifdef RILL_WITH_LISTS
#include "rill_list.h"
#endif
#ifdef RILL_WITH_TASKS
#include "rill_task.h"
#endif
#include "wasm_export.h"

#ifdef __cplusplus
extern "C" {
#endif

/** One import of the guest: constant data. */
struct rill_import {
    const char *module;
    const char *name;
    const char *signature;           /* WAMR's: "(iii)i" */
    const struct rill_type *element; /* of streams and futures; NULL without element type; of task.return: its type */
    uint8_t builtin;                 /* enum rill_builtin */
    /** Declared with the async option; of waits and yields: cancellable; of context.*: the slot. */
    uint8_t is_async;
    uint8_t is_future;
#ifdef RILL_WITH_CALLS
    const struct rill_func *func; /* of RILL_IMPORT_CALL */
#endif
};

/** One instance of a guest. `host.context` is the embedder's. */
struct rill_guest {
    struct rill_host host;
    /**
     * The guest calls task.return.
     * @param guest  which one
     * @param values the result's core values, 64 bits each; none when there is no result
     * @returns false to trap, with the reason in `host.trap`: so on a second call for one task
     * Lends: `values`, for the call
     */
    bool (*returned)(struct rill_guest *guest, const uint64_t *values);
    const struct rill_type *types; /* of a guest from an image: its element types, see rill_image_wamr.h */
#ifndef RILL_UNCOUNTED
    uint32_t calls; /* host calls so far, wrapping */
#endif
#if defined(RILL_WITH_CALLS) && defined(RILL_MAY_REENTER)
    /**
     * The guest calls an import: between rill_call_begin and rill_call_end, which this calls, the embedder does what it
     * likes. NULL: the guest traps.
     * @param guest  which one
     * @param import what it calls
     * @param args   the core values that it passes, 64 bits each
     * @param result gets what rill_call_end gives
     * @returns false to trap, with the reason in `host.trap`
     * Lends: `args`, for the call
     */
    bool (*called)(struct rill_guest *guest, const struct rill_import *import, const uint64_t *args, uint64_t *result);
#endif
#ifdef RILL_MAY_REENTER
    wasm_module_inst_t instance; /* private: set by rill_wamr_attach */
#endif
#ifdef RILL_WITH_LISTS
    wasm_exec_env_t exec_env;
    wasm_function_inst_t allocator;
#endif
};

/**
 * One more call of the guest's, for natives of the embedder's own.
 * @param guest who calls
 */
static inline void rill_wamr_count(struct rill_guest *guest)
{
#ifdef RILL_UNCOUNTED
    (void)guest;
#else
    guest->calls++;
#endif
}

/// Setting up ///
/*
 * @param guest    the caller's, its host set up by rill_host_init; in place while the instance is
 * @param instance of the guest's module
 */

/**
 * Registers the natives of `imports` with WAMR, whose runtime is up.
 * @param imports those of a module; of one module name those that stand side by side share the pointer to it
 * @param count   imports
 * @param natives one for each import; not constant, for WAMR sorts them
 * @returns false when WAMR has no memory for it; some may be registered then
 * Lends: `imports` and `natives`, for as long as the runtime lives
 */
bool rill_wamr_register(const struct rill_import *imports, uint32_t count, NativeSymbol *natives);

/**
 * Whether every import of a loaded module has a native; a missing one would trap only when called.
 * @param module loaded after its natives were registered
 * @returns whether the module may be instantiated
 */
bool rill_wamr_is_linked(wasm_module_t module);

/**
 * Ties `guest` to an instance: natives find it there. With lists, calls or tasks the host finds the instance's memory
 * wherever it has moved to. Call rill_host_close before the instance goes.
 * Lends: `guest` and the instance's memory, until then
 */
void rill_wamr_attach(struct rill_guest *guest, wasm_module_inst_t instance);

/**
 * Tells the host where the instance's linear memory is now.
 * @param host the guest's
 * Lends: the memory, as rill_host_memory says
 */
void rill_wamr_refresh(struct rill_host *host, wasm_module_inst_t instance);

#ifdef RILL_WITH_LISTS
/**
 * Lets the host ask the guest's `cabi_realloc` for memory, if it exports one. After rill_wamr_attach.
 * @param exec_env what the guest's code runs in
 * @param encoding of the guest's strings
 * Lends: `exec_env`, until rill_host_close
 * Spec:  CanonicalABI.md, Canonical ABI Options
 */
void rill_wamr_lists(struct rill_guest *guest, wasm_exec_env_t exec_env, enum rill_encoding encoding);
#endif

/// Calls of the guest's ///
/*
 * @param guest  whose code runs
 * @param import what it calls
 * @param args   WAMR's cells, 64 bits each: the arguments
 * @param result gets the core result, where the import has one
 */

/**
 * Serves one call of the guest's: for natives of the embedder's own that know by other means which import they are.
 * @param exec_env what the guest's code runs in; its instance is attached, or the guest traps
 * @param import   only `element`, `builtin`, `is_async` and `is_future` are looked at; of RILL_IMPORT_CALL also `func`,
 *                 and what the guest's `called` does with it
 * @param args     gets the result, where the import has one
 * Lends: `import` and `args`, for the call
 */
void rill_wamr_call(wasm_exec_env_t exec_env, const struct rill_import *import, uint64_t *args);

/**
 * The short way of a stream.{read,write} with `async`, before rill_wamr_call: rill_copy_one, where memory stays where
 * it is.
 * @param kind    RILL_READABLE to read, RILL_WRITABLE to write
 * @param element the type that the built-in was declared with, NULL without
 * @param args    gets the result, when there is one
 * @returns whether the call is served; false: rill_wamr_call serves it
 * Lends: `args`, for the call
 */
static inline bool rill_wamr_copy_one(struct rill_guest *guest, enum rill_kind kind, const struct rill_type *element,
                                      uint64_t *args)
{
    struct rill_host *host = &guest->host;
    uint32_t packed = 0;

#ifdef RILL_WITH_LISTS
    if (host->is_allocating != 0) {
        return false;
    }
#endif
    if (host->memory_stays != 0 && host->trap == NULL && (uint32_t)args[2] == 1u) {
        packed = rill_copy_one(host, kind, element, (uint32_t)args[0], (uint32_t)args[1]);
    }
    if (packed == 0) {
        return false;
    }
    rill_wamr_count(guest);
    *(uint32_t *)args = packed;
    return true;
}

#ifdef RILL_WITH_TASKS
/**
 * For rill_wamr.c: runs a built-in on tasks, other than task.return.
 * @param host   the guest's
 * @param import what it calls
 * @returns false for a trap, with the reason in `host.trap`
 * Traps: as the built-in
 */
bool rill_wamr_task(struct rill_host *host, const struct rill_import *import, const uint64_t *args, uint64_t *result);
#endif

#ifdef RILL_MAY_REENTER
/**
 * For rill_wamr.c: runs a built-in that rill_wamr_more.c serves.
 * @returns false for a trap, with the reason in `host.trap`
 * Traps: as the built-in, or the embedder's `returned` or `called`
 */
bool rill_wamr_more(struct rill_guest *guest, const struct rill_import *import, const uint64_t *args, uint64_t *result);

/**
 * For rill_wamr.c: who serves an import.
 * @returns whether rill_wamr_more.c does
 */
bool rill_wamr_is_more(const struct rill_import *import);

/**
 * For rill_wamr.c: what an import that rill_wamr_more.c serves answers with.
 * @returns whether it has a core result
 */
bool rill_wamr_more_results(const struct rill_import *import);
#endif

#ifdef __cplusplus
}
#endif

#endif
