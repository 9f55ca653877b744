#include "functions.h"

#include "board.h"
#include "feed.h"
#include "link.h"
#include "remote.h"
#ifdef RILL_FIRMWARE_NATIVE
#include "native/native_guest.h"

#include <string.h>
#else
#include "calls.h"
#include "rill_image_wamr.h"
#endif

/**
 * Serves a call.
 * @param is_async whether the guest has lowered it with `async`
 * @returns why the guest has to trap, a RILL_TEXT; NULL when `args[0]` has the result
 */
typedef const char *serve_function(remote_guest *guest, int is_async, uint64_t *args);

/// What the firmware implements: firmware/board.wit, and the clock of WASI ///

static const char *ticks(remote_guest *guest, int is_async, uint64_t *args)
{
    (void)guest;
    (void)is_async;
    args[0] = feed_ticks();
    return NULL;
}

/* Prints what a line can hold; a guest's strings are UTF-16. */
/* NOLINTNEXTLINE(readability-non-const-parameter): a serve_function. */
static const char *write_log(remote_guest *guest, int is_async, uint64_t *args)
{
    const struct rill_host *host = &guest->host;
    uint32_t ptr = (uint32_t)args[0];
    uint32_t units = (uint32_t)args[1];

    if ((ptr & 1u) != 0u || units > host->memory_bytes / 2u || ptr > host->memory_bytes - 2u * units) {
        return RILL_TEXT("a string out of memory");
    }
    (void)is_async;
    link_text(RILL_TEXT("log "));
    for (; units != 0u; units--, ptr += 2u) {
        const uint8_t *unit = host->memory + ptr;
        board_uart_put((uint8_t)(unit[1] != 0u || unit[0] < ' ' || unit[0] > '~' ? '?' : unit[0]));
    }
    link_end();
    return NULL;
}

#ifndef RILL_FIRMWARE_NATIVE

static const char no_place[] = "no place for a call: the image says how many";

static const char *now(struct rill_guest *guest, int is_async, uint64_t *args)
{
    (void)guest;
    (void)is_async;
    args[0] = board_clock_now();
    return NULL;
}

static const char *get_resolution(struct rill_guest *guest, int is_async, uint64_t *args)
{
    (void)guest;
    (void)is_async;
    args[0] = board_clock_step;
    return NULL;
}

static const char *wait_until(struct rill_guest *guest, int is_async, uint64_t *args)
{
    struct call_place *place = calls_begin(&guest->host, is_async, args, args[0]);

    return place != NULL ? calls_end(place, 0u, args) : no_place;
}

static const char *wait_for(struct rill_guest *guest, int is_async, uint64_t *args)
{
    const uint64_t start = board_clock_now();

    args[0] = args[0] < CALLS_NEVER - start ? start + args[0] : CALLS_NEVER;
    return wait_until(guest, is_async, args);
}

#endif

/* The hashes are those that `rill pack --json` says of a guest that imports the functions. */
static const struct {
    uint32_t hash;
    serve_function *serve;
} functions[] = {
    {0x365AFAE0u, ticks},     /* rill:board/clock#ticks */
    {0x1656115Au, write_log}, /* rill:board/log#write */
#ifndef RILL_FIRMWARE_NATIVE
    /* wasi:clocks/monotonic-clock@0.3.0 */
    {0xC23D7A7Au, now},
    {0x1245E6F9u, get_resolution},
    {0x8E65E826u, wait_until},
    {0x05698962u, wait_for},
#endif
};

static serve_function *find(uint32_t wanted)
{
    uint32_t i;

    for (i = 0u; i < sizeof functions / sizeof functions[0]; i++) {
        if (functions[i].hash == wanted) {
            return functions[i].serve;
        }
    }
    return NULL;
}

#ifdef RILL_FIRMWARE_NATIVE

uint32_t functions_name_missing(void)
{
    uint32_t missing = 0u;
    uint32_t i;

    for (i = 0u; i < native_more.import_count; i++) {
        const uint32_t hash = native_more.imports[i];

        if (find(hash) == NULL) {
            link_text(RILL_TEXT("import "));
            link_hex((const uint8_t *)&hash, 4u);
            link_end();
            missing++;
        }
    }
    return missing;
}

