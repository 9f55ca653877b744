/*
 * rill-conform: the module translated to C, a part of the program. Each instance is a block of its own, and so are its
 * handles and streams: AddressSanitizer sees what touches one of a case that is over.
 */
#include "../run/native_exports.h"
#include "conform_native.h"

#include <stdlib.h>
#include <string.h>

const int engine_argument_count = 0;

void engine_import(void)
{
    fail("a module that is C has its imports");
}

void engine_load(char **arguments)
{
    (void)arguments;
    fail("a module that is C is there");
}

void engine_instance(void)
{
    free(conform.guest);
    conform.guest = calloc(1, guest_module.instance_bytes);
    if (conform.guest == NULL) {
        fail("out of memory");
    }
}

static bool guest_returned(struct rill_native *guest, const uint64_t *values)
{
    return returned(&guest->host, values);
}

void engine_attach(void)
{
    conform.guest->returned = guest_returned;
    if (!guest_module.init(conform.guest)) {
        fail("the module does not instantiate");
    }
}

bool serve_sync(struct rill_host *host, const uint64_t *args, uint64_t *result)
{
    return serve_call(host, false, args, result);
}

bool serve_async(struct rill_host *host, const uint64_t *args, uint64_t *result)
{
    return serve_call(host, true, args, result);
}

uint32_t take_turn(struct rill_native *guest, uint32_t code, uint32_t handle, uint32_t payload)
{
    uint32_t answer = 0;

    if (!run_turn(code, handle, payload, &answer) && guest->host.trap == NULL) {
        guest->host.trap = "the script has no such turn";
    }
    rill_native_settle(guest, guest->host.trap == NULL);
    return answer;
}

static bool is_wide(char type)
{
    return type == 'I' || type == 'F';
}

/** Cells of 32 bits into cells of 64, as the signature has them. */
static void widen(const char *types, const uint32_t *argv, uint64_t *cells)
{
    for (; *types != ')'; types++) {
        *cells = *argv++;
        if (is_wide(*types)) {
            *cells |= (uint64_t)*argv++ << 32;
        }
        cells++;
    }
}

bool engine_call(const char *name, uint32_t argc, uint32_t *argv)
{
    const struct native_export *function = guest_module.exports;
    uint64_t cells[CALL_CELLS] = {0};

    (void)argc;
    while (function->name != NULL && strcmp(function->name, name) != 0) {
        function++;
    }
    if (function->name == NULL) {
        fail(name);
    }
    widen(function->signature + 1, argv, cells);
    if (!function->call(conform.guest, cells)) {
        return false;
    }
    argv[0] = (uint32_t)cells[0];
    if (is_wide(strchr(function->signature, ')')[1])) {
        argv[1] = (uint32_t)(cells[0] >> 32);
    }
    return true;
}

const char *engine_trap(void)
{
    return CONFORM_HOST->trap;
}
