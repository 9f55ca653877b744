#include "functions.h"

#include "board.h"
#include "feed.h"
#include "link.h"
#include "remote.h"
#include "rill_image_wamr.h"

/** Serves a call. @returns why the guest has to trap; NULL when `args[0]` has the result */
typedef const char *serve_function(const struct rill_guest *guest, uint64_t *args);

/// What the firmware implements: firmware/board.wit ///

static const char *ticks(const struct rill_guest *guest, uint64_t *args)
{
    (void)guest;
    args[0] = feed_ticks();
    return NULL;
}

/* Prints what a line can hold; a guest's strings are UTF-16. */
/* NOLINTNEXTLINE(readability-non-const-parameter): a serve_function. */
static const char *write_log(const struct rill_guest *guest, uint64_t *args)
{
    const struct rill_host *host = &guest->host;
    uint32_t ptr = (uint32_t)args[0];
    uint32_t units = (uint32_t)args[1];

    if ((ptr & 1u) != 0u || units > host->memory_bytes / 2u || ptr > host->memory_bytes - 2u * units) {
        return "a string out of memory";
    }
    link_text("log ");
    for (; units != 0u; units--, ptr += 2u) {
        const uint8_t *unit = host->memory + ptr;
        board_uart_put((uint8_t)(unit[1] != 0u || unit[0] < ' ' || unit[0] > '~' ? '?' : unit[0]));
    }
    link_end();
    return NULL;
}

/* The hashes are those that `rill pack --json` says of a guest that imports the functions. */
static const struct {
    uint32_t hash;
    serve_function *serve;
} functions[] = {
    {0x365AFAE0u, ticks},     /* rill:board/clock#ticks */
    {0x1656115Au, write_log}, /* rill:board/log#write */
};

static serve_function *find(const uint8_t *hash)
{
    uint32_t wanted = rill_image_hash(hash);
    uint32_t i;

    for (i = 0u; i < sizeof functions / sizeof functions[0]; i++) {
        if (functions[i].hash == wanted) {
            return functions[i].serve;
        }
    }
    return NULL;
}

uint32_t functions_name_missing(const struct rill_image *image)
{
    struct rill_image_row row = {NULL, NULL};
    uint32_t missing = 0u;
    uint32_t i;

    for (i = 0u; i < image->import_count; i++) {
        const struct rill_image_import import = rill_image_import(image, i);

        if (rill_image_next_row(image, import, &row) && import.builtin == RILL_IMAGE_CALL && find(row.hash) == NULL) {
            link_text("import ");
            link_hex(row.hash, 4u);
            link_end();
            missing++;
        }
    }
    return missing;
}

/// Calls ///

static const char *forward(wasm_exec_env_t env, const struct rill_guest *guest, const uint8_t *hash, uint64_t *args)
{
    struct remote remote = {guest, env, NULL, 0u, 0u};
    uint32_t count = 0u;
    const char *why;

    /* The signature stands behind the hash: "(ii)i". */
    while (hash[5u + count] != (uint8_t)')') {
        count++;
    }
    why = remote_ask(&remote, "call", hash, args, count);
    if (hash[6u + count] != 0u) {
        args[0] = remote.result;
    }
    return why;
}

void rill_image_call(wasm_exec_env_t env, uint64_t *args)
{
    wasm_module_inst_t instance = wasm_runtime_get_module_inst(env);
    struct rill_guest *guest = wasm_runtime_get_custom_data(instance);
    /* The lowest bit is set of a call that is lowered with `async`; all are answered at once. */
    const uint8_t *hash = (const uint8_t *)((uintptr_t)wasm_runtime_get_function_attachment(env) & ~(uintptr_t)3u);
    serve_function *serve = find(hash);
    const char *why;

    guest->calls++;
    why = serve != NULL ? serve(guest, args) : forward(env, guest, hash, args);
    if (why != NULL && wasm_runtime_get_exception(instance) == NULL) {
        wasm_runtime_set_exception(instance, why);
    }
}