/* Core values that a function of the firmware's own takes at most. */
#define OWN_CELLS 2u

bool functions_serve(struct rill_host *host, uint32_t hash, uint32_t count, const uint64_t *args, uint64_t *result)
{
    serve_function *serve = find(hash);
    struct remote remote = {native_guest.instance, native_guest.instance, NULL, 0u, 0u};
    const char *why;

    if (serve != NULL) {
        uint64_t cells[OWN_CELLS] = {0u, 0u};

        if (count != 0u) {
            (void)memcpy(cells, args, (size_t)(count < OWN_CELLS ? count : OWN_CELLS) * sizeof cells[0]);
        }
        why = serve(native_guest.instance, 0, cells);
        *result = cells[0];
    } else {
        /* All are answered at once, those of async functions, too. */
        why = remote_ask(&remote, RILL_TEXT("call"), (const uint8_t *)&hash, args, count);
        *result = remote.result;
    }
    if (why != NULL && host->trap == NULL) {
        host->trap = why;
    }
    return why == NULL;
}

#else

uint32_t functions_name_missing(const struct rill_image *image)
{
    struct rill_image_row row = {NULL, NULL};
    uint32_t missing = 0u;
    uint32_t i;

    for (i = 0u; i < image->import_count; i++) {
        const struct rill_image_import import = rill_image_import(image, i);

        if (rill_image_next_row(image, import, &row) && import.builtin == RILL_IMAGE_CALL
            && find(rill_image_hash(row.hash)) == NULL) {
            link_text("import ");
            link_hex(row.hash, 4u);
            link_end();
            missing++;
        }
    }
    return missing;
}

/// Calls ///

/* Core parameters: the signature stands behind the hash, "(ii)i". */
static uint32_t cell_count(const uint8_t *hash)
{
    uint32_t count = 0u;

    while (hash[5u + count] != (uint8_t)')') {
        count++;
    }
    return count;
}

static const char *forward(wasm_exec_env_t env, struct rill_guest *guest, const uint8_t *hash, uint64_t *args)
{
    struct remote remote = {guest, env, NULL, 0u, 0u};
    const uint32_t count = cell_count(hash);
    const char *why = remote_ask(&remote, "call", hash, args, count);

    if (hash[6u + count] != 0u) {
        args[0] = remote.result;
    }
    return why;
}

/* The computer says a number for the call, or 0 when it has returned. */
static const char *forward_async(wasm_exec_env_t env, struct rill_guest *guest, const uint8_t *hash, uint64_t *args)
{
    struct remote remote = {guest, env, NULL, 0u, 0u};
    struct call_place *place = calls_begin(&guest->host, 1, args, CALLS_NEVER);
    const char *why;

    if (place == NULL) {
        return no_place;
    }
    why = remote_ask(&remote, "start", hash, args, cell_count(hash));
    if (remote.result == 0u) {
        place->due = 0u;
    }
    return why != NULL ? why : calls_end(place, (uint32_t)remote.result, args);
}

void rill_image_call(wasm_exec_env_t env, uint64_t *args)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(env);
    struct rill_guest *guest = wasm_runtime_get_custom_data(instance);
    /* The lowest bit is set of a call that is lowered with `async`. */
    const uintptr_t attachment = (uintptr_t)wasm_runtime_get_function_attachment(env);
    const uint8_t *hash = (const uint8_t *)(attachment & ~(uintptr_t)3u);
    const int is_async = (int)(attachment & 1u);
    serve_function *serve = find(rill_image_hash(hash));
    const char *why;

    rill_wamr_count(guest);
    if (serve != NULL) {
        why = serve(guest, is_async, args);
    } else if (is_async != 0) {
        why = forward_async(env, guest, hash, args);
    } else {
        why = forward(env, guest, hash, args);
    }
    if (why != NULL && wasm_runtime_get_exception(instance) == NULL) {
        wasm_runtime_set_exception(instance, why);
    }
}

#endif
