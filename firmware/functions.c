#include "functions.h"

#include "board.h"
#include "feed.h"
#include "link.h"
#include "remote.h"
#ifdef RILL_SUBTASKS
#include "calls.h"
#endif
#ifdef RILL_FIRMWARE_NATIVE
#include "native/native_guest.h"

#include <string.h>
#else
#include "rill_image_wamr.h"
#ifdef RILL_WITH_PIPES
#include "image_row.h"
#endif
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

#ifdef RILL_SUBTASKS

static const char no_place[] = "no place for a call: the image says how many";

static const char *now(remote_guest *guest, int is_async, uint64_t *args)
{
    (void)guest;
    (void)is_async;
    args[0] = board_clock_now();
    return NULL;
}

static const char *get_resolution(remote_guest *guest, int is_async, uint64_t *args)
{
    (void)guest;
    (void)is_async;
    args[0] = board_clock_step();
    return NULL;
}

static const char *wait_until(remote_guest *guest, int is_async, uint64_t *args)
{
    struct call_place *place = calls_begin(&guest->host, is_async, args, args[0]);

    return place != NULL ? calls_end(place, 0u, args) : no_place;
}

static const char *wait_for(remote_guest *guest, int is_async, uint64_t *args)
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
#ifdef RILL_SUBTASKS
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

/// What the computer answers ///

static const char *forward(remote_guest *guest, remote_env env, const uint8_t *hash, uint32_t count,
                           const uint64_t *args, uint64_t *result)
{
    struct remote remote = {guest, env, NULL, 0u, 0u};
    const char *why = remote_ask(&remote, RILL_TEXT("call"), hash, args, count);

    *result = remote.result;
    return why;
}

#ifdef RILL_SUBTASKS
/* The computer says a number for the call, or 0 when it has returned. */
static const char *forward_async(remote_guest *guest, remote_env env, const uint8_t *hash, uint32_t count,
                                 const uint64_t *args, uint64_t *result)
{
    struct remote remote = {guest, env, NULL, 0u, 0u};
    struct call_place *place = calls_begin(&guest->host, 1, args, CALLS_NEVER);
    const char *why;

    if (place == NULL) {
        return no_place;
    }
    why = remote_ask(&remote, RILL_TEXT("start"), hash, args, count);
    if (remote.result == 0u) {
        place->due = 0u;
    }
    return why != NULL ? why : calls_end(place, (uint32_t)remote.result, result);
}
#endif

/* A line `import HASH`. */
static void name(const uint8_t *hash)
{
    link_text(RILL_TEXT("import "));
    link_hex(hash, 4u);
    link_end();
}

#ifdef RILL_FIRMWARE_NATIVE

uint32_t functions_name_missing(void)
{
    uint32_t missing = 0u;
    uint32_t i;

    for (i = 0u; i < native_more.import_count; i++) {
        const uint32_t hash = native_more.imports[i];

        if (find(hash) == NULL) {
            name((const uint8_t *)&hash);
            missing++;
        }
    }
    return missing;
}

/* Core values that a function of the firmware's own takes at most. */
#define OWN_CELLS 2u

static const char *serve_own(serve_function *serve, remote_guest *guest, uint32_t count, int is_async,
                             const uint64_t *args, uint64_t *result)
{
    uint64_t cells[OWN_CELLS] = {0u, 0u};
    const char *why;

    if (count != 0u) {
        (void)memcpy(cells, args, (size_t)(count < OWN_CELLS ? count : OWN_CELLS) * sizeof cells[0]);
    }
    why = serve(guest, is_async, cells);
    *result = cells[0];
    return why;
}

/* Of a row it may be any. */
static remote_guest *guest_of(struct rill_host *host)
{
    /* SAFETY: the host is the first member of a guest that was translated to C. */
    return (remote_guest *)(void *)host;
}

static bool settle(struct rill_host *host, const char *why)
{
    if (why != NULL && host->trap == NULL) {
        host->trap = why;
    }
    return why == NULL;
}

bool functions_serve(struct rill_host *host, uint32_t hash, uint32_t count, const uint64_t *args, uint64_t *result)
{
    serve_function *serve = find(hash);
    remote_guest *guest = guest_of(host);

    return settle(host, serve != NULL ? serve_own(serve, guest, count, 0, args, result)
                                      : forward(guest, guest, (const uint8_t *)&hash, count, args, result));
}

#ifdef RILL_SUBTASKS
bool functions_start(struct rill_host *host, uint32_t hash, uint32_t count, const uint64_t *args, uint64_t *result)
{
    serve_function *serve = find(hash);
    remote_guest *guest = guest_of(host);

    return settle(host, serve != NULL ? serve_own(serve, guest, count, 1, args, result)
                                      : forward_async(guest, guest, (const uint8_t *)&hash, count, args, result));
}
#endif

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
            name(row.hash);
            missing++;
        }
    }
    return missing;
}

/// Calls ///

/* The computer does not know of which guest of a row a call is: it answers at once, whatever the function's type. */
#ifdef RILL_WITH_PIPES
#define IS_IN_ROW(guest) image_row_has(&(guest)->host)
#else
#define IS_IN_ROW(guest) false
#endif

/* Core parameters: the signature stands behind the hash, "(ii)i". */
static uint32_t cell_count(const uint8_t *hash)
{
    uint32_t count = 0u;

    while (hash[5u + count] != (uint8_t)')') {
        count++;
    }
    return count;
}

/* Only a function with a result has room for it. */
static const char *forward_cells(struct rill_guest *guest, wasm_exec_env_t env, const uint8_t *hash, uint64_t *args)
{
    const uint32_t count = cell_count(hash);
    uint64_t result;
    const char *why = forward(guest, env, hash, count, args, &result);

    if (hash[6u + count] != 0u) {
        args[0] = result;
    }
    return why;
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
    } else if (is_async != 0 && !IS_IN_ROW(guest)) {
        why = forward_async(guest, env, hash, cell_count(hash), args, args);
    } else {
        why = forward_cells(guest, env, hash, args);
    }
    if (why != NULL && wasm_runtime_get_exception(instance) == NULL) {
        wasm_runtime_set_exception(instance, why);
    }
}

#endif
