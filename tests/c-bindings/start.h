/*
 * What these firmwares have in common. How they start their guest: one that is C, GUEST, or a module on WAMR, with the
 * tables of HOST; and how they tell what came of a call.
 */
#ifndef START_H
#define START_H

#include <stdio.h>

#define JOINED(a, b) a##b
#define NAME_OF(prefix, rest) JOINED(prefix, rest)

static struct HOST host;

static void nothing(void)
{
}

static void tell(const char *what, bool is_done)
{
    const char *trap = host.base.rings.host->trap;

    printf("%s: %s\n", what, is_done ? "done" : trap != NULL ? trap : "refused");
}

#ifdef RILL_BINDINGS_ON_WAMR

#include "start_wamr.h"

#define START_ENGINE (&rill_wamr_engine)

/** The module, loaded once; each start makes another instance. @returns its side of the host, or NULL */
static struct rill_host *start(const char *path)
{
    static struct rill_wamr_instance instance;
    static NativeSymbol natives[sizeof NAME_OF(HOST, _imports) / sizeof NAME_OF(HOST, _imports)[0]];
    static uint8_t *bytes;
    static wasm_module_t module;
    char error[128] = "";
    uint32_t length = 0;
    wasm_module_inst_t made;

    if (module == NULL) {
        bytes = read_whole_file(path, &length);
        if (bytes == NULL || !start_wamr(1u << 20)
            || !rill_wamr_register(NAME_OF(HOST, _imports), sizeof natives / sizeof natives[0], natives)) {
            return NULL;
        }
        module = wasm_runtime_load(bytes, length, error, sizeof error);
    }
    if (module == NULL || !rill_wamr_is_linked(module)) {
        return NULL;
    }
    made = wasm_runtime_instantiate(module, 8192, 0, error, sizeof error);
    memset(&instance, 0, sizeof instance);
    instance.exec_env = wasm_runtime_create_exec_env(made, 8192);
    instance.exports = NAME_OF(HOST, _exports);
#ifdef RILL_WITH_LISTS
    instance.encoding = RILL_UTF16;
#endif
    return &instance.guest.host;
}

#else

#include "guest.h"

#define START_ENGINE (&guest_engine)

static struct rill_host *start(const char *path)
{
    static struct guest_guest instance;

    (void)path;
    return &instance.base.host;
}

#endif

#endif
